/** What `verify` finds: nothing in a sound log, and each planted fault by the name of its table. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/harness.ts'
import { figures, fill, now } from '../../../test/recount-stage.ts'
import { zone } from '../../../test/sector.ts'
import { rebuild } from './rebuild.ts'
import { verify } from './verify.ts'

let db: TestDatabase
let before: Record<string, string[]>

beforeAll(async () => {
  db = await createDatabase()
  await fill(db)
  before = await figures(db)
}, 300_000)
afterAll(() => db.drop())

const differing = async (): Promise<Record<string, string[]>> => {
  const found = await verify(db, { zone })
  expect(found.ok).toBe(found.checks.every((check) => check.differing === 0))
  return Object.fromEntries(
    found.checks.filter((check) => check.differing > 0).map(({ name, examples }) => [name, examples]),
  )
}
const plant = async (sql: string): Promise<void> => {
  expect((await db.engine.query(sql)).rowCount).toBe(1)
}

describe('a sound log', () => {
  it('has no difference, and each event one outcome', async () => {
    const found = await verify(db, { zone })
    expect(found.checks.map(({ name, differing: n, examples }) => [name, n, examples])).toEqual(
      ['detections', 'totals', 'days', 'accounts', 'stored', 'batches', 'marks', 'episodes', 'bytes'].map(
        (name) => [name, 0, []],
      ),
    )
    for (const { name, compared } of found.checks) expect([name, compared > 0]).toEqual([name, true])
    const { rows } = await db.engine.query<{ n: number }>('select count(*)::int as n from events')
    expect(Object.values(found.outcomes).reduce((sum, n) => sum + n, 0)).toBe(rows[0]?.n)
    expect(found.outcomes).toMatchObject({ test: 1, exercise: expect.any(Number), archive: 1 })
    expect([found.ok, found.waiting, found.purged]).toEqual([true, 0, []])
  })

  it('says what waits to be condensed and complains of nothing', async () => {
    await db.engine.query(
      `insert into batches (id, sensor_id, received_at, format, n, span, raw, raw_size) select 999999, 1, received_at, 'idea', 0, 7, raw, raw_size
       from batches order by id limit 1`,
    )
    await db.engine.query('update batches set n = 7 where id = 999999')
    const { waiting } = await verify(db, { zone })
    await db.engine.query('delete from batches where id = 999999')
    expect(waiting).toBe(7)
  })
})

/** One row of a table by its place. */
const row = (table: string, where = 'true', order = '1'): string =>
  `ctid = (select ctid from ${table} where ${where} order by ${order} limit 1)`
const own = 'org_id > 0 and lane = 0'

