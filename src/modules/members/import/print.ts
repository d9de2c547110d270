/** A plan and a file's faults as plain text for a terminal, Czech or English. */
import { kindWords, regimeWords, roleWords } from './names.ts'
import type { ComparedField, NetworkChange, Plan, PlannedChange } from './plan.ts'
import type { Lang, LineError, MemberPrefix, MemberRow } from './types.ts'

type Pair = Record<Lang, string>

const words = {
  line: { cs: 'řádek', en: 'line' },
  file: { cs: 'soubor', en: 'file' },
  empty: { cs: '(prázdné)', en: '(empty)' },
  prefixes: { cs: 'rozsahy', en: 'prefixes' },
  prefix: { cs: 'rozsah', en: 'prefix' },
  domains: { cs: 'domény', en: 'domains' },
  alias: { cs: 'další název', en: 'other name' },
  domain: { cs: 'doména', en: 'domain' },
  ends: { cs: 'končí', en: 'ends' },
  yes: { cs: 'ano', en: 'yes' },
  no: { cs: 'ne', en: 'no' },
  unclear: {
    cs: 'toto jméno má v registru více organizací, nebo je pod ním sloučená; nic se s ní nestane, napište přesně jméno té dnešní',
    en: 'several organisations of the register bear this name, or one that was merged; nothing happens to it, write exactly the name of the present one',
  },
  sameIco: { cs: 'stejné IČO má', en: 'the same IČO belongs to' },
  likeName: { cs: 'podobá se názvu', en: 'is much like' },
  sameDomain: { cs: 'stejnou doménu má', en: 'the same domain belongs to' },
  untouched: { cs: 'V registru navíc, beze změny', en: 'In the register only, not touched' },
  nothing: { cs: 'Není co měnit.', en: 'There is nothing to change.' },
} satisfies Record<string, Pair>

const fieldWords = {
  name: { cs: 'název', en: 'name' },
  ico: { cs: 'IČO', en: 'IČO' },
  regime: { cs: 'režim', en: 'regime' },
  kind: { cs: 'druh', en: 'kind' },
  region: { cs: 'kraj', en: 'region' },
  language: { cs: 'jazyk', en: 'language' },
  contactEmail: { cs: 'e-mail', en: 'e-mail' },
  phone: { cs: 'telefon', en: 'phone' },
  founder: { cs: 'zřizovatel', en: 'founder' },
  visibleToParent: { cs: 'viditelné zřizovateli', en: 'visible to parent' },
  role: { cs: 'vztah', en: 'role' },
  label: { cs: 'označení', en: 'label' },
  validFrom: { cs: 'platí od', en: 'valid from' },
  validTo: { cs: 'platí do', en: 'valid to' },
} satisfies Record<ComparedField | NetworkChange['field'], Pair>

const counted = {
  created: {
    cs: { one: 'nová organizace', few: 'nové organizace', other: 'nových organizací' },
    en: { one: 'new organisation', few: '', other: 'new organisations' },
  },
  changed: {
    cs: { one: 'změněná', few: 'změněné', other: 'změněných' },
    en: { one: 'changed', few: '', other: 'changed' },
  },
  unchanged: {
    cs: { one: 'beze změny', few: 'beze změny', other: 'beze změny' },
    en: { one: 'unchanged', few: '', other: 'unchanged' },
  },
  unclear: {
    cs: { one: 'nejasná', few: 'nejasné', other: 'nejasných' },
    en: { one: 'unclear', few: '', other: 'unclear' },
  },
} satisfies Record<string, Record<Lang, Record<'one' | 'few' | 'other', string>>>

const reasonWords = { ico: 'sameIco', name: 'likeName', domain: 'sameDomain' } as const

const mostUntouchedNamed = 10

/** The whole plan: a sentence of counts, then created (+), changed (~) and unclear (?) organisations. */
export function printPlan(plan: Plan, lang: Lang): string {
  const parts = (['created', 'changed', 'unchanged'] as const).map((key) =>
    count(plan[key].length, key, lang),
  )
  if (plan.unclear.length > 0) parts.push(count(plan.unclear.length, 'unclear', lang))
  const isIdle = plan.created.length + plan.changed.length + plan.unclear.length === 0
  return [
    `${parts.join(', ')}.${isIdle ? ` ${words.nothing[lang]}` : ''}`,
    ...plan.created.flatMap((row) => printCreated(row, lang)),
    ...plan.alike.map(
      ({ row, org, reason }) =>
        `! ${titleOf(row, lang)}: ${words[reasonWords[reason]][lang]} ${org.name} (${org.id})`,
    ),
    ...plan.changed.flatMap((change) => printChanged(change, lang)),
    ...plan.unclear.map(
      ({ row, ids }) => `? ${titleOf(row, lang)}: ${words.unclear[lang]} (${ids.join(', ')})`,
    ),
    ...printUntouched(plan, lang),
    '',
  ].join('\n')
}

