import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  addHospital,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { loadRegister } from '../members/index.ts'
import { condenseAll } from './condense.ts'
import type { Idea } from './event.ts'
import { type Account, type Intake, openIntake, type Received } from './intake.ts'
import { add, enabled, type Sensor } from './sensors.ts'

const noAccount: Account = { refused: 0, reasons: {} }

function event(id: string, at: number, source: string, target: string, more: object = {}): Idea {
  return {
    Format: 'IDEA0',
    ID: id,
    DetectTime: new Date(at).toISOString(),
    Category: ['Attempt.Login'],
    Source: [{ IP4: [source] }],
    Target: [{ IP4: [target], Port: [22], Proto: ['tcp', 'ssh'] }],
    Node: [{ Name: 'cz.hsoc.wall', Type: ['Flow'] }],
    _HSOC: { Verdict: 'dropped' },
    ...more,
  }
}

function request(sensor: Sensor, ideas: Idea[], receivedMs = tuesday): Received {
  const parts = ideas.map((idea) => Buffer.from(JSON.stringify(idea)))
  let off = 0
  const items = ideas.map((idea, i) => {
    const len = (parts[i] as Buffer).length
    const item = { idea, off, len }
    off += len
    return item
  })
  return { sensor, format: 'idea', receivedMs, bytes: Buffer.concat(parts), items, account: noAccount }
}

