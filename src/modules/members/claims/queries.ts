/** What organisations hold and claim, as the actor of the transaction may read it. Moments are milliseconds since 1970. */
import type { Tx } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { ClaimState, Proof } from './claim.ts'
import type { Looked } from './dns.ts'
import type { Relation } from './overlaps.ts'
import type { Kind } from './value.ts'

export interface HeldLine {
  /** As `end` takes it. */
  held: string
  org_id: number
  organisation: string | null
  kind: Kind
  value: string
  role: string | null
  label: string | null
  /** Null without a bound. */
  from: number | null
  to: number | null
  /** The claim it came from. */
  claim: number | null
  /** Other organisations with open claims that touch it. */
  claimed: boolean
}

const ms = (column: string): string =>
  `case when isfinite(${column}) then (extract(epoch from ${column}) * 1000)::float8 end`

/** Held more than that is shown by search alone. */
export const mostHeld = 500

/**
 * Networks, domains and AS numbers in force at `moment`, by organisation: the same rows from which the register of that moment is
 * made. `org` null: all that the actor may see.
 */
export const heldAt = (tx: Tx, org: number | null, moment: number): Promise<HeldLine[]> =>
  heldLines(tx, org, moment, null)

/** One record, in force or over. Throws `NotFound`. */
export async function heldOne(tx: Tx, held: string, now: number): Promise<HeldLine> {
  const [found] = await heldLines(tx, null, now, held)
  if (!found) throw new NotFound('There is no such record.')
  return found
}

async function heldLines(
  tx: Tx,
  org: number | null,
  moment: number,
  only: string | null,
): Promise<HeldLine[]> {
  const inForce = (alias: string, from = 'valid_from'): string =>
    `($3::text is not null or (${alias}.${from} <= to_timestamp($1 / 1000.0) and ${alias}.valid_to > to_timestamp($1 / 1000.0)))
      and ($2::int is null or ${alias}.org_id = $2)`
  const touched = (column: string): string =>
    `exists (select 1 from claims q join claim_holders h on h.claim_id = q.id and h.org_id = x.org_id where q.state = 'asked' and ${column})`
  const { rows } = await tx.query<HeldLine & Record<string, unknown>>(
    `select x.held, x.org_id, o.name as organisation, x.kind, x.value, x.role, x.label, x."from", x."to", x.claim, x.claimed from (
       select 'n' || x.id as held, x.org_id, case when x.text like '%-%' then 'range' else 'prefix' end as kind, x.text as value, x.role, x.label,
         ${ms('x.valid_from')} as "from", ${ms('x.valid_to')} as "to", c.id as claim, family(x.net_from) as f, x.net_from as start,
         ${touched('q.net_from <= x.net_to and q.net_to >= x.net_from')} as claimed
       from networks x left join claims c on c.network_id = x.id where ${inForce('x')}
       union all
       select 'd' || x.id, x.org_id, 'domain', x.domain, null, null, ${ms('x.valid_from')}, ${ms('x.valid_to')}, c.id, 7, null,
         ${touched(`q.kind = 'domain' and (q.value = x.domain or h.relation <> 'same')`)}
       from domains x left join claims c on c.domain_id = x.id where ${inForce('x')}
       union all
       select 'a' || x.id, x.org_id, 'as', x.value, null, null, ${ms('x.effective_at')}, ${ms('x.valid_to')}, x.id, 8, null,
         ${touched('q.value = x.value')}
       from claims x where x.kind = 'as' and x.state in ('proved', 'ended') and ${inForce('x', 'effective_at')}) x
     left join organisations o on o.id = x.org_id where $3::text is null or x.held = $3
     order by o.name collate "cs-x-icu", x.f, x.start, x.value limit ${mostHeld + 1}`,
    [moment, org, only],
  )
  return rows
}

export interface ClaimLine {
  id: number
  org_id: number
  organisation: string | null
  kind: Kind
  value: string
  state: ClaimState
  contested: boolean
  proof: Proof | null
  /** Name of whoever offers to delegate it. */
  delegator: string | null
  delegatorId: number | null
  askedAt: number
  decidedAt: number | null
  to: number | null
  /** The claimant can prove it by itself: a domain, or a range whose contact a registry names; as far as the reader may know. */
  provable: boolean
}

/** Only a coordinator gets this claim on. */
export const needsDecision = (claim: ClaimLine): boolean =>
  claim.contested || (!claim.provable && claim.delegatorId === null)

/** A record may have been ended by an import, or by its planned end: then so is the claim. */
const stateNow = `case when c.state = 'proved' and (c.valid_to <= (select actor_now())
    or exists (select 1 from networks n where n.id = c.network_id and n.valid_to <= (select actor_now()))
    or exists (select 1 from domains d where d.id = c.domain_id and d.valid_to <= (select actor_now()))) then 'ended' else c.state end`

const line = `c.id, c.org_id, claim_party(c.id, c.org_id) as organisation, c.kind, c.value, ${stateNow} as state, c.contested, c.proof,
  claim_party(c.id, c.delegator_id) as delegator, c.delegator_id as "delegatorId",
  (extract(epoch from c.asked_at) * 1000)::float8 as "askedAt", (extract(epoch from c.decided_at) * 1000)::float8 as "decidedAt", ${ms('c.valid_to')} as "to",
  c.kind = 'domain' or claim_contact(c.id) is not null as provable`

