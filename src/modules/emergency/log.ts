/** What happens in a call, line by line: its protocol. */
import { kept, type Queryable, type Tx } from '../../platform/database.ts'

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

export const log = (tx: Tx, happened: Happened, now: number): Promise<void> => logAll(tx, [happened], now)

/** In their order. */
export async function logAll(tx: Tx, happened: Happened[], now: number): Promise<void> {
  await tx.query(
    kept(`insert into rollcall_log (broadcast_id, org_id, what, person_id, detail, at)
     select h.broadcast, h.org, h.what, h.person, coalesce(h.detail, '{}'), to_timestamp($2 / 1000.0)
     from jsonb_to_recordset($1::jsonb) as h (broadcast int, org int, what text, person int, detail jsonb)`),
    [JSON.stringify(happened), now],
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