describe('a planted fault in the sums is found, named, and put right by a rebuild', () => {
  it.each<[string, string, string[]]>([
    [
      'one event too many in a detection',
      `update detections set events = events + 1 where ${row('detections')}`,
      ['detections', 'episodes'],
    ],
    [
      'a member’s detection that is gone',
      `delete from detections where ${row('detections', own)}`,
      ['detections', 'episodes'],
    ],
    [
      'a detection that nothing made',
      `insert into detections select hour, org_id, lane, side, class_id, (select max(id) from source_keys), 1, 1, 1, 0, 0, 0, 0, first_at, last_at, false from detections where ${row('detections', 'key_id <> (select max(id) from source_keys)')}`,
      ['detections', 'episodes'],
    ],
    [
      'a share of a detection',
      `update detections set share = share + 1 where ${row('detections', 'partial > 0')}`,
      ['detections', 'episodes'],
    ],
    [
      'the severity of a detection',
      `update detections set severity = 4 - severity where ${row('detections', `${own} and severity <> 2`)}`,
      ['detections', 'episodes'],
    ],
    [
      'the time of a detection',
      `update detections set first_at = first_at - interval '1 second' where ${row('detections', own)}`,
      ['detections', 'episodes'],
    ],
    [
      'a total of an hour',
      `update totals set events = events - 1 where ${row('totals', 'dim = 0 and org_id = 0 and lane = 0')}`,
      ['totals', 'days'],
    ],
    [
      'a total of a kind',
      `update totals set dropped = dropped + 1 where ${row('totals', 'dim = 1')}`,
      ['totals'],
    ],
    [
      'a total of a sensor',
      `delete from totals where ${row('totals', 'dim = 2 and org_id = 0')}`,
      ['totals', 'days'],
    ],
    [
      'a total of a detector',
      `update totals set occurrences = 0 where ${row('totals', 'dim = 3')}`,
      ['totals'],
    ],
    [
      'a total of a port',
      `update totals set dim_id = 60000 where ${row('totals', 'dim = 4 and org_id = 0')}`,
      ['totals'],
    ],
    [
      'a total of a member',
      `update totals set events = events + 5 where ${row('totals', `dim = 0 and ${own}`)}`,
      ['totals'],
    ],
    [
      'a total of the exercise',
      `delete from totals where ${row('totals', 'lane = 2 and dim = 0')}`,
      ['totals'],
    ],
    [
      'the events of an episode',
      `update episodes set events = events + 1 where ${row('episodes', `alias_of is null and events > 0 and ${own}`)}`,
      ['episodes'],
    ],
    [
      'the end of an episode',
      `update episodes set last_at = last_at + interval '1 second' where ${row('episodes', 'alias_of is null and events > 0')}`,
      ['episodes'],
    ],
    [
      'an episode that is gone',
      `delete from episodes where ${row('episodes', 'alias_of is null and events > 0 and lane = 2')}`,
      ['episodes'],
    ],
  ])(
    '%s',
    async (_, sql, names) => {
      await plant(sql)
      const found = await differing()
      expect(Object.keys(found)).toEqual(expect.arrayContaining(names.slice(0, 1)))
      for (const name of Object.keys(found)) expect(names).toContain(name)
      for (const examples of Object.values(found)) expect(examples.join()).toMatch(/\d/)
      const checked = await rebuild(db, { zone, check: true }, now)
      expect(Object.values(checked.differing).some((n) => n > 0)).toBe(true)
      expect(await differing()).toEqual(found)
      await rebuild(db, { zone, check: false }, now)
      expect(await differing()).toEqual({})
      const after = await figures(db)
      expect(
        Object.keys(before).filter(
          (table) => table !== 'episodes' && String(before[table]) !== String(after[table]),
        ),
      ).toEqual([])
    },
    120_000,
  )
})

describe('a planted fault in what came is found and named', () => {
  it.each<[string, string, string, string]>([
    [
      'received',
      'update loss set received = received + 1',
      'update loss set received = received - 1',
      'accounts',
    ],
    [
      'stored',
      'update loss set stored = stored + 1, duplicate = duplicate - 1',
      'update loss set stored = stored - 1, duplicate = duplicate + 1',
      'stored',
    ],
    ['refused', 'update loss set refused = refused - 1', 'update loss set refused = refused + 1', 'accounts'],
  ])('in an account: %s', async (_, there, back, name) => {
    const where = `where sensor_id = (select max(id) from sensors)`
    await plant(`${there} ${where}`)
    const found = await differing()
    await plant(`${back} ${where}`)
    expect(Object.keys(found)).toEqual([name])
    expect(found[name]?.[0]).toMatch(/sensor \d+, hour \d+/)
  })

  it('in the log: an event that is gone, a mark, a key, the bytes', async () => {
    const first = 'batch_id = (select min(batch_id) from events) and idx = 0'
    const matched = row('events', 'matched')
    const cases: [string, string, string[]][] = [
      [
        `update events set matched = not matched where ${matched}`,
        `update events set matched = not matched where ${row('events', 'not matched and exists (select 1 from matches m where m.batch_id = events.batch_id and m.idx = events.idx)')}`,
        ['marks'],
      ],
      [
        `update batches set n = n + 1 where id = (select min(id) from batches)`,
        `update batches set n = n - 1 where id = (select min(id) from batches)`,
        ['batches', 'stored'],
      ],
      [
        `update event_keys set idx = -1 where ${first}`,
        'update event_keys set idx = 0 where idx = -1',
        ['bytes'],
      ],
      [
        `update events set raw_off = raw_off + 1 where ${first}`,
        `update events set raw_off = raw_off - 1 where ${first}`,
        ['bytes'],
      ],
      [
        `update batches set raw_size = raw_size + 1 where id = (select min(id) from batches)`,
        `update batches set raw_size = raw_size - 1 where id = (select min(id) from batches)`,
        ['bytes'],
      ],
    ]
    for (const [there, back, names] of cases) {
      await plant(there)
      const found = await differing()
      await plant(back)
      expect([there, Object.keys(found).sort()]).toEqual([there, names])
    }
    expect(await differing()).toEqual({})
  })
})
