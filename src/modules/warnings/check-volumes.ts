/** W6 for every member and kind, and the sector's part of W2: each hour against what is usual for it. */
import { asEngine, type Database, type Queryable, type Tx } from '../../platform/database.ts'
import { decide } from '../events/index.ts'
import { type Running, runningTests } from './announced-match.ts'
import { raise } from './lifecycle.ts'
import { type Habit, usualOf, type VolumeJudged, w2Kind, w6 } from './rules/w6.ts'
import { type RuleSettings, settingsAt } from './rules.ts'
import { type Announced, announcedIn } from './test-volumes.ts'
import type { Finding, Met } from './types.ts'

const hourMs = 3_600_000
const [weeks, days] = [4, 28]
/** After a long silence only the last two days are looked at. */
const mostHours = 48

/** One member (0: the sector) and kind in one hour. */
export interface Volume {
  org: number
  family: number
  name: string
  value: number
  dropped: number
  habit: Habit
}

interface Row extends Record<string, unknown> {
  org: number
  family: number
  name: string
  hour: number
  n: number
  dropped: number
}

/**
 * Counts of an hour with those of the same hour of four weeks and 28 days before. An earlier hour counts as watched when
 * the sector had events in it and the member had had its first of the last four weeks. What was usual for an organisation
 * that was merged counts for its successor, else a merger would look like a flood.
 */
export async function volumesOf(tx: Queryable, hour: number): Promise<Volume[]> {
  const weekly = Array.from({ length: weeks }, (_, i) => hour - 168 * (i + 1))
  const daily = Array.from({ length: days }, (_, i) => hour - 24 * (i + 1))
  const { rows } = await tx.query<Row>(
    `select coalesce(o.present_id, t.org_id) as org, f.id as family, f.name, t.hour, sum(t.events)::int as n, sum(t.dropped)::int as dropped
     from totals t join classes c on c.id = t.dim_id join classes f on f.name = c.family left join organisations o on o.id = t.org_id
     where t.hour = any ($1) and t.lane = 0 and t.dim = 1 group by 1, f.id, f.name, t.hour`,
    [[hour, ...daily]],
  )
  const { rows: since } = await tx.query<{ org: number; first: number }>(
    `select coalesce(o.present_id, t.org_id) as org, min(t.hour) as first from totals t left join organisations o on o.id = t.org_id
     where t.hour between $1 and $2 and t.lane = 0 and t.dim = 0 group by 1`,
    [hour - days * 24, hour],
  )
  const first = new Map(since.map((row) => [row.org, row.first]))
  const watched = new Set(rows.filter((row) => row.org === 0).map((row) => row.hour))
  const pairs = new Map<string, { row: Row; counts: Map<number, number>; dropped: number }>()
  for (const row of rows) {
    const id = `${row.org} ${row.family}`
    const pair = pairs.get(id) ?? { row, counts: new Map<number, number>(), dropped: 0 }
    pair.counts.set(row.hour, row.n)
    if (row.hour === hour) pair.dropped = row.dropped
    pairs.set(id, pair)
  }
  return [...pairs.values()].map(({ row, counts, dropped }) => {
    const known = (hours: number[]): number[] =>
      hours.filter((h) => watched.has(h) && h >= (first.get(row.org) ?? hour)).map((h) => counts.get(h) ?? 0)
    return {
      org: row.org,
      family: row.family,
      name: row.name,
      value: counts.get(hour) ?? 0,
      dropped,
      habit: { weeks: known(weekly), days: known(daily) },
    }
  })
}

/** Looks at every hour since the last one looked at, up to that of the newest event. Answers how many findings there were. */
export function checkVolumes(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ newest: number; looked: number | null }>(
      `select least(coalesce((select (value)::float8 from settings where name = 'newest_event'), 0), $1)::float8 as newest,
         (select value::int from warning_checks where name = 'hour') as looked`,
      [now],
    )
    const current = Math.floor((rows[0]?.newest ?? 0) / hourMs)
    if (current === 0) return 0
    const from = Math.max(Math.min(rows[0]?.looked ?? current - 1, current), current - mostHours)
    const [W2, W6] = [await settingsAt(tx, 'W2', now), await settingsAt(tx, 'W6', now)]
    const tests = await runningTests(tx, now)
    let found = 0
    for (let hour = from; hour <= current; hour++)
      found += await checkHour(tx, hour, hour < current, { W2, W6, tests }, now)
    await tx.query(
      `insert into warning_checks (name, due_at, value) values ('hour', to_timestamp(0), $1) on conflict (name) do update set value = excluded.value`,
      [current],
    )
    return found
  })
}

