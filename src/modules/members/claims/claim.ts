/** A claim as the verbs see it, who may make one, and its lines in the trail. */
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { mayClaim } from '../may.ts'
import type { Kind } from './value.ts'

export const states = ['asked', 'proved', 'refused', 'withdrawn', 'ended'] as const
export type ClaimState = (typeof states)[number]
export type Proof = 'dns' | 'registry' | 'coordinator' | 'delegation'

/** A row of `claims` for a verb that holds it. */
export interface Claim {
  id: number
  org: number
  kind: Kind
  value: string
  from: string | null
  to: string | null
  role: 'owner' | 'delegated'
  delegator: number | null
  shown: boolean
  state: ClaimState
  contested: boolean
  proof: Proof | null
  token: string | null
  /** Text of the moment, or `infinity`. */
  until: string
  network: number | null
  domain: number | null
}

export const at = (ms: number): string => new Date(ms).toISOString()

/**
 * Changes of the register come one after another, those of an import included: two who claim the same at one moment must
 * not both find it free.
 */
export const inTurn = (tx: Tx): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtext('members import'))`)

const readClaims = `select id, org_id as org, kind, value, host(net_from) as "from", host(net_to) as "to", role, delegator_id as delegator, shown,
    state, contested, proof, token, valid_to::text as until, network_id as network, domain_id as domain
  from claims`

/** Locks the claim. `NotFound` also to everybody who has no part in it. */
export async function claimFor(tx: Tx, id: number, by: Actor): Promise<Claim> {
  const { rows } = await tx.query<Claim & Record<string, unknown>>(`${readClaims} where id = $1 for update`, [
    id,
  ])
  const [claim] = rows
  if (!claim) throw new NotFound('There is no such claim.')
  const parts = [claim.org, claim.delegator, ...(await holdersOf(tx, id))]
  if (!isCoordinator(by) && !by.engagements.some((e) => e.org !== null && parts.includes(e.org)))
    throw new NotFound('There is no such claim.')
  return claim
}

export async function holdersOf(tx: Tx, claim: number): Promise<number[]> {
  const { rows } = await tx.query<{ org: number }>(
    'select org_id as org from claim_holders where claim_id = $1 order by org_id',
    [claim],
  )
  return rows.map(({ org }) => org)
}

/** Open claims of others that touch this one: the same AS number, ranges with an address in common, all domains. */
export async function openBeside(tx: Tx, claim: Claim): Promise<Claim[]> {
  const { rows } = await tx.query<Claim & Record<string, unknown>>(
    `${readClaims} where state = 'asked' and org_id <> $1 and case when $2 = 'domain' then kind = 'domain' when $2 = 'as' then value = $3
       else net_from <= $5::inet and net_to >= $4::inet end order by id`,
    [claim.org, claim.kind, claim.value, claim.from, claim.to],
  )
  return rows
}

export function requireOpen(claim: Claim): void {
  if (claim.state !== 'asked') throw new WrongState('This claim was decided, withdrawn or ended before.')
}

/** Throws `NotFound` to outsiders and for an organisation that left, `Forbidden` to its people in other roles. */
export async function requireClaimant(tx: Tx, by: Actor, org: number): Promise<void> {
  const isOwn = isCoordinator(by) || by.engagements.some((e) => e.org === org)
  const { rowCount } = await tx.query(`select 1 from organisations where id = $1 and status <> 'left'`, [org])
  if (!isOwn || !rowCount) throw new NotFound('There is no such organisation.')
  if (!mayClaim(by, org))
    throw new Forbidden(
      'Addresses are claimed by the representative and the administrators of an organisation.',
    )
}

export function requireCoordinator(by: Actor): void {
  if (!isCoordinator(by)) throw new Forbidden('This is decided by a coordinator.')
}

interface Told {
  claim: Pick<Claim, 'id' | 'org' | 'value'>
  /** Organisations that may read the line too. */
  also?: number[]
  detail?: object
}

/** One line of the trail. Deeds of one party stay with it and the coordinators: a line names its author by e-mail. */
export const note = (tx: Tx, verb: string, { claim, also = [], detail = {} }: Told, by: Actor, now: number) =>
  record(tx, {
    at: now,
    actor: by,
    verb: `members.${verb}`,
    object: `claim ${claim.id}`,
    org: claim.org,
    detail: { value: claim.value, ...detail },
    readers: [COORDINATORS, ...new Set([claim.org, ...also].map(readersOfOrg))],
  })
