/** What a gateway posts, in the words of SMPP: one or many receipts or replies, in a form or JSON, under the names that the operator set. */
import type { BackFields } from '../../../platform/config-sms-back.ts'
import type { Receipt } from './receipts.ts'

type Fields = Record<string, unknown>

/** Longer bodies have more; a gateway that holds back so many sends the rest in another post. */
const mostItems = 200

/** The body as a value; null for one that is none of its type. */
export function bodyOf(type: string, text: string): unknown {
  if (/x-www-form-urlencoded/i.test(type)) {
    const given: Fields = Object.create(null)
    for (const [name, value] of new URLSearchParams(text)) given[name] ??= value
    return given
  }
  try {
    JSON.parse(text)
    // Names of messages are longer than a number of JavaScript is exact. In text that is JSON a string begins where a quote stands.
    return JSON.parse(
      text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (one) =>
        one.startsWith('"') ? one : `"${one}"`,
      ),
    )
  } catch {
    return null
  }
}

const isFields = (given: unknown): given is Fields =>
  typeof given === 'object' && given !== null && !Array.isArray(given)

/** The first that is there, as what it is. */
function found(given: Fields, names: string[]): unknown {
  for (const name of names) {
    let at: unknown = given
    for (const part of Object.hasOwn(given, name) ? [name] : name.split('.'))
      at = isFields(at) && Object.hasOwn(at, part) ? at[part] : undefined
    if (at !== undefined && at !== null && at !== '') return at
  }
  return undefined
}

/** The first that is text or a number, as text; empty for none. */
function textOf(given: Fields, names: string[]): string {
  for (const name of names) {
    const value = found(given, [name])
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
  }
  return ''
}

/** What is said in a body; null where that is not even a list of fields, or is too long. */
export function itemsOf(body: unknown, { items }: BackFields): Fields[] | null {
  const list = Array.isArray(body) ? body : isFields(body) ? (found(body, items) ?? body) : null
  const all = Array.isArray(list) ? list : isFields(body) ? [body] : []
  return all.length > 0 && all.length <= mostItems && all.every(isFields) ? all : null
}

/** The words of gateways for what SMPP calls so. Source: the public descriptions of those that docs/operations.md shows. */
const words = new Map<string, string>(
  Object.entries({
    DELIVRD: 'delivrd delivered delivered_to_handset read',
    UNDELIV: 'undeliv undelivered undeliverable not_delivered failed skipped',
    EXPIRED: 'expired',
    DELETED: 'deleted cancelled canceled',
    REJECTD: 'rejectd rejected blocked',
    ENROUTE: 'enroute acceptd accepted unknown queued buffered scheduled sending sent pending submitted',
  }).flatMap(([state, said]) => said.split(' ').map((word): [string, string] => [word, state])),
)

function stateOf(said: string, { delivered, failed }: BackFields): string | null {
  if (delivered.includes(said)) return 'DELIVRD'
  if (failed.includes(said)) return 'UNDELIV'
  return words.get(said.trim().toLowerCase().replaceAll(' ', '_')) ?? null
}

/** Null where it names no message, or no state that anybody knows. */
export function receiptOf(given: Fields, fields: BackFields): Receipt | null {
  const state = stateOf(textOf(given, fields.state), fields)
  const id = textOf(given, fields.id).trim()
  const reference = textOf(given, fields.reference)
  const isOurs = /^[1-9]\d{0,8}$/.test(reference)
  return state === null || (!isOurs && !named.test(id))
    ? null
    : { id, state, reference: isOurs ? Number(reference) : null }
}

const named = /^[!-~]{1,100}$/

/** Null where it does not say from whom, or has no name by which it would count once. An empty text is one. */
export function replyOf(
  given: Fields,
  fields: BackFields,
): { id: string; from: string; text: string } | null {
  const id = textOf(given, fields.id).trim()
  const from = textOf(given, fields.from)
  return named.test(id) && from !== '' ? { id, from, text: textOf(given, fields.text) } : null
}