function count(number: number, key: keyof typeof counted, lang: Lang): string {
  const form = new Intl.PluralRules(lang).select(number)
  return `${number} ${counted[key][lang][form === 'one' || form === 'few' ? form : 'other']}`
}

function titleOf(row: MemberRow, lang: Lang): string {
  return `${row.name} (${words.line[lang]} ${row.line})`
}

function printCreated(row: MemberRow, lang: Lang): string[] {
  const facts = [
    kindWords[row.kind][lang],
    row.ico && `${fieldWords.ico[lang]} ${row.ico}`,
    row.aliases.length > 0 && `${words.alias[lang]} ${row.aliases.join('; ')}`,
    row.regime !== 'unknown' && `${fieldWords.regime[lang]} ${regimeWords[row.regime][lang]}`,
    row.region,
    row.language,
    row.contactEmail,
    row.phone,
    row.founder && `${fieldWords.founder[lang]} ${row.founder}`,
    row.visibleToParent ? fieldWords.visibleToParent[lang] : null,
    row.validFrom && `${fieldWords.validFrom[lang]} ${row.validFrom}`,
    row.validTo && `${fieldWords.validTo[lang]} ${row.validTo}`,
  ].filter(Boolean)
  const prefixes = row.prefixes.map((prefix) => printPrefix(prefix, lang)).join(', ')
  return [
    `+ ${titleOf(row, lang)}: ${facts.join(', ')}`,
    `    ${words.prefixes[lang]}: ${prefixes || words.empty[lang]}`,
    `    ${words.domains[lang]}: ${row.domains.join(', ') || words.empty[lang]}`,
  ]
}

function printPrefix({ net, role, label }: MemberPrefix, lang: Lang): string {
  const more = [role === 'owner' ? null : roleWords[role][lang], label].filter(Boolean)
  return more.length > 0 ? `${net.text} (${more.join(', ')})` : net.text
}

function printChanged(change: PlannedChange, lang: Lang): string[] {
  return [
    `~ ${titleOf(change.row, lang)}`,
    ...change.fields.map(
      ({ field, old, new: wanted }) => `    ${fieldWords[field][lang]}: ${arrow(field, old, wanted, lang)}`,
    ),
    ...change.namesAdded.map((name) => `    + ${words.alias[lang]} ${name}`),
    ...change.prefixesAdded.map((prefix) => `    + ${words.prefix[lang]} ${printPrefix(prefix, lang)}`),
    ...change.prefixesEnded.map((text) => `    - ${words.prefix[lang]} ${text} (${words.ends[lang]})`),
    ...change.networks.map(
      ({ prefix, field, old, new: wanted }) =>
        `    ${prefix.net.text}, ${fieldWords[field][lang]}: ${arrow(field, old, wanted, lang)}`,
    ),
    ...change.domainsAdded.map((domain) => `    + ${words.domain[lang]} ${domain}`),
    ...change.domainsEnded.map((domain) => `    - ${words.domain[lang]} ${domain} (${words.ends[lang]})`),
  ]
}

function arrow(
  field: string,
  old: string | boolean | null,
  wanted: string | boolean | null,
  lang: Lang,
): string {
  return `${printValue(field, old, lang)} → ${printValue(field, wanted, lang)}`
}

const tables: Record<string, Record<string, Pair>> = { kind: kindWords, role: roleWords, regime: regimeWords }

function printValue(field: string, value: string | boolean | null, lang: Lang): string {
  if (typeof value === 'boolean') return words[value ? 'yes' : 'no'][lang]
  if (value === null || value === '') return words.empty[lang]
  const named: Record<string, Pair> = tables[field] ?? {}
  return named[value]?.[lang] ?? value
}

function printUntouched({ untouched }: Plan, lang: Lang): string[] {
  if (untouched.length === 0) return []
  const names = untouched.slice(0, mostUntouchedNamed).map(({ name }) => name)
  const more = untouched.length > names.length ? ', …' : ''
  return [`${words.untouched[lang]} (${untouched.length}): ${names.join(', ')}${more}`]
}

/** Errors or notes of a file, one a line, with line number, column and the offending part. */
export function printFaults(faults: readonly LineError[], lang: Lang): string {
  return faults
    .map(({ line, column, value, problem }) => {
      const where = line > 0 ? `${words.line[lang]} ${line}` : words.file[lang]
      const what = [column, value === '' ? '' : lang === 'cs' ? `„${value}“` : `"${value}"`]
        .filter(Boolean)
        .join(' ')
      return `${where}${what === '' ? '' : `, ${what}`}: ${problem}\n`
    })
    .join('')
}
