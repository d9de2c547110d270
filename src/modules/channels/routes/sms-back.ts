/**
 * The door by which a gateway of text messages posts what came back: receipts and replies, each by POST, proved by the key of the
 * configuration in the address or as a bearer. What was not kept is answered with an error, so that the gateway brings it again.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { keyShown, refuseKey } from '../../../platform/api-keys.ts'
import type { BackFields } from '../../../platform/config-sms-back.ts'
import type { Context } from '../../../platform/context.ts'
import { openCrowd } from '../../../platform/crowd.ts'
import type { App } from '../../../platform/http.ts'
import { page } from '../../../platform/page-routes.ts'
import { keepReply, type Understand } from '../sms/incoming.ts'
import { bodyOf, itemsOf, receiptOf, replyOf } from '../sms/posted.ts'
import { takeReceipt } from '../sms/receipts.ts'

interface Limits {
  /** Of one body. */
  bytes: number
  /** In which it has to be here as a whole. */
  bodyMs: number
  /** Posts of one address in a minute. */
  perMinute: number
  /** Of these with a wrong key. */
  wrongPerMinute: number
}

/** We send at most 60 messages a minute; each may have several receipts. */
const usual: Limits = { bytes: 65_536, bodyMs: 10_000, perMinute: 1_200, wrongPerMinute: 30 }

/** After its answer, for who has not read it yet. */
const goneMs = 1_000

type Item = Record<string, unknown>
/** What became of one thing; null: it could not be read. */
type TakeOne = (item: Item, fields: BackFields) => Promise<string | null>

export async function mountSmsBack(
  app: App,
  context: Context,
  understand: Understand[],
  limits: Partial<Limits> = {},
): Promise<void> {
  const most = { ...usual, ...limits }
  await app.register(async (scope) => {
    guard(scope, context, most)
    scope.addHook('onResponse', async (request) => letGo(request))
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['application/json', 'application/x-www-form-urlencoded'],
      async (request: FastifyRequest, payload: Readable) =>
        bodyOf(request.headers['content-type'] ?? '', await read(payload, most)),
    )
    const mount = (what: 'receipts' | 'replies', one: TakeOne): void => {
      const take = (request: FastifyRequest, reply: FastifyReply) =>
        answer(context, what, one, request, reply)
      const open = page({ who: 'anyone', by: 'token' })
      scope.post(`/sms/${what}`, open, take)
      scope.post(`/sms/${what}/:token`, open, take)
    }
    mount('receipts', async (item, fields) => {
      const receipt = receiptOf(item, fields)
      return receipt && takeReceipt(context, receipt)
    })
    mount('replies', async (item, fields) => {
      const reply = replyOf(item, fields)
      return reply && ((await keepReply(context, reply, understand)) ? 'kept' : 'known')
    })
  })
}

/** Before anything of the body is read: whose key it is, and how often its holder came. */
function guard(scope: App, context: Context, { perMinute, wrongPerMinute }: Limits): void {
  const tooMany = openCrowd(perMinute)
  const tooManyWrong = openCrowd(wrongPerMinute)
  scope.addHook('onRequest', async (request, reply) => {
    // Programs come here: whatever they say that they read, they are answered in JSON.
    request.headers.accept = 'application/json'
    // A key of ours opens nothing here; what reads with it is told so everywhere.
    if (keyShown(request) !== null) return refuseKey(reply, 'door', request.now)
    const key = context.settings.smsBack?.key
    const { token } = request.params as { token?: string }
    const shown = token ?? /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (key && isSame(shown, key)) return tooMany(request, reply) ? reply : undefined
    reply.header('connection', 'close')
    if (tooManyWrong(request, reply)) return reply
    return key && token === undefined
      ? reply.status(401).header('www-authenticate', 'Bearer').send({
          error: 'key',
          message: 'Show the key: "Authorization: Bearer KEY", or at the end of the address.',
        })
      : reply.status(404).send({ error: 'not-found', message: 'There is nothing at this address' })
  })
}

/** Who has been answered and still sends is not listened to. */
function letGo(request: FastifyRequest): void {
  if (request.raw.complete) return
  setTimeout(() => request.raw.complete || request.raw.destroy(), goneMs).unref()
}

/** Of their digests, which are of one length, in a time that tells nothing. */
const isSame = (shown: string, key: string): boolean =>
  timingSafeEqual(hash('sha256', shown, 'buffer'), hash('sha256', key, 'buffer'))

const refusal = (statusCode: number, message: string): Error =>
  Object.assign(new Error(message), { statusCode })

/** The whole body as text, or a refusal when it is too large or does not come to its end. */
async function read(payload: Readable, { bytes, bodyMs }: Limits): Promise<string> {
  return new Promise((done, fail) => {
    const parts: Buffer[] = []
    let size = 0
    const end = (act: () => void): void => {
      clearTimeout(timer)
      payload.removeAllListeners('data')
      act()
    }
    const timer = setTimeout(() => end(() => fail(refusal(408, 'The body did not come to its end'))), bodyMs)
    payload.on('data', (part: Buffer) => {
      size += part.length
      if (size > bytes) end(() => fail(refusal(413, 'The body is too large')))
      else parts.push(part)
    })
    payload.on('end', () => end(() => done(Buffer.concat(parts).toString('utf8'))))
    payload.on('error', (error) => end(() => fail(refusal(400, error.message))))
    payload.on('close', () => end(() => fail(refusal(400, 'The sender went away'))))
  })
}

/** Every readable item is kept, also beside others that are not: sent again it changes nothing. */
async function answer(
  context: Context,
  what: 'receipts' | 'replies',
  one: TakeOne,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const fields = context.settings.smsBack?.fields
  const items = fields && itemsOf(request.body, fields)
  if (!fields || !items)
    return reply.status(422).send({ error: 'invalid', message: `No ${what} are in this body.` })
  const taken: (string | null)[] = []
  for (const item of items) taken.push(await one(item, fields))
  if (!taken.includes(null)) return reply.send({ taken })
  // Names of fields alone: what they hold may be somebody's number or words.
  const unread = items[taken.indexOf(null)] ?? {}
  context.log.warn(
    {
      what,
      fields: Object.keys(unread)
        .slice(0, 30)
        .map((name) => name.slice(0, 40)),
    },
    'a gateway posted what could not be read: name its fields in HSOC_SMS_BACK_FIELDS',
  )
  return reply.status(422).send({
    error: 'invalid',
    message: `Of these ${what} not all could be read.`,
    taken: taken.map((word) => word ?? 'unread'),
  })
}
