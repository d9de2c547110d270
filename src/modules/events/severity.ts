/** How bad it is for one member on one side: a start value and seven steps, each one told. */
import { categoryOfClass } from './classes.ts'
import type { SeverityLevel, VerdictCode } from './event.ts'

export interface GradeInput {
  /** Where the member stands; `both` is not "only as target". */
  side: 'source' | 'target' | 'both'
  start: SeverityLevel
  verdict: VerdictCode
  baseClass: string
  /** The sender's own, 0 to 1. */
  confidence: number | null
  /** Of the detector, by feedback, 0 to 1. */
  credibility: number | null
  /** Label of the matched network record. */
  rangeLabel: string | null
  /** The source is on a list of research scanners. */
  scannerListed: boolean
  spoofed: boolean
  backscatter: boolean
  /** An indicator, or a known exploited vulnerability of an exposed service, met. */
  indicatorHit: boolean
}

export type GradeReason = keyof typeof gradeReasons

/** One step that changed something; `from` and `to` may leave 0…4, only the end is clamped. */
export interface GradeStep {
  step: number
  from: number
  to: number
  why: GradeReason
}

/** Words for people, by reason. */
export const gradeReasons = {
  dropped: { cs: 'zahozeno na perimetru', en: 'dropped at the perimeter' },
  passed: { cs: 'útok prošel perimetrem', en: 'the attack passed the perimeter' },
  unsure: { cs: 'detektor si není jistý', en: 'the detector is not sure' },
  doubtful: { cs: 'detektor se často mýlí', en: 'the detector is often wrong' },
  vital: { cs: 'důležitý rozsah sítě', en: 'an important network range' },
  minor: { cs: 'méně důležitý rozsah sítě', en: 'a less important network range' },
  indicator: { cs: 'shoda s indikátorem', en: 'an indicator was met' },
  research: { cs: 'výzkumný skener', en: 'a research scanner' },
  forged: { cs: 'adresa je podvržená nebo jde o odezvu', en: 'the address is forged or an echo' },
} as const

const raisedByPassing = new Set(['Attempt', 'Malware', 'Information'])
const vitalLabels = new Set(['life-care', 'emergency', 'emergency-line', 'pacs'])
const minorLabels = new Set(['guest', 'laboratory-test'])
const critical = 4

/** The severity for that member, with the steps in the order they were taken. Pure. */
export function gradeSide(input: GradeInput): { level: SeverityLevel; steps: GradeStep[] } {
  const steps: GradeStep[] = []
  return { level: levelOfSide(input, steps), steps }
}

/** The severity alone; the steps go into `steps` where they are wanted. */
export function levelOfSide(input: GradeInput, steps: GradeStep[] | null = null): SeverityLevel {
  let level: number = input.start
  const move = (step: number, to: number, why: GradeReason): void => {
    if (to !== level) steps?.push({ step, from: level, to, why })
    level = to
  }
  const label = input.rangeLabel ? input.rangeLabel.toLowerCase().replaceAll(' ', '-') : ''

  if (input.verdict === 1 && input.side === 'target') {
    move(1, 0, 'dropped')
    return 0
  }
  const { top } = categoryOfClass(input.baseClass)
  if (input.verdict === 2 && raisedByPassing.has(top)) move(2, level + 1, 'passed')
  if ((input.confidence ?? 1) < 0.3 && level < critical) move(3, level - 1, 'unsure')
  if ((input.credibility ?? 1) < 0.5 && level < critical) move(3, level - 1, 'doubtful')
  if (vitalLabels.has(label)) move(4, level + 1, 'vital')
  if (minorLabels.has(label)) move(4, level - 1, 'minor')
  if (input.indicatorHit) move(5, level + 1, 'indicator')
  if (input.scannerListed && top === 'Recon') move(6, 0, 'research')
  if (input.spoofed || input.backscatter) move(7, 0, 'forged')
  return clamp(level)
}

function clamp(level: number): SeverityLevel {
  return Math.min(Math.max(level, 0), critical) as SeverityLevel
}
