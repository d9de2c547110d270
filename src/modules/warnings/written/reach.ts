/**
 * Whom a version reaches: which organisations, which persons, by which way and why. The preview shows what publishing then does:
 * both ask here. As a coordinator in the transaction of the deed.
 */
import type { Queryable } from '../../../platform/database.ts'
import { isNarrowOr } from '../../../values/audience.ts'
import { type Reason, reasonsOf } from './exposure.ts'
import type { Draft, Version } from './types.ts'

/** What a mail may hold by the label (sharing.md 6): the whole text, the title and a link, or no title either. */
export type Form = 'full' | 'title' | 'notice'

/** `encrypted`: to the one reader's own key, which lifts the limits of a mail: "or PGP copy to one person". */
export function formOf(tlp: Draft['tlp'], encrypted = false): Form {
  if (encrypted || tlp === 'CLEAR' || tlp === 'GREEN') return 'full'
  return tlp === 'AMBER' ? 'title' : 'notice'
}

export interface ReachedOrg {
  org: number
  name: string
  /** Empty: it is in the audience, but the warning does not concern it. */
  reasons: Reason[]
  /** It is asked to answer. */
  asked: boolean
  /** Its own programs or chat are told. */
  webhook: boolean
}

export interface Reached {
  person: number | null
  /** Null: written to as a coordinator, or named and of no organisation. */
  org: number | null
  address: string
  name: string | null
  as: 'member' | 'contact' | 'coordinator'
  /** Null: at once; otherwise why it waits for the digest. */
  hold: 'digest' | 'unsubscribed' | null
  /** Ways beside the mail that the person chose. */
  ways: string[]
}

export interface Reach {
  orgs: ReachedOrg[]
  people: Reached[]
  form: Form
  /** How many of them get the whole text all the same, encrypted to a key of their own. */
  keyed: number
}

type Chosen = Pick<Version, 'audience' | 'orgs' | 'group' | 'named' | 'tlp' | 'rules' | 'severity'>

interface Candidate {
  org: number
  name: string
  kind: string
  region: string | null
  networks: string[]
  domains: string[]
}

/** Severity 1 asks nobody for an answer and waits for the digest. */
const lowest = 1
/** From here single mails cannot be left. */
const high = 3

/** Empty lists mean that nobody gets it. */
export async function reachOf(tx: Queryable, version: Chosen, now: number): Promise<Reach> {
  const named = version.tlp === 'RED' ? await namedIn(tx, version, now) : null
  const found = (await candidates(tx, version, named, now)).map((one): ReachedOrg => {
    const reasons = reasonsOf(version.rules, one)
    return {
      org: one.org,
      name: one.name,
      reasons,
      asked: reasons.length > 0 && version.severity > lowest,
      webhook: false,
    }
  })
  const people = named ? await peopleNamed(tx, named) : await peopleOf(tx, version, found, now)
  const beside = await waysBeside(tx, version, found, people)
  const orgs = found.map((one) => ({ ...one, webhook: beside.orgs.has(one.org) }))
  const concerned = new Set(orgs.filter((one) => one.reasons.length > 0).map((one) => one.org))
  return {
    orgs,
    form: formOf(version.tlp),
    keyed: await keyedAmong(tx, people, now),
    people: people.map(({ singles, ...one }) => ({
      ...one,
      ways: beside.people.get(one.person ?? 0) ?? [],
      hold:
        version.severity <= lowest || (one.org !== null && !concerned.has(one.org))
          ? 'digest'
          : version.severity < high && !singles
            ? 'unsubscribed'
            : null,
    })),
  }
}

/** What people and organisations chose beside the mail; of TLP:RED, which is for persons, no organisation's programs hear. */
async function waysBeside(
  tx: Queryable,
  version: Chosen,
  orgs: ReachedOrg[],
  people: Found[],
): Promise<{ people: Map<number, string[]>; orgs: Set<number> }> {
  const { rows } = await tx.query<{ person_id: number | null; org_id: number | null; channel: string }>(
    'select person_id, org_id, channel from ways_of_written($1, $2, $3) order by channel desc',
    [
      people.flatMap((one) => one.person ?? []),
      version.tlp === 'RED'
        ? []
        : orgs.filter((one) => people.some((to) => to.org === one.org)).map((one) => one.org),
      version.severity,
    ],
  )
  const byPerson = new Map<number, string[]>()
  for (const { person_id: person, channel } of rows)
    if (person !== null) byPerson.set(person, [...(byPerson.get(person) ?? []), channel])
  return { people: byPerson, orgs: new Set(rows.flatMap((row) => row.org_id ?? [])) }
}

interface Found extends Omit<Reached, 'hold' | 'ways'> {
  singles: boolean
}

interface Named {
  person: number
  name: string
  /** The organisation of the audience at which the person reads; null for a coordinator. */
  org: number | null
}

