/** The dry run: what of an organisation's own yesterday its lists would have blocked, by choices that need not be saved. */
import { type Actor, asReader } from '../../../platform/access.ts'
import { asEngine, type Database } from '../../../platform/database.ts'
import { addDays, type Day, dayBounds, dayOf } from '../../../platform/dates.ts'
import { type Net, parseNet } from '../../../values/address.ts'
import { buildMatcher } from '../../../values/ranges.ts'
import { wouldList } from './make.ts'
import { type Choices, type Kind, kinds } from './types.ts'

/** What came from one source that would have been blocked. */
export interface Blocked {
  source: string
  /** The listed value that it falls under. */
  value: string
  events: number
  /** Of them, what was let through then. */
  passed: number
  /** Names of the classes, the most events first. */
  classes: string[]
  /** ms */
  first: number
  last: number
}

export interface Trial {
  day: Day
  /** How many items of each kind the lists would hold. */
  sizes: Record<Kind, number>
  /** Connections, counted as events of sensors are. */
  events: number
  passed: number
  /** The most events first, at most `mostShown`. */
  blocked: Blocked[]
  /** How many sources in all. */
  sources: number
}

export const mostShown = 200
const mostRows = 50_000

interface Row extends Record<string, unknown> {
  source: string
  cls: string
  events: number
  passed: number
  first: number
  last: number
}

/** Of the day before the one of `now`. The organisation's rows are read as `actor`. */
export async function tryOut(
  db: Database,
  { org, choices, zone }: { org: number; choices: Choices; zone: string },
  actor: Actor,
  now: number,
): Promise<Trial> {
  const day = addDays(dayOf(now, zone), -1)
  const wanted = await asEngine(db, (tx) => wouldList(tx, org, choices, now))
  const nets = wanted.flatMap(({ kind, value }) => {
    const net = kind === 'ip' || kind === 'net' ? parseNet(value) : null
    return net ? [{ net, value: net }] : []
  })
  const matcher = buildMatcher<Net>(nets)
  const blocked = new Map<string, Blocked>()
  for (const row of await metOn(db, org, dayBounds(day, zone), actor, now)) {
    const net = parseNet(row.source)
    const by = net && matcher.match(net)[0]
    if (by) add(blocked, row, by.text)
  }
  const all = [...blocked.values()].sort((a, b) => b.events - a.events || (a.source < b.source ? -1 : 1))
  const sum = (key: 'events' | 'passed'): number => all.reduce((n, one) => n + one[key], 0)
  const sizes = Object.fromEntries(
    kinds.map((kind) => [kind, wanted.filter((one) => one.kind === kind).length]),
  )
  return {
    day,
    sizes: sizes as Trial['sizes'], // a number for each of the kinds
    ...{
      events: sum('events'),
      passed: sum('passed'),
      blocked: all.slice(0, mostShown),
      sources: all.length,
    },
  }
}

/** What came from outside to the organisation's hosts, by source and class; the most events first. */
async function metOn(
  db: Database,
  org: number,
  { from, to }: { from: number; to: number },
  actor: Actor,
  now: number,
): Promise<Row[]> {
  const hourMs = 3_600_000
  return asReader(db, actor, now, async (tx) => {
    const { rows } = await tx.query<Row>(
      `select k.text as source, c.name as cls, d.events, d.passed, d.first, d.last from (
         select key_id, class_id, sum(events)::int as events, sum(passed + partial)::int as passed,
           extract(epoch from min(first_at))::float8 * 1000 as first, extract(epoch from max(last_at))::float8 * 1000 as last
         from detections where org_id = any ((select organisation_with_merged($1))::int[]) and hour = any (array(select generate_series($2::int, $3::int)))
           and side = 2 and lane = 0 and not archive
         group by key_id, class_id order by 3 desc limit $4) d
       join source_keys k on k.id = d.key_id and k.addr is not null join classes c on c.id = d.class_id order by d.events desc`,
      [org, Math.floor(from / hourMs), Math.floor((to - 1) / hourMs), mostRows],
    )
    return rows
  })
}

function add(blocked: Map<string, Blocked>, row: Row, value: string): void {
  const { source, cls, events, passed, first, last } = row
  const known = blocked.get(source)
  if (!known) {
    blocked.set(source, { source, value, events, passed, classes: [cls], first, last })
    return
  }
  known.events += events
  known.passed += passed
  if (!known.classes.includes(cls)) known.classes.push(cls)
  known.first = Math.min(known.first, first)
  known.last = Math.max(known.last, last)
}