export interface ClaimFilter {
  /** The claimants. */
  orgs?: number[]
  /** Claims of others that touch these, and what these offer to others. */
  touching?: number[]
  open: boolean
  /** Number of the claim before the page. */
  before?: number | null
}

export const claimsOnPage = 100
/** Open ones stand on one page: those of a few organisations at their limit. */
export const mostOpenShown = 1_000

/** The newest first, one more than is shown. */
export async function listClaims(tx: Tx, filter: ClaimFilter): Promise<ClaimLine[]> {
  const { rows } = await tx.query<ClaimLine & Record<string, unknown>>(
    `select ${line} from claims c where (c.state = 'asked') = $1 and ($2::int[] is null or c.org_id = any ($2)) and ($3::int is null or c.id < $3)
       and ($4::int[] is null or (c.org_id <> all ($4) and (c.delegator_id = any ($4)
         or exists (select 1 from claim_holders h where h.claim_id = c.id and h.org_id = any ($4)))))
     order by c.id desc limit ${(filter.open ? mostOpenShown : claimsOnPage) + 1}`,
    [filter.open, filter.orgs ?? null, filter.before ?? null, filter.touching ?? null],
  )
  return rows
}

export interface HolderLine {
  org_id: number
  organisation: string | null
  relation: Relation
  /** What of theirs it touches, where the reader may see it. */
  values: string[]
  answer: 'consents' | 'objects' | null
  note: string
  answeredAt: number | null
}

export interface ClaimShown extends ClaimLine {
  note: string
  reason: string
  token: string | null
  checkedAt: number | null
  checked: Looked | null
  effectiveAt: number | null
  /** The record it became, as `end` takes it. */
  held: string | null
  shown: boolean
  holders: HolderLine[]
  /** The registry's contact, all but the first letter before the @ left out. */
  contact: string | null
}

/** One claim with the holders that the reader may know. Throws `NotFound`. */
export async function claimShown(tx: Tx, id: number): Promise<ClaimShown> {
  const { rows } = await tx.query<Omit<ClaimShown, 'holders'> & Record<string, unknown>>(
    `select ${line}, c.note, c.reason, c.token, (extract(epoch from c.checked_at) * 1000)::float8 as "checkedAt", c.checked, c.shown,
       (extract(epoch from c.effective_at) * 1000)::float8 as "effectiveAt", claim_contact(c.id) as contact,
       coalesce('n' || c.network_id, 'd' || c.domain_id, case when c.effective_at is not null then 'a' || c.id end) as held
     from claims c where c.id = $1`,
    [id],
  )
  const [found] = rows
  if (!found) throw new NotFound('There is no such claim.')
  return { ...found, holders: await holdersShown(tx, id) }
}

async function holdersShown(tx: Tx, claim: number): Promise<HolderLine[]> {
  const { rows } = await tx.query<HolderLine & Record<string, unknown>>(
    `select h.org_id, claim_party(h.claim_id, h.org_id) as organisation, h.relation, h.answer, h.note,
       (extract(epoch from h.answered_at) * 1000)::float8 as "answeredAt",
       array(select n.text from networks n where n.org_id = h.org_id and n.net_from <= c.net_to and n.net_to >= c.net_from
           and n.valid_to > (select actor_now()) and n.valid_to > n.valid_from
         union select d.domain from domains d where d.org_id = h.org_id and c.kind = 'domain' and d.valid_to > (select actor_now())
           and (h.relation = 'alike' or d.domain = c.value or right(d.domain, length(c.value) + 1) = '.' || c.value or right(c.value, length(d.domain) + 1) = '.' || d.domain)
         order by 1 limit 20) as values
     from claim_holders h join claims c on c.id = h.claim_id where h.claim_id = $1 order by h.org_id`,
    [claim],
  )
  return rows
}

/** What the registry file says of an AS number, for the coordinator who decides: each range, whether somebody holds it. */
export interface AsPrefix {
  text: string
  holder: string
  /** Organisations that hold a part of it already; the claimant among them. */
  holders: { org_id: number; name: string }[]
}

export async function asPrefixes(tx: Tx, as: string): Promise<AsPrefix[]> {
  const { rows } = await tx.query<AsPrefix & Record<string, unknown>>(
    `select e.text, min(e.holder) as holder, array(select distinct n.org_id from networks n where n.net_from <= e.net_to and n.net_to >= e.net_from
         and n.valid_to > (select actor_now()) and n.valid_to > n.valid_from) as orgs,
       coalesce((select jsonb_agg(distinct jsonb_build_object('org_id', o.id, 'name', o.name)) from networks n join organisations o on o.id = n.org_id
         where n.net_from <= e.net_to and n.net_to >= e.net_from and n.valid_to > (select actor_now()) and n.valid_to > n.valid_from), '[]') as holders
     from registry_entries e where e.asn = $1::bigint group by e.text, e.net_from, e.net_to order by family(e.net_from), e.net_from, e.text limit 500`,
    [as.slice(2)],
  )
  return rows
}

/** The registry file in use; null when none was loaded. Coordinators alone see it. */
export async function registryInUse(tx: Tx): Promise<{ file: string; rows: number; at: number } | null> {
  const { rows } = await tx.query<{ file: string; rows: number; at: number }>(
    `select file_name as file, rows, (extract(epoch from loaded_at) * 1000)::float8 as at from registry_loads order by id desc limit 1`,
  )
  return rows[0] ?? null
}
