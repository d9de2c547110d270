/** What a warning says to its reader: sentences from the advice and the rules' texts, with their places filled. */
import type { Lang, Params, T } from '../../../platform/i18n.ts'
import { severityNames } from '../../../ui/index.ts'
import {
  type Advice,
  adviceFor,
  describeClass,
  gradeReasons,
  type RuleText,
  ruleText,
} from '../../events/index.ts'
import type { Explanation, SeverityStep, Title, WarningRow } from '../types.ts'

/** The warning as one sentence without addresses, fit for a heading. */
export function titleOf(title: Title, lang: Lang): string {
  return title.cls && !saysMore(title.words)
    ? adviceOf(title, lang).title
    : ruleText(title.words, lang, blanks()).title
}

/** Rules whose own sentence tells more than the kind of event: who else is hit, that the host spoke back. */
const saysMore = (words: string): boolean => /^(W2|W3-raised|W[567])/.test(words)

/** What happened, what was done about it, what to do; from the kind of event, or from the rule where there is none. */
export function adviceOf(title: Title, lang: Lang): Advice {
  return adviceFor(coordinators[title.words] ?? title.cls ?? ruleClass(title.words), title.side, lang, {
    verdict: title.verdict,
  })
}

/** The coordinators' own rows: advice to a member about its devices would say nothing to them (`content/advice/own.json`). */
const coordinators: Record<string, string> = { 'W2-sector': 'campaign', 'W2-dropped': 'campaign-dropped' }

/** Rules that look at no kind of event have advice of their own (`content/advice/own.json`). */
function ruleClass(words: string): string {
  if (words === 'first-warning') return words
  if (words === 'W5') return 'sensor-silent'
  if (words === 'W5-heartbeat') return 'heartbeat-missing'
  if (words.startsWith('W5')) return 'sensor-losing'
  if (words === 'W6-fall') return 'volume-fall'
  if (words.startsWith('W6')) return 'volume-rise'
  return words.startsWith('W7') ? 'recon-scanning' : 'other'
}

/** The kind of event in words; a dash when the warning has none. */
export const kindOf = (cls: string | null, lang: Lang): string => (cls ? describeClass(cls, lang) : '–')

/** Title, meaning and figures of the rule that raised the warning. */
export function ruleTextOf(explanation: Explanation, t: T): RuleText {
  return ruleText(explanation.words, t.lang, paramsOf(explanation, t))
}

const unsaid = new Set([
  'kind',
  'host',
  'source',
  'n',
  'threshold',
  'value',
  'minutes',
  'band',
  'usual',
  'days',
  'limit',
  'sensor',
])

/** A title has no places, but its rule's other sentences do. */
const blanks = (): Params => Object.fromEntries([...unsaid].map((name) => [name, '–']))

function paramsOf(explanation: Explanation, t: T): Params {
  const given: Params = { ...explanation.params, kind: kindOf(explanation.cls, t.lang) }
  // A rule older than its text may lack a place: a dash is better than a page that does not open.
  for (const name of unsaid) given[name] ??= '–'
  if (explanation.words === 'W3')
    for (const name of ['value', 'threshold'] as const) given[name] = severityWord(given[name], t)
  if (given.band !== '–') given.band = bandWords(String(given.band), t)
  return given
}

const severityWord = (level: string | number | undefined, t: T): string => {
  const name = severityNames[Number(level)]
  return name ? t(`ui.severity.${name}`) : String(level ?? '–')
}

/** "5–10 organisations"; the number itself is never known to members. */
export function bandWords(band: string, t: T): string {
  const numbers = band.match(/\d+/g) ?? []
  if (numbers.length >= 2) return `${numbers[0]}–${numbers[1]}`
  return numbers[0] ? t('warnings.band.more', { least: numbers[0] }) : band
}

/** One step of the severity, in words. */
export function stepWords(step: SeverityStep | { from: number; to: number; why: string }, t: T): string {
  const reason = gradeReasons[step.why as keyof typeof gradeReasons]
  const why = reason ? reason[t.lang] : t(`warnings.step.${step.why}`)
  return t('warnings.step', {
    from: severityWord(clamp(step.from), t),
    to: severityWord(clamp(step.to), t),
    why,
  })
}

const clamp = (level: number): number => Math.max(0, Math.min(4, level))

/** Where the member stands, in words; a closed warning nobody answered has ended by itself. */
export function standingWords(row: Pick<WarningRow, 'state' | 'answer'>, t: T): string {
  if (row.state === 'closed' && row.answer !== 'done') return t('warnings.standing.over')
  return t(`warnings.standing.${row.answer}`)
}

/** Whom a warning concerns, as it was called then and is today. */
export const orgWords = ({ orgName, orgNow }: Pick<WarningRow, 'orgName' | 'orgNow'>, t: T): string =>
  orgName === null
    ? t('warnings.ofCoordinators')
    : orgNow === null
      ? orgName
      : t('merging.warning.now', { name: orgName, now: orgNow })
