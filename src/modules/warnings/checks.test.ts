import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type Happening, hostOf, openStage, type Stage } from '../../../test/warning-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { announceTest } from './announced.ts'
import { checkScanners } from './check-scanners.ts'
import { checkSensors } from './check-sensors.ts'
import { checkVolumes } from './check-volumes.ts'
import { dryRun } from './dry-run.ts'
import { createExercise, listExercises } from './exercises.ts'
import { work } from './jobs.ts'
import { eventsOf, getWarning, listWarnings } from './queries.ts'
import { change, history, type Params, ruleBook, settingsAt } from './rules.ts'
import { suppressed } from './suppressed.ts'
import type { WarningRow } from './types.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('regular checks', () => {
  let stage: Stage
  let coordinator: Actor
  beforeEach(async () => {
    stage = await openStage(6)
    coordinator = await addPerson(stage.db, 'Jana Dohledová', [['coordinator', null]])
  })
  afterEach(() => stage.db.drop())
  const all = (): Promise<WarningRow[]> =>
    asActor(stage.db, coordinator, tuesday, (tx) => listWarnings(tx, {}, null))

  it('a sensor silent beyond its habit is told to its owner and ends when it speaks again', async () => {
    await stage.db.engine.query('update sensors set org_id = $1', [stage.hospitals[0]?.id])
    for (let i = 0; i < 8; i++)
      await stage.happen([{ at: tuesday + i * 2 * minute, source: '198.51.100.7', target: hostOf(0) }])
    const last = tuesday + 14 * minute
    expect(await checkSensors(stage.db, last + 15 * minute)).toBe(0)
    expect(await checkSensors(stage.db, last + 16 * minute)).toBe(1)
    expect(await checkSensors(stage.db, last + 40 * minute)).toBe(1)
    expect(await all()).toMatchObject([
      { rule: 'W5', severity: 2, org: stage.hospitals[0]?.id, title: { words: 'W5', cls: 'sensor-silent' } },
    ])
    await checkSensors(stage.db, last + 25 * hour)
    expect((await all())[0]?.severity).toBe(3)
    await stage.happen([{ at: last + 26 * hour, source: '198.51.100.7', target: hostOf(0) }])
    expect(await checkSensors(stage.db, last + 26 * hour)).toBe(0)
    expect((await all())[0]?.state).toBe('closed')
  })

  it('refused messages and missing batches are told', async () => {
    const sensor = stage.sensor.id
    await stage.db.engine.query('update sensors set last_seen_at = to_timestamp($1 / 1000.0)', [tuesday])
    await stage.db.engine.query(
      'insert into loss (sensor_id, hour, received, stored, refused) values ($1, floor($2 / 3600000.0)::int, 1000, 980, 20)',
      [sensor, tuesday],
    )
    await stage.db.engine.query(
      `insert into sensor_batches (sensor_id, run, seq, at) select $1, 'a', s, to_timestamp($2 / 1000.0) from unnest(array[1, 2, 4, 5]) s`,
      [sensor, tuesday - hour],
    )
    expect(await checkSensors(stage.db, tuesday)).toBe(1)
    expect((await all()).map((w) => [w.title.words, w.org]).sort()).toEqual([
      ['W5-missing', null],
      ['W5-rejects', null],
    ])
    await stage.db.engine.query(
      `insert into sensor_batches (sensor_id, run, seq, at) values ($1, 'a', 3, to_timestamp($2 / 1000.0))`,
      [sensor, tuesday - hour],
    )
    await checkSensors(stage.db, tuesday)
    expect((await all()).filter((w) => w.state !== 'closed').map((w) => w.title.words)).toEqual([
      'W5-rejects',
    ])
  })

  const logins = (n: number, at: number): Happening[] =>
    Array.from({ length: n }, (_, i) => ({
      at: at + i * 100,
      source: `198.51.100.${(i % 50) + 1}`,
      target: hostOf(0),
    }))

  it('a volume far from the habit is told once seven days are known, and opens its events', async () => {
    for (let d = 7; d >= 1; d--) await stage.happen(logins(10, tuesday - d * day), tuesday - d * day + 5000)
    await stage.happen(logins(300, tuesday), tuesday + 5000)
    expect(await checkVolumes(stage.db, tuesday + minute)).toBe(1)
    const [warning, ...more] = await all()
    expect(more).toEqual([])
    expect(warning).toMatchObject({
      rule: 'W6',
      severity: 1,
      events: 300,
      title: { words: 'W6', cls: 'volume-rise' },
    })
    const events = await asActor(stage.db, coordinator, tuesday, (tx) =>
      eventsOf(tx, warning?.id ?? 0, null, 500),
    )
    expect(events).toHaveLength(300)
    await stage.happen(logins(30, tuesday + 10 * minute), tuesday + 11 * minute)
    await checkVolumes(stage.db, tuesday + 12 * minute)
    expect(await all()).toHaveLength(1)
  })

  it.each([
    ['the tester', '198.51.100.0/26'],
    ['the tested hosts', '192.0.2.0/28'],
  ])('a volume is an announced test’s when %s were announced, visibly', async (_, addresses) => {
    const org = stage.hospitals[0]?.id ?? 0
    const admin = await addPerson(stage.db, 'Adam Správce', [['admin', stage.hospitals[0] ?? null]])
    for (let d = 7; d >= 1; d--) await stage.happen(logins(10, tuesday - d * day), tuesday - d * day + 5000)
    await announceTest(
      stage.db,
      admin,
      { org, addresses, startsAt: tuesday - hour, endsAt: tuesday + hour / 2, note: 'Zkouška' },
      tuesday,
    )
    await stage.happen(logins(300, tuesday), tuesday + 5000)
    expect(await checkVolumes(stage.db, tuesday + minute)).toBe(0)
    expect(await all()).toEqual([])
    const rows = await asActor(stage.db, admin, tuesday, (tx) =>
      suppressed(tx, { outcome: 'announced-test' }, null, 100),
    )
    expect(rows).toHaveLength(50)
    expect(rows[0]?.outcomeDetail).toEqual({ test: addresses, until: tuesday + hour / 2 })
    const period = { from: tuesday - hour, to: tuesday + hour }
    expect(await asActor(stage.db, coordinator, tuesday, (tx) => dryRun(tx, 'W6', {}, period))).toMatchObject(
      { now: { n: 0 } },
    )
    await stage.happen(
      logins(300, tuesday + 40 * minute).map((one) => ({ ...one, target: hostOf(0, 2) })),
      tuesday + 41 * minute,
    )
    expect(await checkVolumes(stage.db, tuesday + 42 * minute)).toBe(1)
    expect(await all()).toMatchObject([{ rule: 'W6' }])
  })

  it('nothing is said of volumes while there is no habit', async () => {
    await stage.happen(logins(300, tuesday), tuesday + 5000)
    expect(await checkVolumes(stage.db, tuesday + minute)).toBe(0)
  })

  it('dropped scanners of many members are one quiet row for the coordinators', async () => {
    const many = [1, 2, 3].flatMap((s) =>
      [0, 1, 2, 3, 4, 5].map(
        (n): Happening => ({
          at: tuesday + n * 1000,
          source: `203.0.113.${s}`,
          target: hostOf(n),
          category: 'Recon.Scanning',
        }),
      ),
    )
    await stage.happen(many)
    expect(await checkScanners(stage.db, tuesday + minute)).toBe(1)
    expect(await checkScanners(stage.db, tuesday + 2 * minute)).toBe(1)
    const [row] = await all()
    expect(row).toMatchObject({ org: null, rule: 'W2', severity: 0, title: { words: 'W2-dropped' } })
    const { explanation } = await asActor(stage.db, coordinator, tuesday, (tx) =>
      getWarning(tx, row?.id ?? 0),
    )
    expect(explanation.params).toMatchObject({ n: 3, value: 6 })
    expect([...explanation.sources].sort()).toEqual(['203.0.113.1', '203.0.113.2', '203.0.113.3'])
  })

  it('the worker’s turn does all that is due, and twice is as once', async () => {
    await stage.happen([{ source: '198.51.100.7', target: hostOf(0), verdict: 'passed' }])
    const errors: unknown[] = []
    const log = { info: () => {}, warn: () => {}, error: (fields: object) => errors.push(fields) }
    for (const at of [0, 1, 400_000, 400_001]) await work({ db: stage.db, log }, tuesday + at)
    expect(errors).toEqual([])
    expect(await all()).toHaveLength(1)
  })
})

