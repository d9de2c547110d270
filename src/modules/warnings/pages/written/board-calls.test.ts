import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import { tuesday } from '../../../../../test/harness.ts'
import { textOf } from '../../../../../test/warning-pages.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { openPages } from '../../../../app.ts'
import { type Actor, asActor } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { App } from '../../../../platform/http.ts'
import { answer } from '../../written/answers.ts'
import { runClocks } from '../../written/run-clocks.ts'
import { months } from '../../written/times.ts'

const hour = 3_600_000

describe('whom coordinators call about a written warning', () => {
  let stage: Writing
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let id: number
  let at = tuesday
  beforeAll(async () => {
    stage = await openWriting()
    const made = contextOf(stage.db, () => at)
    ;({ context, stop } = made)
    app = await openPages(context)
    id = await stage.published({ severity: 3 }, tuesday)
    await stage.db.engine.query(`update organisations set phone = '+420 567 000 111' where id = $1`, [
      stage.jihlava.id,
    ])
    const given = { org: stage.trest.id, answer: 'seen', via: 'page' } as const
    await answer(stage.db, stage.tomas, id, given, tuesday + 61 * 60_000)
  }, 60_000)
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.close()
  })

  const get = async (who: Actor, url: string): Promise<string> =>
    (
      await app.inject({
        url,
        headers: { accept: 'text/html', cookie: (await cookieOf(context, who)).cookie },
      })
    ).body
  const calls = async (who: Actor, fields: Record<string, string>) => {
    const { cookie, csrf } = await cookieOf(context, who)
    return app.inject({
      method: 'POST',
      url: `/warnings/written/${id}/calls`,
      payload: new URLSearchParams({ _csrf: csrf, ...fields }).toString(),
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', cookie },
    })
  }

  it('is told beforehand: the next step stands on the board, with what was done', async () => {
    const board = textOf(await get(stage.karel, `/warnings/written/${id}/board`))
    expect(board).toMatch(/Další krok[\s\S]*manažer kybernetické bezpečnosti/)
    expect(board).toMatch(/0 \/ 2\s*odpovědělo včas|odpovědělo včas\s*0 \/ 2/)
    expect(board).not.toContain('Zapsat telefonát')
    expect(textOf(await get(stage.karel, '/'))).not.toContain('Komu zavolat')
  })

  it('are the silent of a day, on the home page and the board, until they answer; a call is noted', async () => {
    at = tuesday + 24 * hour
    await runClocks(stage.db, at)
    expect(await get(stage.karel, '/')).toContain(`href="/warnings/written/${id}/board#calls"`)
    expect(textOf(await get(stage.karel, '/'))).toContain('Na telefonát čeká 1 organizace.')
    const board = await get(stage.karel, `/warnings/written/${id}/board`)
    expect(textOf(board)).toContain('Zavolat 1 organizaci')
    expect(board).toContain('tel:+420567000111')
    expect(textOf(board)).toContain('na seznam k obvolání')
    const given = { org: String(stage.jihlava.id), said: 'Nikdo to nebere.' }
    expect((await calls(stage.karel, given)).statusCode).toBe(303)
    expect((await calls(stage.karel, { ...given, said: ' ' })).statusCode).toBe(422)
    expect((await calls(stage.karel, { ...given, org: '999999' })).statusCode).toBe(404)
    expect((await calls(stage.jana, given)).statusCode).toBe(403)
    const noted = textOf(await get(stage.karel, `/warnings/written/${id}/board`))
    expect(noted).toMatch(/Volal\(a\) Karel Koordinátor, .{5,60}: Nikdo to nebere\./)
    const api = await app.inject({
      url: `/api/v1/written-warnings/${id}/board`,
      headers: { accept: 'application/json', cookie: (await cookieOf(context, stage.karel)).cookie },
    })
    expect(api.json()).toMatchObject({
      in_time: 0,
      organisations: [{ call: 'silent', in_time: false, next_step_at: null }, { call: null }],
    })
    const file = (await get(stage.karel, `/warnings/written/${id}/board.csv`)).split('\r\n')
    expect(file[0]).toMatch(/odpověď včas,další krok,zavolat$/)
    expect(file[1]).toMatch(/,ne,,nikdo neodpověděl$/)
    const said = { org: stage.jihlava.id, answer: 'working', via: 'page' } as const
    await answer(stage.db, stage.jana, id, said, at)
    expect(textOf(await get(stage.karel, '/'))).not.toContain('Komu zavolat')
  })

  it('starts anew with a new version, and what the first one was answered stays in the times of the sector', async () => {
    const before = await asActor(stage.db, stage.karel, at, (tx) => months(tx, 'Europe/Prague', at))
    await stage.again(id, { severity: 3 }, at)
    const board = textOf(await get(stage.karel, `/warnings/written/${id}/board`))
    expect(board).not.toContain('na seznam k obvolání')
    const after = await asActor(stage.db, stage.karel, at, (tx) => months(tx, 'Europe/Prague', at))
    expect([before[0]?.asked, before[0]?.answered]).toEqual([2, 2])
    expect(after[0]).toMatchObject({ warnings: 1, asked: 4, answered: 2 })
    expect(after[0]?.meanToAnswer).toBe(before[0]?.meanToAnswer)
  })
})
