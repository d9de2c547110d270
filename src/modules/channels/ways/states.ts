/** Whether a way works: three failures in a row that are no message's fault, or no connection at all, and it is down until a trial passes. */
import type { Queryable } from '../../../platform/database.ts'
import type { WayName } from './way.ts'

const downAfter = 3
const probeEveryMs = 30_000

export interface Down {
  channel: WayName | 'mail'
  /** Milliseconds since 1970. */
  since: number
  said: string
}

export async function works(db: Queryable, channel: Down['channel']): Promise<void> {
  await db.query('delete from channel_states where channel = $1', [channel])
}

/** Notes a failure; `cut`: there is no connection, which counts as three. */
export async function fails(
  db: Queryable,
  { channel, said, cut }: { channel: Down['channel']; said: string; cut: boolean },
  now: number,
): Promise<void> {
  await db.query(
    `insert into channel_states as s (channel, failures, down_since, probe_at, said)
     values ($1, $2::int, case when $2::int >= $3::int then to_timestamp($4 / 1000.0) end, to_timestamp($5 / 1000.0), $6)
     on conflict (channel) do update set failures = least(s.failures + $2::int, 1000), said = $6, probe_at = to_timestamp($5 / 1000.0),
       down_since = case when s.failures + $2::int >= $3::int then coalesce(s.down_since, to_timestamp($4 / 1000.0)) end`,
    [channel, cut ? downAfter : 1, downAfter, now, now + probeEveryMs, said],
  )
}

/** `down`: nothing goes out; `try`: it is down and its trial is due, which the caller takes on. */
export async function openness(
  db: Queryable,
  channel: WayName,
  now: number,
): Promise<'open' | 'try' | 'down'> {
  const { rows } = await db.query<{ probe: number }>(
    `select (extract(epoch from probe_at) * 1000)::float8 as probe from channel_states where channel = $1 and down_since is not null`,
    [channel],
  )
  if (!rows[0]) return 'open'
  const { rowCount } = await db.query(
    `update channel_states set probe_at = to_timestamp($3 / 1000.0) where channel = $1 and probe_at <= to_timestamp($2 / 1000.0)`,
    [channel, now, now + probeEveryMs],
  )
  return rowCount ? 'try' : 'down'
}

/** Ways that are down, as the actor of the transaction may know; coordinators do. */
export async function downWays(tx: Queryable): Promise<Down[]> {
  const { rows } = await tx.query<Down & Record<string, unknown>>(
    `select channel, (extract(epoch from down_since) * 1000)::float8 as since, said from channel_states
     where down_since is not null order by channel`,
  )
  return rows
}
