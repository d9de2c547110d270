/** Who holds what a claim touches: the same range or domain, a part of it, what lies around it, or a name that looks like it. */
import type { Tx } from '../../../platform/database.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { at, type Claim } from './claim.ts'
import { tellHolders } from './tell.ts'
import { looksOf } from './value.ts'

/** What is claimed is the same as, inside, around, or crosses what they hold, or looks like it. */
export type Relation = 'same' | 'inside' | 'around' | 'crossing' | 'alike'

export interface Touch {
  org: number
  relation: Relation
}

type Touching = Pick<Claim, 'org' | 'kind' | 'value' | 'from' | 'to' | 'role' | 'delegator'>

/** The nearest relation comes first where somebody holds several things that a claim touches. */
const nearest: Relation[] = ['same', 'crossing', 'around', 'inside', 'alike']

/**
 * Organisations other than the claimant that hold something of it now or later, each once. What lies around a delegated part is
 * no question: its holder lets it, and stands within the others already.
 */
export async function touchedBy(tx: Tx, claim: Touching, now: number): Promise<Touch[]> {
  const found =
    claim.kind === 'domain'
      ? await domainsTouched(tx, claim, now)
      : claim.kind === 'as'
        ? await numbersTouched(tx, claim, now)
        : await networksTouched(tx, claim, now)
  const others = found.filter(
    ({ org, relation }) =>
      org !== claim.org && (claim.role === 'owner' || (org !== claim.delegator && relation !== 'inside')),
  )
  const byOrg = new Map<number, Touch>()
  for (const touch of others.sort((a, b) => nearest.indexOf(a.relation) - nearest.indexOf(b.relation)))
    if (!byOrg.has(touch.org)) byOrg.set(touch.org, touch)
  return [...byOrg.values()]
}

/** In force now or planned; what was closed before it began never was. */
const standing = `valid_to > $1::timestamptz and valid_to > valid_from`

async function networksTouched(tx: Tx, claim: Touching, now: number): Promise<Touch[]> {
  const { rows } = await tx.query<Touch & Record<string, unknown>>(
    `select distinct org_id as org, case when net_from = $2::inet and net_to = $3::inet then 'same'
         when net_from <= $2::inet and net_to >= $3::inet then 'inside'
         when net_from >= $2::inet and net_to <= $3::inet then 'around' else 'crossing' end as relation
     from networks where net_from <= $3::inet and net_to >= $2::inet and ${standing}`,
    [at(now), claim.from, claim.to],
  )
  return rows
}

async function domainsTouched(tx: Tx, claim: Touching, now: number): Promise<Touch[]> {
  const { rows } = await tx.query<{ org: number; domain: string }>(
    `select distinct org_id as org, domain from domains where ${standing}`,
    [at(now)],
  )
  return rows.flatMap(({ org, domain }) => {
    const relation = relationOf(claim.value, domain)
    return relation === null ? [] : [{ org, relation }]
  })
}

/** How a claimed domain stands to one that is held; null when they have nothing in common. */
export function relationOf(claimed: string, held: string): Relation | null {
  if (held === claimed) return 'same'
  if (claimed.endsWith(`.${held}`)) return 'inside'
  if (held.endsWith(`.${claimed}`)) return 'around'
  return looksOf(held) === looksOf(claimed) ? 'alike' : null
}

async function numbersTouched(tx: Tx, claim: Touching, now: number): Promise<Touch[]> {
  const { rows } = await tx.query<Touch & Record<string, unknown>>(
    `select distinct org_id as org, 'same' as relation from claims
     where kind = 'as' and state = 'proved' and valid_to > $1::timestamptz and value = $2`,
    [at(now), claim.value],
  )
  return rows
}

/** Writes down whom the claim touches now, so that they see it and are told by mail. A holder once noted stays: what they said was said. Answers the contested ones. */
export async function noteHolders(tx: Tx, claim: Touching & { id: number }, now: number): Promise<Touch[]> {
  const touched = await touchedBy(tx, claim, now)
  const news: number[] = []
  for (const { org, relation } of touched) {
    const { rows } = await tx.query<{ isNew: boolean }>(
      `insert into claim_holders (claim_id, org_id, relation, noted_at, readers) values ($1, $2, $3, $4, $5)
       on conflict (claim_id, org_id) do update set relation = excluded.relation returning noted_at = $4 as "isNew"`,
      [claim.id, org, relation, at(now), [COORDINATORS, readersOfOrg(org)]],
    )
    if (rows[0]?.isNew) news.push(org)
  }
  await tellHolders(tx, claim, news, now)
  await tx.query(
    `update claims set contested = $2, readers = (select array_agg(distinct r) from unnest(readers || $3::int[]) r) where id = $1`,
    [claim.id, touched.length > 0, touched.map(({ org }) => readersOfOrg(org))],
  )
  return touched
}
