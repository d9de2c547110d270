/** `POST /api/v1/events`: IDEA, EVE, CSV and named profiles by a bearer key, read as a stream. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isFull, named } from '../../../platform/database.ts'
import { Unavailable } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { Doors } from '../doors.ts'
import { FeedStopped, feed, type Summary } from '../feed.ts'
import { touch } from '../heartbeat.ts'
import { keep } from '../rejects.ts'
import type { Sensor } from '../sensors.ts'
import { formatOf, formats } from '../sources/index.ts'
import { BodyFault, unpackedBody } from '../streamed-body.ts'
import { discard } from '../warden/body.ts'

const refuse = (
  reply: FastifyReply,
  status: number,
  error: string,
  message: string,
  more: object = {},
): FastifyReply => reply.status(status).send({ error, message, ...more })

const busy = (reply: FastifyReply, message: string, more: object = {}): FastifyReply =>
  refuse(reply.header('retry-after', '10'), 503, 'unavailable', message, more)

function answer(reply: FastifyReply, summary: Summary): FastifyReply {
  const understood = summary.stored + summary.duplicate + summary.skipped
  if (summary.quarantined > 0 && understood === 0)
    return refuse(reply, 400, 'nothing-readable', 'No event could be read; see errors.', { ...summary })
  return reply.send(summary)
}

const again =
  'Storing stopped; send the same request again later, what is stored already is not counted twice.'

function stopped(doors: Doors, reply: FastifyReply, stop: FeedStopped): FastifyReply {
  const cause = named(stop.cause)
  const so = { ...stop.summary }
  if (cause instanceof BodyFault) return refuse(reply, cause.status, cause.code, cause.message, so)
  if (!(cause instanceof Unavailable || isFull(cause)))
    doors.context.log.error({ err: cause }, 'events could not be stored')
  return busy(reply, again, so)
}

async function handle(doors: Doors, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const key = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
  if (!doors.known.ready()) return busy(reply, 'Starting; come again in a few seconds.')
  const sensor: Sensor | null = doors.sensorOf(request.raw, { client: null, secret: key })
  if (!sensor) return refuse(reply, 401, 'key', 'Send a sensor\'s key: "Authorization: Bearer KEY".')
  if (!(sensor.write || sensor.test)) return refuse(reply, 403, 'forbidden', 'This key may not send events.')
  const format = formatOf(request.headers['content-type'], (request.query as { format?: string }).format)
  if (!format) {
    const known = formats().join(', ')
    return refuse(reply, 415, 'format', `Say which format it is with ?format=; known are ${known}.`)
  }
  if (!doors.streams.take()) return busy(reply, 'Too many requests at once; come again in a few seconds.')
  try {
    const now = doors.context.clock()
    await touch(doors.context, sensor.id, now)
    const summary = await feed(unpackedBody(request.raw), {
      sensor,
      format,
      intake: doors.intake,
      clock: doors.context.clock,
      keepRejects: (rejects) => keep(doors.context.db.engine, rejects, now),
      ...(format === 'eve' ? { alerts: doors.alertsOf(sensor.id) } : {}),
    })
    return answer(reply, summary)
  } catch (error) {
    if (error instanceof FeedStopped) return stopped(doors, reply, error)
    throw error
  } finally {
    doors.streams.give()
  }
}

/**
 * After the answer, what the sender still writes is let go by for a while: a connection closed at once would take the
 * answer with it before a sender that writes first and reads later has seen it.
 */
function letFinish(request: FastifyRequest): void {
  if (request.raw.complete) return
  void discard(request.raw, mostLetBy, letByMs).then((ended) => {
    if (!ended) request.raw.destroy()
  })
}

const mostLetBy = 1024 * 1024 * 1024
const letByMs = 60_000

/** A sender that wants no second request has its connection closed with the answer: the rest goes by before it. */
async function letFinishFirst(request: FastifyRequest): Promise<void> {
  if (request.raw.complete || !/\bclose\b/i.test(request.headers.connection ?? '')) return
  await discard(request.raw, mostLetBy, letByMs / 3)
}

export async function mountApiDoor(app: App, doors: Doors): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.addHook('onSend', letFinishFirst)
  app.addHook('onResponse', async (request) => letFinish(request))
  app.post('/api/v1/events', {
    bodyLimit: 1_099_511_627_776,
    config: { access: { who: 'anyone', by: 'sensor' } },
    schema: {
      tags: ['events'],
      summary: 'Send events as IDEA, Suricata EVE, CSV or a named profile',
      description:
        'Body: NDJSON, a JSON array, or CSV; plain or gzip. The format is told by ?format= or the content type. Authorization: Bearer KEY of a sensor.',
    },
    handler: (request, reply) => handle(doors, request, reply),
  })
}
