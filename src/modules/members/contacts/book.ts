/** The contact book as the actor of the transaction may read it: one organisation's, or all that the reader is shown. */
import type { Tx } from '../../../platform/database.ts'
import { type Channel, type Purpose, purposes, type Visibility } from './words.ts'

/** One way to reach somebody, as one purpose's list shows it. */
export interface Entry {
  id: number
  point: number
  org: number
  purpose: Purpose
  visibility: Visibility
  person: number | null
  name: string
  channel: Channel
  value: string
  hours: string
  roundTheClock: boolean
  /** Whether what names a person may go to members; always so for a function. */
  agreed: boolean
  /** Milliseconds since 1970. */
  verifiedAt: number | null
  verifiedHow: 'mail' | 'call' | 'sms' | null
  changedAt: number
}

/** One organisation's book. */
export interface Book {
  org: number
  name: string
  /** Milliseconds since 1970; null where nobody ever said that it is right. */
  attestedAt: number | null
  entries: Entry[]
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const entryColumns = `e.id, e.point_id as point, e.org_id as org, e.purpose, e.visibility, p.person_id as person, p.name, p.channel, p.value,
  p.hours, p.round_the_clock as "roundTheClock", p.person_id is null or p.agreed_at is not null as agreed,
  ${ms('p.verified_at')} as "verifiedAt", p.verified_how as "verifiedHow", ${ms('p.changed_at')} as "changedAt"`

const order = `array_position(array['${purposes.join("','")}'], e.purpose), e.place, e.id`

/** Entries that hold, of one organisation or of all, each organisation's in the order of the page. */
async function entriesWhere(tx: Tx, org: number | null): Promise<Entry[]> {
  const { rows } = await tx.query<Entry & Record<string, unknown>>(
    `select ${entryColumns} from contact_entries e join contact_points p on p.id = e.point_id
     where ($1::int is null or e.org_id = $1) and e.ended_at is null and p.ended_at is null order by e.org_id, ${order}`,
    [org],
  )
  return rows
}

export const entriesOf = (tx: Tx, org: number): Promise<Entry[]> => entriesWhere(tx, org)
export const entriesOfAll = (tx: Tx): Promise<Entry[]> => entriesWhere(tx, null)

/** When the organisation last said that its book is right; milliseconds, or null. */
export async function attestedAt(tx: Tx, org: number): Promise<number | null> {
  const { rows } = await tx.query<{ at: number | null }>(
    `select ${ms('max(at)')} as at from contact_attestations where org_id = $1`,
    [org],
  )
  return rows[0]?.at ?? null
}

const bare = (sql: string): string => `translate(lower(${sql}), 'áčďéěíňóřšťúůýžäöü', 'acdeeinorstuuyzaou')`

export interface Search {
  /** Part of the name of an organisation, of who is reached, or of the value; a number with or without blanks. */
  q?: string | undefined
  purpose?: Purpose | undefined
}

/** What the reader is shown of all organisations, or of the first `most`, by their names; those that left are shown to nobody. */
export async function sectorBook(
  tx: Tx,
  { q = '', purpose }: Search,
  most: number | null = null,
): Promise<Book[]> {
  const text = q
    .trim()
    .slice(0, 200)
    .replace(/[\\%_]/g, '\\$&')
  const digits = /^[+\d\s()/.-]{3,}$/.test(q.trim()) ? q.replace(/\D/g, '').replace(/^0+/, '') : ''
  const holds = (sql: string): string => `${bare(sql)} like ${bare("'%' || $1 || '%'")}`
  const { rows } = await tx.query<Entry & { orgName: string; attestedAt: number | null }>(
    `select * from (
       select ${entryColumns}, e.place, h.name as "orgName", ${ms('h.attested_at')} as "attestedAt",
         dense_rank() over (order by lower(h.name) collate "cs-x-icu", e.org_id) as rank
       from (select distinct org_id from contact_entries where ended_at is null) o
       cross join lateral contact_book_head(o.org_id) h
       join contact_entries e on e.org_id = o.org_id and e.ended_at is null
       join contact_points p on p.id = e.point_id and p.ended_at is null
       where ($1 = '' or ${holds('h.name')} or ${holds('p.name')} or ${holds('p.value')} or ($2 <> '' and p.value like '%' || $2 || '%'))
         and ($3::text is null or e.purpose = $3)) e
     where $4::int is null or rank <= $4 order by rank, ${order}`,
    [text, digits, purpose ?? null, most],
  )
  const books = new Map<number, Book>()
  for (const { orgName, attestedAt, ...entry } of rows) {
    const book = books.get(entry.org) ?? { org: entry.org, name: orgName, attestedAt, entries: [] }
    book.entries.push(entry)
    books.set(entry.org, book)
  }
  return [...books.values()]
}
