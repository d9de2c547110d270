/**
 * What members may know of the sector. The program counts it with its own hand and publishes it here; members read
 * nothing else of it. No figure concerns one to four organisations, none can be had by subtraction, and no answer tells
 * whether one given member is among those meant.
 */
import { type Database, type Tx, transaction } from '../../platform/database.ts'
import type { Day } from '../../platform/dates.ts'
import { write } from '../../platform/settings.ts'
import { bandOf, bands } from '../../values/bands.ts'
import { publishable } from '../../values/cells.ts'
import { sumColumns } from './queries/counts.ts'
import { hoursOfDay, perimeter, rowsOf } from './queries/scope.ts'
import { publishSeen } from './sector-seen.ts'

const lockNumber = 715004
const markName = 'sector_published'

export interface Published {
  days: number
  keys: number
}

interface Mark {
  /** Serial of the newest batch that had been condensed. */
  serial: number
  /** Newest change of a day and of an episode, ms. */
  changed: number
}

/**
 * Publishes the figures of days and the bands of sources that changed since the last call; cheap when nothing did.
 * `zone` decides to which day an hour belongs.
 */
export function publishSector(db: Database, zone: string, now: number): Promise<Published> {
  return transaction(db.engine, async (tx) => {
    const { rows } = await tx.query<{ mine: boolean }>(
      `select pg_try_advisory_xact_lock(${lockNumber}) as mine`,
    )
    if (!rows[0]?.mine) return { days: 0, keys: 0 }
    const before = await readMark(tx)
    const serial = await newestSerial(tx)
    if (serial === before.serial) return { days: 0, keys: 0 }
    const { rows: days } = await tx.query<{ day: Day; ms: number }>(
      `select day, extract(epoch from changed_at)::float8 * 1000 as ms from days where changed_at >= to_timestamp($1 / 1000.0)`,
      [before.changed],
    )
    for (const { day } of days) await publishDay(tx, day, zone, now)
    const keys = await publishSeen(tx, (await membersCount(tx)) - 1, now)
    await writeMark(
      tx,
      { serial, changed: Math.max(before.changed, ...days.map((day) => Math.floor(day.ms))) },
      now,
    )
    return { days: days.length, keys }
  })
}

async function readMark(tx: Tx): Promise<Mark> {
  const { rows } = await tx.query<{ value: Mark }>('select value from settings where name = $1', [markName])
  return rows[0]?.value ?? { serial: -1, changed: 0 }
}

const writeMark = (tx: Tx, mark: Mark, now: number): Promise<void> => write(tx, markName, mark, now)

async function newestSerial(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'select coalesce((select first_serial from batches where first_serial is not null order by first_serial desc limit 1), -1) as n',
  )
  return rows[0]?.n ?? -1
}

type Figure = {
  item: string
  events: number
  detections: number
  sources: number
  dropped: number
  passed: number
  partial: number
  share: number
  orgs: number[]
}

/** Class without the side from which a member sees it. */
const base = (name: string): string => `regexp_replace(${name}, '-(target|internal)$', '')`

async function publishDay(tx: Tx, day: Day, zone: string, now: number): Promise<void> {
  const sector = rowsOf(perimeter, [hoursOfDay(day, zone)])
  const members = sector.replace('org_id = 0', 'org_id > 0')
  const population = await membersCount(tx)
  const [total] = await figures(tx, sector, members, { totals: `'day'`, dim: 0, detections: `'day'` })
  const concerned = total?.orgs.length ?? 0
  // The day itself is told once it concerns enough; before that there is nothing that could be told of its parts either.
  const tellable = total !== undefined && bandOf(concerned, population) !== null
  const rows: [string, Figure][] = []
  if (tellable) {
    rows.push(['day', total])
    const classes = await figures(tx, sector, members, {
      totals: 'c.name',
      dim: 1,
      detections: base('c.name'),
    })
    const hours = await figures(tx, sector, members, {
      totals: 'hour::text',
      dim: 0,
      detections: 'hour::text',
    })
    for (const [dim, cells] of [
      ['class', classes],
      ['hour', hours],
    ] as const) {
      const open = publishable(cells)
      for (const cell of cells) if (open.has(cell.item)) rows.push([dim, cell])
    }
    const band = bands.find(({ from }) => concerned >= from && population > from)
    if (band) rows.push(['day', { ...noFigure, item: 'members', events: band.from }])
  }
  await replaceDay(tx, day, rows, now)
}

