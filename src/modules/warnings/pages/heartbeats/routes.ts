/** The coordinators' heartbeats: listed, made, renewed, ended. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { type Frame, frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../../platform/page-routes.ts'
import {
  endHeartbeat,
  heartbeats,
  longestName,
  makeHeartbeat,
  renewHeartbeat,
} from '../../heartbeats/heartbeats.ts'
import { coordinators, idOf } from '../access.ts'
import { type GivenHeartbeat, heartbeatPage, heartbeatsPage } from './page.tsx'

const access = { who: coordinators }
const one = { who: coordinators, objects: { heartbeat: 'heartbeat' as const } }
const fresh: GivenHeartbeat = { name: '', interval: '60', grace: '15' }

export function mountHeartbeats(app: App, context: Context): void {
  const { db, settings } = context
  const frame = (request: FastifyRequest, title: string): Frame =>
    frameOf(request, { title: request.t(title), active: 'oncall', zone: settings.zone })

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    given: GivenHeartbeat = fresh,
    errors: Record<string, string> = {},
  ): Promise<FastifyReply> => {
    const found = await asReader(db, actorOf(request), request.now, (tx) => heartbeats(tx, request.now))
    const done = doneOf(request, ['ended']) === 'ended'
    const drawn = heartbeatsPage({ frame: frame(request, 'oncall.hearts'), found, given, errors, done })
    return sendHtml(reply, drawn, Object.keys(errors).length > 0 ? 422 : 200)
  }
  const shown = (request: FastifyRequest, reply: FastifyReply, token: string): FastifyReply =>
    sendHtml(
      reply,
      heartbeatPage({
        frame: frame(request, 'oncall.heart.made'),
        address: `${settings.baseUrl}/hb/${token}`,
      }),
    )

  app.get('/oncall/heartbeats', page(access), (request, reply) => draw(request, reply))

  const sample = { name: 'Zálohování', interval: '60', grace: '15' }
  app.post('/oncall/heartbeats', page({ ...access, sample }), async (request, reply) => {
    const given = {
      name: text(request.body, 'name').slice(0, longestName + 1),
      interval: text(request.body, 'interval').slice(0, 9),
      grace: text(request.body, 'grace').slice(0, 9),
    }
    const wanted = { name: given.name, interval: Number(given.interval), grace: Number(given.grace) }
    try {
      const token = await asEngine(db, (tx) => makeHeartbeat(tx, wanted, actorOf(request), request.now))
      return shown(request, reply, token)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, given, error.fields)
    }
  })

  app.post<{ Params: { heartbeat: string } }>(
    '/oncall/heartbeats/:heartbeat/renewal',
    page(one),
    async (request, reply) => {
      const id = idOf(request.params.heartbeat)
      const token = await asEngine(db, (tx) => renewHeartbeat(tx, id, actorOf(request), request.now))
      return shown(request, reply, token)
    },
  )

  app.post<{ Params: { heartbeat: string } }>(
    '/oncall/heartbeats/:heartbeat/end',
    page(one),
    async (request, reply) => {
      const id = idOf(request.params.heartbeat)
      await asEngine(db, (tx) => endHeartbeat(tx, id, actorOf(request), request.now))
      return reply.redirect('/oncall/heartbeats?done=ended', 303)
    },
  )
}
