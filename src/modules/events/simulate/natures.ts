/** The kinds of sources that make up the noise: what each does, to how many members, and what becomes of it. */
import type { Character } from './outside.ts'
import type { TopicName } from './topics.ts'

export type Verdict = 'dropped' | 'passed' | 'partial' | 'unknown'

export interface Nature {
  /** Where the source lives; `own` = a host of a member. */
  from: Character | 'own'
  /** Topics in order of habit, of different categories, so that each is a class of its own. */
  topics: readonly TopicName[]
  /** Most members touched within an hour. */
  reach: number
  verdict: Verdict
  /** `flat` around the clock, `office` by working hours in Prague. */
  rhythm: 'flat' | 'office'
  /** Types in the Source object. */
  types?: readonly string[]
  spoofed?: boolean
  /** Host name pattern for sources that introduce themselves. */
  hostname?: string
}

/**
 * No nature lets Attempt.*, Malware.*, Information.* or Intrusion.* pass, and own hosts do nothing of the kinds
 * that rule W1 names: these are left to the labelled incidents. Unknown verdicts come from members' own sensors.
 */
export const natures = {
  scanner: {
    from: 'open',
    topics: ['scan', 'login', 'traffic', 'search'],
    reach: 46,
    verdict: 'dropped',
    rhythm: 'flat',
  },
  brute: {
    from: 'open',
    topics: ['login', 'scan', 'protocol'],
    reach: 3,
    verdict: 'dropped',
    rhythm: 'flat',
  },
  // beside the labelled attackers, so that their networks do not stand out
  research: {
    from: 'stage',
    topics: ['scan', 'search', 'connection'],
    reach: 46,
    verdict: 'dropped',
    rhythm: 'flat',
    hostname: 'probe.research-scanner.example',
  },
  exploit: {
    from: 'affine',
    topics: ['exploit', 'search', 'scan', 'worm'],
    reach: 4,
    verdict: 'dropped',
    rhythm: 'flat',
  },
  backscatter: {
    from: 'open',
    topics: ['traffic', 'connection'],
    reach: 3,
    verdict: 'dropped',
    rhythm: 'flat',
    types: ['Backscatter'],
  },
  spam: {
    from: 'open',
    topics: ['spam', 'scam', 'other'],
    reach: 5,
    verdict: 'dropped',
    rhythm: 'office',
    types: ['Spam'],
  },
  spoofed: {
    from: 'own',
    topics: ['traffic', 'protocol'],
    reach: 1,
    verdict: 'dropped',
    rhythm: 'flat',
    spoofed: true,
  },
  partner: {
    from: 'partner',
    topics: ['traffic', 'connection', 'search', 'protocol', 'scan'],
    reach: 2,
    verdict: 'passed',
    rhythm: 'office',
  },
  benign: {
    from: 'partner',
    topics: ['other', 'application', 'behaviour'],
    reach: 2,
    verdict: 'passed',
    rhythm: 'office',
  },
  own: {
    from: 'own',
    topics: ['open', 'config', 'connection', 'copyright'],
    reach: 1,
    verdict: 'passed',
    rhythm: 'office',
  },
  local: {
    from: 'local',
    topics: ['login', 'scan', 'exploit', 'connection'],
    reach: 1,
    verdict: 'unknown',
    rhythm: 'flat',
  },
} satisfies Record<string, Nature>

export type NatureName = keyof typeof natures

/** How the sources whose traffic is dropped divide into natures; parts of 1. */
export const droppedMix: readonly (readonly [NatureName, number])[] = [
  ['scanner', 0.42],
  ['brute', 0.22],
  ['exploit', 0.1],
  ['spam', 0.12],
  ['research', 0.08],
  ['backscatter', 0.06],
]
/** The same for sources whose traffic passes. */
export const passedMix: readonly (readonly [NatureName, number])[] = [
  ['partner', 0.55],
  ['benign', 0.25],
  ['own', 0.2],
]

/** Share of an hour of Prague in a day's noise, before scaling to 1. */
export function rhythmOf(nature: Nature, hourOfDay: number): number {
  const wave = Math.cos(((hourOfDay - 14) / 24) * 2 * Math.PI)
  return nature.rhythm === 'office' ? 1 + 0.75 * wave : 1 + 0.18 * wave
}
