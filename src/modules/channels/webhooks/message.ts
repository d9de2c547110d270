/** What a webhook is sent: one statement of what happened, in the form that the other side takes, and its signature. */
import { createHmac } from 'node:crypto'
import type { Tlp } from '../../../values/tlp.ts'

export const forms = ['signed', 'text', 'teams', 'template'] as const
export type HookForm = (typeof forms)[number]
export const news = ['written', 'detected', 'answers', 'matches'] as const
export type News = (typeof news)[number]

/** What happened, as far as the organisation may have it outside; of a match `number` and `version` are the advisory's. `title` is null where the label keeps it inside. */
export interface HookContent {
  event:
    | 'warning.published'
    | 'warning.updated'
    | 'warning.revoked'
    | 'warning.detected'
    | 'warning.answered'
    | 'match.new'
    | 'match.updated'
    | 'match.gone'
    | 'test'
  exercise: boolean
  number: string
  version: number | null
  tlp: Tlp
  severity: string
  title: string | null
  /** On our pages. */
  url: string
  answer: { answer: string; counted: boolean; via: string } | null
}

/** Bytes of a message; what others' doors take at least. */
export const mostBytes = 20_000
const exerciseMark = 'CVIČENÍ / EXERCISE'

/** One line for people: `[TLP:AMBER] HSOC-2026-0007 title`. */
const lineOf = ({ exercise, tlp, number, title }: HookContent, word: string): string =>
  [exercise && exerciseMark, `[TLP:${tlp}]`, number, `${word}.`, title].filter(Boolean).join(' ')

/** Places of a template; each is filled as the inside of a JSON string. */
export const places = ['line', 'event', 'number', 'tlp', 'severity', 'title', 'url', 'time'] as const

/** The body as JSON. `word`: what happened, in the webhook's language. */
export function bodyOf(
  form: HookForm,
  template: string,
  content: HookContent,
  { id, at, word }: { id: string; at: string; word: string },
): string {
  const { answer, url, number, version, tlp, severity, title } = content
  const line = lineOf(content, word)
  switch (form) {
    case 'signed':
      return JSON.stringify({
        id,
        at,
        event: content.event,
        exercise: content.exercise,
        [content.event.startsWith('match.') ? 'match' : 'warning']: {
          number,
          version,
          tlp,
          severity,
          title,
          url,
        },
        ...(answer ? { answer } : {}),
      })
    case 'text':
      return JSON.stringify({ text: `${line}\n${url}` })
    case 'teams':
      return JSON.stringify({
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            content: {
              $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
              type: 'AdaptiveCard',
              version: '1.4',
              body: [{ type: 'TextBlock', text: line, wrap: true }],
              actions: [{ type: 'Action.OpenUrl', title: 'hSOC', url }],
            },
          },
        ],
      })
    case 'template':
      return filled(template, {
        line,
        event: content.event,
        number,
        tlp,
        severity,
        title: title ?? '',
        url,
        time: at,
      })
  }
}

const filled = (template: string, values: Record<(typeof places)[number], string>): string =>
  template.replace(
    /\{(line|event|number|tlp|severity|title|url|time)\}/g,
    (_, name: (typeof places)[number]) => JSON.stringify(values[name]).slice(1, -1),
  )

/** A template is right when what comes of it is JSON, whatever stands in its places. */
export function isTemplate(template: string): boolean {
  try {
    const odd = Object.fromEntries(places.map((name) => [name, 'x "\\ ě\n'])) as Record<
      (typeof places)[number],
      string
    > // of all places
    const made: unknown = JSON.parse(filled(template, odd))
    return typeof made === 'object' && made !== null
  } catch {
    return false
  }
}

const prefix = 'whsec_'

/** What the other side keeps; 24 bytes. */
export const secretOf = (bytes: Buffer): string => prefix + bytes.toString('base64')

/** Header fields of Standard Webhooks: the number of the message, the second it was signed in, a signature by each secret. */
export function signedHeaders(
  secrets: string[],
  { id, body, now }: { id: string; body: string; now: number },
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000))
  const sign = (secret: string): string =>
    createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')
  return {
    'content-type': 'application/json',
    'user-agent': 'hSOC',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret)}`).join(' '),
  }
}
