/** API keys on a page: made, shown once, listed with what they read, revoked. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { addKey, keyOrganisations, listKeys, mayManageKeys, type NewKey, revokeKey } from '../keys.ts'
import { type KeyForm, keyPage, keysPage } from '../pages/keys.tsx'
import { keyForm } from '../schema.ts'
import { doneOf, sendPage } from './answers.ts'

const who = ['representative', 'coordinator'] as const

export function mountKeys(app: App, context: Context): void {
  const { db, settings } = context
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: { errors: Record<string, string>; given: KeyForm },
  ) => {
    const actor = actorOf(request)
    const frame = frameOf(request, {
      title: request.t('members.keys.title'),
      active: 'keys',
      zone: settings.zone,
    })
    const all = await asActor(db, actor, request.now, (tx) => listKeys(tx, request.now))
    const keys = all.filter((key) => mayManageKeys(actor, key.org))
    const own = keyOrganisations(actor)
    const organisations = organisationsOf(actor).filter((org) => own.includes(org.id))
    const page = keysPage({
      frame,
      keys,
      organisations,
      central: isCoordinator(actor),
      done: doneOf(request, ['revoked']),
      ...refused,
    })
    return sendPage(reply, page, refused ? 422 : 200)
  }
  const access = { who: [...who] }

  app.get('/keys', { config: { access }, schema: { hide: true } }, (request, reply) => draw(request, reply))

  const sample = { label: 'Firewall', org: '1', scopes: 'warnings.read', days: '30' }
  app.post(
    '/keys',
    { config: { access: { ...access, fresh: true, sample } }, schema: { hide: true } },
    async (request, reply) => {
      const actor = actorOf(request)
      const form = keyForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Say whose key it is, what for, what it may read and until when.')
      const given = form.data
      const org = given.org === '' ? null : Number(given.org)
      const wanted: NewKey = { org, label: given.label, scopes: given.scopes, days: Number(given.days) }
      try {
        const made = await asActor(db, actor, request.now, (tx) => addKey(tx, wanted, actor, request.now))
        const frame = frameOf(request, {
          title: request.t('members.keys.made'),
          active: 'keys',
          zone: settings.zone,
        })
        return sendPage(
          reply,
          keyPage({
            frame,
            made: { ...made, label: given.label, scopes: given.scopes },
            baseUrl: settings.baseUrl,
          }),
        )
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { errors: error.fields, given })
      }
    },
  )

  app.post<{ Params: { id: string } }>(
    '/keys/:id/revocation',
    { config: { access: { ...access, objects: { id: 'api_key' } } }, schema: { hide: true } },
    async (request, reply) => {
      const actor = actorOf(request)
      if (!/^\d{1,9}$/.test(request.params.id)) throw new NotFound('There is no such key.')
      await asActor(db, actor, request.now, (tx) =>
        revokeKey(tx, Number(request.params.id), actor, request.now),
      )
      return reply.redirect('/keys?done=revoked', 303)
    },
  )
}
