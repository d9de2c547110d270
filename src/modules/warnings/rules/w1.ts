/** W1, own host misbehaves: the member's address is the source of what no healthy machine does, or a bot of a controller. */
import type { ClassInfo } from '../classbook.ts'
import type { Params } from '../rules.ts'
import { below, type Features, grade, type Judged } from './judge.ts'

const tops = new Set(['Malware', 'Intrusion', 'Recon', 'Attempt'])
const categories = new Set(['Abusive.Spam', 'Fraud.Phishing'])
const high = 3

/** Does the class speak of a compromised host when that host is the source? */
export const isMisbehaviour = (info: ClassInfo): boolean =>
  tops.has(info.top) || categories.has(info.category)
/** Contact of a controller with our host: the host is its bot although it is the target. */
export const isControl = (info: ClassInfo): boolean => info.category === 'Intrusion.Botnet'

export function w1(seen: Features, params: Params): Judged {
  const { events: least = 1, severity: lowest = 1, detectors = 2 } = params
  const misbehaves =
    seen.side === 2 ? seen.classes.some(isControl) : seen.classes.some(isMisbehaviour) || seen.sinkhole
  if (!misbehaves)
    return { fires: false, outcome: 'quiet-class', detail: { kind: seen.classes[0]?.base ?? 'other' } }
  if (seen.side === 2 && seen.verdicts.dropped === seen.events)
    return { fires: false, outcome: 'dropped-only', detail: {} }
  // Info is what the events left of it: a forged address or an echo, which no number of witnesses makes our own host's doing.
  if (seen.spoofed || (seen.severity === 0 && !seen.sinkhole)) return below('W1', 0, lowest)
  const graded = grade(seen.severity)
  if (seen.detectors >= detectors) graded.least(high, 'detectors')
  if (seen.honeypot) graded.least(high, 'honeypot')
  if (seen.sinkhole) graded.least(high, 'sinkhole')
  if (seen.lowered) graded.less('credibility')
  if (seen.events < least) return below('W1', seen.events, least)
  if (graded.level() < lowest) return below('W1', graded.level(), lowest)
  return {
    fires: true,
    severity: graded.level(),
    steps: graded.steps,
    thresholds: [
      { name: 'events', threshold: least, value: seen.events },
      { name: 'severity', threshold: lowest, value: graded.level() },
      { name: 'detectors', threshold: detectors, value: seen.detectors },
    ],
    words: 'W1',
  }
}
