import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callOf } from '../../../test/calling.ts'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { openPagesStage, type PagesStage, textOf } from '../../../test/warning-pages.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { answer } from '../emergency/answer.ts'
import { create } from '../emergency/draft.ts'
import { close } from '../emergency/end.ts'
import { release } from '../emergency/release.ts'
import type { Draft } from '../emergency/types.ts'

const minute = 60_000
const now = tuesday + 240 * minute

describe('a call that waits for our answer is a line of the home page', () => {
  let stage: PagesStage
  let second: Actor
  beforeAll(async () => {
    stage = await openPagesStage()
    second = await addPerson(stage.db, 'Druhá Koordinátorka', [['coordinator', null]])
  })
  afterAll(() => stage?.close())

  const released = (more: Partial<Draft>): Promise<number> =>
    asEngine(stage.db, async (tx) => {
      const id = await create(tx, callOf(more), stage.people.coordinator, now)
      await release(tx, id, second, now)
      return id
    })
  const lines = async (who: Actor): Promise<string[]> =>
    [
      ...(await (await stage.as(who)).get('/')).body.matchAll(
        /<p class="row-title"><a href="(\/rollcalls\/\d+)">([\s\S]*?)<\/a>/g,
      ),
    ].map(([, href, title]) => `${href} ${textOf(title ?? '').trim()}`)
  const says = (id: number, code: string, by: Actor): Promise<unknown> =>
    asEngine(stage.db, (tx) => answer(tx, id, { org: stage.horni.id, code, note: '', via: 'page' }, by, now))

  it('until somebody answers, with by when and where; a drill says that it is one', async () => {
    const { people, horni } = stage
    const id = await released({ class: 'drill', title: 'Jarní cvičení', orgs: [horni.id] })
    const line = `/rollcalls/${id} CVIČENÍ 1/2026: Jarní cvičení`
    expect(await lines(people.admin)).toEqual([line])
    const text = textOf((await (await stage.as(people.admin)).get('/')).body)
    expect(text).toContain('Odpovězte za svou organizaci')
    expect(text).toContain('Odpovědět')
    await says(id, 'seen', people.admin)
    expect(await lines(people.admin)).toEqual([line])
    expect(textOf((await (await stage.as(people.admin)).get('/')).body)).toContain('neodpověděli jste')
    await says(id, '1', people.admin)
    expect(await lines(people.admin)).toEqual([])
  })

  it('for those alone who are asked and may answer, and not after its end', async () => {
    const { people, horni } = stage
    const clerk = await addPerson(stage.db, 'Dana Pověřená', [['dpo', horni]])
    const id = await released({ orgs: [horni.id], title: 'Útok na dodavatele' })
    expect(await lines(people.admin)).toEqual([`/rollcalls/${id} POPLACH 1/2026: Útok na dodavatele`])
    expect(await lines(people.both)).toHaveLength(1)
    expect(await lines(people.foreign)).toEqual([])
    expect(await lines(clerk)).toEqual([])
    await released({ class: 'test', channel: 'mail', answers: [], orgs: [horni.id] })
    expect(await lines(people.admin)).toHaveLength(1)
    await asEngine(stage.db, (tx) => close(tx, id, people.coordinator, now + minute))
    expect(await lines(people.admin)).toEqual([])
  })
})
