/** The trail as a chain: each line linked to the one before it, the end of each day sent out. */
import { type Database, type Tx, transaction } from '../../platform/database.ts'
import { addDays, type Day, dayOf } from '../../platform/dates.ts'

export interface Head {
  /** `YYYY-MM-DD`, in the installation's zone: the chain's end at the first look after this day had ended. */
  day: Day
  /** How many lines are linked. */
  seq: number
  /** 64 hexadecimal digits. */
  link: string
}

/** Lines committed later than others with higher numbers are found among so many of the last numbers; the rest once a day. */
const windowLines = 2_000
const linesAtOnce = 5_000

/** Links what is new; answers how many lines. `whole` looks at every line ever written. */
export async function seal(db: Database, whole = false): Promise<number> {
  let linked = 0
  for (let last = linesAtOnce; last === linesAtOnce; linked += last)
    last = await transaction(db.engine, async (tx) => {
      const { rows } = await tx.query<{ n: number }>('select trail_seal($1, $2) as n', [
        whole ? Number.MAX_SAFE_INTEGER : windowLines,
        linesAtOnce,
      ])
      return rows[0]?.n ?? 0
    })
  return linked
}

/**
 * Notes the head of the day that ended and has it sent out; null when that was done before, by whichever node, or when
 * nothing is linked yet.
 */
export async function closeDay(db: Database, zone: string, now: number): Promise<Head | null> {
  const day = addDays(dayOf(now, zone), -1)
  const { rowCount } = await db.engine.query('select 1 from trail_heads where day >= $1', [day])
  if (rowCount) return null
  await seal(db, true)
  return transaction(db.engine, async (tx) => {
    const { rows } = await tx.query<Head & Record<string, unknown>>(
      `insert into trail_heads (day, seq, link, sent_at) select $1, seq, link, to_timestamp($2 / 1000.0) from trail_links
       order by seq desc limit 1 on conflict do nothing returning day, seq, encode(link, 'hex') as link`,
      [day, now],
    )
    const [head] = rows
    if (!head) return null
    await send(tx, head, now)
    return head
  })
}

/** To those who run the servers, and where nobody does, to the coordinators: whoever keeps the mail holds a witness. */
async function send(tx: Tx, head: Head, now: number): Promise<void> {
  await tx.query(
    `with able as (
       select distinct p.id, p.email, e.role from people p join engagements e on e.person_id = p.id
       where e.role in ('operator', 'coordinator') and p.disabled_at is null
         and e.valid_from <= to_timestamp($3 / 1000.0) and e.valid_to > to_timestamp($3 / 1000.0))
     select queue_account_mail($1, id, email, $2, to_timestamp($3 / 1000.0)) from able
     where role = 'operator' or not exists (select 1 from able where role = 'operator')`,
    [`trail head ${head.day}`, { template: 'trail-head', ...head }, now],
  )
}

/** The heads that were sent out, newest first; as the actor of the transaction. */
export async function listHeads(tx: Tx, limit: number): Promise<(Head & { sentAt: number })[]> {
  const { rows } = await tx.query<Head & { sentAt: number } & Record<string, unknown>>(
    `select day, seq, encode(link, 'hex') as link, (extract(epoch from sent_at) * 1000)::float8 as "sentAt"
     from trail_heads order by day desc limit $1`,
    [limit],
  )
  return rows
}
