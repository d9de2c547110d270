/** What concerns a member, of all sources in one order of urgency. */
import { type Tx, together } from '../../platform/database.ts'
import { countWarnings, listWarnings } from '../warnings/index.ts'
import { thingsOf } from '../warnings/pages.ts'
import type { Asking, Concern, Told } from './concern.ts'
import { sources } from './sources/index.ts'
import { byUrgency, isUrgent, rankOf } from './urgency.ts'

export interface Concerns {
  /** Those shown, the most urgent first. */
  items: Concern[]
  /** All, shown or not. */
  total: number
  urgent: number
  /** Those that concern each of the reader's own organisations, for choosing one. */
  counts: Map<number, number>
}

const mostLooked = 500

/** `shown`: the organisations that were chosen; `own`: all of the reader's. */
export async function concernsOf(
  tx: Tx,
  asking: Asking,
  { shown, own, most }: { shown: number[]; own: number[]; most: number },
): Promise<Concerns> {
  const only = shown.length === 1 ? { org: shown[0] } : {}
  const { rows, others, detectedOf } = await together({
    rows: listWarnings(tx, { state: 'concerning', ...only }, null, mostLooked),
    others: toldOf(tx, { ...asking, orgs: [...new Set([...own, ...asking.orgs])] }),
    detectedOf: together(
      Object.fromEntries(own.map((org) => [org, countWarnings(tx, { state: 'concerning', org })])),
    ),
  })
  const detected = rows
    .filter((row) => asking.orgs.includes(row.org ?? -1))
    .map((row): Concern => ({ kind: 'detected', org: row.org, row, ...rankOf(row) }))
  const mine = others.filter((one) => one.org === null || asking.orgs.includes(one.org))
  const all = [...detected, ...mine].sort(byUrgency)
  const counts = new Map(
    own.map((org) => [org, (detectedOf[org] ?? 0) + others.filter((one) => one.org === org).length]),
  )
  const counted = shown.reduce((sum, org) => sum + (counts.get(org) ?? 0), 0)
  return {
    items: await withThings(tx, all.slice(0, most)),
    // What is of no single organisation, or of one that was merged into a chosen one, stands in none of the counts.
    total: counted + mine.filter((one) => !shown.includes(one.org ?? -1)).length,
    urgent: all.filter((one) => isUrgent(one, asking.now)).length,
    counts,
  }
}

async function toldOf(tx: Tx, asking: Asking): Promise<Told[]> {
  const found: Told[] = []
  for (const source of sources) found.push(...(await source(tx, asking)))
  return found
}

async function withThings(tx: Tx, items: Concern[]): Promise<Concern[]> {
  const things = await thingsOf(
    tx,
    items.flatMap((one) => (one.kind === 'detected' ? [one.row.id] : [])),
  )
  return items.map((one) =>
    one.kind === 'detected' ? { ...one, row: { ...one.row, things: things.get(one.row.id) } } : one,
  )
}
