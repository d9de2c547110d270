import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { openPages } from '../../../../app.ts'
import { type Actor, asActor } from '../../../../platform/access.ts'
import type { App } from '../../../../platform/http.ts'
import { months } from '../../written/times.ts'

describe('answering a written warning', () => {
  let stage: Writing
  let app: App
  let stop: () => Promise<void>
  const sessions = new Map<Actor, { cookie: string; csrf: string }>()
  beforeAll(async () => {
    stage = await openWriting()
    const made = contextOf(stage.db)
    app = await openPages(made.context)
    stop = made.stop
    for (const one of [stage.jana, stage.tomas, stage.karel])
      sessions.set(one, await cookieOf(made.context, one))
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.close()
  })

  const get = (who: Actor | null, url: string, more: InjectOptions = {}) =>
    app.inject({
      url,
      headers: { accept: 'text/html', ...(who ? { cookie: sessions.get(who)?.cookie } : {}) },
      ...more,
    })
  const post = (who: Actor | null, url: string, fields: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams({
        ...(who ? { _csrf: sessions.get(who)?.csrf ?? '' } : {}),
        ...fields,
      }).toString(),
      headers: {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        ...(who ? { cookie: sessions.get(who)?.cookie } : {}),
      },
    })
  const standing = async (id: number): Promise<string[]> =>
    (
      await stage.db.engine.query<{ answer: string }>(
        'select answer from written_asked where warning_id = $1 order by org_id',
        [id],
      )
    ).rows.map((row) => row.answer)

  it('on its page, for the own organisation alone, and a mistake loses nothing', async () => {
    const id = await stage.published({ severity: 3 })
    const path = `/warnings/written/${id}`
    expect((await get(stage.jana, path)).body).toContain('Zmírněno, oprava naplánována')
    const given = {
      org: String(stage.jihlava.id),
      answer: 'mitigated',
      plannedOn: '2026-03-20',
      affected: '14',
      note: 'Pumpy.',
    }
    expect((await post(stage.jana, `${path}/answer`, given)).headers.location).toBe(`${path}?said=answered`)
    const page = (await get(stage.jana, `${path}?said=answered`)).body
    for (const said of ['zmírněno, oprava naplánována', 'oprava 20. 3. 2026', 'dotčeno 14 zařízení'])
      expect(page).toContain(said)
    const wrong = await post(stage.jana, `${path}/answer`, {
      ...given,
      answer: 'not_affected',
      note: '',
      affected: '3',
    })
    expect([
      wrong.statusCode,
      wrong.body.includes('proč odpověď měníte'),
      wrong.body.includes('value="3"'),
    ]).toEqual([422, true, true])
    for (const [fields, status] of [
      [{ answer: 'maybe' }, 422],
      [{ affected: 'mnoho' }, 422],
      [{ plannedOn: '31. února' }, 422],
      [{ plannedOn: '' }, 422],
      [{ plannedOn: '2020-03-20' }, 422],
      [{ note: 'x'.repeat(5_000) }, 422],
      [{ org: String(stage.trest.id) }, 404],
      [{ org: 'všechny' }, 404],
    ] as const)
      expect([
        fields,
        (await post(stage.jana, `${path}/answer`, { ...given, ...fields })).statusCode,
      ]).toEqual([fields, status])
    expect(await standing(id)).toEqual(['mitigated', 'pending'])
  })

  it('by the link of the mail: looking changes nothing, the button does, and it can be made useless', async () => {
    await stage.clear()
    const id = await stage.published({ severity: 3, tlp: 'AMBER+STRICT' })
    await stage.send(await now())
    const link = /https:\/\/hsoc\.example(\/w\/[\w-]+)/.exec(stage.to(stage.jana)[0]?.text ?? '')?.[1] ?? ''
    for (const method of ['GET', 'HEAD'] as const)
      expect((await get(null, `${link}?answer=done`, { method })).statusCode).toBe(200)
    expect(await standing(id)).toEqual(['pending', 'pending'])
    const looked = await get(null, `${link}?answer=done`)
    // No more than the mail did.
    expect(looked.body).not.toMatch(/Podvodné|faktura/)
    expect(looked.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' })
    expect((await post(null, link, { answer: '' })).statusCode).toBe(422)
    expect((await post(null, link, { answer: 'working' })).headers.location).toBe(`${link}?said=working`)
    expect(await standing(id)).toEqual(['working', 'pending'])
    const undated = await post(null, link, { answer: 'mitigated' })
    expect([undated.statusCode, undated.body.includes('vyplňte den, na který je oprava')]).toEqual([
      422,
      true,
    ])
    expect((await post(null, link, { answer: 'not_affected' })).statusCode).toBe(422)
    expect((await get(null, '/w/neznamy')).statusCode).toBe(404)
    await post(null, `${link}/withdrawal`)
    expect((await get(null, link)).statusCode).toBe(410)
    expect((await post(null, link, { answer: 'done' })).statusCode).toBe(410)
    expect(await standing(id)).toEqual(['working', 'pending'])
  })

  it('by a program, which says for whom only where it serves several', async () => {
    const id = await stage.published({ severity: 3 })
    const put = (who: Actor, payload: object) =>
      app.inject({
        method: 'PUT',
        url: `/api/v1/written-warnings/${id}/answer`,
        payload,
        headers: { cookie: sessions.get(who)?.cookie, 'x-csrf-token': sessions.get(who)?.csrf },
      })
    expect((await put(stage.jana, { answer: 'working', affected: 2 })).json()).toEqual({
      counted: true,
      conflict: false,
      answer: 'working',
    })
    for (const wrong of [
      { answer: 'working', affected: -2 },
      { answer: 'mitigated' },
      { answer: 'mitigated', planned_on: '2020-01-01' },
    ])
      expect([wrong, (await put(stage.jana, wrong)).statusCode]).toEqual([wrong, 422])
    expect((await put(stage.jana, { answer: 'working', organisation: stage.trest.id })).statusCode).toBe(404)
    expect((await put(stage.jana, { answer: 'done', org: stage.trest.id })).statusCode).toBe(422)
    expect((await put(stage.karel, { answer: 'seen' })).statusCode).toBe(422)
    expect((await put(stage.jana, {})).statusCode).toBe(422)
  })

  it('shows coordinators the board, as a file too, and lets them write again and answer for others', async () => {
    const id = await stage.published({ severity: 3 })
    const path = `/warnings/written/${id}`
    await post(stage.karel, `${path}/board`, {
      org: String(stage.jihlava.id),
      answer: 'working',
      note: '=Volala paní Správná',
    })
    const board = (await get(stage.karel, `${path}/board`)).body
    for (const said of [
      'Nemocnice Třešť',
      'čeká na odpověď',
      'řešíme',
      '1 / 2',
      '=Volala paní Správná',
      'zapsal koordinátor',
    ])
      expect(board).toContain(said)
    expect(
      (await post(stage.karel, `${path}/board`, { org: String(stage.jihlava.id), answer: 'done' }))
        .statusCode,
    ).toBe(422)
    await stage.db.engine.query(`update organisations set nuts3 = 'CZ063' where id = $1`, [stage.jihlava.id])
    const region = (await get(stage.karel, `${path}/board?region=CZ063`)).body
    expect(region).toMatch(/href="[^"]+\/board#lines" aria-label="Kraj Vysočina: 1 z 1;[^"]+" aria-current/)
    expect(region).toContain('Jen Kraj Vysočina.')
    expect(region).toContain('Bez kraje na mapě:')
    const file = await get(stage.karel, `${path}/board.csv`)
    expect(file.body.split('\r\n').length).toBe(4)
    expect(file.body).toContain('Nemocnice Jihlavka,ano,řešíme')
    expect((await post(stage.karel, `${path}/reminder`)).headers.location).toBe(`${path}/board?said=reminded`)
    expect((await post(stage.karel, `${path}/reminder`)).statusCode).toBe(409)
    for (const url of [`${path}/board`, `${path}/board.csv`, '/warnings/written/times'])
      expect((await get(stage.jana, url)).statusCode).toBe(403)
  })

  it('says on the board to whom a message went out, who opened the page, and whom nothing reached', async () => {
    const id = await stage.published({ severity: 3 })
    const path = `/warnings/written/${id}`
    expect((await get(stage.karel, `${path}/board`)).body).toContain('čeká 1 zpráva')
    await stage.send(await now())
    await get(stage.jana, path)
    await stage.db.engine.query(
      `update deliveries set state = 'bounced' where written_id = $1 and org_id = $2`,
      [id, stage.trest.id],
    )
    const board = (await get(stage.karel, `${path}/board`)).body
    for (const said of ['odešla 1 člověku, otevřelo 1', 'nikdo: 1 zpráva nedošla', `org=${stage.trest.id}`])
      expect(board).toContain(said)
    const [, jihlava, trest] = (await get(stage.karel, `${path}/board.csv`)).body.split('\r\n').sort()
    expect([jihlava, trest].map((line) => line?.split(',').slice(-6, -3).join())).toEqual(['1,1,0', '0,0,1'])
  })

  it('says month by month how quickly the sector answers', async () => {
    const id = await stage.published({ severity: 3 })
    await stage.db.engine.query(
      `update written_asked set asked_at = '2026-02-27T23:30:00Z', first_answer_at = '2026-02-28T00:30:00Z' where warning_id = $1 and org_id = $2`,
      [id, stage.jihlava.id],
    )
    await stage.db.engine.query(
      `update written_asked set asked_at = '2026-02-28T23:30:00Z', first_answer_at = '2026-03-01T02:30:00Z', done_at = '2026-03-02T23:30:00Z' where warning_id = $1 and org_id = $2`,
      [id, stage.trest.id],
    )
    const rows = await asActor(stage.db, stage.karel, await now(), (tx) =>
      months(tx, 'Europe/Prague', Date.parse('2026-03-20T12:00:00Z')),
    )
    expect(rows.find(({ month }) => month === '2026-02')).toEqual({
      month: '2026-02',
      warnings: 1,
      asked: 1,
      answered: 1,
      done: 0,
      meanToAnswer: 60,
      medianToAnswer: 60,
      meanToDone: null,
    })
    expect((await get(stage.karel, '/warnings/written/times')).body).toContain('únor 2026')
  })

  const now = async (): Promise<number> => stage.context.clock()
})
