/** The door of the duty module: who an escalation reaches, and by which policy. */
export { policyOf } from './policies.ts'
export { type Policy, policyShape, type Step, type Target } from './policy.ts'
export { type LastCallOf, reckonDue } from './reach/reckon.ts'
export type { LastCall } from './reach/score.ts'
export { peopleOf } from './targets.ts'
