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

const critical = 4

/**
 * Raises a finding and says what became of its episodes. What an announced tester sends is silent. At hosts announced
 * as tested only the harmless is: what is `grave` or critical is told to the member all the same, and what such a host
 * does to others at least to the coordinators.
 */
export async function put(step: Step, finding: Finding, grave = false): Promise<void> {
  const { org, explanation } = finding
  const own = finding.side !== 2
  const source = own ? null : (explanation.sources[0] ?? '')
  const covered =
    org === null
      ? null
      : announcedFor(step.tests, { org, source, hosts: explanation.hosts, at: finding.last })
  if (org === null || !covered || (covered.as === 'tested' && (grave || finding.severity >= critical)))
    return tell(step, finding)
  const { test } = covered
  mark(step, finding.episodes, 'announced-test', { test: test.text, until: test.to })
  if (finding.rule === 'W1' && own) await tell(step, await forCoordinators(step.tx, finding, org))
}

async function forCoordinators(tx: Tx, finding: Finding, org: number): Promise<Finding> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    'select id, name from organisations where id = $1',
    [org],
  )
  return {
    ...finding,
    org: null,
    topic: `member ${org} ${finding.topic}`,
    explanation: { ...finding.explanation, members: rows },
  }
}

async function tell(step: Step, finding: Finding): Promise<void> {
  const raised = await raise(step.tx, finding, step.now)
  const member = finding.org !== null
  if (raised.held !== null) {
    if (member)
      mark(step, finding.episodes, 'within-report-threshold', {
        report: raised.number,
        until: raised.held,
      })
    return
  }
  if (raised.opened) step.opened++
  else step.merged++
  if (member) mark(step, finding.episodes, 'warning', { warning: raised.id, number: raised.number })
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
