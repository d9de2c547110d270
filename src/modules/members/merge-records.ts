/** What goes over to the successor with a merger, and back: networks, domains, and the people chosen. Records end, they are not changed. */
import type { Tx } from '../../platform/database.ts'
import { Invalid } from '../../platform/errors.ts'

interface Whose {
  merge: number
  org: number
  into: number
}

/** How the two tables of the register differ; `s` and `w` are two records of them. */
const kinds = {
  network: {
    table: 'networks',
    end: 'update networks n',
    begin: 'insert into networks',
    fields: ['net_from', 'net_to', 'text', 'role', 'label', 'visible_to_parent', 'claimed_from'],
    isSame: 's.net_from = w.net_from and s.net_to = w.net_to',
    stamp: ['recorded_at'],
  },
  domain: {
    table: 'domains',
    end: 'update domains n',
    begin: 'insert into domains',
    fields: ['domain'],
    isSame: 's.domain = w.domain',
    stamp: [],
  },
} as const
type Kind = keyof typeof kinds

export interface Carried {
  networks: string[]
  domains: string[]
  /** Numbers of the people who hold their roles at the successor. */
  people: number[]
}

/** Ends the records in force, begins the successor's, and notes which goes on with which. Throws Invalid. */
export async function carryOver(tx: Tx, whose: Whose & { people: number[] }, at: string): Promise<Carried> {
  return {
    networks: await carry(tx, 'network', whose, at),
    domains: await carry(tx, 'domain', whose, at),
    people: await carryPeople(tx, whose, at),
  }
}

async function carry(tx: Tx, kind: Kind, { merge, org, into }: Whose, at: string): Promise<string[]> {
  const { table, end, begin, fields, isSame, stamp } = kinds[kind]
  const columns = fields.join(', ')
  const { rows } = await tx.query<{ text: string }>(
    `with was as (select * from ${table} where org_id = $2 and closed_at is null and valid_to > $4::timestamptz),
     ended as (
       ${end} set closed_at = $4, valid_to = greatest(n.valid_from, least(n.valid_to, $4::timestamptz)) from was where n.id = was.id),
     began as (
       ${begin} (org_id, valid_from, valid_to, continues_id, ${[...stamp, columns].join(', ')})
       select $3, greatest(valid_from, $4::timestamptz), valid_to, id, ${[...stamp.map(() => '$4::timestamptz'), columns].join(', ')} from was w
       where not exists (
         select 1 from ${table} s where s.org_id = $3 and s.closed_at is null and s.valid_to > $4::timestamptz and ${isSame})
       returning id, continues_id),
     noted as (
       insert into organisation_merge_records (merge_id, kind, was_id, is_id, until)
       select $1, '${kind}', was.id, began.id, was.valid_to from was left join began on began.continues_id = was.id)
     select ${kind === 'network' ? 'text' : 'domain'} as text from was order by id`,
    [merge, org, into, at],
  )
  return rows.map(({ text }) => text)
}

/** Gives each of the people the roles that they hold at the organisation, at the successor; what they hold there already stays theirs. */
async function carryPeople(
  tx: Tx,
  { merge, org, into, people }: Whose & { people: number[] },
  at: string,
): Promise<number[]> {
  const { rows } = await tx.query<{ id: number; person: number; role: string }>(
    `select e.id, e.person_id as person, e.role from engagements e join people p on p.id = e.person_id
     where e.org_id = $1 and e.person_id = any ($2) and e.valid_from <= $3 and e.valid_to > $3 and p.disabled_at is null order by e.id`,
    [org, people, at],
  )
  const found = new Set(rows.map(({ person }) => person))
  if (people.some((id) => !found.has(id)))
    throw new Invalid('Somebody chosen does not act for the organisation.', { people: 'people' })
  await tx.query(
    `with was as (select * from engagements where id = any ($4)),
     began as (
       insert into engagements (person_id, org_id, role, valid_from, valid_to)
       select person_id, $2, role, $3, valid_to from was w where not exists (
         select 1 from engagements s where s.org_id = $2 and s.person_id = w.person_id and s.role = w.role and s.valid_to > $3::timestamptz)
       returning id, person_id, role)
     insert into organisation_merge_records (merge_id, kind, was_id, is_id, until)
     select $1, 'engagement', was.id, began.id, was.valid_to from was join began using (person_id, role)`,
    [merge, into, at, rows.map(({ id }) => id)],
  )
  return [...found]
}

export interface Returned {
  networks: string[]
  domains: string[]
}

/** Gives back what still stands: what the successor has ended meanwhile stays ended, for people as well. */
export async function giveBack(tx: Tx, whose: Whose, at: string): Promise<Returned> {
  const back = {
    networks: await restore(tx, 'network', whose, at),
    domains: await restore(tx, 'domain', whose, at),
  }
  await returnPeople(tx, whose, at)
  return back
}

async function restore(tx: Tx, kind: Kind, { merge, org, into }: Whose, at: string): Promise<string[]> {
  const { table, end, begin, fields, isSame, stamp } = kinds[kind]
  const columns = (of: string): string => fields.map((field) => `${of}.${field}`).join(', ')
  const { rows } = await tx.query<{ text: string }>(
    `with moved as (
       select r.was_id, r.is_id, r.until from organisation_merge_records r where r.merge_id = $1 and r.kind = '${kind}'),
     -- Under whichever record the successor holds it now: it may have been corrected meanwhile.
     held as (
       select distinct on (s.id) s.id, s.valid_from, s.valid_to from moved m join ${table} w on w.id = m.was_id
       join ${table} s on s.org_id = $3 and s.closed_at is null and s.valid_to > $4::timestamptz and s.id >= m.is_id and ${isSame}),
     ended as (
       ${end} set closed_at = $4, valid_to = greatest(n.valid_from, least(n.valid_to, $4::timestamptz)) from held where n.id = held.id),
     back as (
       select h.id as continues, h.valid_from, h.valid_to, ${columns('s')} from held h join ${table} s on s.id = h.id
       union all
       select w.id, w.valid_from, m.until, ${columns('w')} from moved m join ${table} w on w.id = m.was_id
       where m.is_id is null and m.until > $4::timestamptz)
     ${begin} (org_id, valid_from, valid_to, continues_id, ${[...stamp, ...fields].join(', ')})
     select $2, greatest(valid_from, $4::timestamptz), valid_to, continues, ${[...stamp.map(() => '$4::timestamptz'), ...fields].join(', ')} from back
     returning ${kind === 'network' ? 'text' : 'domain'} as text`,
    [merge, org, into, at],
  )
  return rows.map(({ text }) => text)
}

/** Who got a role by the merger has it at the successor no longer; who was removed there meanwhile does not come back elsewhere. */
async function returnPeople(tx: Tx, { merge }: Whose, at: string): Promise<void> {
  await tx.query(
    `update engagements w set valid_to = greatest(w.valid_from, least(w.valid_to, i.valid_to)) from organisation_merge_records r
     join engagements i on i.id = r.is_id where r.merge_id = $1 and r.kind = 'engagement' and w.id = r.was_id and i.valid_to <= $2`,
    [merge, at],
  )
  await tx.query(
    `update engagements i set valid_to = greatest(i.valid_from, $2::timestamptz) from organisation_merge_records r
     where r.merge_id = $1 and r.kind = 'engagement' and i.id = r.is_id and i.valid_to > $2::timestamptz`,
    [merge, at],
  )
}
