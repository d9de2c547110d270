/** Tells a retry from another content under the same id; a retry must not cost more than its first storing did. */
import type { Queryable } from '../../platform/database.ts'
import { contentOf, cut, unpack } from './packed.ts'
import type { Place } from './understand.ts'

/** Events of a request whose id was known: their positions from 1, and the batches and positions of the first ones. */
export interface Repeats {
  dup_at: number[] | null
  dup_batch: string[] | null
  dup_idx: number[] | null
}

/** An event whose id was known: its position in the request, and where the first one lies in its batch's bytes. */
interface Known {
  at: number
  off: number
  len: number
}

/** Most unpacked bytes of earlier batches fetched at once; a larger batch comes alone. */
const mostFetched = 16 * 1024 * 1024

/** The known events by the batch that holds their first one; those whose first one was purged are left out. */
async function byBatch(
  db: Queryable,
  repeats: Repeats,
): Promise<{ batch: number; size: number; known: Known[] }[]> {
  const { rows } = await db.query<{
    batch: number
    size: number
    at: number[]
    off: number[]
    len: number[]
  }>(
    `select b.id as batch, b.raw_size as size, array_agg(d.at - 1) as at, array_agg(e.raw_off) as off, array_agg(e.raw_len) as len
     from unnest($1::int[], $2::bigint[], $3::int[]) as d (at, batch, idx)
     join events e on e.batch_id = d.batch and e.idx = d.idx join batches b on b.id = d.batch
     group by b.id order by b.id`,
    [repeats.dup_at, repeats.dup_batch, repeats.dup_idx],
  )
  return rows.map(({ batch, size, at, off, len }) => ({
    batch,
    size,
    known: at.map((one, n) => ({ at: one, off: off[n] as number, len: len[n] as number })),
  }))
}

/** As many as may be in memory together, in their order. */
function portions<T extends { size: number }>(batches: T[]): T[][] {
  const found: T[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const batch of batches) {
    size += batch.size
    if (size > mostFetched) {
      found.push([])
      size = batch.size
    }
    found.at(-1)?.push(batch)
  }
  return found
}

/**
 * Positions, from 0, of the events that differ in content from the one stored under their id. `received` are the bytes
 * of the request in which the events lie. Each earlier batch is fetched and unpacked once, however many of its events come
 * again. A purged first event cannot be compared any more and counts as the same.
 */
export async function differing(
  db: Queryable,
  received: Buffer,
  places: Place[],
  repeats: Repeats,
): Promise<number[]> {
  const differ: number[] = []
  for (const portion of portions(await byBatch(db, repeats))) {
    const { rows } = await db.query<{ id: number; raw: Buffer }>(
      'select id, raw from batches where id = any ($1)',
      [portion.map(({ batch }) => batch)],
    )
    const packed = new Map(rows.map(({ id, raw }) => [id, raw]))
    for (const { batch, known } of portion) {
      const raw = packed.get(batch)
      if (!raw) continue
      const earlier = await unpack(raw)
      for (const { at, off, len } of known) {
        const place = places[at] as Place
        const before = cut(earlier, off, len)
        const bytes = cut(received, place.off, place.len)
        if (!before.equals(bytes) && contentOf(before) !== contentOf(bytes)) differ.push(at)
      }
    }
  }
  return differ.sort((a, b) => a - b)
}
