/** The read ledger: who, not acting for an organisation, looked at what is its own. */
import { asEngine, type Database, type Queryable, together } from '../../platform/database.ts'
import type { Cursor } from '../../platform/paging.ts'
import { forgottenBefore } from '../../platform/retention.ts'

export type Way = 'page' | 'api' | 'file'

export interface Look {
  /** Null for a program with the coordinators' key. */
  person: number | null
  /** The person's name now, or the key's. */
  reader: string
  /** Numbers of the organisations of which something was seen. */
  orgs: number[]
  way: Way
  /** The route as it is declared: `/warnings/:id`. */
  place: string
  /** What stood in place of its parameters; empty for a list. */
  object: string
  /** The reader's open break-glass access, and the organisation to which it is. */
  glass?: { id: number; org: number } | undefined
}

const hourMs = 3_600_000
const longestObject = 200

/**
 * Within an hour the same look is one row that counts. The answer waits for the row, but not for the disk: a crash of the
 * database may cost the looks of its last half second, as it costs nothing that was done.
 */
export async function noteLook(db: Database, look: Look, now: number): Promise<void> {
  const { orgs, person, reader, way, place, object, glass } = look
  await asEngine(db, async (tx) => {
    await together({
      lazy: tx.query('set local synchronous_commit = off'),
      noted: tx.query(
        `insert into trail_reads (org_id, person_id, reader, hour, way, place, object, first_at, last_at, glass_id)
         select org, $2, $3, to_timestamp($7 / 1000.0), $4, $5, $6, to_timestamp($8 / 1000.0), to_timestamp($8 / 1000.0),
           case when org = $9 then $10::int end
         from unnest($1::int[]) as org order by org
         on conflict (org_id, hour, person_id, way, place, object, reader, glass_id) do update
           set times = trail_reads.times + 1, last_at = greatest(trail_reads.last_at, excluded.last_at)`,
        [
          orgs,
          person,
          reader,
          way,
          place,
          object.slice(0, longestObject),
          Math.floor(now / hourMs) * hourMs,
          now,
          glass?.org ?? null,
          glass?.id ?? null,
        ],
      ),
    })
  })
}

export interface Read {
  id: number
  org: number
  orgName: string | null
  /** Who looked, as called then. */
  reader: string
  way: Way
  place: string
  object: string
  times: number
  /** Number of the break-glass access during which it was read. */
  glass: number | null
  /** Milliseconds since 1970. */
  firstAt: number
  lastAt: number
}

export interface Filters {
  glass?: number | undefined
  org?: number | undefined
  from?: number | undefined
  to?: number | undefined
}

const conditions = `($1::int is null or r.org_id = any ((select organisation_with_merged($1))::int[]))
  and ($2::float8 is null or r.last_at >= to_timestamp($2 / 1000)) and ($3::float8 is null or r.last_at < to_timestamp($3 / 1000))
  and ($4::int is null or r.glass_id = $4)`

const given = ({ org, from, to, glass }: Filters): unknown[] => [
  org ?? null,
  from ?? null,
  to ?? null,
  glass ?? null,
]

/** Newest first; as the actor of the transaction. */
export async function listReads(
  tx: Queryable,
  filters: Filters,
  cursor: Cursor | null,
  limit: number,
): Promise<Read[]> {
  const { rows } = await tx.query<Read & Record<string, unknown>>(
    `select r.id, r.org_id as org, o.name as "orgName", r.reader, r.way, r.place, r.object, r.times, r.glass_id as glass,
       (extract(epoch from r.first_at) * 1000)::float8 as "firstAt", (extract(epoch from r.last_at) * 1000)::float8 as "lastAt"
     from trail_reads r left join organisations o on o.id = r.org_id
     where ${conditions} and ($5::float8 is null or (r.last_at, r.id) < (to_timestamp($5::float8 / 1000), $6))
     order by r.last_at desc, r.id desc limit $7`,
    [...given(filters), cursor?.at ?? null, cursor?.id ?? 0, limit],
  )
  return rows
}

export async function countReads(tx: Queryable, filters: Filters): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*) as n from trail_reads r where ${conditions}`,
    given(filters),
  )
  return rows[0]?.n ?? 0
}

/** Forgets what was read longer ago than its period. */
export async function forgetReads(db: Database, now: number): Promise<void> {
  await db.engine.query('delete from trail_reads where last_at < $1', [
    await forgottenBefore(db.engine, 'reads', now),
  ])
}
