/** The key of an episode, as SQL finds and lists it. */

export interface Key {
  org_id: number
  side: number
  lane: number
  exercise: string | null
  family_id: number
  key_id: number
  /** Quiet hours after which an episode of the family ends by itself. */
  base: number
}

/** The hash by which a key's episodes are found (migrations/0003-events.sql, column `track`). */
const trackOf = (a: string): string =>
  `hashint4extended(${a}.key_id, hashint4extended(${a}.org_id, hashint4extended(${a}.family_id, (${a}.side * 8 + ${a}.lane)::bigint)))`

/**
 * Episode `e` has the key of `a`. The columns are compared as a row, which no index serves: only the hash leads to the
 * rows, whatever the planner believes of a table that grows this fast.
 */
export const sameKey = (e: string, a: string): string =>
  `${e}.track = ${trackOf(a)} and (${e}.org_id, ${e}.side, ${e}.lane, ${e}.family_id, ${e}.key_id, ${e}.exercise)
     is not distinct from (${a}.org_id, ${a}.side, ${a}.lane, ${a}.family_id, ${a}.key_id, ${a}.exercise)`

/** Keys handed over by `keyParams` as rows `k`, numbered from 1 in `k.at`. */
export const given = `unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::int[], $6::int[]) with ordinality
  as k (org_id, side, lane, exercise, family_id, key_id, at)`

export const keyParams = (keys: Key[]): unknown[][] => [
  keys.map((k) => k.org_id),
  keys.map((k) => k.side),
  keys.map((k) => k.lane),
  keys.map((k) => k.exercise),
  keys.map((k) => k.family_id),
  keys.map((k) => k.key_id),
]
