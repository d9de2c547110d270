/** The filters of the list as they stand in the address: read leniently, so that an old bookmark still opens. */
import { type Cursor, type Filters, type RuleId, ruleIds, type Standing } from '../types.ts'

export type Query = Record<string, string | undefined>

const states = ['living', 'concerning', 'unattended', 'open', 'closed', 'reopened'] as const
export const standings: Standing[] = ['pending', 'seen', 'working', 'done', 'not_affected']

const oneOf = <V extends string>(value: string | undefined, known: readonly V[]): V | undefined =>
  known.find((each) => each === value)

const number = (value: string | undefined, most: number): number | undefined =>
  value !== undefined && /^\d{1,15}$/.test(value) && Number(value) <= most ? Number(value) : undefined

/** Names of the fields that filter; anything else in the address is left alone. */
export const fields = [
  'kind',
  'state',
  'severity',
  'rule',
  'org',
  'answer',
  'text',
  'from',
  'to',
  'exercise',
] as const

export function filtersOf(query: Query): Filters {
  const filters: Filters = {}
  const set = <K extends keyof Filters>(key: K, value: Filters[K] | undefined): void => {
    if (value !== undefined) filters[key] = value
  }
  set('state', oneOf(query.state, states))
  set('severity', number(query.severity, 4))
  set('rule', oneOf<RuleId>(query.rule, ruleIds))
  set('org', number(query.org, 2 ** 31 - 1))
  set('answer', oneOf(query.answer, standings))
  set('text', query.text?.trim().slice(0, 200) || undefined)
  set('from', number(query.from, 8.64e15))
  set('to', number(query.to, 8.64e15))
  if (query.exercise === '1') filters.exercise = true
  return filters
}

/** Only the known fields of an address, as text, for links that keep the filters. */
export const kept = (query: Query): Query => Object.fromEntries(fields.map((name) => [name, query[name]]))

/** `after=MILLISECONDS.ID` */
export function cursorOf(given: string | undefined): Cursor | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)-(\d{1,15})$/.exec(given ?? '')
  return match ? { at: Number(match[1]), id: Number(match[2]) } : null
}

export const cursorText = (row: { openedAt: number; id: number }): string => `${row.openedAt}-${row.id}`
