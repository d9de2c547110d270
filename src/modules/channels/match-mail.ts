/** What becomes of messages about an advisory when it no longer concerns the organisation. As the program. */
import type { Tx } from '../../platform/database.ts'
import { readersOfOrg } from '../../values/scopes.ts'

/** Whether a mail about it is on its way out. */
export async function goesOut(tx: Tx, match: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from deliveries where match_id = $1 and channel = 'mail' and state in ('queued', 'sending') limit 1`,
    [match],
  )
  return rowCount === 1
}

/** Of these those of which somebody has a message, or may have one in a moment. */
export async function toldMatches(tx: Tx, matches: number[]): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select distinct match_id as id from deliveries
     where match_id = any ($1) and kind <> 'revoked' and state in ('sending', 'sent', 'delivered', 'digested')`,
    [matches],
  )
  return rows.map(({ id }) => id)
}

/** Keeps back what has not gone out; answers how many. */
export async function stopMatch(tx: Tx, match: number): Promise<number> {
  const { rowCount } = await tx.query(
    `update deliveries set state = 'dropped', reason = 'revoked' where match_id = $1 and state in ('queued', 'held')`,
    [match],
  )
  return rowCount ?? 0
}

/** Tells those who have it, or may have it in a moment, that it no longer stands, each by the ways that brought it; `topic` once for each address. */
export async function tellGone(
  tx: Tx,
  gone: { match: number; unit: number; topic: string; now: number },
): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into deliveries (channel, kind, topic, person_id, org_id, address, match_id, severity, detail, decided_at, due_at, readers, unit)
     select distinct on (d.address) d.channel, 'revoked', $2, d.person_id, d.org_id, d.address, $1, d.severity, d.detail, to_timestamp($3 / 1000.0),
       to_timestamp($3 / 1000.0), $4::int[], $5
     from deliveries d where d.match_id = $1 and d.kind <> 'revoked' and d.state in ('sending', 'sent', 'delivered', 'digested', 'unknown')
       and not exists (select 1 from deliveries r where r.match_id = $1 and r.address = d.address and r.kind = 'revoked' and r.id > d.id)
     order by d.address, d.id desc on conflict (topic, address) do nothing`,
    [gone.match, gone.topic, gone.now, [readersOfOrg(gone.unit)], gone.unit],
  )
  if (rowCount) await tx.query(`select announce('outbox', '')`)
  return rowCount ?? 0
}
