/** One look at changed episodes: what its rules share, and how a finding or a silence is put down. */
import type { Tx } from '../../platform/database.ts'
import type { Decision } from '../events/index.ts'
import { announcedFor, type Running } from './announced-match.ts'
import type { ClassBook } from './classbook.ts'
import type { Episode, Surroundings } from './gather.ts'
import { raise } from './lifecycle.ts'
import type { Judged } from './rules/judge.ts'
import type { RuleSettings } from './rules.ts'
import type { Finding } from './types.ts'

export interface Step {
  tx: Tx
  now: number
  book: ClassBook
  around: Surroundings
  tests: Running[]
  names: Map<number, string>
  rules: Record<'W1' | 'W2' | 'W3' | 'W7', RuleSettings>
  decisions: Map<number, Decision>
  opened: number
  merged: number
}

/** Raises a finding unless its member announced a test of it; says what became of its episodes. */
export async function put(step: Step, finding: Finding): Promise<void> {
  const { org, explanation } = finding
  const own = finding.side !== 2
  const test =
    org === null
      ? null
      : announcedFor(step.tests, {
          org,
          source: (own ? explanation.hosts : explanation.sources)[0] ?? '',
          hosts: explanation.hosts,
          at: finding.last,
        })
  if (test) return mark(step, finding.episodes, 'announced-test', { test: test.text, until: test.to })
  const raised = await raise(step.tx, finding, step.now)
  if (raised.held !== null)
    return mark(step, finding.episodes, 'within-report-threshold', {
      report: raised.number,
      until: raised.held,
    })
  if (raised.opened) step.opened++
  else step.merged++
  if (org !== null) mark(step, finding.episodes, 'warning', { warning: raised.id, number: raised.number })
}

export function mark(step: Step, ids: number[], outcome: string, detail: Record<string, unknown>): void {
  for (const id of ids) {
    const before = step.decisions.get(id)
    if (before?.outcome === 'warning') continue
    step.decisions.set(id, { id, outcome, detail, targets: before?.targets ?? null })
  }
}

export function silent(step: Step, episode: Episode, judged: Judged): void {
  if (!judged.fires) mark(step, [episode.id], judged.outcome, judged.detail)
}
