/** The Warden 3 protocol under /warden3, with a parser and error answers of its own. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../../platform/http.ts'
import type { Doors } from '../doors.ts'
import { handedFrom } from '../handover.ts'
import { touch } from '../heartbeat.ts'
import type { Sensor } from '../sensors.ts'
import {
  type Accounted,
  accountText,
  documentOf,
  nothingAccounted,
  phrases,
  statusOf,
  type WardenError,
} from './answers.ts'
import { type Body, discard, readBody } from './body.ts'
import { lossFor } from './loss.ts'
import { type Parsed, parseEvents } from './parse.ts'
import { type Arguments, integer, parseArguments, scalar } from './query.ts'
import { actorOfReader, readLimit, readOrWait } from './read.ts'
import { refusedWhole, type SendResult, send, sendLimit } from './send.ts'

const methods = ['getInfo', 'getDebug', 'getEvents', 'sendEvents', 'getLoss'] as const
type Method = (typeof methods)[number]

const allowed: Record<Method, (sensor: Sensor) => boolean> = {
  getInfo: () => true,
  getEvents: (s) => s.read,
  getDebug: (s) => s.read,
  getLoss: () => true,
  sendEvents: (s) => s.write || s.test,
}

interface Call {
  doors: Doors
  request: FastifyRequest
  reply: FastifyReply
  method: Method
  args: Arguments
  sensor: Sensor
  now: number
}

const json = (reply: FastifyReply, value: unknown): FastifyReply =>
  reply.type('application/json').send(JSON.stringify(value))

const answers: Record<Method, (call: Call) => Promise<FastifyReply>> = {
  getInfo: async ({ reply }) =>
    json(reply, {
      version: '3.0-hsoc',
      send_events_limit: sendLimit,
      get_events_limit: readLimit,
      description: 'hSOC event hub',
    }),

  getDebug: async ({ reply, sensor, now }) =>
    json(reply, {
      client: {
        name: sensor.name,
        rights: { read: sensor.read, write: sensor.write, test: sensor.test },
        scope: sensor.scope,
      },
      server: {
        version: '3.0-hsoc',
        uptime_s: Math.round(process.uptime()),
        time: new Date(now).toISOString(),
      },
      limits: { send_events_limit: sendLimit, get_events_limit: readLimit },
    }),

  getEvents: async ({ doors, request, reply, args, sensor, now }) => {
    const page = await readOrWait(doors.context, sensor, args, doors.known.register(), now, request.raw)
    if ('error' in page) return sendErrors(reply, 'getEvents', [page.error])
    if (page.gap > 0) reply.header('hsoc-gap', String(page.gap))
    if (scalar(args, 'format') === 'ndjson')
      return reply
        .header('hsoc-lastid', String(page.lastid))
        .type('application/x-ndjson')
        .send(page.events.map((e) => `${JSON.stringify(e)}\n`).join(''))
    return json(reply, { lastid: page.lastid, events: page.events })
  },

  getLoss: async ({ doors, reply, args, sensor, now }) => {
    const from = Date.parse(scalar(args, 'from') ?? '') || now - 86_400_000
    const to = Date.parse(scalar(args, 'to') ?? '') || now
    const asReader = actorOfReader(sensor)
    const operator = { org: null, orgName: null, role: 'operator' as const }
    const actor = sensor.org === null ? { ...asReader, engagements: [operator] } : asReader
    return json(reply, await lossFor(doors.context, actor, sensor, from, to, now))
  },

  sendEvents: async ({ doors, request, reply, args, sensor, now }) => {
    const free = doors.slots.take()
    let result: SendResult | { error: WardenError } | null
    try {
      const body = await readBody(request.raw, free)
      // Whoever is too slow for a minute is not waited for: the answer goes out and the connection ends.
      if (body.kind === 'too-slow') reply.header('connection', 'close')
      result = await received(doors, sensor, body, free, args, now)
    } finally {
      if (free) doors.slots.give()
    }
    if (result === null) return json(reply.header('hsoc-batch', accountText(nothingAccounted)), { saved: 0 })
    if ('error' in result) return sendErrors(reply, 'sendEvents', [result.error])
    if (result.errors.length > 0) return sendErrors(reply, 'sendEvents', result.errors, result.account)
    return json(reply.header('hsoc-batch', accountText(result.account)), { saved: result.saved })
  },
}

const nothing: Parsed = {
  elements: [],
  total: 0,
  tail: [],
  read: () => ({ value: null }),
}

/** Null for a call that brought nothing. */
async function received(
  doors: Doors,
  sensor: Sensor,
  body: Body,
  free: boolean,
  args: Arguments,
  now: number,
): Promise<SendResult | { error: WardenError } | null> {
  if (body.kind !== 'whole') return refusedWhole(free ? body.kind : 'busy', body.elements)
  try {
    const parsed = parseEvents(body.bytes, sendLimit)
    if (parsed !== null && 'error' in parsed) return parsed
    const numbers = {
      run:
        scalar(args, 'run')
          ?.replace(/[^\w.:-]/g, '_')
          .slice(0, 64) ?? null,
      seq: integer(args, 'seq'),
      lost: integer(args, 'lost'),
    }
    // A batch without events still has its number, and what its sender lost is told by it.
    const silent = parsed === null && numbers.seq === null && numbers.lost === null
    if (silent) await touch(doors.context, sensor.id, now)
    return silent
      ? null
      : await send(doors.context, doors.intake, sensor, body.bytes, parsed ?? nothing, numbers, now)
  } finally {
    body.release()
  }
}

