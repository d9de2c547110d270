/** A simulated day with everything that sums may stumble over, and what was made of it as text to compare. */
import { condenseAll } from '../src/modules/events/condense.ts'
import { type Idea, openIntake } from '../src/modules/events/index.ts'
import { add, enabled, type Sensor } from '../src/modules/events/sensors.ts'
import { loadRegister } from '../src/modules/members/index.ts'
import type { Database } from '../src/platform/database.ts'
import { addExercise } from './harness.ts'
import { testSecret } from './postgres-setup.ts'
import { requestOf, simulateInto, zone } from './sector.ts'

export const day = '2026-03-03'
export const now = Date.parse('2026-03-03T22:59:00Z')
export const oddSensor = 'cz.hsoc.odd'

/** Two keys, ranges, spoofed, partial, a trial, an exercise, both ends ours, an old and a future event. */
function oddIdeas(ours: string, prefix: string): Idea[] {
  const base = { Format: 'IDEA0', Node: [{ Name: oddSensor, Type: ['Flow'] }] }
  const of = (n: number, more: object): Idea => ({
    ...base,
    ID: `${prefix}-${n}`,
    DetectTime: new Date(now - (n + 1) * 1_800_000).toISOString(),
    Category: ['Attempt.Login'],
    Source: [{ IP4: ['198.51.100.77'] }],
    Target: [{ IP4: [ours], Port: [22], Proto: ['tcp', 'ssh'] }],
    ...more,
  })
  return [
    of(0, { Source: [{ IP4: ['198.51.100.77', '198.51.100.78'] }, { IP6: ['2001:db8::1'] }] }),
    of(1, { FlowCount: 4_000, FlowCountDropped: 3_000, ConnCount: 12 }),
    of(2, { Source: [{ IP4: ['198.51.100.0/28'], Type: ['Backscatter'] }] }),
    of(3, { Category: ['Attempt.Login', 'Test'] }),
    of(4, { _HSOC: { Exercise: 'cviceni-1', Verdict: 'passed' } }),
    of(5, { _HSOC: { Exercise: 'cviceni-2' }, Source: [{ IP4: ['198.51.100.78'] }] }),
    of(6, { Source: [{ IP4: [ours] }], Category: ['Malware.Ransomware'] }),
    of(7, { DetectTime: new Date(now - 40 * 86_400_000).toISOString() }),
    of(8, { DetectTime: new Date(now + 3_600_000).toISOString() }),
    of(9, { Source: [{ Hostname: ['evil.example'] }], Target: [] }),
    of(10, { DetectTime: '1970-01-01T00:00:00Z' }),
  ]
}

/** Fills a database: `events` simulated ones, the odd ones twice, one of them with another content. */
export async function fill(db: Database, events = 2_000): Promise<{ sensor: Sensor; ours: string }> {
  await simulateInto(db, day, events, now)
  await add(
    db.engine,
    { name: oddSensor, member: null, rights: ['write'], secret: true, certCn: null, exercise: true },
    testSecret,
    now - 86_400_000,
  )
  for (const id of ['cviceni-1', 'cviceni-2'])
    await addExercise(db, id, { from: now - 86_400_000, to: now + 86_400_000 })
  const sensor = (await enabled(db.engine)).find((one) => one.name === oddSensor) as Sensor
  const { rows } = await db.engine.query<{ host: string }>(
    'select host(net_from + 1) as host from networks where family(net_from) = 4 order by id limit 1',
  )
  const ours = rows[0]?.host ?? ''
  const register = await loadRegister(db.engine)
  const intake = openIntake(db, () => register)
  const odd = oddIdeas(ours, 'odd')
  const account = { refused: 2, reasons: { 'ID: letters, digits, . _ -': 2 } }
  await intake.store({ ...requestOf(sensor, odd, now), account })
  await intake.store(requestOf(sensor, odd.slice(0, 4), now))
  await intake.store(requestOf(sensor, [{ ...(odd[1] as Idea), Note: 'another' }], now))
  await condenseAll(db, zone, now)
  return { sensor, ours }
}

/** Everything derived that people are shown, row by row; without ids of episodes and times of writing. */
export async function figures(db: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string> = {
    detections: 'select * from detections order by hour, org_id, lane, side, class_id, key_id',
    totals: 'select * from totals order by hour, org_id, lane, dim, dim_id',
    episodes: `select id, org_id, side, lane, exercise, family_id, key_id, gap_hours, first_at, last_at, events, occurrences, dropped, passed,
      partial, share, severity, detectors, sensors, classes, ports from episodes where alias_of is null and events > 0 order by id`,
    matches: 'select * from matches order by batch_id, idx, org_id, side, key_id',
    events: 'select * from events order by batch_id, idx',
  }
  const found: Record<string, string[]> = {}
  for (const [name, sql] of Object.entries(tables)) {
    const { rows } = await db.engine.query<{ row: string }>(
      `select row_to_json(t)::text as row from (${sql}) t`,
    )
    found[name] = rows.map(({ row }) => row)
  }
  return found
}
