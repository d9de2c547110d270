/** Organisations of the register as people read them, and as an import compares them. Rows come as the actor may see them. */

import { kept, type Queryable, type Tx } from '../../platform/database.ts'
import { dayOf } from '../../platform/dates.ts'
import { NotFound } from '../../platform/errors.ts'
import { parseNet } from '../../values/address.ts'
import { bounds } from '../../values/inet.ts'
import type { CurrentNetwork, CurrentOrg } from './import/types.ts'

export interface MemberLine {
  id: number
  name: string
  kind: string
  status: string
  region: string | null
  prefixes: string[]
  domains: string[]
  people: number
  /** Names of what was merged into it. */
  formerly: string[]
  mergedInto: Other | null
}

/** Another organisation, where the reader may see it. */
export interface Other {
  id: number
  name: string
}

export interface Filter {
  /** Part of a name it bears or bore or of a domain (case and accents aside), an IČO, or an address that one of its ranges holds. */
  q?: string
  kind?: string
  region?: string
  /** Without it: all but those that left. */
  status?: string
  /** Id of the organisation before the page. */
  after?: number
  limit?: number
}

export interface MemberNetwork {
  text: string
  role: string
  label: string
  /** Milliseconds; null without a bound. */
  from: number | null
  to: number | null
}

export interface MemberPerson {
  id: number
  name: string
  email: string
  roles: string[]
  disabled: boolean
}

export interface OtherName {
  id: number
  name: string
  kind: 'earlier' | 'alias'
}

export interface Member {
  id: number
  name: string
  ico: string | null
  kind: string
  region: string | null
  /** Code of NUTS 3; null where the region is not one of Czechia's. */
  nuts3: string | null
  regime: string
  language: string
  languages: string[]
  status: string
  /** The organisation of which it is a part, where the reader may see that one. */
  parent: Other | null
  mergedInto: Other | null
  /** What was merged into it, directly or by way of others. */
  formerly: Other[]
  /** Milliseconds since 1970. */
  rulesAcceptedAt: number | null
  createdAt: number
  otherNames: OtherName[]
  founder: string | null
  contactEmail: string | null
  phone: string | null
  networks: MemberNetwork[]
  domains: string[]
  people: MemberPerson[]
  sensors: number
}

/** Czech order; PostgreSQL is built with ICU wherever it is packaged. */
const byName = 'lower(o.name) collate "cs-x-icu"'
/** Small letters without accents, in SQL. */
export const bare = (sql: string): string =>
  `translate(lower(${sql}), 'áčďéěíňóřšťúůýžäöü', 'acdeeinorstuuyzaou')`
const inForce = (alias: string): string =>
  `${alias}.valid_from <= (select actor_now()) and ${alias}.valid_to > (select actor_now())`

function conditions(filter: Filter): { where: string; values: unknown[] } {
  const values: unknown[] = []
  const place = (value: unknown): string => `$${values.push(value)}`
  const parts: string[] = []
  const q = filter.q?.trim().slice(0, 200)
  const net = q ? parseNet(q) : null
  if (net) {
    const [from, to] = bounds(net).map(place)
    parts.push(
      `exists (select 1 from networks n where n.org_id = o.id and ${inForce('n')} and n.net_from <= ${from}::inet and n.net_to >= ${to}::inet)`,
    )
  } else if (q) {
    const like = place(`%${q.replace(/[\\%_]/g, '\\$&')}%`)
    parts.push(
      `(${bare('o.name')} like (select ${bare(like)}) or exists (select 1 from domains d where d.org_id = o.id and d.domain like lower(${like}))
        or exists (select 1 from organisation_names n where n.org_id = o.id and ${bare('n.name')} like (select ${bare(like)}))
        or o.id in (select m.present_id from organisations m left join organisation_names n on n.org_id = m.id where m.present_id is not null
          and (${bare('m.name')} like (select ${bare(like)}) or ${bare('n.name')} like (select ${bare(like)})))
        or o.ico = lpad(regexp_replace(${place(q)}, '\\s', '', 'g'), 8, '0'))`,
    )
  }
  if (filter.kind) parts.push(`o.kind = ${place(filter.kind)}`)
  if (filter.region) parts.push(`o.region = ${place(filter.region)}`)
  parts.push(filter.status ? `o.status = ${place(filter.status)}` : `o.status <> 'left'`)
  if (filter.after)
    parts.push(
      `(${byName}, o.id) > (select ${byName}, o.id from organisations o where o.id = ${place(filter.after)})`,
    )
  return { where: parts.join('\nand '), values }
}

