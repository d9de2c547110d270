/** Where it is said that something lives: `POST /hb/<token>`. What is posted is not looked at. */
import type { FastifyReply } from 'fastify'
import type { Context } from '../../../../platform/context.ts'
import { openCrowd } from '../../../../platform/crowd.ts'
import type { Access, App } from '../../../../platform/http.ts'
import { beat } from '../../heartbeats/heartbeats.ts'

const access: Access = { who: 'anyone', by: 'token', objects: { token: 'other' } }
const mostBytes = 10_240
const perMinute = 120
const url = '/hb/:token'

export function mountBeats(app: App, context: Context): void {
  const tooMany = openCrowd(perMinute)
  void app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, _body, done) =>
      done(null, null),
    )
    scope.post<{ Params: { token: string } }>(
      url,
      { config: { access }, schema: { hide: true } },
      async (request, reply) => {
        if (tooMany(request, reply)) return reply
        if (await beat(context.db, request.params.token, request.now)) return reply.status(204).send()
        return reply.status(404).send({ error: 'not-found', message: 'There is nothing at this address' })
      },
    )
  })
  // Scanners of mails and chats open every link: looking says nothing.
  app.get(url, { config: { access }, schema: { hide: true } }, (_request, reply: FastifyReply) =>
    reply.status(405).header('allow', 'POST').send({ error: 'method', message: 'Post to this address.' }),
  )
}