describe('thresholds', () => {
  let stage: Stage
  let coordinator: Actor
  beforeEach(async () => {
    stage = await openStage(6)
    coordinator = await addPerson(stage.db, 'Jana Dohledová', [['coordinator', null]])
  })
  afterEach(() => stage.db.drop())

  it('have defaults inside their bounds, and words in both languages', () => {
    for (const { params, name } of ruleBook()) {
      expect(name.cs && name.en).toBeTruthy()
      for (const p of params)
        expect([p.name, p.min <= p.default && p.default <= p.max, p.cs !== '' && p.en !== '']).toEqual([
          p.name,
          true,
          true,
        ])
    }
  })

  it('are changed by coordinators with a reason, kept as versions and read as of their time', async () => {
    const { db } = stage
    const admin = await addPerson(db, 'Adam Správce', [['admin', stage.hospitals[0] ?? null]])
    await expect(change(db, admin, 'W3', { params: { events: 5 } }, 'chci', tuesday)).rejects.toThrow(
      'coordinator',
    )
    await expect(change(db, coordinator, 'W3', { params: { events: 5 } }, ' ', tuesday)).rejects.toThrow(
      'why',
    )
    const outside: Params[] = [{ events: 0 }, { events: 1.5 }, { nonsense: 1 }, { events: Number.NaN }]
    for (const params of outside)
      await expect(change(db, coordinator, 'W3', { params }, 'proč', tuesday)).rejects.toThrow('bounds')
    await change(db, coordinator, 'W3', { params: { events: 5 } }, 'příliš mnoho hlášení', tuesday)
    await change(db, coordinator, 'W3', { params: { minutes: 60 } }, 'pomalí útočníci', tuesday + hour)
    const at = (when: number) =>
      asActor(db, admin, when, async (tx) => (await settingsAt(tx, 'W3', when)).params)
    expect((await at(tuesday - 1)).events).toBe(1)
    expect(await at(tuesday)).toMatchObject({ events: 5, minutes: 30 })
    expect(await at(tuesday + hour)).toMatchObject({ events: 5, minutes: 60 })
    const versions = await asActor(db, coordinator, tuesday, (tx) => history(tx, 'W3'))
    expect(versions.map((v) => [v.version, v.changedBy, v.reason])).toEqual([
      [2, 'Jana Dohledová', 'pomalí útočníci'],
      [1, 'Jana Dohledová', 'příliš mnoho hlášení'],
      [0, null, null],
    ])
    await stage.happen([
      { at: tuesday + 2 * hour, source: '198.51.100.7', target: hostOf(0), verdict: 'passed' },
    ])
    expect(await asActor(db, coordinator, tuesday, (tx) => listWarnings(tx, {}, null))).toEqual([])
  })

  it('are tried out on what happened, and nothing is written', async () => {
    await stage.happen([
      { source: '198.51.100.7', target: hostOf(0), verdict: 'passed' },
      { source: '198.51.100.7', target: hostOf(0), verdict: 'passed' },
      { source: '203.0.113.7', target: hostOf(1), verdict: 'passed' },
    ])
    await stage.happen([{ source: hostOf(3), target: '203.0.113.50', category: 'Recon.Scanning' }])
    const run = (rule: 'W1' | 'W2' | 'W3' | 'W5' | 'W6' | 'W7', params: Record<string, number>) =>
      asActor(stage.db, coordinator, tuesday + hour, (tx) =>
        dryRun(tx, rule, params, { from: tuesday - day, to: tuesday + day }),
      )
    expect(await run('W3', { events: 2 })).toMatchObject({
      opened: 2,
      now: { n: 2 },
      changed: { n: 1 },
      added: [],
      removed: [{ about: '203.0.113.7', orgName: 'Nemocnice Zkušební 2' }],
    })
    expect(await run('W1', { events: 2 })).toMatchObject({ now: { n: 1 }, changed: { n: 0 } })
    for (const rule of ['W2', 'W5', 'W6', 'W7'] as const) expect((await run(rule, {})).added).toEqual([])
    await expect(run('W3', { events: 0 })).rejects.toThrow('bounds')
    expect(await asActor(stage.db, coordinator, tuesday, (tx) => listWarnings(tx, {}, null))).toHaveLength(3)
  })

  it('exercises are opened by coordinators, once a label', async () => {
    const { db } = stage
    const wanted = { id: 'podzim-2026', title: 'Podzimní cvičení', startsAt: tuesday, endsAt: tuesday + hour }
    await expect(
      createExercise(
        db,
        await addPerson(db, 'Adam Správce', [['admin', stage.hospitals[0] ?? null]]),
        wanted,
        tuesday,
      ),
    ).rejects.toThrow('coordinator')
    await createExercise(db, coordinator, wanted, tuesday)
    await expect(createExercise(db, coordinator, wanted, tuesday)).rejects.toThrow('exists')
    await expect(createExercise(db, coordinator, { ...wanted, id: 'a b' }, tuesday)).rejects.toThrow('label')
    expect(await asActor(db, coordinator, tuesday, (tx) => listExercises(tx))).toMatchObject([
      { id: 'podzim-2026', warnings: 0, createdBy: 'Jana Dohledová' },
      { id: 'podzim' },
    ])
  })
})