describe('the intake', () => {
  let db: TestDatabase
  let sensor: Sensor
  let horni: Hospital
  let dolni: Hospital
  let intake: Intake

  beforeAll(async () => {
    db = await createDatabase()
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25', '2001:db8:1::/48'])
    dolni = await addHospital(db, 'Nemocnice Dolní Výmysl', ['192.0.2.128/25'])
    await add(
      db.engine,
      { name: 'cz.hsoc.wall', member: null, rights: ['write'], secret: true, certCn: null },
      'k',
      tuesday,
    )
    sensor = (await enabled(db.engine))[0] as Sensor
    const register = await loadRegister(db.engine)
    intake = openIntake(db, () => register)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.engine.query(
      'delete from event_keys; delete from batches; delete from events; delete from matches; delete from requests; delete from loss; delete from loss_reasons; delete from detections; delete from totals; delete from episodes; delete from days',
    )
  })

  it('stores an event once, however often it comes', async () => {
    const batch = request(sensor, [
      event('a', tuesday, '198.51.100.7', '192.0.2.10'),
      event('b', tuesday, '198.51.100.7', '192.0.2.200'),
    ])
    expect(await intake.store(batch)).toEqual({ stored: 2, duplicate: 0, conflicts: [] })
    expect(await intake.store(batch)).toEqual({ stored: 0, duplicate: 2, conflicts: [] })
    await condenseAll(db, 'Europe/Prague', tuesday)
    const { rows } = await db.engine.query('select received, stored, duplicate, refused from loss')
    expect(rows).toEqual([{ received: 4, stored: 2, duplicate: 2, refused: 0 }])
  })

  it('keeps another content under a known id, marked, and knows its retry', async () => {
    await intake.store(request(sensor, [event('a', tuesday, '198.51.100.7', '192.0.2.10')]))
    const other = request(sensor, [event('a', tuesday, '198.51.100.8', '192.0.2.10')])
    expect(await intake.store(other)).toEqual({ stored: 1, duplicate: 0, conflicts: [0] })
    expect(await intake.store(other)).toEqual({ stored: 0, duplicate: 1, conflicts: [] })
    await condenseAll(db, 'Europe/Prague', tuesday)
    const { rows } = await db.engine.query('select received, stored, duplicate, conflict from loss')
    expect(rows).toEqual([{ received: 3, stored: 2, duplicate: 1, conflict: 1 }])
  })

  it('knows a retry that only writes its keys in another order', async () => {
    const first = event('a', tuesday, '198.51.100.7', '192.0.2.10')
    const turned = Object.fromEntries(Object.entries(first).reverse())
    await intake.store(request(sensor, [first]))
    expect((await intake.store(request(sensor, [turned]))).duplicate).toBe(1)
  })

  it('asks the database no more for a long retry than for a short one, wherever its events lay before', async () => {
    const ideas = Array.from({ length: 200 }, (_, i) =>
      event(`e${i}`, tuesday, '198.51.100.7', '192.0.2.10', { Note: `number ${i}` }),
    )
    await intake.store(request(sensor, ideas.slice(0, 120)))
    await intake.store(request(sensor, ideas.slice(120)))
    const mixed = ideas.toReversed()
    mixed[3] = event('e196', tuesday, '198.51.100.7', '192.0.2.10', { Note: 'another' })
    mixed[190] = event('e9', tuesday, '198.51.100.7', '192.0.2.10', { Note: 'another' })
    const asked = vi.spyOn(db.engine, 'query')
    expect(await intake.store(request(sensor, ideas))).toEqual({ stored: 0, duplicate: 200, conflicts: [] })
    expect(asked.mock.calls.length).toBeLessThan(5)
    asked.mockRestore()
    const twice = await intake.store(request(sensor, mixed))
    expect(twice).toEqual({ stored: 2, duplicate: 198, conflicts: [3, 190] })
    await db.engine.query(`delete from events where batch_id = (select min(id) from batches)`)
    expect((await intake.store(request(sensor, ideas))).duplicate).toBe(200)
  })

  it('counts what is late, from the future or repaired once, and with the event that is kept', async () => {
    const ideas = [
      event('now', tuesday, '198.51.100.7', '192.0.2.10'),
      event('late', tuesday - 2 * 86_400_000, '198.51.100.7', '192.0.2.10'),
      event('future', tuesday + 2 * 86_400_000, '198.51.100.7', '192.0.2.10'),
    ]
    const sent = (some: Idea[]): Received => {
      const one = request(sensor, some)
      return { ...one, items: [...one.items].map((item) => ({ ...item, repaired: item.idea.ID !== 'now' })) }
    }
    const account = async (): Promise<unknown> => {
      await condenseAll(db, 'Europe/Prague', tuesday)
      return (await db.engine.query('select stored, duplicate, late, future, repaired, requests from loss'))
        .rows[0]
    }
    await intake.store(sent(ideas))
    await intake.store(sent(ideas))
    expect(await account()).toEqual({
      stored: 3,
      duplicate: 3,
      late: 1,
      future: 1,
      repaired: 2,
      requests: 2,
    })
    const more = [...ideas, event('later', tuesday - 3 * 86_400_000, '198.51.100.7', '192.0.2.10')]
    await intake.store(sent(more))
    expect(await account()).toMatchObject({ stored: 4, duplicate: 6, late: 2, future: 1, repaired: 3 })
    const other = [event('late', tuesday - 2 * 86_400_000, '198.51.100.8', '192.0.2.10')]
    await intake.store(sent(other))
    await intake.store(sent(other))
    expect(await account()).toMatchObject({ stored: 5, duplicate: 7, late: 3, future: 1, repaired: 4 })
  })

  it('counts what a sender lost once for each batch it numbers', async () => {
    await db.engine.query('delete from sensor_batches')
    const told = async (run: string | null, seq: number | null, lost: number): Promise<void> => {
      await intake.store({ ...request(sensor, []), account: { ...noAccount, run, seq, lost } })
    }
    const lost = async (): Promise<unknown> => {
      await condenseAll(db, 'Europe/Prague', tuesday)
      return (await db.engine.query('select lost, requests from loss')).rows[0]
    }
    await told('a', 1, 7)
    await told('a', 1, 7)
    await told('a', 2, 20)
    expect(await lost()).toEqual({ lost: 27, requests: 3 })
    await told('a', 1, 7)
    await told('b', 1, 100)
    expect(await lost()).toEqual({ lost: 127, requests: 5 })
    await told(null, null, 1000)
    await told(null, null, 1000)
    expect(await lost()).toEqual({ lost: 2127, requests: 7 })
    const { rows } = await db.engine.query('select run, seq, tries from sensor_batches order by run, seq')
    expect(rows).toEqual([
      { run: 'a', seq: 1, tries: 3 },
      { run: 'a', seq: 2, tries: 1 },
      { run: 'b', seq: 1, tries: 1 },
    ])
  })

  it('gives each organisation its own side and the perimeter every event once', async () => {
    await intake.store(
      request(sensor, [
        event('a', tuesday, '198.51.100.7', '192.0.2.10'),
        event('b', tuesday, '192.0.2.11', '192.0.2.200'),
        event('c', tuesday, '198.51.100.9', '203.0.113.1'),
      ]),
    )
    await condenseAll(db, 'Europe/Prague', tuesday)
    const { rows } = await db.engine.query(
      `select d.org_id, d.side, c.name, k.text as key, d.events, d.dropped from detections d join classes c on c.id = d.class_id
       join source_keys k on k.id = d.key_id order by d.org_id, k.text`,
    )
    expect(rows).toEqual([
      { org_id: 0, side: 0, name: 'attempt-login-ssh', key: '192.0.2.11', events: 1, dropped: 1 },
      { org_id: 0, side: 0, name: 'attempt-login-ssh', key: '198.51.100.7', events: 1, dropped: 1 },
      { org_id: 0, side: 0, name: 'attempt-login-ssh', key: '198.51.100.9', events: 1, dropped: 1 },
      { org_id: horni.id, side: 1, name: 'attempt-login-ssh', key: '192.0.2.11', events: 1, dropped: 1 },
      {
        org_id: horni.id,
        side: 2,
        name: 'attempt-login-ssh-target',
        key: '198.51.100.7',
        events: 1,
        dropped: 1,
      },
      {
        org_id: dolni.id,
        side: 2,
        name: 'attempt-login-ssh-target',
        key: '192.0.2.11',
        events: 1,
        dropped: 1,
      },
    ])
    const totals = await db.engine.query('select org_id, events from totals where dim = 0 order by org_id')
    expect(totals.rows).toEqual([
      { org_id: 0, events: 3 },
      { org_id: horni.id, events: 2 },
      { org_id: dolni.id, events: 1 },
    ])
  })

  it('gives the events of a sensor on trial to its owner alone', async () => {
    const name = 'cz.hsoc.trial'
    await add(
      db.engine,
      { name, member: 'Nemocnice Dolní Výmysl', rights: ['test'], secret: true, certCn: null },
      'k',
      tuesday,
    )
    const own = (await enabled(db.engine)).find((s) => s.name === name) as Sensor
    const both = { IP4: ['192.0.2.10', '192.0.2.200'] }
    await intake.store(
      request(own, [
        event('t', tuesday, '198.51.100.7', '192.0.2.10', { Category: ['Test'], Target: [both] }),
      ]),
    )
    const { rows } = await db.engine.query('select distinct org_id, lane from matches')
    expect(rows).toEqual([{ org_id: dolni.id, lane: 1 }])
  })

  it('makes the same episodes whatever the order and the batches', async () => {
    const hour = 3_600_000
    const times = [0, 1, 5, 11, 14.5, 22, 22.5, 40].map((h) => tuesday - 48 * hour + h * hour)
    const ideas = times.map((at, i) =>
      event(`e${i}`, at, '198.51.100.7', '192.0.2.10', { Category: ['Recon.Scanning'] }),
    )
    const shape = async (order: number[], size: number): Promise<unknown[]> => {
      await db.engine.query(
        'delete from event_keys; delete from batches; delete from events; delete from matches; delete from detections; delete from totals; delete from episodes',
      )
      for (let i = 0; i < order.length; i += size) {
        await intake.store(
          request(
            sensor,
            order.slice(i, i + size).map((n) => ideas[n] as Idea),
          ),
        )
        await condenseAll(db, 'Europe/Prague', tuesday)
      }
      const { rows } = await db.engine.query(
        `select org_id, first_at, last_at, gap_hours, events, dropped, severity, ports from episodes where alias_of is null and events > 0 order by org_id, first_at`,
      )
      return rows
    }
    const straight = await shape([0, 1, 2, 3, 4, 5, 6, 7], 8)
    expect(straight.length).toBeGreaterThan(2)
    expect(await shape([0, 1, 2, 3, 4, 5, 6, 7], 1)).toEqual(straight)
    expect(await shape([7, 3, 0, 6, 2, 5, 1, 4], 1)).toEqual(straight)
    expect(await shape([4, 1, 7, 0, 3, 5, 2, 6], 3)).toEqual(straight)
  })

  const recordings = process.env.HSOC_TEST_DATA ?? '../shared/data'
  it('understands the recorded tarpit day', async (context) => {
    let lines: string[]
    try {
      lines = readFileSync(`${recordings}/idea/labrea-2016-09-01-first750.ndjson`, 'utf8').trim().split('\n')
    } catch {
      return context.skip(`no recordings in ${recordings}`)
    }
    const ideas = lines.map((line) => JSON.parse(line) as Idea)
    expect((await intake.store(request(sensor, ideas))).stored).toBe(750)
    await condenseAll(db, 'Europe/Prague', tuesday)
    const { rows } = await db.engine.query(
      `select count(*)::int as pairs, count(distinct key_id)::int as sources, sum(events)::int as events from
        (select key_id, class_id, sum(events) as events from detections where org_id = 0 group by 1, 2) d`,
    )
    expect(rows[0]).toMatchObject({ sources: 191, events: 750 })
  })
})
