/** What a line of the trail says besides its verb, in words: each key by its name, each value as a reader would write it. */
import { readContent } from '../../../platform/content.ts'
import { dayShort, exact, isDay } from '../../../platform/dates.ts'
import type { Lang, T } from '../../../platform/i18n.ts'
import { kindIn } from '../../members/pages.ts'

export interface Told {
  label: string
  value: string
}

type Plain = Record<string, unknown>

/** The line as far as it is needed here; `named` are the names of what its numbers stand for, where the reader may see them. */
export interface Detailed {
  verb: string
  object: string
  detail: Plain
  named?: Plain
}

interface Way {
  t: T
  zone: string
  line: Detailed
}

/** Keys whose codes have their words elsewhere, by the beginning of these words' keys. */
const vocabularies = new Map([
  ['role', ['ui.role.']],
  ['roles', ['ui.role.']],
  ['given', ['ui.role.']],
  ['taken', ['ui.role.']],
  ['answer', ['warnings.said.']],
  ['from', ['warnings.said.', 'organisations.status.']],
  ['to', ['organisations.status.']],
])

/** September 2001: what is smaller counts something. */
const firstMoment = 1_000_000_000_000
/** The last that a date can be (ECMA-262 21.4.1.1). */
const lastMoment = 8_640_000_000_000_000

/** Everything worth saying of the line, in the order in which it was written down. */
export function toldOf(line: Detailed, t: T, zone: string): Told[] {
  return pairsOf({ t, zone, line }, line.detail)
}

function pairsOf(way: Way, detail: Plain): Told[] {
  const told: Told[] = []
  for (const [key, value] of Object.entries(withChanges(detail))) {
    const said = sayingOf(way, key, value)
    if (said !== '') told.push({ label: labelOf(way, key), value: said })
  }
  return told
}

/** What was and what is, as objects, becomes what changed. */
function withChanges(detail: Plain): Plain {
  for (const [was, is] of [
    ['from', 'to'],
    ['before', 'after'],
  ] as const) {
    const [old, now] = [detail[was], detail[is]]
    if (!isPlain(old) || !isPlain(now)) continue
    const { [was]: _was, [is]: _is, ...rest } = detail
    const keys = Object.keys(now).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]))
    return { ...rest, changed: keys.map((field) => ({ field, old: old[field], new: now[field] })) }
  }
  return detail
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The key in words: those of the verb first, of a rule's threshold those of the rule, then those of any verb. */
function labelOf({ t, line }: Way, key: string): string {
  const [own, any] = [`detail.key.${line.verb}.${key}`, `detail.key.${key}`]
  if (t.has(own)) return t(own)
  return thresholdIn(line, key, t.lang) ?? (t.has(any) ? t(any) : key)
}

interface RulesFile {
  rules: Record<string, { params: Record<string, Record<Lang, string>> } | undefined>
}

const thresholdIn = ({ object }: Pick<Detailed, 'object'>, key: string, lang: Lang): string | null => {
  const rule = /^rule (\w+)$/.exec(object)?.[1]
  const { rules } = readContent('rules.json') as RulesFile // versioned with the release
  return (rule && rules[rule]?.params[key]?.[lang]) || null
}

/** Empty where there is nothing to say. */
function sayingOf(way: Way, key: string, value: unknown): string {
  const { t } = way
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return t(value ? 'detail.yes' : 'detail.no')
  if (typeof value === 'number') return numberIn(way, key, value)
  if (typeof value === 'string') return textIn(way, key, value)
  if (Array.isArray(value)) return listIn(way, key, value)
  return isPlain(value) ? objectIn(way, value) : ''
}

function numberIn({ t, zone, line }: Way, key: string, value: number): string {
  const name = line.named?.[key]
  if (typeof name === 'string') return name
  if (numbered.has(key)) return t('detail.number', { id: String(value) })
  return value >= firstMoment && value <= lastMoment ? exact(value, t, zone) : t.number(value)
}

/** Keys whose number stands for something that may have a name. */
const numbered = new Set(['person', 'org', 'into', 'warning', 'recovery', 'goal', 'id', 'delegate'])

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)$/

function textIn({ t, zone }: Way, key: string, value: string): string {
  if (value === 'infinity') return t('detail.endless')
  if (moment.test(value) && Date.parse(value) <= lastMoment) return exact(Date.parse(value), t, zone)
  if (isDay(value)) return dayShort(value, t, true)
  const word = (code: string): string => {
    if (key === 'kind' || key === 'kinds') {
      const organisation = kindIn(code, t)
      if (organisation !== code) return organisation
    }
    const found = [`detail.value.${key}.`, ...(vocabularies.get(key) ?? [])].find((place) =>
      t.has(place + code),
    )
    return found ? t(found + code) : code
  }
  // Two means of sign-in, one after the other.
  return key === 'way' ? t.list(value.split('+').map(word)) : word(value)
}

function listIn(way: Way, key: string, value: unknown[]): string {
  // Numbers of rows say nothing to a reader but how many they are.
  if (value.every((one) => typeof one === 'number'))
    return value.length === 0 ? '' : way.t.number(value.length)
  return value
    .map((one) => sayingOf(way, key, one))
    .filter(Boolean)
    .join(', ')
}

function objectIn(way: Way, value: Plain): string {
  const { t } = way
  if ('old' in value && 'new' in value) return changeIn(way, value)
  const keys = Object.keys(value)
  if (keys.length > 0 && keys.every((key) => key === 'cs' || key === 'en'))
    return String(value[t.lang] || value.cs || value.en || '')
  if (typeof value.number === 'string') return value.number
  return pairsOf(way, value)
    .map(({ label, value: said }) => `${label} ${said}`)
    .join(', ')
}

/** "telefon: +420 … → +420 …", before it the range that it is about, where there is one. */
function changeIn(way: Way, { field, prefix, old, new: now }: Plain): string {
  const key = String(field)
  const said = (value: unknown): string => sayingOf(way, key, value) || '–'
  const change = `${labelOf(way, key)}: ${said(old)} → ${said(now)}`
  return typeof prefix === 'string' ? `${prefix}, ${change}` : change
}

/** Keys of the line that have no words in this language, for the test that asks each line of the whole run. */
export function wordless(line: Detailed, words: Record<string, unknown>, lang: Lang): string[] {
  const has = (key: string): boolean =>
    `detail.key.${line.verb}.${key}` in words ||
    `detail.key.${key}` in words ||
    thresholdIn(line, key, lang) !== null
  return keysIn(withChanges(line.detail)).filter((key) => !has(key))
}

function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  if (!isPlain(value)) return []
  if ('old' in value && 'new' in value) return [String(value.field)]
  const keys = Object.keys(value)
  if (typeof value.number === 'string' || keys.every((key) => key === 'cs' || key === 'en')) return []
  return keys.flatMap((key) => [key, ...keysIn(value[key])])
}
