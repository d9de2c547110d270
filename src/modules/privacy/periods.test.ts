import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf, seedBelongings } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import type { App } from '../../platform/http.ts'
import { bounds, type Kept, keptThings, periods } from '../../platform/retention.ts'
import { forgetDeliveries } from '../channels/index.ts'
import { purge } from '../events/retention.ts'
import { tidy } from '../members/index.ts'
import { forgetReads } from '../trail/index.ts'
import { history, inForce, setPeriod, wouldGo } from './periods.ts'

const zone = 'Europe/Prague'
const day = 86_400_000

let db: TestDatabase
let app: App
let operator: Actor
let hana: Actor
let admin: Actor
let close: () => Promise<void>
let context: ReturnType<typeof contextOf>['context']

beforeAll(async () => {
  db = await createDatabase()
  const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  await seedBelongings(db, lipova, 'ours')
  operator = await addPerson(db, 'Ota Provozní', [['operator', null]])
  hana = await addPerson(db, 'Hana Dubová', [['coordinator', null]])
  admin = await addPerson(db, 'Jan Správný', [['admin', lipova]])
  const made = contextOf(db)
  context = made.context
  app = await openPages(context)
  close = async () => {
    await app.close()
    await made.stop()
  }
}, 120_000)
afterAll(async () => {
  await close?.()
  await db?.drop()
})

const wish = { days: 60, reason: 'méně stačí', basisCs: 'důvod', basisEn: 'basis' }
const set = (what: string, more: object, by = operator, version = 1): Promise<void> =>
  setPeriod(db, what, version, { ...wish, ...more }, by, tuesday)
const table: Record<Exclude<Kept, 'people'>, [table: string, where: string]> = {
  raw_events: ['events', 'true'],
  sums: ['detections', 'true'],
  rejects: ['rejects', 'true'],
  sensor_minutes: ['sensor_minutes', 'true'],
  sensor_batches: ['sensor_batches', 'true'],
  api_key_uses: ['api_key_uses', 'true'],
  deliveries: ['deliveries', `state not in ('queued', 'sending')`],
  invitations: ['invitations', 'true'],
  recoveries: ['recoveries', 'true'],
  devices: ['devices', 'true'],
  reads: ['trail_reads', 'true'],
}

