/** Exactly who would be told, step by step, if a draft were released now: the same questions that the steps ask when they fire. */
import type { Tx } from '../../platform/database.ts'
import type { Policy, Step } from '../duty/index.ts'
import { type Asked, audienceOf } from './audience.ts'
import { laddersOf, type Whose } from './ladders.ts'
import type { Draft } from './types.ts'
import { isHandedOver, stepReaches, type Told } from './whom.ts'

export interface PreviewLine extends Asked {
  /** By whose steps it goes. */
  whose: Whose
  /** By step; empty for who is left out. */
  steps: { no: number; delayMin: number; people: Told[] }[]
}

export interface Preview {
  policy: Policy
  lines: PreviewLine[]
}

/** Of more organisations only the first step is shown: a page is no place for tens of thousands of names. */
const mostWithAllSteps = 80

/** As the program: what a person is reached by is counted, and its address not shown. Those with nobody come first. */
export async function previewOf(tx: Tx, draft: Draft, now: number): Promise<Preview> {
  const asked = await audienceOf(tx, draft, now)
  const { policy, own } = await laddersOf(
    tx,
    draft,
    asked.map(({ org }) => org),
    now,
  )
  const shown = (steps: Step[]): Step[] =>
    steps.filter((step) => !isHandedOver(step) && (step.no === 1 || asked.length <= mostWithAllSteps))
  const lines: PreviewLine[] = []
  for (const one of asked) {
    const ladder = own.get(one.org) ?? { policy, whose: 'sector' as const }
    const steps: PreviewLine['steps'] = []
    if (one.excused === null && !one.cooling)
      for (const step of shown(ladder.policy.steps))
        steps.push({
          no: step.no,
          delayMin: step.delayMin,
          people: await stepReaches(tx, one.org, step, now),
        })
    lines.push({ ...one, whose: ladder.whose, steps })
  }
  return { policy, lines: lines.toSorted((a, b) => Number(reached(a)) - Number(reached(b))) }
}

/** A person whom nothing would reach, by the name that the preview gives. */
export interface LeftOut {
  org: string
  name: string
}

/** What is left of a preview where no text messages go out: whom they alone would have reached is told nothing. */
export function withoutTexts(preview: Preview): { preview: Preview; leftOut: LeftOut[] } {
  const leftOut = new Map<string, LeftOut>()
  const lines = preview.lines.map((line) => {
    const told = line.steps.flatMap(({ people }) => people)
    const others = new Set(
      told.filter(({ channel }) => !['sms', 'phone'].includes(channel)).map(({ person }) => person),
    )
    for (const { person, name, channel } of told)
      if (channel === 'sms' && name !== null && !others.has(person))
        leftOut.set(`${line.org} ${person}`, { org: line.name, name })
    const steps = line.steps.map((step) => ({
      ...step,
      people: step.people.filter(({ channel }) => channel !== 'sms'),
    }))
    return { ...line, steps }
  })
  return { preview: { ...preview, lines }, leftOut: [...leftOut.values()] }
}

/** Somebody is told in the first step, or need not be. */
export const reached = ({ excused, cooling, steps }: PreviewLine): boolean =>
  excused !== null || cooling || (steps[0]?.people ?? []).some(({ channel }) => channel !== 'phone')
