/** The severity of an event for one side, by the steps that depend on the event alone (lists and feedback come later). */
import type { Derived, End } from './event.ts'
import { levelOfSide } from './severity.ts'

export function severityAt(
  derived: Derived,
  side: 'source' | 'target',
  end: End,
  label: string | null,
): number {
  return levelOfSide({
    side,
    start: side === 'source' ? derived.sourceSeverity : derived.targetSeverity,
    verdict: derived.verdict,
    baseClass: side === 'source' ? derived.sourceClass : derived.targetClass,
    confidence: derived.confidence,
    credibility: null,
    rangeLabel: label,
    scannerListed: false,
    spoofed: end.spoofed,
    backscatter: end.backscatter,
    indicatorHit: false,
  })
}