describe('periods of keeping', () => {
  it('are set for everything that is forgotten, within their bounds', async () => {
    const now = await periods(db.engine)
    expect(Object.keys(now)).toEqual(keptThings)
    for (const what of keptThings) {
      expect(now[what]).toBeGreaterThanOrEqual(bounds[what].least)
      expect(now[what]).toBeLessThanOrEqual(bounds[what].most)
    }
  })

  it('are set by operators alone, within bounds, with a reason, once for one look at them', async () => {
    await expect(set('rejects', {}, hana)).rejects.toThrow('by operators')
    await expect(set('rejects', {}, admin)).rejects.toThrow('by operators')
    for (const days of [6, 366, 1.5, -1, Number.NaN, 1e9])
      await expect(set('rejects', { days })).rejects.toThrow('from 7 to 365')
    for (const reason of ['', ' ', 'x'.repeat(1001)])
      await expect(set('rejects', { reason })).rejects.toThrow('Say why')
    for (const what of ['nothing', 'constructor', "'; drop table people"])
      await expect(set(what, {})).rejects.toThrow('no such period')
    await set('rejects', {})
    await expect(set('rejects', { days: 70 })).rejects.toThrow('meanwhile')
    await expect(set('rejects', { days: 70 }, operator, 7)).rejects.toThrow('meanwhile')
    const versions = await asActor(db, operator, tuesday, (tx) => history(tx, 'rejects'))
    expect(versions.map(({ days, reason, by }) => [days, reason, by])).toEqual([
      [60, 'méně stačí', 'Ota Provozní'],
      [90, 'as delivered', null],
    ])
    expect((await periods(db.engine)).rejects).toBe(60)
    const { rows } = await db.engine.query(
      `select object, detail from audit where verb = 'privacy.set-period'`,
    )
    expect(rows).toEqual([{ object: 'period rejects', detail: { from: 90, to: 60, reason: 'méně stačí' } }])
  })

  it('are not written by the database role of the pages for anybody else', async () => {
    const insert = (by: Actor) =>
      asActor(db, by, tuesday, (tx) =>
        tx.query(
          `insert into retention_periods (what, version, days, basis_cs, basis_en, reason, changed_at, changed_by)
           values ('reads', 9, 400, 'x', 'x', 'x', now(), $1)`,
          [by.person],
        ),
      )
    await expect(insert(hana)).rejects.toThrow(/row-level security/)
    await expect(insert(admin)).rejects.toThrow(/row-level security/)
    const change = asActor(db, operator, tuesday, (tx) => tx.query('update retention_periods set days = 1'))
    await expect(change).rejects.toThrow(/permission denied/)
  })

  it('are known to whoever is signed in, and how much would go to those who answer for it alone', async () => {
    expect((await asActor(db, admin, tuesday, inForce)).length).toBe(keptThings.length)
    const later = tuesday + 5000 * day
    expect(await asActor(db, operator, later, (tx) => wouldGo(tx, 'raw_events', 90, later))).toBe(3)
    expect(await asActor(db, admin, later, (tx) => wouldGo(tx, 'raw_events', 90, later))).toBe(0)
  })

  it('take what the preview said, thing by thing', async () => {
    const hospital = admin.engagements[0]?.org as number
    await db.engine.query(
      `insert into trail_reads (org_id, person_id, reader, hour, way, place, first_at, last_at) values ($1, $2, 'x', $3, 'page', '/', $3, $3)`,
      [hospital, hana.person, new Date(tuesday)],
    )
    await db.engine.query(
      `insert into sensor_batches (sensor_id, run, seq, at) select id, 'x', 1, $1 from sensors`,
      [new Date(tuesday)],
    )
    const later = tuesday + 5000 * day
    const goes: Record<string, number> = {}
    const there: Record<string, number> = {}
    for (const what of keptThings)
      goes[what] = await asActor(db, operator, later, (tx) => wouldGo(tx, what, bounds[what].most, later))
    const count = async (what: keyof typeof table): Promise<number> =>
      (
        await db.engine.query<{ n: number }>(
          `select count(*) as n from ${table[what][0]} where ${table[what][1]}`,
        )
      ).rows[0]?.n ?? 0
    for (const what of Object.keys(table) as (keyof typeof table)[]) there[what] = await count(what)
    await purge(db, null, zone, later)
    await tidy(db, later)
    await forgetDeliveries(db, later)
    await forgetReads(db, later)
    for (const what of Object.keys(table) as (keyof typeof table)[]) {
      // With the events their sums lose what kept them, in the same pass.
      if (what !== 'sums')
        expect([what, (there[what] ?? 0) - (await count(what))]).toEqual([what, goes[what]])
      expect([what, await count(what)]).toEqual([what, 0])
    }
    expect(Object.values(goes).filter((n) => n > 0).length).toBeGreaterThan(5)
  })
})

describe('their pages', () => {
  const get = async (url: string, by: Actor) => {
    const { cookie } = await cookieOf(context, by)
    return app.inject({ url, headers: { cookie, accept: 'text/html' } })
  }
  const post = async (fields: Record<string, string>, by: Actor) => {
    const { cookie, csrf } = await cookieOf(context, by)
    return app.inject({
      method: 'POST',
      url: '/retention/reads',
      payload: new URLSearchParams({ _csrf: csrf, ...fields }).toString(),
      headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    })
  }
  const form = { version: '1', days: '400', reason: 'kratší doba stačí', basisCs: 'důvod', basisEn: 'basis' }

  it('show a preview before the form, and keep what was typed when something is wrong', async () => {
    expect((await get('/retention', admin)).statusCode).toBe(403)
    expect((await get('/retention', hana)).body).toContain('Odeslané zprávy')
    expect((await get('/retention/reads?days=400', hana)).body).not.toContain('name="reason"')
    expect((await get('/retention/reads', operator)).body).not.toContain('name="reason"')
    expect((await get('/retention/reads?days=400', operator)).body).toContain('name="reason"')
    for (const days of ['1', 'x', '%00', '9'.repeat(500)])
      expect((await get(`/retention/reads?days=${days}`, operator)).statusCode).toBe(422)
    expect((await get('/retention/nothing', operator)).statusCode).toBe(404)
    const wrong = await post({ ...form, basisEn: '', reason: '<b>proto' }, operator)
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('&lt;b>proto')
    expect((await post(form, hana)).statusCode).toBe(403)
    expect((await post(form, operator)).headers.location).toBe('/retention/reads?said=set')
    expect((await post(form, operator)).statusCode).toBe(409)
    expect((await get('/retention/reads?said=set', operator)).body).toContain('kratší doba stačí')
  })

  it('say where the configuration goes first', async () => {
    expect((await get('/retention/raw_events', operator)).body).toContain('HSOC_RAW_DAYS')
  })
})
