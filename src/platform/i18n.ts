/**
 * The words of the interface: `t('warnings.severity')` looks up `severity` in `locales/<lang>/warnings.json`.
 * A message is a string with `{name}` places, or an object of plural forms chosen by the number `n`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { projectRoot } from './content.ts'

export const langs = ['cs', 'en'] as const
export type Lang = (typeof langs)[number]

export type Params = Record<string, string | number>
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
export type Message = string | Plural
/** Message by full key, `area.name`. */
export type Catalogue = Record<string, Message>

/** Translates for one reader's language, and formats numbers in it. */
export interface T {
  /** The message of `key` with its places filled; numbers among `params` are formatted, `n` chooses the plural form. */
  (key: string, params?: Params): string
  lang: Lang
  /** The BCP 47 tag handed to Intl; English is British, for day before month and weeks from Monday. */
  locale: string
  has(key: string): boolean
  /** Exact, grouped: 1 993 482. */
  number(value: number, options?: Intl.NumberFormatOptions): string
  /** Rounded for sentences: 1,99 milionu. */
  about(value: number): string
  /** `share` from 0 to 1; null is a dash, as nothing was there to divide by. */
  percent(share: number | null, digits?: number): string
  /** "a, b a c" */
  list(items: string[]): string
}

const locales: Record<Lang, string> = { cs: 'cs-CZ', en: 'en-GB' }

/** All messages of a language, merged from its files; the file's name is the first part of the key. */
export function readCatalogue(lang: Lang, root = projectRoot): Catalogue {
  const folder = join(root, 'locales', lang)
  const catalogue: Catalogue = {}
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.json')) continue
    const area = basename(file, '.json')
    const messages: Catalogue = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    for (const [key, message] of Object.entries(messages)) catalogue[`${area}.${key}`] = message
  }
  return catalogue
}

/** Names of the places in a message, each once, sorted; of a plural object those of all its forms. */
export function placesOf(message: Message): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message)
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(place)].map((match) => match[1] ?? ''))),
  ].sort()
}

const place = /\{(\w+)\}/g
const known = new Map<Lang, T>()
let strict = false

/** Whether a missing message or parameter throws: in tests it must not pass unseen, before a reader it must not break the page. */
export function failOnMissing(yes: boolean): void {
  strict = yes
}

/**
 * The translator of a language, made once per process.
 * A missing key or parameter shows the key or the place itself; see `failOnMissing`.
 */
export function translator(lang: Lang): T {
  const existing = known.get(lang)
  if (existing) return existing
  const made = translatorOf(lang, readCatalogue(lang))
  known.set(lang, made)
  return made
}

/** A translator over a given catalogue. */
export function translatorOf(lang: Lang, catalogue: Catalogue): T {
  const locale = locales[lang]
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const rounded = new Intl.NumberFormat(locale, {
    notation: 'compact',
    compactDisplay: 'long',
    maximumSignificantDigits: 3,
  })
  const rules = new Intl.PluralRules(locale)
  const lists = new Intl.ListFormat(locale)
  const numbers = new Map<string, Intl.NumberFormat>()
  const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options)
    let format = numbers.get(key)
    if (!format) {
      format = new Intl.NumberFormat(locale, options)
      numbers.set(key, format)
    }
    return format
  }

  const t = (key: string, params: Params = {}) => {
    const message = catalogue[key]
    if (message === undefined) return missing(`no message "${key}" in ${lang}`, key)
    return form(message, params, rules).replace(place, (whole, name: string) => {
      const value = params[name]
      if (value === undefined) return missing(`message "${key}" lacks {${name}}`, whole)
      return typeof value === 'number' ? plain.format(value) : value
    })
  }
  return Object.assign(t, {
    lang,
    locale,
    has: (key: string) => catalogue[key] !== undefined,
    number: (value: number, options?: Intl.NumberFormatOptions) =>
      options ? numberFormat(options).format(value) : plain.format(value),
    about: (value: number) =>
      Math.abs(value) < 10_000 ? plain.format(value) : rounded.format(value).replaceAll(' ', '\u00a0'),
    percent: (share: number | null, digits = 0) =>
      share === null ? '–' : numberFormat({ style: 'percent', maximumFractionDigits: digits }).format(share),
    list: (items: string[]) => lists.format(items),
  })
}

/** Chooses the language of a request: the reader's own choice, else the browser's wish, else Czech. */
export function chooseLang(chosen: string | undefined, acceptLanguage: string | undefined): Lang {
  const wishes = [chosen ?? '', ...(acceptLanguage ?? '').split(',')]
  for (const wish of wishes) {
    const tag = wish.trim().slice(0, 2).toLowerCase()
    if (tag === 'sk') return 'cs'
    const lang = langs.find((known) => known === tag)
    if (lang) return lang
  }
  return 'cs'
}

function form(message: Message, params: Params, rules: Intl.PluralRules): string {
  if (typeof message === 'string') return message
  const n = Number(params.n)
  return message[rules.select(Number.isNaN(n) ? 0 : n)] ?? message.other
}

function missing(complaint: string, fallback: string): string {
  if (strict) throw new Error(complaint)
  return fallback
}
