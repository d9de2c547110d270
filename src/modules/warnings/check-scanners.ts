/** Dropped scans and log-in guessing that meet many members: one quiet row a kind for the coordinators, nobody is written to. */
import { asEngine, type Database } from '../../platform/database.ts'
import { going, lastBetween } from '../events/index.ts'
import { raise } from './lifecycle.ts'
import { settingsAt } from './rules.ts'

const hourMs = 3_600_000

interface Kind extends Record<string, unknown> {
  family: number
  name: string
  sources: number
  members: number
  events: number
  first: number
  last: number
  top: string[]
}

/** Keeps the rows of the last hour of events up to date; answers how many kinds there are. */
export function checkScanners(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const settings = await settingsAt(tx, 'W2', now)
    if (!settings.enabled) return 0
    const { members: k = 5, minutes = 60 } = settings.params
    const { rows } = await tx.query<Kind>(
      `with recent as (
         select e.key_id, e.family_id, count(distinct e.org_id) as members, sum(e.events) as events, min(e.first_at) as first_at, max(e.last_at) as last_at
         from organisations o join episodes e on e.org_id = o.id where ${going('e')} and e.side = 2 and e.lane = 0 and not e.archive and e.dropped = e.events
           and ${lastBetween('e', `(select least((value)::float8, $1) - $2::int * 60000.0 from settings where name = 'newest_event')`, null)}
         group by e.key_id, e.family_id having count(distinct e.org_id) >= $3)
       select r.family_id as family, f.name, count(*)::int as sources, max(r.members)::int as members, sum(r.events)::float8 as events,
         extract(epoch from min(r.first_at))::float8 * 1000 as first, extract(epoch from max(r.last_at))::float8 * 1000 as last,
         (array_agg(k.text order by r.members desc, r.events desc, k.text))[1:50] as top
       from recent r join classes f on f.id = r.family_id join source_keys k on k.id = r.key_id
       where not exists (select 1 from key_labels l where l.key_id = r.key_id and l.effect = 'recon-to-info' and l.until = 'infinity')
       group by r.family_id, f.name`,
      [now, minutes, k],
    )
    for (const kind of rows)
      await raise(
        tx,
        {
          rule: 'W2',
          version: settings.version,
          org: null,
          topic: `dropped ${kind.name}`,
          lane: 0,
          exercise: null,
          side: 2,
          family: kind.family,
          key: null,
          sensor: null,
          severity: 0,
          title: { words: 'W2-dropped', cls: kind.name, side: 'target', verdict: 'dropped', params: {} },
          explanation: {
            rule: 'W2',
            version: settings.version,
            words: 'W2-dropped',
            params: {
              source: kind.top[0] ?? '',
              band: String(kind.members),
              value: kind.members,
              minutes,
              threshold: k,
              n: kind.sources,
            },
            thresholds: [{ name: 'members', threshold: k, value: kind.members }],
            steps: [],
            cls: kind.name,
            network: null,
            verdicts: null,
            events: kind.events,
            detectors: [],
            labels: [],
            hosts: [],
            sources: kind.top,
            ports: [],
            done: 'dropped',
            times: { event: kind.last, decided: now },
          },
          episodes: [],
          first: kind.first,
          last: kind.last,
          rate: Math.round(kind.events / Math.max(1, (kind.last - kind.first) / hourMs)),
        },
        now,
      )
    return rows.length
  })
}
