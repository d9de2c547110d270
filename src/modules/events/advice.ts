/**
 * What people read about a kind of event: what happened, whether it was stopped, what to do now and today.
 * The texts are content (`content/advice/`, `content/rules-text.json`); here they are only looked up.
 */
import { readContent } from '../../platform/content.ts'
import { type Lang, langs, type Params, type T, translatorOf } from '../../platform/i18n.ts'
import { isAmplifier } from './classes.ts'
import type { verdicts } from './event.ts'

/** Is the reader's host attacked, or is it the origin? Traffic inside one organisation reads as `source`. */
export type AdviceSide = 'target' | 'source'

export interface Step {
  id: string
  text: string
  /** Commands to copy, for PowerShell and a Linux shell; they show or copy and change nothing. */
  windows?: string
  linux?: string
}

export interface Advice {
  /** A whole sentence without addresses, fit for a subject line. */
  title: string
  happened: string
  /** The sentence that fits the verdict, whichever it is; `blocked` and `passed` are set only when they are true. */
  outcome: string
  blocked?: string
  passed?: string
  /** For the first 15 minutes. */
  quick: Step[]
  today: Step[]
  /** For a director: what it means, what is being done, what is needed. */
  manager: string
}

export interface RuleText {
  title: string
  /** What it means for the reader, in one sentence without addresses: the second line of a mail. */
  answer: string
  /** The figures that raised it; names addresses, so for the page only. */
  explanation: string
}

type Both = Record<Lang, string>

interface Texts {
  title: Both
  happened: Both
  blocked: Both
  passed: Both
  /** Instead of the sentence for not knowing, where no traffic was looked at. */
  unknown?: Both
  quick: string[]
  today: string[]
  manager: Both
}

interface Level extends Partial<Texts> {
  /** Used instead when the class names a service; `{service}` stands for it. */
  service?: { title: Both; happened: Both }
}

type Entry = Partial<Record<AdviceSide | 'both', Level>>
type Outcomes = Record<AdviceSide, { unknown: Both; partial: Both }>

interface Book {
  entries: Record<string, Entry>
  steps: Record<string, { text: Both; windows?: string; linux?: string }>
  services: Record<string, Both>
  outcomes: Outcomes
}

/** One file per top category, and `own` for what our own rules find without a category. */
const files =
  'abusive malware recon attempt intrusion availability information fraud vulnerable anomaly other own'.split(
    ' ',
  )

let book: Book | null = null

/**
 * Advice for a class without side suffix, such as `attempt-login-ssh`; also `sensor-silent`, `sensor-losing`, `heartbeat-missing`,
 * `volume-rise` and `volume-fall`. What a class does not say itself comes from the class above it, at last from `other`.
 */
export function adviceFor(
  baseClass: string,
  side: AdviceSide,
  lang: Lang,
  { verdict }: { verdict: (typeof verdicts)[number] },
): Advice {
  const { outcomes } = readBook()
  const texts = textsOf(baseClass, side)
  const [blocked, passed] = [texts.blocked[lang], texts.passed[lang]]
  const advice = {
    title: withService(texts.title[lang], baseClass, lang),
    happened: withService(texts.happened[lang], baseClass, lang),
    quick: texts.quick.map((id) => stepOf(id, lang)),
    today: texts.today.map((id) => stepOf(id, lang)),
    manager: texts.manager[lang],
  }
  switch (verdict) {
    case 'dropped':
      return { ...advice, outcome: blocked, blocked }
    case 'passed':
      return { ...advice, outcome: passed, passed }
    case 'partial':
      return { ...advice, outcome: outcomes[side].partial[lang], passed }
    case 'unknown':
      return { ...advice, outcome: (texts.unknown ?? outcomes[side].unknown)[lang] }
  }
}

/** The service a class names, as it reads inside a sentence ("vzdálená plocha (RDP)"); null when it names none. */
export function serviceIn(baseClass: string, lang: Lang): string | null {
  return readBook().services[baseClass.slice(baseClass.lastIndexOf('-') + 1)]?.[lang] ?? null
}

/** Words of a rule (`W1`) or of its variant (`W5-missing`); the places of each are listed in `content/README.md`. */
export function ruleText(rule: string, lang: Lang, params: Params): RuleText {
  const t = ruleWords(lang)
  return {
    title: t(`${rule}.title`, params),
    answer: t(`${rule}.answer`, params),
    explanation: t(`${rule}.explanation`, params),
  }
}

/** Why nothing was said, by the code of the reason (`dropped-only`). */
export function suppressionText(code: string, lang: Lang, params: Params): string {
  return ruleWords(lang)(`suppressions.${code}`, params)
}

function textsOf(baseClass: string, side: AdviceSide): Texts {
  const { entries } = readBook()
  const named = serviceIn(baseClass, 'en') !== null
  let texts: Partial<Texts> = {}
  for (const name of chainOf(baseClass)) {
    const { service, ...own }: Level = { ...entries[name]?.both, ...entries[name]?.[side] }
    texts = { ...own, ...(named ? service : {}), ...texts }
  }
  // `other` ends every chain and says everything; the test of the texts holds it to that.
  return texts as Texts
}

/** From the exact class to the general: `vulnerable-open-dns`, `vulnerable-amplifier`, `vulnerable-open`, `vulnerable`, `other`. */
function chainOf(baseClass: string): string[] {
  const parts = baseClass.split('-')
  const chain = parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'))
  if (parts[0] === 'vulnerable' && isAmplifier(baseClass)) chain.splice(1, 0, 'vulnerable-amplifier')
  return [...chain, 'other']
}

function withService(text: string, baseClass: string, lang: Lang): string {
  return text.replaceAll('{service}', serviceIn(baseClass, lang) ?? '')
}

function stepOf(id: string, lang: Lang): Step {
  const step = readBook().steps[id]
  if (!step) throw new Error(`content/advice names the step "${id}", which no list of steps holds`)
  return { ...step, id, text: step.text[lang] }
}

function readBook(): Book {
  book ??= {
    entries: Object.assign({}, ...files.map((file) => readContent(`advice/${file}.json`))),
    steps: Object.assign({}, readContent('advice/steps-quick.json'), readContent('advice/steps-today.json')),
    services: readContent('advice/services.json') as Book['services'],
    outcomes: readContent('advice/outcomes.json') as Outcomes,
  }
  return book
}

let words: Record<Lang, T> | null = null

/** The translator over the rules' texts, so that numbers and missing places are treated as everywhere else. */
function ruleWords(lang: Lang): T {
  words ??= Object.fromEntries(
    langs.map((each) => [each, translatorOf(each, ruleCatalogue(each))]),
  ) as Record<Lang, T>
  return words[lang]
}

function ruleCatalogue(lang: Lang): Record<string, string> {
  const { rules, suppressions } = readContent('rules-text.json') as {
    rules: Record<string, Record<keyof RuleText, Both>>
    suppressions: Record<string, Both>
  }
  const ofRules = Object.entries(rules).flatMap(([rule, parts]) =>
    Object.entries(parts).map(([part, text]) => [`${rule}.${part}`, text[lang]]),
  )
  const ofReasons = Object.entries(suppressions).map(([code, text]) => [`suppressions.${code}`, text[lang]])
  return Object.fromEntries([...ofRules, ...ofReasons])
}