/** Everything before the method itself: the path, the way of asking, who it is, what it may. */
async function handle(doors: Doors, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const [path = '', search = ''] = (request.raw.url ?? '').split(/\?(.*)/s)
  const name = decodeURIComponentOr(path.replace(/^\/warden3\/*/, ''))
  const method = methods.find((m) => m === name)
  if (!method) return drained(request, reply, name, { error: 404, message: "You've fallen off the cliff." })
  if (!['GET', 'POST'].includes(request.method))
    return drained(request, reply.header('allow', 'GET, POST'), name, {
      error: 405,
      message: 'GET or POST expected.',
    })
  const args = parseArguments(search)
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
  if (!doors.known.ready()) return busy(request, reply, method)
  const sensor = doors.sensorOf(request.raw, {
    client: scalar(args, 'client'),
    secret: scalar(args, 'secret') ?? bearer,
  })
  if (!sensor) {
    const from = handedFrom(request.raw) ?? request.ip
    doors.context.log.warn(
      { client: scalar(args, 'client')?.slice(0, 64), from },
      'a sensor was not recognised',
    )
    return drained(request, reply, method, { error: 403, message: "I'm watching. Authenticate." })
  }
  if (!allowed[method](sensor))
    return drained(request, reply, method, {
      error: 403,
      message: "I'm watching. Not authorized.",
      client: sensor.name,
    })
  const now = doors.context.clock()
  if (method !== 'sendEvents') await touch(doors.context, sensor.id, now)
  return answers[method]({ doors, request, reply, method, args, sensor, now })
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A sender that is still writing must be let finish, or it never reads the refusal. */
async function drained(
  request: FastifyRequest,
  reply: FastifyReply,
  method: string,
  error: WardenError,
): Promise<FastifyReply> {
  if (!(await discard(request.raw))) reply.header('connection', 'close')
  return sendErrors(reply, method, [error])
}

/** Our own trouble: the sender comes again with all of the call's events. */
async function busy(request: FastifyRequest, reply: FastifyReply, method: string): Promise<FastifyReply> {
  const body = await readBody(request.raw, false, 20_000).catch(() => null)
  const elements = method === 'sendEvents' && body && body.kind !== 'whole' ? body.elements : 0
  const { errors, account } = refusedWhole('busy', elements)
  return sendErrors(reply, method, errors, method === 'sendEvents' ? account : undefined)
}

function sendErrors(
  reply: FastifyReply,
  method: string,
  errors: WardenError[],
  account?: Accounted,
): FastifyReply {
  const status = statusOf(errors)
  reply.raw.statusMessage = phrases[status] ?? 'Error'
  if (account ?? method === 'sendEvents') reply.header('hsoc-batch', accountText(account ?? nothingAccounted))
  if (status === 503) reply.header('retry-after', '10')
  return reply.status(status).type('application/json').send(documentOf(method, errors))
}

export async function mountWarden(app: App, doors: Doors): Promise<void> {
  app.removeAllContentTypeParsers()
  // The body is read by the method itself, after identity and rights.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  // Senders say anything of their bodies' type; the frame would answer 415, which ends a batch for good.
  app.addHook('onRequest', async (request) => void delete request.raw.headers['content-type'])
  app.setErrorHandler(async (error, request, reply) => {
    const method = (request.raw.url ?? '').replace(/^\/warden3\/*/, '').split('?')[0] ?? ''
    doors.context.log.error({ err: error, method: method.slice(0, 40) }, 'a Warden request failed')
    return busy(request, reply, method)
  })
  const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    handle(doors, request, reply)
  for (const url of ['/warden3', '/warden3/*'])
    app.route({
      method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
      url,
      bodyLimit: 1_099_511_627_776,
      config: { access: { who: 'anyone', by: 'sensor' } },
      schema: { hide: true },
      handler,
    })
}
