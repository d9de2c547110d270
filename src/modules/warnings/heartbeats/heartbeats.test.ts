import { request as ask } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { App } from '../../../platform/http.ts'
import { withoutSecrets } from '../../../platform/log.ts'
import { checkSensors } from '../check-sensors.ts'
import { beginDue } from '../oncall/begin-due.ts'
import { climbs, close, take } from '../oncall/board.ts'
import { runClimbs } from '../oncall/run.ts'
import { checkHeartbeats } from './check.ts'
import { heartbeats } from './heartbeats.ts'

const minute = 60_000
const hour = 60 * minute

describe('a heartbeat', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let karel: Actor
  let jana: Actor
  let now = tuesday
  let minutesOfCrowd = 0

  beforeAll(async () => {
    db = await createDatabase()
    const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    jana = await addPerson(db, 'Jana Nováková', [['representative', lipova]])
    ;({ context, stop } = contextOf(db, () => now))
    app = await openPages(context)
    await app.ready()
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await db?.drop()
  })
  beforeEach(async () => {
    // Each begins in a minute of its own, with nothing left of the one before.
    now = tuesday + ++minutesOfCrowd * 30 * 24 * hour
    await db.engine.query(
      `update heartbeats set ended_at = made_at; update oncall_climbs set state = 'ended', ended_at = began_at, ended_why = 'over', next_at = null;`,
    )
    await db.engine.query('delete from outages; ')
    await db.engine.query('update deliveries set state = $1', ['sent'])
    await checkHeartbeats(db, now)
  })

  const form = async (who: Actor | null, url: string, fields: Record<string, string> = {}) => {
    const { cookie, csrf } = who ? await cookieOf(context, who) : { cookie: '', csrf: '' }
    return app.inject({
      method: 'POST',
      url,
      headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...fields, _csrf: csrf }).toString(),
    })
  }
  const addressIn = (html: string): string => /\/hb\/[\w-]{20,}/.exec(html)?.[0] ?? ''
  const make = async (fields: Record<string, string> = {}): Promise<string> =>
    addressIn(
      (await form(karel, '/oncall/heartbeats', { name: 'Záloha', interval: '60', grace: '15', ...fields }))
        .body,
    )
  const beat = async (url: string): Promise<number> => (await app.inject({ method: 'POST', url })).statusCode
  const all = () => asActor(db, karel, now, (tx) => heartbeats(tx, now))
  const states = async (): Promise<string[]> => (await all()).map(({ state }) => state)
  const pass = async (ms: number): Promise<void> => {
    now += ms
    await checkHeartbeats(db, now)
    await checkSensors(db, now)
    await beginDue(db, now)
    await runClimbs(db, 'Europe/Prague', now)
  }
  const board = async (): Promise<string[]> =>
    (await asActor(db, karel, now, climbs)).map(({ kind, cause, state }) => `${kind} ${cause} ${state}`)
  const told = async (): Promise<string[]> => {
    const { rows } = await db.engine.query<{ kind: string }>(
      `update deliveries set state = 'sent' where state = 'queued' returning kind`,
    )
    return rows.map(({ kind }) => kind).sort()
  }

  it('that is missing calls the coordinators step by step, and nobody any more when it comes back', async () => {
    const url = await make()
    await pass(100 * hour)
    expect([await states(), await board()]).toEqual([['new'], []])
    expect(await beat(url)).toBe(204)
    expect(await states()).toEqual(['well'])
    await pass(60 * minute)
    expect([await states(), await board()]).toEqual([['late'], []])
    await pass(15 * minute)
    expect([await states(), await board()]).toEqual([['missing'], ['csirt heartbeat climbing']])
    expect(await told()).toEqual(['sensor'])
    expect((await asActor(db, karel, now, climbs))[0]?.heartbeat).toBe('Záloha')
    await pass(5 * minute)
    expect(await told()).toEqual(['ladder'])
    expect(await beat(url)).toBe(204)
    await pass(minute)
    expect([await states(), await board(), await told()]).toEqual([['well'], [], []])
    const { rows } = await db.engine.query<{ state: string }>(
      `select state from warnings where topic like 'heartbeat %' order by id desc limit 1`,
    )
    expect(rows).toEqual([{ state: 'closed' }])
  })

  it('is taken, calls again after an hour, and its next silence is news whatever was answered to the last', async () => {
    const url = await make()
    await beat(url)
    await pass(75 * minute)
    const [climb] = await asActor(db, karel, now, climbs)
    await asEngine(db, (tx) => take(tx, climb?.id ?? 0, karel, now))
    expect(await board()).toEqual(['csirt heartbeat taken'])
    await pass(60 * minute)
    expect(await board()).toEqual(['csirt heartbeat climbing'])
    await asEngine(db, (tx) => take(tx, climb?.id ?? 0, karel, now))
    await asEngine(db, (tx) => close(tx, climb?.id ?? 0, karel, now))
    await pass(2 * hour)
    expect(await board()).toEqual([])
    await beat(url)
    await pass(minute)
    await pass(75 * minute)
    expect(await board()).toEqual(['csirt heartbeat climbing'])
  })

  it('is not missing because hSOC itself did not run, unless it was missing before', async () => {
    const [healthy, lost] = [await make({ name: 'A' }), await make({ name: 'B', interval: '5', grace: '5' })]
    await beat(healthy)
    await beat(lost)
    await pass(10 * minute)
    expect(await board()).toEqual(['csirt heartbeat climbing'])
    const down = now + minute
    now += 10 * hour
    await db.engine.query(
      'insert into outages (from_at, to_at) values (to_timestamp($1 / 1000.0), to_timestamp($2 / 1000.0))',
      [down, now],
    )
    await pass(minute)
    expect(await board()).toEqual(['csirt heartbeat climbing'])
    await pass(75 * minute)
    expect((await board()).length).toBe(2)
  })

  it('is heard by a post to its address alone, whatever is posted', async () => {
    const url = await make()
    for (const method of ['GET', 'HEAD'] as const)
      expect((await app.inject({ method, url })).statusCode).toBe(405)
    for (const method of ['PUT', 'DELETE', 'PATCH'] as const)
      expect((await app.inject({ method, url })).statusCode).toBe(404)
    expect(await states()).toEqual(['new'])
    for (const [type, payload] of [
      ['application/json', '{"odd'],
      ['application/x-www-form-urlencoded', '%%%'],
      ['text/plain', '\0'],
      ['odd/type', 'x'.repeat(1_000)],
    ] as const) {
      const headers = { 'content-type': type, origin: 'https://evil.example' }
      expect((await app.inject({ method: 'POST', url, headers, payload })).statusCode).toBe(204)
    }
    expect(await states()).toEqual(['well'])
  })

  it('has a bounded door: size, rate, and one answer for whatever is unknown', async () => {
    const url = await make()
    const huge = {
      method: 'POST',
      url,
      headers: { 'content-type': 'text/plain' },
      payload: 'x'.repeat(20_000),
    } as const
    expect((await app.inject(huge)).statusCode).toBe(413)
    expect(await states()).toEqual(['new'])
    const unknown = ['/hb/x', '/hb/%00', `/hb/${'a'.repeat(43)}`, `/hb/${'ž'.repeat(50)}`, `/hb/${"'; drop"}`]
    const answers = await Promise.all(
      unknown.map((one) => app.inject({ method: 'POST', url: encodeURI(decodeURI(one)) })),
    )
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))).toEqual(
      new Set(['404 {"error":"not-found","message":"There is nothing at this address"}']),
    )
    let last = 0
    for (let n = 0; n < 130; n++) last = await beat('/hb/unknown')
    expect(last).toBe(429)
    expect(await beat(url)).toBe(429)
    now += minute
    expect(await beat(url)).toBe(204)
  })

  it('outlives a sender that breaks off', async () => {
    const url = await make()
    const base = await app.listen({ port: 0, host: '127.0.0.1' })
    await new Promise<void>((done) => {
      const sent = ask(`${base}${url}`, { method: 'POST', headers: { 'content-length': '100' } })
      sent.on('error', () => done())
      sent.write('half')
      setImmediate(() => sent.destroy())
    })
    expect(await beat(url)).toBe(204)
  })

  it('has an address that is shown once, stands in no log, and dies when it is renewed or ended', async () => {
    const first = await make({ name: 'Přenos' })
    const [one] = await all()
    const page = async () => {
      const { cookie } = await cookieOf(context, karel)
      return (await app.inject({ url: '/oncall/heartbeats', headers: { cookie, accept: 'text/html' } })).body
    }
    expect(await page()).toContain('Přenos')
    expect(addressIn(await page())).toBe('')
    expect(withoutSecrets(`POST ${first}`)).toBe('POST /hb/***')
    const second = addressIn((await form(karel, `/oncall/heartbeats/${one?.id}/renewal`)).body)
    expect([await beat(first), await beat(second)]).toEqual([404, 204])
    await pass(75 * minute)
    expect(await board()).toEqual(['csirt heartbeat climbing'])
    expect((await form(karel, `/oncall/heartbeats/${one?.id}/end`)).statusCode).toBe(303)
    expect(await beat(second)).toBe(404)
    await pass(minute)
    expect([await board(), await all()]).toEqual([[], []])
    expect((await form(karel, `/oncall/heartbeats/${one?.id}/end`)).statusCode).toBe(404)
    expect((await form(karel, `/oncall/heartbeats/${one?.id}/renewal`)).statusCode).toBe(404)
  })

  it('is kept by coordinators alone, and made with sound times alone', async () => {
    await make()
    const [one] = await all()
    const good = { name: 'x', interval: '60', grace: '15' }
    for (const url of ['', `/${one?.id}/renewal`, `/${one?.id}/end`]) {
      expect((await form(jana, `/oncall/heartbeats${url}`, good)).statusCode).toBe(403)
      expect((await form(null, `/oncall/heartbeats${url}`, good)).headers.location).toContain('/sign-in')
    }
    expect(await asActor(db, jana, now, (tx) => heartbeats(tx, now))).toEqual([])
    expect(await asActor(db, null, now, (tx) => heartbeats(tx, now))).toEqual([])
    for (const wrong of [
      { name: '' },
      { name: 'x'.repeat(101) },
      { name: 'a\u0007' },
      { interval: '0' },
      { interval: '1.5' },
      { interval: 'hour' },
      { interval: '99999999' },
      { grace: '4' },
      { grace: '' },
    ])
      expect((await form(karel, '/oncall/heartbeats', { ...good, ...wrong })).statusCode).toBe(422)
    expect((await all()).length).toBe(1)
  })
})
