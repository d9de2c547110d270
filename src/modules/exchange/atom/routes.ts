/** The feeds: open, behind a key, of a group; and the page that explains them. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader } from '../../../platform/access.ts'
import { sendFile } from '../../../platform/conditional.ts'
import type { Context } from '../../../platform/context.ts'
import { openCrowd } from '../../../platform/crowd.ts'
import type { Queryable } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { type Lang, langs, translator } from '../../../platform/i18n.ts'
import { enterByKey, keyIn, refuseUnknown } from '../../../platform/key-door.ts'
import { page, sendHtml } from '../../../platform/page-routes.ts'
import { publicKeys } from '../../../platform/signing-key.ts'
import { warningsFeed } from '../../site/pages.ts'
import { feedsPage } from '../pages/feeds.tsx'
import { type Listed, listed, released } from '../released.ts'
import { feedOf, newest } from './feed.ts'
import { type Group, groupKeyPrefix, groupsLed, openedBy } from './group-keys.ts'

const type = 'application/atom+xml; charset=utf-8'
const openPerMinute = 600

interface Wanted {
  actor: Actor | null
  lang: Lang
  path: string
  title: string
  only?: (one: Listed) => boolean
}

export function mountFeeds(app: App, context: Context): void {
  const { db } = context
  const crowded = openCrowd(openPerMinute)

  const send = async (request: FastifyRequest, reply: FastifyReply, wanted: Wanted) => {
    const { actor, only = () => true, ...feed } = wanted
    const all = await asReader(db, actor, request.now, async (tx) => {
      const some = (await listed(tx)).filter(only).slice(0, newest)
      return released(
        tx,
        some.map((one) => one.number),
      )
    })
    const isPublic = actor === null
    return sendFile(request, reply, {
      body: feedOf({ ...feed, baseUrl: context.settings.baseUrl, isPublic }, all),
      type,
      modifiedAt: all[0]?.at ?? null,
      keep: `${isPublic ? 'public' : 'private'}, max-age=300`,
    })
  }

  for (const lang of langs) {
    const path = warningsFeed(lang)
    app.get(path, page({ who: 'anyone' }), (request, reply) => {
      if (crowded(request, reply)) return reply
      const title = translator(lang)('feeds.title.public')
      return send(request, reply, { actor: null, lang, path, title })
    })
  }

  const path = '/feeds/warnings.atom'
  for (const door of [path, '/feeds/k/:key/warnings.atom'])
    app.get(door, page({ who: 'anyone', by: 'token' }), async (request, reply) => {
      const actor = await enterByKey(context, request, reply, 'atom')
      if (!actor) return reply
      const lang = actor.language
      const name = actor.engagements[0]?.orgName ?? 'hSOC'
      return send(request, reply, { actor, lang, path, title: translator(lang)('feeds.title.key', { name }) })
    })

  const ofGroup = '/feeds/group.atom'
  for (const door of [ofGroup, '/feeds/g/:key/group.atom'])
    app.get(door, page({ who: 'anyone', by: 'token' }), async (request, reply) => {
      if (crowded(request, reply)) return reply
      const key = keyIn(request, groupKeyPrefix)
      const opened = key ? await openedBy(db, key, request.now) : null
      if (!opened) return refuseUnknown(request, reply)
      const { actor, group } = opened
      const title = translator(actor.language)('feeds.title.group', { name: group.name })
      const only = (one: Listed): boolean => one.group === group.id
      return send(request, reply, { actor, lang: actor.language, path: ofGroup, title, only })
    })

  app.get<{ Params: { slug: string } }>(
    '/feeds/groups/:slug/warnings.atom',
    page({ who: 'signed-in', objects: { slug: 'group' } }),
    async (request, reply) => {
      const { slug } = request.params
      const actor = actorOf(request)
      const group = await asReader(db, actor, request.now, (tx) => groupSatIn(tx, slug))
      return send(request, reply, {
        actor,
        lang: request.t.lang,
        path: `/feeds/groups/${encodeURIComponent(slug)}/warnings.atom`,
        title: request.t('feeds.title.group', { name: group.name }),
        only: (one) => one.group === group.id,
      })
    },
  )

  app.get('/feeds', page({ who: 'anyone' }), async (request, reply) => {
    const { actor } = request
    const [groups, led] = actor
      ? await asReader(db, actor, request.now, async (tx) => [await groupsSatIn(tx), await groupsLed(tx)])
      : [[], []]
    const [key] = await publicKeys(db.engine)
    return sendHtml(
      reply,
      feedsPage({
        frame: frameOf(request, { title: request.t('feeds.title') }),
        baseUrl: context.settings.baseUrl,
        groups,
        led,
        makesKeys:
          actor?.engagements.some((e) => ['representative', 'coordinator'].includes(e.role)) ?? false,
        fingerprint: key?.fingerprint ?? null,
      }),
    )
  })
}

/** Groups in which the actor has a seat that counts; coordinators read what any group is sent. */
async function groupsSatIn(tx: Queryable): Promise<Group[]> {
  const { rows } = await tx.query<Group & Record<string, unknown>>(
    `select g.id, g.slug, g.name from groups g where (1000000000 + g.id = any ((select actor_seats())::int[]) or (select actor_coordinates())) order by g.name`,
  )
  return rows
}

async function groupSatIn(tx: Queryable, slug: string): Promise<Group> {
  const group = (await groupsSatIn(tx)).find((one) => one.slug === slug)
  if (!group) throw new NotFound('There is no such group')
  return group
}
