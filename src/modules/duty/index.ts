/** The door of the duty module: who an escalation reaches and by which policy, and which days are holidays. */
export { type DutyHole, holesAhead } from './ahead.ts'
export { isHoliday } from './holidays.ts'
export { type CallSteps, policiesOf, policyOf } from './policies.ts'
export {
  defaultPolicies,
  type Policy,
  type PolicyChannel,
  policyChannels,
  policyShape,
  type Step,
  stepShape,
  type Target,
  type TargetRole,
  targetRoles,
} from './policy.ts'
export { monthsSince } from './reach/gather.ts'
export { type LastCallOf, reckonAnew, reckonDue } from './reach/reckon.ts'
export type { CallOutcome } from './reach/score.ts'
export { peopleOf } from './targets.ts'
