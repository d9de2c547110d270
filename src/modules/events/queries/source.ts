/** What a source has done to the reader, and, in bands that name nobody, to the sector. */
import type { Tx } from '../../../platform/database.ts'
import { type Day, dayOf } from '../../../platform/dates.ts'
import { parseNet } from '../../../values/address.ts'
import { rankOf } from '../../../values/bands.ts'
import { type Counts, countsOf, noSums, type Sums, sumColumns } from './counts.ts'
import { type EpisodeRow, episodesOf } from './episodes.ts'
import { type Label, labelsOf } from './labels.ts'
import { keyIds } from './names.ts'
import { hourOf, hourStart, orgsOf, type Whose } from './scope.ts'

export interface SourceHistory {
  source: string
  days: number
  /** To the reader's organisations, or at the perimeter. */
  counts: Counts
  detections: number
  first_at: string | null
  last_at: string | null
  by_day: { day: Day; events: number; got_through: number }[]
  by_class: (Counts & { key: string })[]
  /** For coordinators: the organisations that met it. */
  by_organisation: (Counts & { id: number; name: string })[]
  /** The greatest published band of other members that met it in the same way, a family at a time. */
  seen: { family: string; band: string }[]
  labels: (Label & { since: string; until: string | null })[]
  episodes: EpisodeRow[]
}

export interface SourceQuestion {
  whose: Whose
  zone: string
  now: number
  days?: number
}

/** The canonical text of an address, prefix or range; other keys as written. */
export const sourceText = (text: string): string => parseNet(text.trim())?.text ?? text.trim().toLowerCase()

/** History of a source; null when the actor knows nothing of it, whoever else may. */
export async function sourceHistory(
  tx: Tx,
  text: string,
  { whose, zone, now, days = 30 }: SourceQuestion,
): Promise<SourceHistory | null> {
  const source = sourceText(text)
  const keys = await keyIds(tx, source)
  if (keys.length === 0) return null
  const from = hourOf(now) - days * 24
  const orgs = orgsOf(whose)
  const rows = `key_id = any ($1) and org_id = any ($2) and hour >= $3 and lane = 0`
  const { rows: cells } = await tx.query<
    Sums & { hour: number; name: string; n: number; first_at: Date; last_at: Date } & Record<string, unknown>
  >(
    `select hour, c.name, count(*)::int as n, min(first_at) as first_at, max(last_at) as last_at, ${sumColumns}
     from detections join classes c on c.id = class_id where ${rows} group by 1, 2`,
    [keys, orgs, from],
  )
  if (cells.length === 0 && !(await everMet(tx, keys, orgs))) return null
  const { rows: met } = orgs.includes(0)
    ? await tx.query<Sums & { org_id: number; name: string } & Record<string, unknown>>(
        `select o.id as org_id, o.name, array_agg(distinct d.org_id) as org_ids, ${sumColumns} from detections d
         join organisations m on m.id = d.org_id join organisations o on o.id = coalesce(m.present_id, m.id)
         where key_id = any ($1) and d.org_id > 0 and hour >= $2 and lane = 0 group by 1, 2 order by events desc, 2`,
        [keys, from],
      )
    : { rows: [] }
  return {
    source,
    days,
    counts: countsOf(cells.reduce(added, noSums)),
    detections: cells.reduce((sum, cell) => sum + cell.n, 0),
    first_at:
      cells.length === 0 ? null : new Date(Math.min(...cells.map((c) => c.first_at.getTime()))).toISOString(),
    last_at:
      cells.length === 0 ? null : new Date(Math.max(...cells.map((c) => c.last_at.getTime()))).toISOString(),
    by_day: byDay(cells, from, now, zone),
    by_class: [...Map.groupBy(cells, (cell) => cell.name)]
      .map(([key, own]) => ({ key, ...countsOf(own.reduce(added, noSums)) }))
      .sort((a, b) => b.events - a.events || (a.key < b.key ? -1 : 1)),
    by_organisation: met.map((row) => ({ id: row.org_id, name: row.name, ...countsOf(row) })),
    seen: await seenOf(tx, keys, from),
    labels: await allLabels(tx, keys),
    episodes: (await episodesOf(tx, { whose, source }, {}, 50)).rows,
  }
}

/** Before the days shown, perhaps; a cheap look at one row. */
async function everMet(tx: Tx, keys: number[], orgs: number[]): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select 1 from detections where key_id = any ($1) and org_id = any ($2) limit 1',
    [keys, orgs],
  )
  return rowCount === 1
}

const added = (a: Sums, b: Sums): Sums => ({
  events: a.events + b.events,
  occurrences: a.occurrences + b.occurrences,
  dropped: a.dropped + b.dropped,
  passed: a.passed + b.passed,
  partial: a.partial + b.partial,
  share: a.share + b.share,
})

function byDay(
  cells: (Sums & { hour: number })[],
  from: number,
  now: number,
  zone: string,
): SourceHistory['by_day'] {
  const days = new Map<Day, { events: number; got_through: number }>()
  for (let hour = from; hour <= hourOf(now); hour += 12)
    days.set(dayOf(hourStart(hour), zone), { events: 0, got_through: 0 })
  days.set(dayOf(now, zone), { events: 0, got_through: 0 })
  for (const cell of cells) {
    const day = dayOf(hourStart(cell.hour), zone)
    const sum = days.get(day) ?? { events: 0, got_through: 0 }
    days.set(day, {
      events: sum.events + cell.events,
      got_through: sum.got_through + cell.passed + cell.partial,
    })
  }
  return [...days].map(([day, sums]) => ({ day, ...sums })).sort((a, b) => (a.day < b.day ? -1 : 1))
}

async function seenOf(tx: Tx, keys: number[], from: number): Promise<SourceHistory['seen']> {
  const { rows } = await tx.query<{ family: string; band: string }>(
    `select distinct c.name as family, n.band from sector_seen n join classes c on c.id = n.family_id where n.key_id = any ($1) and n.hour >= $2`,
    [keys, from],
  )
  const best = new Map<string, string>()
  for (const { family, band } of rows)
    if (rankOf(band) > rankOf(best.get(family) ?? '0')) best.set(family, band)
  return [...best].map(([family, band]) => ({ family, band })).sort((a, b) => rankOf(b.band) - rankOf(a.band))
}

async function allLabels(tx: Tx, keys: number[]): Promise<SourceHistory['labels']> {
  const now = [...(await labelsOf(tx, keys, new Date(8.64e15 / 4))).values()].flat()
  const { rows } = await tx.query<{ list: string; since: Date; until: string }>(
    `select list, since, until::text as until from key_labels where key_id = any ($1) order by list, since desc`,
    [keys],
  )
  return now.map((label) => ({
    ...label,
    since: rows.find((row) => row.list === label.list)?.since.toISOString() ?? '',
    until: null,
  }))
}
