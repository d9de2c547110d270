/**
 * Which steps a call goes by at each organisation: its own (/duty/policies), within what holds for everybody, or those of the sector where
 * it has set none, or its own reach nobody at this moment. Asked at the release and by every preview.
 */
import type { Tx } from '../../platform/database.ts'
import { type CallSteps, type Policy, policiesOf, type Step } from '../duty/index.ts'
import { currentPolicy, policyFor } from './policies.ts'
import type { Draft } from './types.ts'
import { isHandedOver, stepReaches } from './whom.ts'

/** `nobody`: its own steps reach nobody now, so that those of the sector hold. */
export type Whose = 'sector' | 'own' | 'nobody'

export interface Ladder {
  policy: Policy
  whose: Whose
}

type Asking = Pick<Draft, 'class' | 'channel' | 'withManagers'>

/** The steps of a call and, by organisation, of those that have set their own. */
export async function laddersOf(
  tx: Tx,
  draft: Asking,
  orgs: number[],
  now: number,
): Promise<{ policy: Policy; own: Map<number, Ladder> }> {
  const sector = await currentPolicy(tx)
  const own = new Map<number, Ladder>()
  for (const [org, policy] of await policiesOf(tx, orgs, 'rollcall'))
    own.set(org, await ladderOf(tx, { draft, org, policy, sector }, now))
  return { policy: policyFor(draft, sector), own }
}

async function ladderOf(
  tx: Tx,
  { draft, org, policy, sector }: { draft: Asking; org: number; policy: Policy; sector: Policy },
  now: number,
): Promise<Ladder> {
  const own = policyFor(draft, withinSector(policy, sector))
  return (await reachesSomebody(tx, org, own, now))
    ? { policy: own, whose: 'own' }
    : { policy: policyFor(draft, sector), whose: 'nobody' }
}

/** By message: a coordinator at the telephone comes in any case, and the contact address is for where nobody acts. */
async function reachesSomebody(tx: Tx, org: number, { steps }: Policy, now: number): Promise<boolean> {
  for (const step of steps)
    if (
      (await stepReaches(tx, org, step, now)).some(
        ({ person, channel }) => person !== null && channel !== 'phone',
      )
    )
      return true
  return false
}

/**
 * An organisation's steps with what it cannot put off: the first message comes when the sector's does, and a coordinator has it on the list of
 * those to call at the sector's time at the latest (emergency.md 3). What repeats is written out, so that a call goes up one list of steps.
 */
export function withinSector(own: Policy, sector: Policy): Policy {
  const [first] = sector.steps
  const steps = repeated(own).map((step, i) =>
    i === 0 ? { ...step, delayMin: Math.min(step.delayMin, first?.delayMin ?? 0) } : step,
  )
  const called = sector.steps.filter(
    (step) => isHandedOver(step) && !steps.some((one) => isHandedOver(one) && one.delayMin <= step.delayMin),
  )
  return { ...own, repeat: 0, steps: numbered([...steps, ...called]) }
}

/** Again as long after the last step as that came after the one before it, at least five minutes; a coordinator is called once. */
function repeated({ steps, repeat }: Policy): Step[] {
  const messages = steps.filter((step) => !isHandedOver(step))
  const [last, before] = [messages.at(-1)?.delayMin ?? 0, messages.at(-2)?.delayMin ?? 0]
  const roundMin = last + Math.max(5, last - before)
  const more = Array.from({ length: repeat }, (_, i) =>
    messages.map((step) => ({ ...step, delayMin: step.delayMin + (i + 1) * roundMin })),
  )
  return numbered([...steps, ...more.flat()])
}

const numbered = (steps: Step[]): Step[] =>
  steps.toSorted((a, b) => a.delayMin - b.delayMin).map((step, i) => ({ ...step, no: i + 1 }))

/** For the pages of duty: what a real call would go by at an organisation with these steps; null: it has none of its own. */
export const callSteps: CallSteps = async (tx, org, policy, now) => {
  const sector = await currentPolicy(tx)
  const draft: Asking = { class: 'emergency', channel: null, withManagers: true }
  return policy === null
    ? { policy: sector, whose: 'sector' }
    : ladderOf(tx, { draft, org, policy, sector }, now)
}
