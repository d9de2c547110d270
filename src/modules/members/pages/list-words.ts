/** What decisions on a list say in words, on the page and on the terminal alike. */
import type { T } from '../../../platform/i18n.ts'
import type { Proposal, Proposed } from '../lists/propose.ts'
import type { Preview } from '../lists/store.ts'

export type Field = 'org' | 'person'

/** "the same as line 12: Nemocnice Lipová" */
export function decisionIn(
  decision: string,
  field: Field,
  { proposed, names }: Omit<Preview, 'list'>,
  t: T,
): string {
  const at = decision.replace(/^part:/, '')
  if (at === 'new' || at === 'skip') return t(`lists.${field}.${at}`)
  const number = Number(/^line:(\d+)$/.exec(at)?.[1] ?? 0)
  const line = proposed.find((one) => one.line.line === number)?.line
  const name = names.get(at) ?? (field === 'org' ? line?.institution : line?.signatory) ?? at
  const key = decision.startsWith('part:') ? 'part' : number > 0 ? 'line' : 'known'
  return t(`lists.${field}.${key}`, { name, line: String(number) })
}

/** Why it is proposed, or why it is asked; empty where nothing needs saying. */
export const reasonsIn = (proposal: Proposal, t: T): string =>
  t.list(proposal.reasons.filter((one) => one !== 'same').map((one) => t(`lists.reason.${one}`)))

/** Everything that may be chosen for a line, what was chosen by name included. */
export function choicesOf(one: Proposed, field: Field): string[] {
  const { options } = one[field]
  const chosen = one.decided[field]
  return [...new Set([...(chosen ? [chosen] : []), ...options, 'new', ...(field === 'org' ? ['skip'] : [])])]
}
