/** Handing a message to the push service that a browser named (RFC 8030), for its eyes alone (RFC 8291), in our name (RFC 8292). */
import { createHmac } from 'node:crypto'
import { AskFailed, type AskLimits, ask, type Question } from '../../../platform/ask.ts'
import type { Context } from '../../../platform/context.ts'
import { kept } from '../../../platform/database.ts'
import { gathered } from '../../../platform/gathered.ts'
import { publicAddressOf } from '../../../platform/public-addresses.ts'
import type { Outcome, Outgoing, Way } from '../ways/way.ts'
import { judgeEndpoint } from './hosts.ts'
import { openIntroduction } from './keys.ts'
import { toldToken } from './told.ts'

const usual: AskLimits = { wholeMs: 15_000, answerBytes: 4_096 }
/** Services stop at 4,096 bytes of the encrypted message; the library does not look. */
const mostBytes = 3_900
/** Seconds that a service keeps it for a device that is off. After that the mail has said it. */
const keptSeconds = 12 * 3_600

interface Device {
  endpoint: string
  p256dh: string
  auth: string
}

/** Sends to devices by their number (`push:12`). Handed over twice it is shown once: the topic is the same. */
export function openPush(context: Context, limits: Partial<AskLimits> = {}): Way {
  const introduction = openIntroduction(context)
  return {
    name: 'push',
    repeatable: true,
    hears: false,
    close: async () => {},
    send: async (message, to) => {
      const device = await deviceAt(context.db.engine, to)
      if (!device) return { kind: 'failed', about: 'message', said: 'the device is gone' }
      const judged = judgeEndpoint(device.endpoint, context.settings.pushHosts ?? [])
      if (judged === null)
        return { kind: 'failed', about: 'message', said: 'the push service is not allowed' }
      const found = judged === 'public' ? await publicAddressOf(new URL(device.endpoint)) : null
      if (found && 'refused' in found)
        return found.refused === 'private'
          ? { kind: 'failed', about: 'message', said: 'the push service has a private address' }
          : { kind: 'failed', about: 'provider', said: 'the push service has no address' }
      const authorization = await introduction(device.endpoint)
      if (authorization === null)
        return {
          kind: 'failed',
          about: 'provider',
          said: 'the keys for push do not open under HSOC_SECRET',
        }
      const question = await sealedFor(context, device, message, authorization)
      if (!question) return { kind: 'failed', about: 'message', said: 'the message is too long for push' }
      try {
        const { status, text } = await ask(question, { ...usual, ...limits }, found?.address)
        if (status === 404 || status === 410) await forget(context, device)
        return outcomeOf(status, text)
      } catch (error) {
        if (!(error instanceof AskFailed)) throw error
        // One service that is away says nothing of the others: only several in a row do.
        return error.isUnsent
          ? { kind: 'failed', about: 'provider', said: error.message }
          : { kind: 'unknown', said: error.message }
      }
    },
  }
}

const deviceAt = gathered(async (db, asked: string[]): Promise<(Device | undefined)[]> => {
  const ids = asked.map((to) => Number(/^push:(\d{1,9})$/.exec(to)?.[1] ?? 0))
  const { rows } = await db.query<Device & { id: number }>(
    kept(
      'select id, endpoint, p256dh, auth from push_devices where id = any ($1::int[]) and gone_at is null',
    ),
    [ids],
  )
  const devices = new Map(rows.map(({ id, ...device }) => [id, device]))
  return ids.map((id) => devices.get(id))
})

/** The subscription is over; its keys go, and the browser may say at its next visit that it has another. */
const forget = ({ db, clock }: Context, { endpoint }: Device): Promise<unknown> =>
  db.engine.query(
    `update push_devices set gone_at = to_timestamp($2 / 1000.0), p256dh = '', auth = '' where endpoint = $1`,
    [endpoint, clock()],
  )

/** Null: it is too long. */
async function sealedFor(
  { settings }: Context,
  device: Device,
  message: Outgoing,
  authorization: string,
): Promise<Question | null> {
  const payload = JSON.stringify({
    number: message.number,
    class: message.text,
    path: message.path,
    told: `/push/told/${toldToken(settings.secret, message.id)}`,
  })
  if (Buffer.byteLength(payload) > mostBytes) return null
  const { default: webPush } = await import('web-push')
  const made = webPush.generateRequestDetails(
    { endpoint: device.endpoint, keys: { p256dh: device.p256dh, auth: device.auth } },
    payload,
    {
      headers: { Authorization: authorization },
      contentEncoding: 'aes128gcm',
      TTL: keptSeconds,
      urgency: message.urgent ? 'high' : 'normal',
      topic: topicOf(settings.secret, message.thread),
    },
  )
  const headers = Object.fromEntries(
    Object.entries(made.headers).map(([name, value]) => [name, String(value)]),
  )
  return { url: device.endpoint, method: 'POST', headers, body: made.body ?? Buffer.alloc(0) }
}

/** At most 32 signs of base64url; it tells the service nothing but that two messages are of one warning. */
const topicOf = (secret: string, thread: string): string =>
  createHmac('sha256', secret).update(`push topic ${thread}`).digest('base64url').slice(0, 32)

function outcomeOf(status: number, text: string): Outcome {
  const said = `${status} ${text.replace(/\s+/g, ' ').slice(0, 200)}`.trim()
  if (status >= 200 && status < 300) return { kind: 'sent', id: null, said }
  if (status === 404 || status === 410) return { kind: 'failed', about: 'message', said }
  if (status === 429 || status === 408 || status >= 500) return { kind: 'failed', about: 'receiver', said }
  return { kind: 'failed', about: 'message', said }
}
