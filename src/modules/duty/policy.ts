/** Who is told, how long after the beginning and by which channel: the steps of an escalation, and those that hold where nobody set others. */
import { z } from 'zod'

export const policyChannels = ['mail', 'sms', 'push', 'phone'] as const
/** `phone`: a task for a coordinator, not a call by a machine. */
export type PolicyChannel = (typeof policyChannels)[number]

export const targetRoles = ['duty', 'admin', 'security_manager', 'manager', 'representative'] as const
export type TargetRole = (typeof targetRoles)[number]

/** `{ role: 'duty' }` is whoever is on duty at that moment by the schedules; where nobody is, the contacts of the simple form, else those who have the role. */
export type Target = { role: TargetRole } | { schedule: number } | { person: number } | 'coordinator'

export interface Step {
  /** From 1. */
  no: number
  /** Minutes after the beginning. */
  delayMin: number
  targets: Target[]
  channels: PolicyChannel[]
}

export interface Policy {
  version: number
  /** How many times the steps begin again when nobody answered. */
  repeat: number
  steps: Step[]
}

const id = z.int().min(1).max(2_147_483_647)
/** Source: emergency.md 3. */
const longestDelayMin = 9_000
const mostSteps = 10

export const targetShape = z.union([
  z.strictObject({ role: z.enum(targetRoles) }),
  z.strictObject({ schedule: id }),
  z.strictObject({ person: id }),
  z.literal('coordinator'),
])

export const stepShape = z.strictObject({
  no: z.int().min(1).max(mostSteps),
  delayMin: z.int().min(0).max(longestDelayMin),
  targets: z.array(targetShape).min(1).max(12),
  channels: z.array(z.enum(policyChannels)).min(1).max(policyChannels.length),
})

/** Steps are numbered from 1 without a gap, and none comes before the one it follows. */
export const policyShape = z
  .strictObject({
    version: z.int().min(0),
    repeat: z.int().min(0).max(5),
    steps: z.array(stepShape).min(1).max(mostSteps),
  })
  .refine(({ steps }) =>
    steps.every((step, i) => step.no === i + 1 && step.delayMin >= (steps[i - 1]?.delayMin ?? 0)),
  ) satisfies z.ZodType<Policy>

const role = (name: TargetRole): Target => ({ role: name })
const duty = role('duty')
const admin = role('admin')
const securityManager = role('security_manager')
const manager = role('manager')

/** Version 0: what ships with the platform (emergency.md 3). */
export const defaultPolicies = {
  rollcall: {
    version: 0,
    repeat: 0,
    steps: [
      { no: 1, delayMin: 0, targets: [duty, admin], channels: ['push', 'sms', 'mail'] },
      { no: 2, delayMin: 10, targets: [duty, admin, securityManager], channels: ['sms', 'mail', 'push'] },
      {
        no: 3,
        delayMin: 20,
        targets: [duty, admin, securityManager, manager],
        channels: ['sms', 'mail', 'phone'],
      },
      { no: 4, delayMin: 30, targets: ['coordinator'], channels: ['phone'] },
    ],
  },
  /** A member's critical detection warning. */
  member: {
    version: 0,
    repeat: 0,
    steps: [
      { no: 1, delayMin: 0, targets: [duty], channels: ['push', 'sms', 'mail'] },
      { no: 2, delayMin: 5, targets: [duty], channels: ['push', 'sms', 'mail'] },
      { no: 3, delayMin: 10, targets: [admin, securityManager], channels: ['push', 'sms', 'mail'] },
      { no: 4, delayMin: 20, targets: [manager], channels: ['sms', 'mail'] },
      { no: 5, delayMin: 30, targets: ['coordinator'], channels: ['mail', 'phone'] },
    ],
  },
  /** The coordinators' own: who is on duty, again, then all of them. */
  csirt: {
    version: 0,
    repeat: 3,
    steps: [
      { no: 1, delayMin: 0, targets: [duty], channels: ['push', 'sms', 'mail'] },
      { no: 2, delayMin: 5, targets: [duty], channels: ['push', 'sms', 'mail'] },
      { no: 3, delayMin: 10, targets: ['coordinator'], channels: ['push', 'sms', 'mail'] },
      { no: 4, delayMin: 20, targets: ['coordinator'], channels: ['sms', 'mail'] },
    ],
  },
} satisfies Record<string, Policy>

export type PolicyKind = keyof typeof defaultPolicies
