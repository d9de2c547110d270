/** W3, an attack got through: not dropped on its way to the member; worse when the host then speaks back. */
import type { ClassInfo } from '../classbook.ts'
import type { Params } from '../rules.ts'
import { below, type Features, grade, type Judged } from './judge.ts'

const tops = new Set(['Attempt', 'Malware', 'Information', 'Intrusion'])
const [high, critical] = [3, 4]

/** Kinds for which passing means danger; a scan or an oddity that passes is only counted. */
export const isHarmful = (info: ClassInfo): boolean => tops.has(info.top)

/** `answered`: the host hit then spoke to the source or misbehaved itself, within the rule's minutes. */
export function w3(seen: Features & { answered: boolean }, params: Params): Judged {
  const { events: least = 1, severity: lowest = 1, minutes = 30 } = params
  const { dropped, passed, partial } = seen.verdicts
  if (seen.research && seen.classes.every((info) => info.top === 'Recon'))
    return { fires: false, outcome: 'research-scanner', detail: { list: seen.research } }
  if (dropped === seen.events) return { fires: false, outcome: 'dropped-only', detail: {} }
  if (!seen.classes.some(isHarmful))
    return { fires: false, outcome: 'quiet-class', detail: { kind: seen.classes[0]?.base ?? 'other' } }
  const through = passed + partial
  if (through < least) return below('W3', through, least)
  if (seen.severity < lowest) return below('W3', seen.severity, lowest)
  const graded = grade(seen.severity)
  graded.least(high, 'passed')
  if (seen.lowered) graded.less('credibility')
  if (seen.answered) graded.least(critical, 'answered')
  return {
    fires: true,
    severity: graded.level(),
    steps: graded.steps,
    thresholds: [
      { name: 'events', threshold: least, value: through },
      { name: 'severity', threshold: lowest, value: seen.severity },
      ...(seen.answered ? [{ name: 'minutes', threshold: minutes, value: minutes }] : []),
    ],
    words: seen.answered ? 'W3-raised' : 'W3',
  }
}
