/** A list as a firewall takes it: bytes made once for each state of a list, and what HTTP says of them. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Queryable } from '../../../platform/database.ts'
import type { Confidence, Kind, List } from './types.ts'

export const formats = ['txt', 'csv', 'json'] as const
export type Format = (typeof formats)[number]

interface Entry extends Record<string, unknown> {
  kind: Kind
  value: string
  confidence: Confidence
  /** ms */
  seen: number
  ends: number
  since: number
}

export interface Wish {
  list: List
  format: Format
  /** Lines that begin with `#` above the values; text only. */
  comments: boolean
  /** As many as the firewall can take: the surest first, then the newest. */
  max: number | null
}

export interface Body {
  plain: Buffer
  packed: Buffer
  /** Weak: the packed bytes are the same list. */
  etag: string
  entries: number
}

/** The state of a list, as the key's look-up told it. */
export interface Stand {
  version: number
  /** ms */
  changedAt: number
}

const types: Record<Format, string> = {
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
}
export const typeOf = (format: Format): string => types[format]

const unix = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

/** Values sorted by their bytes; as the actor of the transaction. */
export async function bodyOf(db: Queryable, org: number, wish: Wish, stand: Stand): Promise<Body> {
  const { rows } = await db.query<Entry>(
    `select kind, value, confidence, ${unix('seen_at')} as seen, ${unix('ends_at')} as ends, ${unix('since_at')} as since from (
       select * from blocklist_entries where org_id = $1 and list = $2 order by confidence desc, seen_at desc, item_id limit $3) b
     order by value collate "C"`,
    [org, wish.list, wish.max],
  )
  const plain = Buffer.from(writers[wish.format](rows, wish, stand))
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`
  return { plain, packed: gzipSync(plain), etag, entries: rows.length }
}

const day = (ms: number): string => new Date(ms).toISOString()

const writers: Record<Format, (rows: Entry[], wish: Wish, stand: Stand) => string> = {
  txt: (rows, wish, stand) =>
    (wish.comments
      ? `# hSOC ${wish.list}, version ${stand.version} of ${day(stand.changedAt)}\n# ${rows.length} entries\n`
      : '') + rows.map(({ value }) => `${value}\n`).join(''),
  csv: (rows) =>
    [
      'value,kind,confidence,last_seen,valid_until,listed_since',
      ...rows.map((row) =>
        [quoted(row.value), row.kind, row.confidence, day(row.seen), day(row.ends), day(row.since)].join(','),
      ),
      '',
    ].join('\n'),
  json: (rows, wish, stand) =>
    `${JSON.stringify({
      list: wish.list,
      version: stand.version,
      changed_at: day(stand.changedAt),
      entries: rows.map(({ value, kind, confidence, seen, ends, since }) => ({
        value,
        kind,
        confidence,
        last_seen: day(seen),
        valid_until: day(ends),
        listed_since: day(since),
      })),
    })}\n`,
}

/** For programs: no mark, line feeds alone. No normal form begins like a formula. */
const quoted = (value: string): string => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

const mostKept = 400

/** Bodies made already, by a name that no other state of a list has; answers what `make` makes the first time. */
export function openBodies(): (name: string, make: () => Promise<Body>) => Promise<Body> {
  const kept = new Map<string, Body>()
  return async (name, make) => {
    const body = kept.get(name) ?? (await make())
    // The newest stand last, so that the first is the one that was asked for the longest ago.
    kept.delete(name)
    kept.set(name, body)
    const oldest = kept.keys().next()
    if (kept.size > mostKept && !oldest.done) kept.delete(oldest.value)
    return body
  }
}

interface Asked {
  'if-none-match'?: string | undefined
  'if-modified-since'?: string | undefined
}

/** Has the asker this state already? RFC 9110 13.2.2: a date counts only where there is no tag. `lastMs` in whole seconds. */
export function hasIt(asked: Asked, etag: string, lastMs: number): boolean {
  const tags = asked['if-none-match']
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '')
  if (tags !== undefined)
    return tags.trim() === '*' || tags.split(',').some((tag) => bare(tag) === bare(etag))
  const since = Date.parse(asked['if-modified-since'] ?? '')
  return !Number.isNaN(since) && since >= lastMs
}