/** Organisations of the audience as the rules look at them; with `named`, theirs alone. */
async function candidates(
  tx: Queryable,
  version: Chosen,
  named: Named[] | null,
  now: number,
): Promise<Candidate[]> {
  const theirs = named?.flatMap((one) => one.org ?? []) ?? null
  const { rows } = await tx.query<Candidate & Record<string, unknown>>(
    `select o.id as org, o.name, o.kind, o.region,
       array(select n.text from networks n where n.org_id = o.id and n.valid_from <= to_timestamp($5 / 1000.0) and n.valid_to > to_timestamp($5 / 1000.0)) as networks,
       array(select d.domain from domains d where d.org_id = o.id and d.valid_from <= to_timestamp($5 / 1000.0) and d.valid_to > to_timestamp($5 / 1000.0)) as domains
     from organisations o
     where o.status <> 'left' and ($4::int[] is null or o.id = any ($4)) and case $1
       when 'organisations' then o.id in (select organisation_now(x) from unnest($2::int[]) x)
       when 'group' then o.id in (select s.org_id from seats_in_force() s where s.group_id = $3 and s.member)
       when 'all_members' then o.status in ('participant', 'signatory') and o.rules_accepted_at is not null
       when 'public' then o.status in ('participant', 'signatory')
       else false end
     order by o.name collate "cs-x-icu", o.id`,
    [version.audience, version.orgs, version.group, theirs, now],
  )
  return rows
}

async function keyedAmong(tx: Queryable, people: Found[], now: number): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from mail_keys where proved_at is not null and unusable_at is null and coalesce(expires_at > to_timestamp($2 / 1000.0), true)
       and address_key in (select address_key(x) from unnest($1::text[]) x)`,
    [people.flatMap((one) => (one.person === null ? [] : [one.address])), now],
  )
  return rows[0]?.n ?? 0
}

async function peopleOf(tx: Queryable, version: Chosen, orgs: ReachedOrg[], now: number): Promise<Found[]> {
  const { rows } = await tx.query<Found & Record<string, unknown>>(
    version.audience === 'coordinators'
      ? `select r.person_id as person, null::int as org, r.address, p.name, 'coordinator' as "as", r.singles
         from written_people(array(select e.person_id from engagements e where e.role = 'coordinator'
           and e.valid_from <= to_timestamp($1 / 1000.0) and e.valid_to > to_timestamp($1 / 1000.0))) r join people p on p.id = r.person_id`
      : version.audience === 'group'
        ? `select distinct on (r.person_id) r.person_id as person, s.org_id as org, r.address, p.name, 'member' as "as", r.singles
           from seats_in_force() s join written_people(array(select person_id from seats_in_force() where group_id = $2 and member)) r
             on r.person_id = s.person_id join people p on p.id = r.person_id
           where s.group_id = $2 and s.member and $1::float8 is not null order by r.person_id, s.org_id`
        : `select r.person_id as person, r.org_id as org, r.address, p.name, case when r.person_id is null then 'contact' else 'member' end as "as", r.singles
           from written_recipients($2, to_timestamp($1 / 1000.0)) r left join people p on p.id = r.person_id`,
    version.audience === 'coordinators'
      ? [now]
      : [now, version.audience === 'group' ? version.group : orgs.map((one) => one.org)],
  )
  return rows
}

async function peopleNamed(tx: Queryable, named: Named[]): Promise<Found[]> {
  const { rows } = await tx.query<{ person: number; address: string; singles: boolean }>(
    'select r.person_id as person, r.address, r.singles from written_people($1) r',
    [named.map((one) => one.person)],
  )
  return rows.flatMap((row) => {
    const one = named.find((person) => person.person === row.person)
    return one
      ? [{ ...row, org: one.org, name: one.name, as: one.org === null ? 'coordinator' : 'member' }]
      : []
  })
}

/** The named persons who belong to the audience, or coordinate; nobody else counts, whatever was chosen. */
async function namedIn(tx: Queryable, version: Chosen, now: number): Promise<Named[]> {
  const { rows } = await tx.query<Named & Record<string, unknown>>(
    `select distinct on (p.id) p.id as person, p.name, f.org from people p cross join lateral (
       select null::int as org where exists (select 1 from engagements e where e.person_id = p.id and e.role = 'coordinator'
         and e.valid_from <= to_timestamp($5 / 1000.0) and e.valid_to > to_timestamp($5 / 1000.0))
       union all
       select e.org_id from engagements e join organisations o on o.id = e.org_id and o.status <> 'left'
       where e.person_id = p.id and $1 = 'organisations' and e.org_id in (select organisation_now(x) from unnest($2::int[]) x)
         and e.valid_from <= to_timestamp($5 / 1000.0) and e.valid_to > to_timestamp($5 / 1000.0)
       union all
       select s.org_id from seats_in_force() s where s.person_id = p.id and $1 = 'group' and s.group_id = $3 and s.member) f
     where p.id = any ($4) and p.disabled_at is null order by p.id, f.org nulls last`,
    [version.audience, version.orgs, version.group, version.named, now],
  )
  return rows
}

/** What of a choice cannot be an audience: by field a code; null when all can. */
export async function strangersAmong(
  tx: Queryable,
  draft: Draft,
  now: number,
): Promise<Record<string, string> | null> {
  if (draft.orgs.length > 0) {
    const { rows } = await tx.query<{ n: number }>(
      'select count(*)::int as n from organisations where id = any ($1)',
      [draft.orgs],
    )
    if (rows[0]?.n !== draft.orgs.length) return { orgs: 'unknown' }
  }
  if (draft.group !== null) {
    const { rows } = await tx.query<{ tlp: Draft['tlp'] }>(
      'select tlp_max as tlp from groups where id = $1 and closed_at is null',
      [draft.group],
    )
    if (!rows[0]) return { group: 'unknown' }
    // A group states the strictest label it can keep; TLP:RED is for named persons, not for the group as such.
    if (draft.tlp !== 'RED' && !isNarrowOr(rows[0].tlp, draft.tlp)) return { tlp: 'group' }
  }
  if (draft.named.length === 0) return null
  return (await namedIn(tx, draft, now)).length === draft.named.length ? null : { named: 'outside' }
}
