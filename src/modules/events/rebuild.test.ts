/** What `rebuild` changes and what it leaves: everything is read as of its time, and forgotten days stay as they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/harness.ts'
import { day, figures, fill, now } from '../../../test/recount-stage.ts'
import { requestOf, zone } from '../../../test/sector.ts'
import { loadRegister } from '../members/index.ts'
import { condenseAll } from './condense.ts'
import { openIntake } from './intake.ts'
import { rebuild } from './rebuild.ts'
import { purge } from './retention.ts'
import type { Sensor } from './sensors.ts'
import { verify } from './verify.ts'

const dayMs = 86_400_000
const none = { events: 0, detections: 0, totals: 0, episodes: 0 }
let db: TestDatabase
let sensor: Sensor
let ours: string
let before: Record<string, string[]>

beforeAll(async () => {
  db = await createDatabase()
  ;({ sensor, ours } = await fill(db))
  before = await figures(db)
}, 300_000)
afterAll(() => db.drop())

const again = (check: boolean) => rebuild(db, { zone, check }, now + dayMs)
const network = 'id = (select id from networks where family(net_from) = 4 order by id limit 1)'

describe('of a sound log', () => {
  it('changes nothing, checked or carried out, and keeps the ids of episodes', async () => {
    for (const check of [true, false, true]) {
      const done = await again(check)
      expect([done.differing, done.unreadable, done.examples, done.purged]).toEqual([none, 0, [], []])
      expect(done.events).toBe(before.events?.length)
      expect(await figures(db)).toEqual(before)
    }
  }, 120_000)

  it('of some hours looks at those alone', async () => {
    const hour = Math.floor(now / 3_600_000) - 3
    await db.engine.query('update detections set events = events + 1 where hour = any ($1)', [
      [hour, hour - 5],
    ])
    await rebuild(db, { zone, check: false, hours: { first: hour, last: hour } }, now)
    const { rows } = await db.engine.query<{ hour: number }>(
      `select distinct d.hour from detections d where d.org_id = 0 and d.lane = 0 and d.events <> (select count(*) from events e
         where e.hour = d.hour and e.class_id = d.class_id and e.lane = d.lane and (e.key_id = d.key_id or d.key_id = any (e.more_keys)))`,
    )
    expect(rows).toEqual([{ hour: hour - 5 }])
    await again(false)
    expect((await figures(db)).detections).toEqual(before.detections)
  }, 120_000)
})

describe('what was changed later', () => {
  it('in the register from a later day on: the past stays whose it was', async () => {
    await db.engine.query(`update networks set valid_to = to_timestamp($1 / 1000.0) where ${network}`, [
      now + dayMs,
    ])
    expect((await again(true)).differing).toEqual(none)
    await db.engine.query(`update networks set valid_to = 'infinity' where ${network}`)
  })

  it('in lists, thresholds, answers and the names of organisations: no figure of the past', async () => {
    await db.engine.query(
      `insert into key_labels (key_id, list, grp, effect, version, since)
       select key_id, 'censys', 'research-scanner', 'recon-to-info', '1', to_timestamp($1 / 1000.0) from (select distinct key_id from events) k`,
      [now + 1],
    )
    await db.engine.query(
      `insert into credibility (detector_id, class_id, org_id, good, bad, lowered, changed_at)
       select distinct detector_id, class_id, org_id, 0, 9, true, to_timestamp($1 / 1000.0) from matches`,
      [now + 1],
    )
    await db.engine.query(`update organisations set name = name || ' (přejmenovaná)'`)
    expect((await again(true)).differing).toEqual(none)
    expect(await figures(db)).toEqual(before)
  })

  it('in the register for the past: the check says what would move, the rebuild moves it, and back again', async () => {
    const { rows } = await db.engine.query<{ n: number }>(
      `select count(distinct (batch_id, idx))::int as n from matches where network_id = (select id from networks where ${network})`,
    )
    await db.engine.query(`update networks set valid_to = to_timestamp(0) where ${network}`)
    const told = await again(true)
    expect(told.differing.events).toBe(rows[0]?.n)
    expect(told.examples.length).toBeGreaterThan(0)
    expect(await figures(db)).toEqual(before)
    await again(false)
    expect((await verify(db, { zone })).ok).toBe(true)
    expect((await figures(db)).matches?.length).toBeLessThan(before.matches?.length ?? 0)
    await db.engine.query(`update networks set valid_to = 'infinity' where ${network}`)
    await db.engine.query('delete from source_changes')
    await again(false)
    // What the sector is told of those sources has to be looked at anew.
    expect((await db.engine.query('select 1 from source_changes')).rowCount).toBeGreaterThan(0)
    const after = await figures(db)
    for (const table of ['detections', 'totals', 'events']) expect(after[table]).toEqual(before[table])
    expect(after.matches?.toSorted()).toEqual(before.matches?.toSorted())
    expect((await verify(db, { zone })).ok).toBe(true)
  }, 120_000)
})

describe('days that were forgotten', () => {
  it('are named and not touched, though a late event of such a day is still added', async () => {
    const later = now + 95 * dayMs
    const kept = await figures(db)
    await purge(db, 90, zone, later)
    const { rows } = await db.engine.query('select count(*)::int as n from events')
    expect(rows).toEqual([{ n: 0 }])
    await db.engine.query(`update totals set events = events + 1 where dim = 0 and org_id = 0 and lane = 0`)
    const planted = await figures(db)
    for (const check of [true, false]) {
      const done = await rebuild(db, { zone, check }, later)
      expect([done.differing, done.purged.includes(day)]).toEqual([none, true])
    }
    const found = await verify(db, { zone })
    expect([found.ok, found.purged.includes(day)]).toEqual([true, true])
    const after = await figures(db)
    expect([after.totals, after.detections]).toEqual([planted.totals, kept.detections])

    const register = await loadRegister(db.engine)
    const late = {
      Format: 'IDEA0',
      ID: 'late',
      DetectTime: new Date(now - 7_200_000).toISOString(),
      Category: ['Attempt.Login'],
      Source: [{ IP4: ['198.51.100.90'] }],
      Target: [{ IP4: [ours], Port: [22], Proto: ['tcp'] }],
      Node: [{ Name: sensor.name }],
    }
    await openIntake(db, () => register).store(requestOf(sensor, [late], later))
    await condenseAll(db, zone, later)
    const sum = (rows: string[] = []): number =>
      rows
        .map((row) => JSON.parse(row) as { dim: number; org_id: number; lane: number; events: number })
        .filter(({ dim, org_id, lane }) => dim === 0 && org_id === 0 && lane === 0)
        .reduce((total, { events }) => total + events, 0)
    const added = await figures(db)
    expect(sum(added.totals)).toBe(sum(planted.totals) + 1)
    await rebuild(db, { zone, check: false }, later)
    expect((await figures(db)).totals).toEqual(added.totals)
    expect((await verify(db, { zone })).ok).toBe(true)
  }, 120_000)
})
