import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import { tuesday } from '../../../../../test/harness.ts'
import { draftOf, openWriting, type Writing } from '../../../../../test/writing.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { App } from '../../../../platform/http.ts'
import { answer } from '../../written/answers.ts'

describe('written warnings for programs', () => {
  let stage: Writing
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let id: number
  beforeAll(async () => {
    stage = await openWriting()
    const made = contextOf(stage.db, () => tuesday + 7_200_000)
    ;({ context, stop } = made)
    app = await openPages(context)
    id = await stage.published({}, tuesday)
    const texts = { ...draftOf().texts, cs: { ...draftOf().texts.cs, todo: 'Zablokujte i soubory ISO.' } }
    await stage.again(
      id,
      { texts, tlp: 'AMBER', audience: 'organisations', orgs: [stage.jihlava.id] },
      tuesday + 1_000,
    )
    const said = { org: stage.jihlava.id, answer: 'working', affected: 4, via: 'page' } as const
    await answer(stage.db, stage.jana, id, said, tuesday + 3_601_000)
  }, 60_000)
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.close()
  })

  const get = async (who: Actor | null, what: string, at = id) =>
    app.inject({
      url: `/api/v1/written-warnings/${at}/${what}`,
      headers: {
        accept: 'application/json',
        ...(who ? { cookie: (await cookieOf(context, who)).cookie } : {}),
      },
    })

  it('tell their versions with what each changed, under the label of what is out now', async () => {
    const { versions } = (await get(stage.jana, 'versions')).json()
    expect(versions.map((one: { version: number; tlp: string }) => [one.version, one.tlp])).toEqual([
      [2, 'AMBER'],
      [1, 'AMBER'],
    ])
    expect(versions[0]).toMatchObject({ change_note: 'Zpřesněno.', substantive: true })
    expect(versions[0].changes).toContainEqual({
      field: 'texts.cs.todo',
      before: 'Do pátku zablokujte přílohy ZIP a upozorněte lidi.',
      after: 'Zablokujte i soubory ISO.',
    })
    expect(versions[1].changes).toEqual([])
  })

  it('tell coordinators where each organisation stands', async () => {
    const board = (await get(stage.karel, 'board')).json()
    expect(board).toMatchObject({
      version: 2,
      asked: 1,
      answered: 1,
      done: 0,
      median_minutes_to_answer: 60,
      affected: 4,
    })
    const [line] = board.organisations.filter((one: { out_at: string | null }) => one.out_at === null)
    expect(line).toMatchObject({
      organisation: { name: 'Nemocnice Jihlavka' },
      answer: 'working',
      affected: 4,
    })
  })

  it('are for nobody else: another hospital, a draft, a member who asks for the board, who is signed out', async () => {
    const draft = await stage.written()
    const statuses = await Promise.all([
      get(stage.tomas, 'versions'),
      get(stage.jana, 'versions', draft),
      get(stage.karel, 'versions', draft),
      get(stage.karel, 'board', draft),
      get(stage.jana, 'board'),
      get(null, 'versions'),
      get(null, 'board'),
      get(stage.karel, 'versions', 2_000_000_000),
    ])
    expect(statuses.map((one) => one.statusCode)).toEqual([404, 404, 404, 404, 403, 401, 401, 404])
  })
})