const otherOf = (where: string): string =>
  `(select json_build_object('id', x.id, 'name', x.name) from organisations x where ${where})`

/** Organisations in Czech order of names; at most `limit` (100) after `after`. */
export async function list(tx: Tx, filter: Filter = {}): Promise<MemberLine[]> {
  const { where, values } = conditions(filter)
  const { rows } = await tx.query<MemberLine>(
    kept(`select o.id, o.id as org_id, o.name, o.kind, o.status, o.region,
       array(select n.text from networks n where n.org_id = o.id and ${inForce('n')} order by family(n.net_from), n.net_from, n.id) as prefixes,
       array(select d.domain from domains d where d.org_id = o.id and ${inForce('d')} order by d.domain) as domains,
       (select count(distinct e.person_id)::int from engagements e where e.org_id = o.id and ${inForce('e')}) as people,
       array(select m.name from organisations m where m.present_id = o.id order by m.name collate "cs-x-icu") as formerly,
       ${otherOf('x.id = o.merged_into')} as "mergedInto"
     from organisations o where ${where}
     order by ${byName}, o.id limit $${values.length + 1}`),
    [...values, filter.limit ?? 100],
  )
  return rows
}

/** How many organisations the filter finds in all. */
export async function count(tx: Tx, filter: Filter = {}): Promise<number> {
  const { where, values } = conditions({ ...filter, after: undefined })
  const { rows } = await tx.query<{ n: number }>(
    kept(`select count(*)::int as n from organisations o where ${where}`),
    values,
  )
  return rows[0]?.n ?? 0
}

export interface Choices {
  kinds: string[]
  statuses: string[]
  regions: string[]
}

/** What occurs, for the choices of the filter. */
export async function choices(tx: Tx): Promise<Choices> {
  const { rows } = await tx.query<Choices>(
    `select array(select distinct kind from organisations order by 1) as kinds,
       array(select distinct status from organisations order by 1) as statuses,
       array(select distinct region collate "cs-x-icu" from organisations where region is not null order by 1) as regions`,
  )
  return rows[0] ?? { kinds: [], statuses: [], regions: [] }
}

