/**
 * Where a sensor's machine gets its certificate: with a token the first time, by the certificate itself later. The answer is
 * PEM (the certificate, then its authority's), or JSON for who asks for that. Beside it, for anybody: the authority's
 * certificate and the list of revoked ones.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { presented } from '../../../platform/tls.ts'
import { authorityOf } from '../authority.ts'
import { revocations } from '../certificates.ts'
import type { Doors } from '../doors.ts'
import { enrol, type Given, renew } from '../enrolment.ts'
import { handedPeer } from '../handover.ts'
import { touch } from '../heartbeat.ts'

/** A request for RSA of 8192 bits has about 4 kB. */
const mostBytes = 16_384
/** How long a list of revoked certificates is given again before it is signed anew. */
const listMs = 2_000

const refuse = (reply: FastifyReply, status: number, error: string, message: string): FastifyReply =>
  reply.status(status).send({ error, message })

function answer(request: FastifyRequest, reply: FastifyReply, given: Given): FastifyReply {
  if (/\bapplication\/json\b/.test(request.headers.accept ?? ''))
    return reply.send({
      name: given.name,
      certificate: given.cert,
      authority: given.authority,
      serial: given.serial,
      until: new Date(given.notAfter).toISOString(),
    })
  return reply.type('application/pem-certificate-chain').send(given.cert + given.authority)
}

const bodyOf = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)

async function onEnrolment(
  doors: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { db, settings, clock } = doors.context
  const token = /^Bearer\s+(\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!token)
    return refuse(reply, 401, 'token', 'Send the token of the sensor: "Authorization: Bearer TOKEN".')
  try {
    return answer(request, reply, await enrol(db, settings, { token, request: bodyOf(request) }, clock()))
  } catch (error) {
    if (error instanceof NotFound) return refuse(reply, 401, 'token', error.message)
    throw error
  }
}

async function onRenewal(doors: Doors, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { db, settings, clock } = doors.context
  const shown = presented(request.raw.socket) ?? handedPeer(request.raw)
  const sensor = doors.sensorOf(request.raw, { client: null, secret: null })
  // By its own name alone: a host's certificate may stand for several sensors.
  const own = sensor && shown && 'cn' in shown && shown.cn.toLowerCase() === (sensor.certCn ?? sensor.name)
  if (!own)
    return refuse(
      reply,
      401,
      'certificate',
      'Come with the certificate that is to be renewed, while it is good.',
    )
  await touch(doors.context, sensor.id, clock())
  const asked = { sensor: sensor.id, fingerprint: shown.fingerprint, request: bodyOf(request) }
  return answer(request, reply, await renew(db, settings, asked, clock()))
}

/** The last list, for as long as nothing newer need be said. */
function openList(doors: Doors): () => Promise<Buffer> {
  let last: { at: number; list: Promise<Buffer> } | null = null
  return () => {
    const now = doors.context.clock()
    if (!last || Math.abs(now - last.at) > listMs) {
      const list = revocations(doors.context.db.engine, doors.context.settings, now)
      last = { at: now, list }
      list.catch(() => {
        last = null
      })
    }
    return last.list
  }
}

export async function mountEnrolmentDoor(app: App, doors: Doors): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook('onRequest', async (_request, reply) => {
    if (!doors.known.ready())
      return refuse(
        reply.header('retry-after', '5'),
        503,
        'unavailable',
        'Starting; come again in a few seconds.',
      )
  })
  const config = { access: { who: 'anyone', by: 'sensor' } } as const
  const posts = { '/api/v1/sensors/enrolment': onEnrolment, '/api/v1/sensors/renewal': onRenewal }
  for (const [url, handle] of Object.entries(posts))
    app.post(url, { bodyLimit: mostBytes, config, schema: { hide: true } }, async (request, reply) => {
      try {
        return await handle(doors, request, reply)
      } catch (error) {
        if (error instanceof Invalid || error instanceof WrongState)
          doors.context.log.warn({ url, why: error.message }, 'a sensor was not certified')
        throw error
      }
    })
  app.get('/api/v1/sensors/authority', { config, schema: { hide: true } }, async (_request, reply) => {
    const { db, settings, clock } = doors.context
    const { cert } = await authorityOf(db.engine, settings, clock())
    return reply.type('application/x-pem-file').send(cert)
  })
  const list = openList(doors)
  app.get('/api/v1/sensors/revocations', { config, schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/pkix-crl').send(await list()),
  )
}
