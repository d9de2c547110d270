/** "Why did I get nothing?": every episode that led to no warning, with the reason that suppressed it. */
import type { Queryable } from '../../platform/database.ts'
import { lastBetween } from '../events/index.ts'
import { episodeColumns, episodeJoins } from './queries.ts'
import type { Cursor, EpisodeRow, Outcome } from './types.ts'

export type SuppressedRow = EpisodeRow & { orgName: string | null }

export interface SuppressedFilters {
  outcome?: Outcome
  org?: number
  /** Address, range or host name of the source, or a part of the kind's name. */
  text?: string
  /** Last event in [from, to). */
  from?: number
  to?: number
}

function conditions(filters: SuppressedFilters, values: unknown[]): string {
  const put = (value: unknown): string => `$${values.push(value)}`
  const parts = [`e.alias_of is null and e.org_id > 0 and e.outcome <> 'warning'`]
  if (filters.outcome) parts.push(`e.outcome = ${put(filters.outcome)}`)
  if (filters.org !== undefined)
    parts.push(`e.org_id = any ((select organisation_with_merged(${put(filters.org)}))::int[])`)
  const { from, to } = filters
  parts.push(lastBetween('e', from === undefined ? null : put(from), to === undefined ? null : put(to)))
  if (filters.text?.trim()) {
    const text = filters.text.trim()
    const like = put(`%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`)
    parts.push(`(e.key_id in (select id from source_keys where text = ${put(text.toLowerCase())})
      or e.family_id in (select id from classes where name like ${like}))`)
  }
  return parts.join(' and ')
}

/** Newest last event first, from after the cursor (`at` = last event). */
export async function suppressed(
  tx: Queryable,
  filters: SuppressedFilters,
  cursor: Cursor | null,
  limit = 50,
): Promise<SuppressedRow[]> {
  const values: unknown[] = [limit]
  const where = conditions(filters, values)
  const after = cursor
    ? `and e.last_hour <= to_timestamp($${values.push(cursor.at)} / 1000.0) and (e.last_at, e.id) < (to_timestamp($${values.length} / 1000.0), $${values.push(cursor.id)}::bigint)`
    : ''
  const { rows } = await tx.query<SuppressedRow & Record<string, unknown>>(
    `select ${episodeColumns}, o.name as "orgName" from episodes e ${episodeJoins} left join organisations o on o.id = e.org_id
     where ${where} ${after} order by e.last_hour desc, e.last_at desc, e.id desc limit $1`,
    values,
  )
  return rows
}

/** How many episodes and events each reason kept silent, most events first. */
export async function suppressedCounts(
  tx: Queryable,
  filters: SuppressedFilters,
): Promise<{ outcome: Outcome; n: number; events: number }[]> {
  const values: unknown[] = []
  const { rows } = await tx.query<{ outcome: Outcome; n: number; events: number }>(
    `select e.outcome, count(*)::int as n, sum(e.events)::bigint as events from episodes e where ${conditions(filters, values)}
     group by e.outcome order by 3 desc, 1`,
    values,
  )
  return rows
}
