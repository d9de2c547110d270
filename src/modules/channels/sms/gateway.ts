/** Short messages by any provider that takes one HTTP request for each: address, method, fields and body are the operator's templates. */
import { AskFailed, type AskLimits, ask } from '../../../platform/ask.ts'
import type { Outcome, Way } from '../ways/way.ts'

export interface GatewayAccess {
  /** With `{number}`, `{text}`, `{id}` and `{from}` where they belong; encoded as the place needs it. */
  url: string
  method: 'GET' | 'POST' | 'PUT'
  headers: Record<string, string>
  body: string
  from: string
}

const usual: AskLimits = { wholeMs: 15_000, answerBytes: 65_536 }

type Values = Record<'number' | 'text' | 'id' | 'from', string>
const filled = (template: string, values: Values, encode: (value: string) => string): string =>
  template.replace(/\{(number|text|id|from)\}/g, (_, name: keyof Values) => encode(values[name]))

/** The inside of a JSON string. */
const inJson = (value: string): string => JSON.stringify(value).slice(1, -1)

function encoderOf(headers: Record<string, string>): (value: string) => string {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  if (/json/i.test(type)) return inJson
  if (/x-www-form-urlencoded/i.test(type)) return encodeURIComponent
  if (/xml/i.test(type)) return (value) => value.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return (value) => value
}

/** Sends by the gateway of `access`. With `isBack` it posts receipts and replies to our door; without, `sent` is all that is known. */
export function openGateway(access: GatewayAccess, isBack = false, limits: Partial<AskLimits> = {}): Way {
  const encode = encoderOf(access.headers)
  return {
    name: 'sms',
    repeatable: false,
    // Nobody can answer a name, and what the gateway shows by itself may be one.
    hears: isBack && /^\+?\d+$/.test(access.from),
    close: async () => {},
    send: async ({ id, text }, to) => {
      const values: Values = { number: to, text, id: String(id), from: access.from }
      const question = {
        url: filled(access.url, values, encodeURIComponent),
        method: access.method,
        headers: access.headers,
        body: filled(access.body, values, encode),
      }
      try {
        const { status, text: answered } = await ask(question, { ...usual, ...limits })
        return outcomeOf(status, answered)
      } catch (error) {
        if (!(error instanceof AskFailed)) throw error
        return error.isUnsent
          ? { kind: 'failed', about: 'connection', said: error.message }
          : { kind: 'unknown', said: error.message }
      }
    },
  }
}

function outcomeOf(status: number, text: string): Outcome {
  const said = `${status} ${text.replace(/\s+/g, ' ').slice(0, 200)}`.trim()
  if (status >= 200 && status < 300) return { kind: 'sent', id: idIn(text), said }
  // A gateway that fails with a status of its own has not taken the message.
  if (status >= 500 || status === 429 || status === 408) return { kind: 'failed', about: 'provider', said }
  if (status === 401 || status === 403) return { kind: 'failed', about: 'provider', said }
  return { kind: 'failed', about: 'message', said }
}

/** The provider's name for the message, where it answers JSON with one; what is called so in full goes before a plain `id`. */
function idIn(text: string): string | null {
  for (const name of ['message[_-]?id', 'sid', 'ids?']) {
    const found = new RegExp(`"${name}"\\s*:\\s*\\[?\\s*"?([\\w.-]{1,100})`, 'i').exec(text)?.[1]
    if (found) return found
  }
  return null
}
