/** Escalation policies of organisations and of the coordinators: the newest version, the history, a new one. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { mayKeep } from './may.ts'
import { defaultPolicies, type Policy, type PolicyKind, policyShape, type Target } from './policy.ts'
import { actingAt } from './targets.ts'

export const policyKinds = (org: number | null): PolicyKind[] =>
  org === null ? ['csirt'] : ['member', 'rollcall']

/** What holds now: the newest version, or what ships with the platform. */
export async function policyOf(tx: Queryable, org: number | null, kind: PolicyKind): Promise<Policy> {
  const { rows } = await tx.query<{ version: number; repeat: number; steps: unknown }>(
    `select version, repeat, steps from duty_policies where org_id is not distinct from $1 and kind = $2
     order by version desc limit 1`,
    [org, kind],
  )
  if (!rows[0]) return defaultPolicies[kind]
  const held = policyShape.safeParse(rows[0])
  // A version that a later program can no longer read still must not leave anybody untold.
  return held.success ? held.data : { ...defaultPolicies[kind], version: rows[0].version }
}

/** The newest version of each organisation that has set one. As the program. */
export async function policiesOf(
  tx: Queryable,
  orgs: number[],
  kind: PolicyKind,
): Promise<Map<number, Policy>> {
  const { rows } = await tx.query<{ org: number; version: number; repeat: number; steps: unknown }>(
    `select distinct on (org_id) org_id as org, version, repeat, steps from duty_policies
     where org_id = any ($1) and kind = $2 order by org_id, version desc`,
    [orgs, kind],
  )
  const found = new Map<number, Policy>()
  for (const { org, ...row } of rows) {
    const held = policyShape.safeParse(row)
    // What a later program can no longer read is none.
    if (held.success) found.set(org, held.data)
  }
  return found
}

/** What a roll-call would go by at an organisation with these steps (null: none of its own); told by the module that makes the calls. */
export type CallSteps = (
  tx: Tx,
  org: number,
  own: Policy | null,
  now: number,
) => Promise<{ policy: Policy; whose: 'sector' | 'own' | 'nobody' }>

export interface InForce {
  policy: Policy
  /** Of a roll-call: by whose steps it goes; `nobody`: its own reach nobody, so that those of the sector hold. Null of other escalations. */
  whose: 'sector' | 'own' | 'nobody' | null
}

/** What an organisation's steps come to: a roll-call keeps to what holds for everybody. As the program. */
export async function inForce(
  tx: Tx,
  { org, kind, policy, isOwn }: { org: number | null; kind: PolicyKind; policy: Policy; isOwn: boolean },
  callSteps: CallSteps,
  now: number,
): Promise<InForce> {
  if (kind !== 'rollcall' || org === null) return { policy, whose: null }
  return callSteps(tx, org, isOwn ? policy : null, now)
}

export interface PolicyLine {
  version: number
  by: string | null
  /** ms since 1970 */
  at: number
}

/** The versions, the newest first; as the actor of the transaction. */
export async function versionsOf(tx: Tx, org: number | null, kind: PolicyKind): Promise<PolicyLine[]> {
  const { rows } = await tx.query<PolicyLine & Record<string, unknown>>(
    `select p.version, p.org_id as org, (select name from people where id = p.made_by) as by, (extract(epoch from p.made_at) * 1000)::float8 as at
     from duty_policies p where p.org_id is not distinct from $1 and p.kind = $2 order by p.version desc limit 50`,
    [org, kind],
  )
  return rows
}

/**
 * Keeps a new version; what climbs already keeps the one it began with. Answers its number. Throws Forbidden, and Invalid naming
 * `steps` (not a policy, or somebody named who does not act there) or `base` (another version came in between).
 */
export async function setPolicy(
  tx: Tx,
  { org, kind, policy }: { org: number | null; kind: PolicyKind; policy: Policy },
  by: Actor,
  now: number,
): Promise<number> {
  if (!mayKeep(by, org) || !policyKinds(org).includes(kind))
    throw new Forbidden(
      'An escalation is kept by the representative, the security manager and the administrators',
    )
  const given = policyShape.safeParse(policy)
  if (!given.success) throw new Invalid('This is no escalation', { steps: 'steps' })
  await tx.query(`select pg_advisory_xact_lock(hashtext('policies of ' || $2), $1)`, [org ?? 0, kind])
  const held = await policyOf(tx, org, kind)
  if (held.version !== policy.version) throw new Invalid('Another version came in between', { base: 'base' })
  await requireTargets(
    tx,
    org,
    given.data.steps.flatMap((step) => step.targets),
    now,
  )
  const readers = org === null ? [COORDINATORS] : [COORDINATORS, readersOfOrg(org)]
  const version = held.version + 1
  await tx.query(
    `insert into duty_policies (org_id, kind, version, repeat, steps, readers, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0))`,
    [org, kind, version, given.data.repeat, JSON.stringify(given.data.steps), readers, by.person, now],
  )
  await record(tx, {
    at: now,
    actor: by,
    verb: 'duty.set-policy',
    object: `escalation ${org ?? 'csirt'} ${kind}`,
    org,
    detail: { version },
    readers,
  })
  return version
}

/** Throws Invalid where a step names somebody who does not act there, or a duty of somebody else's. */
async function requireTargets(tx: Tx, org: number | null, targets: Target[], now: number): Promise<void> {
  const acting = await actingAt(tx, org, now)
  const named = targets.flatMap((one) => (typeof one === 'object' && 'person' in one ? [one.person] : []))
  const schedules = targets.flatMap((one) =>
    typeof one === 'object' && 'schedule' in one ? [one.schedule] : [],
  )
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from duty_schedules where id = any ($1) and ended_at is null and org_id is not distinct from $2`,
    [schedules, org],
  )
  if (named.some((one) => !acting.has(one)) || rows[0]?.n !== new Set(schedules).size)
    throw new Invalid('Choose people and duties of the organisation', { steps: 'targets' })
}
