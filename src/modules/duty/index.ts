/** The door of the duty module. */
export {
  defaultPolicies,
  type Policy,
  type PolicyChannel,
  policyShape,
  type Step,
  type Target,
  type TargetRole,
  targetRoles,
} from './policy.ts'
export { peopleOf } from './targets.ts'
