/** What happens in a call, line by line: its protocol. */
import type { Queryable, Tx } from '../../platform/database.ts'

export type What =
  | 'released'
  | 'step'
  | 'moved'
  | 'early'
  | 'handed'
  | 'no_contact'
  | 'answer'
  | 'conflict'
  | 'stray'
  | 'again'
  | 'deadline'
  | 'called'
  | 'closed'
  | 'cancelled'
  | 'judged'

export interface Happened {
  broadcast: number
  what: What
  org?: number | null
  person?: number | null
  detail?: object
}

export async function log(
  tx: Tx,
  { broadcast, what, org, person, detail }: Happened,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into rollcall_log (broadcast_id, org_id, what, person_id, detail, at) values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0))`,
    [broadcast, org ?? null, what, person ?? null, detail ?? {}, now],
  )
}

export interface Line {
  id: number
  what: What
  org: number | null
  orgName: string | null
  person: string | null
  detail: Record<string, unknown>
  at: number
}

/** In their order; as a coordinator. */
export async function logOf(tx: Queryable, broadcast: number): Promise<Line[]> {
  const { rows } = await tx.query<Line & Record<string, unknown>>(
    `select l.id, l.what, l.org_id as org, o.name as "orgName", p.name as person, l.detail, extract(epoch from l.at)::float8 * 1000 as at
     from rollcall_log l left join organisations o on o.id = l.org_id left join people p on p.id = l.person_id
     where l.broadcast_id = $1 order by l.id limit 20000`,
    [broadcast],
  )
  return rows
}

/** Replies by text message that a person has to look at: a right code from a wrong number, or of somebody who has left. */
export async function straysOf(tx: Queryable, broadcast: number): Promise<Line[]> {
  return (await logOf(tx, broadcast)).filter(({ what }) => what === 'stray')
}
