/** Heartbeats that are missing: a warning of the coordinators' own while it lasts, which calls who is on duty (oncall/begin-due.ts). */
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { endOthers } from '../check-sensors.ts'
import { raise } from '../lifecycle.ts'
import type { Finding } from '../types.ts'

interface Missing {
  id: number
  name: string
  interval: number
  grace: number
  /** ms since 1970 */
  beat: number
  due: number
}

const high = 3
const minuteMs = 60_000

/**
 * Past their time. While hSOC itself did not run, beats were lost: who was not missing before is given an interval and the grace
 * anew from the end of the outage on.
 */
async function missing(tx: Tx, now: number): Promise<Missing[]> {
  const { rows } = await tx.query<Missing & Record<string, unknown>>(
    `select h.id, h.name, h.interval_min as interval, h.grace_min as grace,
       (extract(epoch from h.beat_at) * 1000)::float8 as beat, (extract(epoch from h.due_at) * 1000)::float8 as due
     from heartbeats h where h.ended_at is null and h.due_at <= to_timestamp($1 / 1000.0)
       and not exists (select 1 from outages o where o.from_at < h.due_at
         and o.to_at > to_timestamp($1 / 1000.0) - make_interval(mins => h.interval_min + h.grace_min))
       and not exists (select 1 from beats b where b.at < h.due_at and b.at <= to_timestamp($1 / 1000.0) - interval '5 minutes')
     order by h.id`,
    [now],
  )
  return rows
}

/** Each silence is a trouble of its own, so that no answer to an earlier one keeps it quiet. */
const findingOf = ({ id, name, interval, grace, beat, due }: Missing, now: number): Finding => ({
  ...{ rule: 'W5', version: 0, org: null, topic: `heartbeat ${id} missing ${Math.round(due / 1000)}` },
  ...{ lane: 0, exercise: null, side: 0, family: null, key: null, sensor: null, severity: high },
  title: { words: 'W5-heartbeat', cls: 'heartbeat-missing', side: 'source', verdict: 'unknown', params: {} },
  explanation: {
    ...{ rule: 'W5', version: 0, words: 'W5-heartbeat', cls: 'heartbeat-missing' },
    params: { sensor: name, value: Math.floor((now - beat) / minuteMs), threshold: interval + grace },
    thresholds: [],
    steps: [],
    ...{
      network: null,
      verdicts: null,
      events: 0,
      detectors: [],
      labels: [],
      hosts: [],
      sources: [],
      ports: [],
    },
    done: 'unknown',
    times: { event: beat, decided: now },
  },
  ...{ episodes: [], first: beat, last: now, rate: 0 },
})

/** Opens and ends their warnings; answers how many are missing. */
export function checkHeartbeats(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const findings = (await missing(tx, now)).map((one) => findingOf(one, now))
    for (const finding of findings) await raise(tx, finding, now)
    await endOthers(
      tx,
      'heartbeat ',
      findings.map(({ topic }) => topic),
      now,
    )
    return findings.length
  })
}