const noFigure: Figure = {
  item: '',
  events: 0,
  detections: 0,
  sources: 0,
  dropped: 0,
  passed: 0,
  partial: 0,
  share: 0,
  orgs: [],
}

interface Grouping {
  totals: string
  dim: number
  detections: string
}

/** Perimeter figures of a breakdown, each with the members that met it. */
async function figures(tx: Tx, sector: string, members: string, by: Grouping): Promise<Figure[]> {
  const classes = by.totals === 'c.name'
  const { rows } = await tx.query<Figure & Record<string, unknown>>(
    `with sums as (select ${by.totals} as item, ${sumColumns} from totals ${classes ? 'join classes c on c.id = dim_id' : ''}
       where ${sector} and dim = ${by.dim} group by 1),
     counted as (select ${by.detections} as item, sum(n)::int as detections, (count(distinct key_id) filter (where k.counted))::int as sources
       from (select ${classes ? 'class_id' : 'hour'}, key_id, count(*) as n from detections where ${sector} group by 1, 2) d
       ${classes ? 'join classes c on c.id = d.class_id' : ''} join source_keys k on k.id = d.key_id group by 1),
     met as (select ${by.detections} as item, array_agg(distinct coalesce(o.present_id, o.id)) as orgs
       from (select distinct org_id, ${classes ? 'class_id' : 'hour'} from detections where ${members}) m join organisations o on o.id = m.org_id
       ${classes ? 'join classes c on c.id = m.class_id' : ''} group by 1)
     select s.*, coalesce(k.detections, 0) as detections, coalesce(k.sources, 0) as sources, coalesce(m.orgs, '{}') as orgs
     from sums s left join counted k using (item) left join met m using (item)`,
  )
  return rows
}

async function membersCount(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from organisations where status in ('participant', 'signatory')`,
  )
  return rows[0]?.n ?? 0
}

async function replaceDay(tx: Tx, day: Day, rows: [string, Figure][], now: number): Promise<void> {
  const column = (of: (figure: Figure) => unknown): unknown[] => rows.map(([, figure]) => of(figure))
  await tx.query(
    `delete from sector_figures where day = $1 and item <> 'members'
       and not exists (select 1 from unnest($2::text[], $3::text[]) as u (d, i) where d = dim and i = item)`,
    [day, rows.map(([dim]) => dim), column((f) => f.item)],
  )
  // Of how many members the day concerns, only more is ever said: less would tell who left the set.
  await tx.query(
    `insert into sector_figures (day, dim, item, events, detections, sources, dropped, known, share, changed_at)
     select $1, d, i, e, n, s, dr, kn, sh, to_timestamp($10 / 1000.0)
     from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
       as u (d, i, e, n, s, dr, kn, sh)
     on conflict (day, dim, item) do update set
       events = case when excluded.item = 'members' then greatest(sector_figures.events, excluded.events) else excluded.events end,
       detections = excluded.detections, sources = excluded.sources, dropped = excluded.dropped, known = excluded.known,
       share = excluded.share, changed_at = excluded.changed_at`,
    [
      day,
      rows.map(([dim]) => dim),
      column((f) => f.item),
      column((f) => f.events),
      column((f) => f.detections),
      column((f) => f.sources),
      column((f) => f.dropped),
      column((f) => f.dropped + f.passed + f.partial),
      column((f) => f.share),
      now,
    ],
  )
}
