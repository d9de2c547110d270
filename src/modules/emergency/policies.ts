/** The steps of roll-calls as the coordinators set them; a call that is out keeps those it was released with. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { defaultPolicies, type Policy, policyShape, type Target } from '../duty/index.ts'
import type { Draft } from './types.ts'

export async function currentPolicy(tx: Queryable): Promise<Policy> {
  const { rows } = await tx.query<{ policy: unknown }>(
    'select policy from rollcall_policies order by version desc limit 1',
  )
  return rows[0] ? policyShape.parse(rows[0].policy) : defaultPolicies.rollcall
}

/** Sets the steps of the calls to come; answers the new version. Throws Forbidden, Invalid. */
export async function setPolicy(tx: Tx, steps: Policy['steps'], by: Actor, now: number): Promise<number> {
  if (!isCoordinator(by)) throw new Forbidden('Coordinators lead roll-calls')
  await tx.query(`select pg_advisory_xact_lock(hashtext('roll-call policy'))`)
  const { rows } = await tx.query<{ last: number }>(
    'select coalesce(max(version), 0)::int as last from rollcall_policies',
  )
  const version = (rows[0]?.last ?? 0) + 1
  const policy = policyShape.safeParse({ version, repeat: 0, steps })
  if (!policy.success) throw new Invalid('The steps cannot be so', { steps: 'form' })
  await tx.query(
    'insert into rollcall_policies (version, policy, by, at) values ($1, $2, $3, to_timestamp($4 / 1000.0))',
    [version, policy.data, by.person, now],
  )
  await record(tx, {
    at: now,
    actor: by,
    verb: 'emergency.setPolicy',
    object: `roll-call policy ${version}`,
    detail: { version },
    readers: [COORDINATORS],
  })
  return version
}

const isManager = (target: Target): boolean =>
  typeof target === 'object' && 'role' in target && target.role === 'manager'

/** What a draft makes of the steps: a test tries one way once; a drill may leave managers alone. */
export function policyFor(draft: Pick<Draft, 'class' | 'channel' | 'withManagers'>, policy: Policy): Policy {
  const [first] = policy.steps
  if (draft.class === 'test' && first)
    return {
      ...policy,
      repeat: 0,
      steps: [{ ...first, no: 1, delayMin: 0, channels: [draft.channel ?? 'mail'] }],
    }
  if (draft.class !== 'drill' || draft.withManagers) return policy
  const steps = policy.steps
    .map((step) => ({ ...step, targets: step.targets.filter((target) => !isManager(target)) }))
    .filter((step) => step.targets.length > 0)
  return { ...policy, steps: steps.map((step, i) => ({ ...step, no: i + 1 })) }
}