async function checkHour(
  tx: Tx,
  hour: number,
  over: boolean,
  { W2, W6, tests }: { W2: RuleSettings; W6: RuleSettings; tests: Running[] },
  now: number,
): Promise<number> {
  let found = 0
  for (const volume of await volumesOf(tx, hour)) {
    const heard = (v: Volume): Finding | null =>
      v.org === 0 ? sectorKind(v, hour, W2, now) : memberVolume(v, hour, over, W6, now)
    let finding = heard(volume)
    if (finding?.title.words === 'W6') {
      const announced = await announcedIn(tx, tests, volume, hour)
      if (announced) {
        finding = heard(without(volume, announced.events))
        await sayAnnounced(tx, announced)
      }
    }
    if (!finding) continue
    await raise(tx, finding, now)
    found++
  }
  return found
}

/** A volume less what an announced test made of it, which the perimeter is taken to have dropped. */
export const without = (volume: Volume, events: number): Volume => ({
  ...volume,
  value: volume.value - events,
  dropped: Math.max(0, volume.dropped - events),
})

/** What was taken off a volume is to be seen among the suppressed with the test's name. */
const sayAnnounced = (tx: Tx, { episodes, test }: Announced): Promise<void> =>
  decide(
    tx,
    episodes.map((id) => ({
      id,
      outcome: 'announced-test',
      detail: { test: test.text, until: test.to },
      targets: null,
    })),
    new Map(),
  )

export function judgeVolume(volume: Volume, over: boolean, params: RuleSettings['params']): VolumeJudged {
  return w6(
    volume.value,
    usualOf(volume.habit, params),
    { over, availability: volume.name.startsWith('availability'), dropped: volume.dropped },
    params,
  )
}

function memberVolume(
  volume: Volume,
  hour: number,
  over: boolean,
  settings: RuleSettings,
  now: number,
): Finding | null {
  const judged = judgeVolume(volume, over, settings.params)
  if (!judged.fires || !settings.enabled) return null
  const rise = judged.words === 'W6'
  return finding('W6', `${rise ? 'volume' : 'fall'} ${volume.name}`, volume, hour, now, {
    settings,
    words: judged.words,
    cls: rise ? 'volume-rise' : 'volume-fall',
    severity: judged.severity,
    usual: judged.usual.median,
    limit: judged.limit,
    thresholds: judged.thresholds,
  })
}

function sectorKind(volume: Volume, hour: number, settings: RuleSettings, now: number): Finding | null {
  const usual = usualOf(volume.habit, { weeks: 3, days: 7 })
  const judged = w2Kind(volume.value, usual, settings.params)
  if (!judged.fires || !usual || !settings.enabled) return null
  return finding('W2', `kind ${volume.name}`, volume, hour, now, {
    settings,
    words: 'W2-kind',
    cls: 'volume-rise',
    severity: 2,
    usual: usual.median,
    limit: judged.limit,
    thresholds: [
      {
        name: 'deviations',
        threshold: settings.params.deviations ?? 6,
        value: Math.round(((volume.value - usual.median) / usual.mad) * 10) / 10,
      },
      { name: 'sectorEvents', threshold: settings.params.sectorEvents ?? 2000, value: volume.value },
    ],
  })
}

interface Said {
  settings: RuleSettings
  words: string
  cls: string
  severity: number
  usual: number
  limit: number
  thresholds: Met[]
}

function finding(
  rule: 'W2' | 'W6',
  topic: string,
  volume: Volume,
  hour: number,
  now: number,
  said: Said,
): Finding {
  const first = hour * hourMs
  const last = Math.min(first + hourMs - 1, Math.max(now, first))
  return {
    rule,
    version: said.settings.version,
    org: volume.org === 0 ? null : volume.org,
    topic,
    lane: 0,
    exercise: null,
    side: 0,
    family: volume.family,
    key: null,
    sensor: null,
    severity: said.severity,
    title: { words: said.words, cls: said.cls, side: 'target', verdict: 'unknown', params: {} },
    explanation: {
      rule,
      version: said.settings.version,
      words: said.words,
      params: { value: volume.value, usual: Math.round(said.usual), threshold: said.limit },
      thresholds: said.thresholds,
      steps: [],
      cls: volume.name,
      network: null,
      verdicts: null,
      events: volume.value,
      detectors: [],
      labels: [],
      hosts: [],
      sources: [],
      ports: [],
      done: 'unknown',
      times: { event: last, decided: now },
    },
    episodes: [],
    first,
    last,
    rate: volume.value,
  }
}
