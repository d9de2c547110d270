/** How the books of all involved organisations stand, for coordinators: those in the worst state first. */
import type { Tx } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { type Entry, entriesOfAll } from './book.ts'
import { ageOf, gapsIn } from './gaps.ts'

export interface StandingLine {
  org: number
  name: string
  /** Milliseconds since 1970. */
  attestedAt: number | null
  entries: number
  gaps: string[]
}

/** Nobody at night comes first, then the most gaps. */
const worstFirst = (a: StandingLine, b: StandingLine): number =>
  Number(noNight(b)) - Number(noNight(a)) ||
  Number(a.entries > 0) - Number(b.entries > 0) ||
  b.gaps.length - a.gaps.length ||
  a.name.localeCompare(b.name, 'cs')

const noNight = ({ gaps }: StandingLine): boolean => gaps.some((gap) => gap.endsWith('.out_of_hours'))

/** As the actor of the transaction; organisations without any contact are among them. */
export async function standings(tx: Tx, zone: string, now: number): Promise<StandingLine[]> {
  const { rows } = await tx.query<{ org: number; name: string; attestedAt: number | null }>(
    `select o.id as org, o.name, (extract(epoch from max(a.at)) * 1000)::float8 as "attestedAt"
     from organisations o left join contact_attestations a on a.org_id = o.id
     where o.status in ('participant', 'signatory') group by o.id`,
  )
  const entries = new Map<number, Entry[]>()
  for (const entry of await entriesOfAll(tx))
    entries.set(entry.org, [...(entries.get(entry.org) ?? []), entry])
  return rows
    .map((row) => {
      const own = entries.get(row.org) ?? []
      return { ...row, entries: own.length, gaps: gapsIn(own, row.attestedAt, now, dayOf(now, zone)) }
    })
    .sort(worstFirst)
}

/** Books whose word no longer counts, and books without anybody proved for the night. */
export const counted = (lines: StandingLine[], today: string): { stale: number; noNight: number } => ({
  stale: lines.filter((line) => ['never', 'stale'].includes(ageOf(line.attestedAt, today))).length,
  noNight: lines.filter(noNight).length,
})
