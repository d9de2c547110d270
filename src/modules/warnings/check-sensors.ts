/** W5 for every sensor: silence beyond its habit, refused messages, missing batches; ends by itself when all is well again. */
import { asEngine, type Database, type Queryable, type Tx } from '../../platform/database.ts'
import { raise } from './lifecycle.ts'
import { log } from './log.ts'
import { type SensorHealth, type SensorJudged, w5 } from './rules/w5.ts'
import { type RuleSettings, settingsAt } from './rules.ts'
import type { Finding } from './types.ts'

const minuteMs = 60_000

export interface SensorSeen extends SensorHealth {
  id: number
  name: string
  org: number | null
  lastSeen: number | null
}

/**
 * The health of all sensors that should be sending. A habit is looked up only for those that have been silent for the
 * shortest time that may be reported. Numbering is judged up to a quarter of an hour ago: what is under way is not missing.
 */
export async function sensorsNow(tx: Queryable, now: number, silentMinutes: number): Promise<SensorSeen[]> {
  const { rows } = await tx.query<SensorSeen & Record<string, unknown>>(
    `select s.id, s.name, s.org_id as org, extract(epoch from s.last_seen_at)::float8 * 1000 as "lastSeen",
       extract(epoch from to_timestamp($1 / 1000.0) - s.last_seen_at)::float8 / 60 as "silentMinutes",
       coalesce(g.usual, 0)::float8 as "usualGapMinutes", coalesce(g.n, 0)::int as gaps,
       coalesce(l.received, 0)::int as received, coalesce(l.refused, 0)::int as refused, coalesce(b.missing, 0)::int as missing
     from sensors s
     left join lateral (
       select percentile_cont(0.99) within group (order by gap) as usual, count(gap) as n from (
         select extract(epoch from minute - lag(minute) over (order by minute)) / 60 as gap from sensor_minutes m
         where m.sensor_id = s.id and m.minute > s.last_seen_at - interval '7 days' and m.minute <= to_timestamp($1 / 1000.0)) h) g
       on s.last_seen_at < to_timestamp($1 / 1000.0) - make_interval(mins => $2::int)
     left join lateral (
       select received, refused from loss where loss.sensor_id = s.id and hour between floor($1 / 3600000.0)::int - 1 and floor($1 / 3600000.0)::int
       order by refused::float8 / greatest(received, 1) desc limit 1) l on true
     left join lateral (
       select sum(n)::int as missing from (
         select max(seq) - min(seq) + 1 - count(*) as n from sensor_batches b where b.sensor_id = s.id and b.at <= to_timestamp($1 / 1000.0) - interval '15 minutes'
         group by run having max(b.at) > to_timestamp($1 / 1000.0) - interval '1 day') r) b on true
     where s.disabled_at is null and s.can_write and not s.batch`,
    [now, silentMinutes],
  )
  return rows
}

const topics = { W5: 'silent', 'W5-rejects': 'rejects', 'W5-missing': 'missing' } satisfies Record<
  SensorJudged['words'],
  string
>

function findingOf(sensor: SensorSeen, judged: SensorJudged, settings: RuleSettings, now: number): Finding {
  const cls = judged.words === 'W5' ? 'sensor-silent' : 'sensor-losing'
  const since = judged.words === 'W5' ? (sensor.lastSeen ?? now) : now
  return {
    rule: 'W5',
    version: settings.version,
    org: sensor.org,
    topic: `sensor ${sensor.id} ${topics[judged.words]}`,
    lane: 0,
    exercise: null,
    side: 0,
    family: null,
    key: null,
    sensor: sensor.id,
    severity: judged.severity,
    title: { words: judged.words, cls, side: 'source', verdict: 'unknown', params: {} },
    explanation: {
      rule: 'W5',
      version: settings.version,
      words: judged.words,
      params: { sensor: sensor.name, value: judged.value, threshold: judged.limit, n: judged.value },
      thresholds: judged.thresholds,
      steps: [],
      cls,
      network: null,
      verdicts: null,
      events: 0,
      detectors: [],
      labels: [],
      hosts: [],
      sources: [],
      ports: [],
      done: 'unknown',
      times: { event: since, decided: now },
    },
    episodes: [],
    first: since,
    last: now,
    rate: 0,
  }
}

/** Opens, keeps and ends the sensors' warnings; answers how many sensors are in trouble. */
export function checkSensors(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const settings = await settingsAt(tx, 'W5', now)
    const seen = settings.enabled ? await sensorsNow(tx, now, settings.params.silentMinutes ?? 15) : []
    const standing: string[] = []
    const troubled = new Set<number>()
    for (const sensor of seen)
      for (const judged of w5(sensor, settings.params)) {
        const finding = findingOf(sensor, judged, settings, now)
        standing.push(finding.topic)
        troubled.add(sensor.id)
        await raise(tx, finding, now)
      }
    await endOthers(tx, 'sensor ', standing, now)
    return troubled.size
  })
}

/** Of the troubles whose topics begin so, what is over is closed, and its next coming is news at once. */
export async function endOthers(tx: Tx, topics: string, standing: string[], now: number): Promise<void> {
  const { rows } = await tx.query<{ id: number; opened: number }>(
    `update warnings set state = 'closed', closed_at = to_timestamp($2 / 1000.0), quiet_until = null, relapse_from = null, ladder_due_at = null,
       changed_at = to_timestamp($2 / 1000.0)
     where rule = 'W5' and state <> 'closed' and topic <> all ($1) and starts_with(topic, $3) returning id, extract(epoch from opened_at)::float8 * 1000 as opened`,
    [standing, now, topics],
  )
  for (const { id, opened } of rows) {
    await log(tx, id, 'closed', now, null, { why: 'well', minutes: Math.round((now - opened) / minuteMs) })
    await tx.query(`select announce('warnings', $1)`, [String(id)])
  }
}
