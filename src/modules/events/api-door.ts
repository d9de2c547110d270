/** `POST /api/v1/events`: IDEA, EVE, CSV and named profiles by a bearer key, read as a stream. */
import { createGunzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isFull } from '../../platform/database.ts'
import { Unavailable } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { Doors } from './doors.ts'
import { FeedStopped, feed, type Summary } from './feed.ts'
import { touch } from './heartbeat.ts'
import { keep } from './rejects.ts'
import type { Sensor } from './sensors.ts'
import { type AlertMemory, formatOf, formats, newAlertMemory } from './sources/index.ts'

/** Unpacked bytes of one request. More comes as several requests; the answer says what was stored until then. */
const mostUnpacked = 512 * 1024 * 1024
/** Between two pieces of a body. */
const quietMs = 30_000
const wholeMs = 15 * 60_000

class BodyFault extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The body unpacked and bounded in bytes and time. */
async function* bounded(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (!['identity', 'gzip', 'x-gzip'].includes(encoding)) throw new BodyFault(415, `Content-Encoding ${encoding} is not understood; send gzip or plain.`)
  const raw = request.raw
  const until = Date.now() + wholeMs
  raw.setTimeout?.(0)
  const timer = setInterval(() => {
    if (Date.now() > until || Date.now() > heard + quietMs) raw.destroy(new BodyFault(408, 'The body came too slowly.'))
  }, 1_000)
  let heard = Date.now()
  raw.on('data', () => (heard = Date.now()))
  raw.pause()
  const source = encoding === 'identity' ? raw : raw.pipe(createGunzip())
  if (source !== raw) raw.on('error', (error) => source.destroy(error))
  raw.on('aborted', () => source.destroy(new BodyFault(400, 'The body ended early.')))
  let size = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > mostUnpacked) throw new BodyFault(413, `A request may hold ${mostUnpacked >> 20} MiB unpacked; send the rest as another request.`)
      yield chunk
    }
  } catch (error) {
    if (error instanceof BodyFault) throw error
    throw new BodyFault(400, encoding === 'identity' ? 'The body ended early.' : 'The body is no valid gzip stream.')
  } finally {
    clearInterval(timer)
  }
}

const memories = new Map<number, AlertMemory>()
function memoryOf(sensor: number): AlertMemory {
  const known = memories.get(sensor) ?? newAlertMemory()
  memories.set(sensor, known)
  return known
}

const refuse = (reply: FastifyReply, status: number, error: string, message: string, more: object = {}): FastifyReply =>
  reply.status(status).send({ error, message, ...more })

function answer(reply: FastifyReply, summary: Summary): FastifyReply {
  const readable = summary.stored + summary.duplicate + summary.skipped
  if (summary.quarantined > 0 && readable === 0 && summary.stored + summary.duplicate === 0)
    return refuse(reply, 400, 'nothing-readable', 'No event could be read; see errors.', { ...summary })
  return reply.send(summary)
}

function stopped(reply: FastifyReply, stop: FeedStopped): FastifyReply {
  const cause = stop.cause
  const so = { ...stop.summary }
  if (cause instanceof BodyFault) return refuse(reply, cause.status, 'body', cause.message, so)
  if (cause instanceof Unavailable || isFull(cause))
    return refuse(reply.header('retry-after', '10'), 503, 'unavailable', 'Storing stopped; send the same request again later, what is stored already is not counted twice.', so)
  throw cause
}

/** Reads what is still coming, up to a bound, so that the sender gets to see the answer. */
async function drain(request: FastifyRequest): Promise<void> {
  let left = 8_388_608
  for await (const chunk of request.raw) if ((left -= (chunk as Buffer).length) < 0) break
}

async function handle(doors: Doors, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const key = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
  if (!doors.known.ready()) return refuse(reply.header('retry-after', '5'), 503, 'unavailable', 'Starting; come again in a few seconds.')
  const sensor: Sensor | null = doors.sensorOf(request.raw, { client: null, secret: key })
  if (!sensor || !(sensor.write || sensor.test)) {
    await drain(request).catch(() => {})
    return refuse(reply, sensor ? 403 : 401, sensor ? 'forbidden' : 'key', sensor ? 'This key may not send events.' : 'Send a sensor\'s key: "Authorization: Bearer KEY".')
  }
  const format = formatOf(request.headers['content-type'], (request.query as { format?: string }).format)
  if (!format) return refuse(reply, 415, 'format', `Say which format it is with ?format=; known are ${formats().join(', ')}.`)
  if (!doors.slots.take()) return refuse(reply.header('retry-after', '10'), 503, 'unavailable', 'Too many requests at once; come again in a few seconds.')
  try {
    const now = doors.context.clock()
    await touch(doors.context, sensor.id, now)
    const summary = await feed(bounded(request), {
      sensor,
      format,
      intake: doors.intake,
      clock: doors.context.clock,
      keepRejects: (rejects) => keep(doors.context.db.engine, rejects, now),
      ...(format === 'eve' ? { alerts: memoryOf(sensor.id) } : {}),
    })
    return answer(reply, summary)
  } catch (error) {
    if (error instanceof FeedStopped) return stopped(reply, error)
    throw error
  } finally {
    doors.slots.give()
  }
}

export async function mountApiDoor(app: App, doors: Doors): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.post('/api/v1/events', {
    bodyLimit: 1_099_511_627_776,
    config: { access: { who: 'anyone', by: 'sensor' } },
    schema: {
      tags: ['events'],
      summary: 'Send events as IDEA, Suricata EVE, CSV or a named profile',
      description: 'Body: NDJSON, a JSON array, or CSV; plain or gzip. The format is told by ?format= or the content type. Authorization: Bearer KEY of a sensor.',
    } as never,
    handler: (request, reply) => handle(doors, request, reply),
  })
}