/** Which organisation it is. Throws NotFound also when the actor may not see it. */
export async function readOther(tx: Tx, id: number): Promise<Other> {
  const { rows } = await tx.query<Other & Record<string, unknown>>(
    'select id, id as org_id, name from organisations where id = $1',
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such organisation')
  return { id: rows[0].id, name: rows[0].name }
}

/** One organisation with its networks and domains in force and its people. Throws NotFound also when the actor may not see it. */
export async function get(tx: Tx, id: number): Promise<Member> {
  const { rows } = await tx.query<Omit<Member, 'networks' | 'people'>>(
    `select o.id, o.id as org_id, o.name, o.ico, o.kind, o.region, o.nuts3, o.regime, o.language, o.languages, o.status, o.founder,
       o.contact_email as "contactEmail", o.phone, (extract(epoch from o.created_at) * 1000)::float8 as "createdAt",
       (extract(epoch from o.rules_accepted_at) * 1000)::float8 as "rulesAcceptedAt",
       ${otherOf('x.id = o.parent_id')} as parent, ${otherOf('x.id = o.merged_into')} as "mergedInto",
       coalesce((select json_agg(json_build_object('id', m.id, 'name', m.name) order by m.name collate "cs-x-icu")
         from organisations m where m.present_id = o.id), '[]') as formerly,
       coalesce((select json_agg(json_build_object('id', n.id, 'name', n.name, 'kind', n.kind) order by n.name collate "cs-x-icu")
         from organisation_names n where n.org_id = o.id), '[]') as "otherNames",
       array(select d.domain from domains d where d.org_id = o.id and ${inForce('d')} order by d.domain) as domains,
       (select count(*)::int from sensors s where s.org_id = any (organisation_with_merged(o.id)) and s.disabled_at is null) as sensors
     from organisations o where o.id = $1`,
    [id],
  )
  const [found] = rows
  if (!found) throw new NotFound('There is no such organisation')
  return { ...found, networks: await networksOf(tx, id), people: await peopleOf(tx, id) }
}

async function networksOf(tx: Tx, org: number): Promise<MemberNetwork[]> {
  const { rows } = await tx.query<MemberNetwork>(
    `select n.text, n.role, n.label,
       case when isfinite(n.valid_from) then (extract(epoch from n.valid_from) * 1000)::float8 end as "from",
       case when isfinite(n.valid_to) then (extract(epoch from n.valid_to) * 1000)::float8 end as "to"
     from networks n where n.org_id = $1 and ${inForce('n')} order by family(n.net_from), n.net_from, n.id`,
    [org],
  )
  return rows
}

async function peopleOf(tx: Tx, org: number): Promise<MemberPerson[]> {
  const { rows } = await tx.query<MemberPerson>(
    `select p.id, p.name, p.email, array_agg(distinct e.role order by e.role) as roles, p.disabled_at is not null as disabled
     from engagements e join people p on p.id = e.person_id
     where e.org_id = $1 and ${inForce('e')} group by p.id order by p.name collate "cs-x-icu"`,
    [org],
  )
  return rows
}

interface CurrentRow {
  id: number
  mergedInto: number | null
  name: string
  names: string[]
  ico: string | null
  regime: string
  kind: string
  region: string | null
  language: string
  founder: string | null
  contact_email: string | null
  phone: string | null
  domains: string[]
  networks: {
    text: string
    role: string
    label: string
    visible: boolean
    from: number | null
    to: number | null
  }[]
}

/** The register as an import compares it: records that nobody has closed, in force now or planned. */
export async function currentOrgs(db: Queryable): Promise<CurrentOrg[]> {
  const { rows } = await db.query<CurrentRow>(
    `select o.id, o.name, o.merged_into as "mergedInto", o.ico, o.regime, o.kind, o.region, o.language, o.founder, o.contact_email, o.phone,
       array(select n.name from organisation_names n where n.org_id = o.id order by n.id) as names,
       array(select distinct d.domain from domains d where d.org_id = o.id and d.closed_at is null order by 1) as domains,
       coalesce((select json_agg(json_build_object('text', n.text, 'role', n.role, 'label', n.label, 'visible', n.visible_to_parent,
           'from', case when isfinite(n.valid_from) then extract(epoch from n.valid_from) * 1000 end,
           'to', case when isfinite(n.valid_to) then extract(epoch from n.valid_to) * 1000 end) order by n.id)
         from networks n where n.org_id = o.id and n.closed_at is null), '[]') as networks
     from organisations o order by o.id`,
  )
  return rows.map(currentOrg)
}

function currentOrg(row: CurrentRow): CurrentOrg {
  const { contact_email, networks, ...rest } = row
  const [first] = networks
  return {
    ...rest,
    contactEmail: contact_email,
    prefixes: networks.map((n) => n.text),
    // Said per record in the register, per organisation in a file; without records there is nothing to compare.
    visibleToParent: first && networks.every((n) => n.visible === first.visible) ? first.visible : undefined,
    networks: networks.map(
      (n): CurrentNetwork => ({
        text: n.text,
        role: n.role,
        label: n.label === '' ? null : n.label,
        validFrom: n.from === null ? null : dayOf(n.from),
        // The last day is inclusive, the moment is not.
        validTo: n.to === null ? null : dayOf(n.to - 1),
      }),
    ),
  }
}
