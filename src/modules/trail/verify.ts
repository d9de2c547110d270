/** Holds the trail against its chain, and the chain against the heads that were sent out. Changes nothing. */
import { type Database, type Tx, transaction } from '../../platform/database.ts'

/**
 * `changed`, `gone`: the line itself; `broken`: its link does not follow from the one before; `head`: not what was sent out;
 * `erasure`: lines that lost a person of which no linked line tells.
 */
export type Fault = 'changed' | 'gone' | 'broken' | 'head' | 'erasure'

export interface Difference {
  /** Number in the chain. */
  seq: number
  /** Number of the line in the trail; null for a head. */
  line: number | null
  fault: Fault
}

export interface Verified {
  ok: boolean
  /** Lines that are linked. */
  lines: number
  /** Lines from which a person was erased, as the line that tells of it says. */
  erased: number
  /** Lines written lately that are not linked yet; nothing is said about them. */
  waiting: number
  /** Heads that were compared, those given included. */
  heads: number
  /** The chain's end now, `SEQ:LINK`; null while it is empty. */
  head: string | null
  differing: number
  /** The first ones, at most 20. */
  differences: Difference[]
}

export interface GivenHead {
  seq: number
  /** 64 hexadecimal digits. */
  link: string
}

const atOnce = 10_000
const mostShown = 20

/** Reads `SEQ:LINK` as it stands in the mail; null when it is no such thing. */
export function readHead(text: string): GivenHead | null {
  const [, seq, link] = /^\s*(\d{1,15}):([0-9a-f]{64})\s*$/i.exec(text) ?? []
  return seq && link ? { seq: Number(seq), link: link.toLowerCase() } : null
}

/** `given` is compared besides the heads that the database itself remembers: only a mail's is beyond the reach of its owner. */
export function verifyTrail(
  db: Database,
  given: GivenHead | null = null,
  progress: (done: number, total: number) => void = () => {},
): Promise<Verified> {
  return transaction(db.engine, async (tx) => {
    await tx.query('set transaction isolation level repeatable read')
    const { last, lines, waiting, head } = await extent(tx)
    const differences: Difference[] = []
    for (let from = 1; from <= last; from += atOnce) {
      differences.push(...(await compare(tx, from, from + atOnce - 1)))
      progress(Math.min(from + atOnce - 1, last), last)
    }
    const heads = await compareHeads(tx, given)
    const erasures = await compareErasures(tx)
    differences.push(...heads.differences, ...erasures.differences)
    return {
      ok: differences.length === 0,
      lines,
      erased: erasures.lines,
      waiting,
      heads: heads.compared,
      head,
      differing: differences.length,
      differences: differences.slice(0, mostShown),
    }
  })
}

interface Extent {
  last: number
  lines: number
  waiting: number
  head: string | null
}

async function extent(tx: Tx): Promise<Extent> {
  const { rows } = await tx.query<Extent & Record<string, unknown>>(
    `select coalesce(max(seq), 0) as last, count(*) as lines,
       (select count(*) from audit a where not exists (select 1 from trail_links l where l.audit_id = a.id)) as waiting,
       (select seq || ':' || encode(link, 'hex') from trail_links order by seq desc limit 1) as head
     from trail_links`,
  )
  return rows[0] as Extent
}

/** Each number from `from` to `to` (up to the last) must stand there, follow from the one before, and be its line's. */
async function compare(tx: Tx, from: number, to: number): Promise<Difference[]> {
  const { rows } = await tx.query<Difference & Record<string, unknown>>(
    `with chain as (
       select n as seq, l.audit_id, l.content, l.link, lag(l.link, 1, decode(repeat('00', 32), 'hex')) over (order by n) as before
       from generate_series(greatest($1::bigint - 1, 1), least($2::bigint, (select max(seq) from trail_links))) as n
         left join trail_links l on l.seq = n)
     select c.seq, c.audit_id as line,
       case when c.link is distinct from sha256(c.before || c.content) then 'broken' when a.id is null then 'gone' else 'changed' end as fault
     from chain c left join audit a on a.id = c.audit_id
     where c.seq >= $1 and (a.id is null or c.link is distinct from sha256(c.before || c.content)
       or trail_content(a) is distinct from c.content
         and not exists (select 1 from trail_erasures e where e.audit_id = a.id and e.content = trail_content(a)))
     order by c.seq`,
    [from, to],
  )
  return rows
}

/** The digest of each erasure must be that of its lines, and stand in a linked line that tells of it. */
async function compareErasures(tx: Tx): Promise<{ lines: number; differences: Difference[] }> {
  const { rows } = await tx.query<{ line: number; n: number; fits: boolean }>(
    `select min(e.audit_id) as line, count(distinct e.audit_id) as n,
       e.digest = sha256(string_agg(int8send(e.audit_id) || e.content, ''::bytea order by e.audit_id))
       and exists (select 1 from audit a where a.verb = 'privacy.erase' and a.detail->>'digest' = encode(e.digest, 'hex')) as fits
     from trail_erasures e group by e.digest order by 1`,
  )
  return {
    lines: rows.reduce((sum, { n }) => sum + n, 0),
    differences: rows
      .filter(({ fits }) => !fits)
      .map(({ line }): Difference => ({ seq: 0, line, fault: 'erasure' })),
  }
}

async function compareHeads(
  tx: Tx,
  given: GivenHead | null,
): Promise<{ compared: number; differences: Difference[] }> {
  const { rows } = await tx.query<{ seq: number; fits: boolean }>(
    `select h.seq, coalesce(l.link = h.link, false) as fits
     from (select seq, link from trail_heads union all select $1::bigint, decode($2::text, 'hex') where $1::bigint is not null) h
       left join trail_links l on l.seq = h.seq order by h.seq`,
    [given?.seq ?? null, given?.link ?? null],
  )
  const wrong = rows.filter(({ fits }) => !fits)
  return {
    compared: rows.length,
    differences: wrong.map(({ seq }): Difference => ({ seq, line: null, fault: 'head' })),
  }
}
