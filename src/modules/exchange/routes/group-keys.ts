/** Keys of a group: listed, made and revoked by who leads it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import {
  type Group,
  groupLed,
  keysOf,
  longestLabel,
  makeGroupKey,
  revokeGroupKey,
} from '../atom/group-keys.ts'
import { type GivenGroupKey, groupKeyPage, groupKeysPage } from '../pages/group-keys.tsx'

const ofGroup: Access = { who: 'signed-in', objects: { led: 'group' } }
const ofKey: Access = { who: 'signed-in', objects: { led: 'group', id: 'group_key' } }
type Slug = { Params: { led: string } }

export function mountGroupKeys(app: App, context: Context): void {
  const { db, settings } = context
  const ledBy = (request: FastifyRequest, slug: string): Promise<Group> =>
    asReader(db, actorOf(request), request.now, (tx) => groupLed(tx, slug))
  const frame = (request: FastifyRequest, group: Group) =>
    frameOf(request, {
      title: request.t('feeds.groupKeys.title', { name: group.name }),
      active: 'groups',
      zone: settings.zone,
    })

  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    slug: string,
    given: GivenGroupKey = { label: '', days: '180' },
    errors: Record<string, string> = {},
  ): Promise<FastifyReply> => {
    const found = await asReader(db, actorOf(request), request.now, async (tx) => {
      const group = await groupLed(tx, slug)
      return { group, keys: await keysOf(tx, group.id) }
    })
    const done = doneOf(request, ['revoked']) === 'revoked'
    const drawn = groupKeysPage({ frame: frame(request, found.group), ...found, given, errors, done })
    return sendHtml(reply, drawn, Object.keys(errors).length > 0 ? 422 : 200)
  }

  app.get<Slug>('/feeds/groups/:led/keys', page(ofGroup), (request, reply) =>
    draw(request, reply, request.params.led),
  )

  const sample = { label: 'Čtečka', days: '90' }
  app.post<Slug>('/feeds/groups/:led/keys', page({ ...ofGroup, sample }), async (request, reply) => {
    const { led: slug } = request.params
    const group = await ledBy(request, slug)
    const given = {
      label: text(request.body, 'label').slice(0, longestLabel + 1),
      days: text(request.body, 'days').slice(0, 9),
    }
    try {
      const wanted = { label: given.label, days: Number(given.days) }
      const key = await asEngine(db, (tx) => makeGroupKey(tx, group, wanted, actorOf(request), request.now))
      return sendHtml(
        reply,
        groupKeyPage({ frame: frame(request, group), group, key, baseUrl: settings.baseUrl }),
      )
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, slug, given, error.fields)
    }
  })

  app.post<{ Params: { led: string; id: string } }>(
    '/feeds/groups/:led/keys/:id/revocation',
    page(ofKey),
    async (request, reply) => {
      const { led: slug, id } = request.params
      const group = await ledBy(request, slug)
      if (!/^\d{1,9}$/.test(id)) throw new NotFound('There is no such key.')
      await asEngine(db, (tx) => revokeGroupKey(tx, group, Number(id), actorOf(request), request.now))
      return reply.redirect(`/feeds/groups/${encodeURIComponent(slug)}/keys?done=revoked`, 303)
    },
  )
}
