/** The daily view and a source's history with one day and more of the sector stored, as a member and as a coordinator. */
import { prepareSectorDay, send, summed, until } from './load.ts'
import { openReader, personOnDuty, type Reader, spread } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { type Server, startServer } from './server.ts'
import { openStage, type Stage } from './stage.ts'

interface Asking {
  reader: Reader
  /** The path of the nth question. */
  path: (n: number) => string
}

type Spread = ReturnType<typeof spread>

const questions = 100
const warming = 5

export async function measureViews(options: Options, say: (line: string) => void): Promise<Figure[]> {
  say(`filling ${options.keys.toLocaleString('en')} keys`)
  const stage = await openStage({ keys: options.keys })
  try {
    const server = await startServer(stage)
    try {
      const figures: Figure[] = []
      const days: string[] = []
      let events = 0
      const steps = [...new Set(options.days)].sort((a, b) => a - b)
      // Days go forward, as time does; the last of them is yesterday.
      for (let back = steps.at(-1) ?? 1; back >= 1; back--) {
        const prepared = await prepareSectorDay(stage, options, back)
        await send(stage, server, prepared, options)
        events += prepared.events
        await summed(stage, events)
        prepared.forget()
        days.push(prepared.day)
        say(`${days.length} days stored, ${events.toLocaleString('en')} events`)
        if (!steps.includes(days.length)) continue
        await published(stage, days)
        // What autovacuum does within a minute of such a day, done now so that the measurement need not wait for it.
        await stage.owner.query('vacuum analyze')
        const found = await askAll(stage, server, days)
        for (const [name, { p50, p95 }] of Object.entries(found)) say(`${name}: p50 ${p50} ms, p95 ${p95} ms`)
        figures.push(figureOf(days.length, events, await storedMb(stage), found))
      }
      return figures
    } finally {
      await server.stop()
    }
  } finally {
    await stage.close()
  }
}

async function askAll(stage: Stage, server: Server, days: string[]): Promise<Record<string, Spread>> {
  const slug = stage.organisations[0]?.slug ?? ''
  const member = await openReader(stage, server, await personOnDuty(stage, slug))
  const coordinator = await openReader(stage, server, stage.coordinator)
  const met = await sourcesOf(stage, stage.ids.get(slug) as number)
  const all = await sourcesOf(stage, 0)
  const day = (scope: string) => (n: number) => `/days/${days[n % days.length]}${scope}`
  const source = (known: string[]) => (n: number) =>
    `/sources/${encodeURIComponent(known[n % known.length] ?? '')}`
  const asked: Record<string, Asking> = {
    "member's own day": { reader: member, path: day('') },
    "sector's day for a member": { reader: member, path: day('?scope=sector') },
    "sector's day for a coordinator": { reader: coordinator, path: day('') },
    'source for a member': { reader: member, path: source(met) },
    'source for a coordinator': { reader: coordinator, path: source(all) },
  }
  const found: Record<string, Spread> = {}
  try {
    for (const [name, one] of Object.entries(asked)) found[name] = await timesOf(one)
  } finally {
    member.close()
    coordinator.close()
  }
  return found
}

async function timesOf({ reader, path }: Asking): Promise<Spread> {
  const times: number[] = []
  for (let n = -warming; n < questions; n++) {
    const { ms } = await reader.get(path(Math.abs(n)))
    if (n >= 0) times.push(ms)
  }
  return spread(times)
}

/** Half the busiest and half any, in turn: what people look at, and what they come upon. Organisation 0: the perimeter. */
async function sourcesOf(stage: Stage, org: number): Promise<string[]> {
  const { rows } = await stage.owner.query<{ text: string }>(
    `with met as (select key_id, sum(events) as n from detections where org_id = $1 and lane = 0 group by 1),
       ranked as (select key_id, row_number() over (order by n desc, key_id) as busy,
                    row_number() over (order by hashint4(key_id)) as drawn from met)
     select k.text from ranked join source_keys k on k.id = key_id
     where k.counted and (busy <= $2 or drawn <= $2) order by least(busy, drawn), busy`,
    [org, questions / 2],
  )
  return rows.map((row) => row.text)
}

/** The sector's figures for members follow the sums within seconds; a page that says there are none is no measurement. */
async function published(stage: Stage, days: string[]): Promise<void> {
  await until(
    async () => {
      const { rows } = await stage.owner.query<{ n: number }>(
        `select count(distinct day)::int as n from sector_figures where dim = 'day' and day = any ($1::date[])`,
        [days],
      )
      return rows[0]?.n === days.length
    },
    {
      withinMs: 60_000,
      everyMs: 500,
      otherwise: () => "the sector's figures were not published within a minute",
    },
  )
}

async function storedMb(stage: Stage): Promise<number> {
  const { rows } = await stage.owner.query<{ mb: number }>(
    `select round(sum(pg_total_relation_size(c.oid)) / 1048576)::float8 as mb from pg_class c
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'event_keys'`,
  )
  return rows[0]?.mb ?? 0
}

function figureOf(days: number, events: number, mb: number, found: Record<string, Spread>): Figure {
  return {
    name: `views ${days}d`,
    what: `daily view and a source's history with ${days} days stored, p95 of the slowest of them`,
    value: Math.max(...Object.values(found).map((one) => one.p95)),
    unit: 'ms',
    must: 200,
    aim: 50,
    smaller: true,
    detail: { events, stored_mb_without_keys: mb, ms: found },
  }
}
