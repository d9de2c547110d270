/** Break-glass access: the list with its form, and one with what was read, its review and what is said of it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader, isCoordinator, type Role, roles } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type Tx, together } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import {
  commentGlass,
  commentsOf,
  endGlass,
  glassChoices,
  listOpenings,
  openGlass,
  openingOf,
  reviewGlass,
} from '../glass.ts'
import { glassPage } from '../pages/glass.tsx'
import { glassesPage } from '../pages/glasses.tsx'
import { listReads } from '../reads.ts'
import {
  commentForm,
  type GlassTyped,
  glassAnswer,
  glassForm,
  glassId,
  openingAnswer,
  reviewForm,
} from '../schema.ts'

const coordinators: Role[] = ['coordinator']
/** Operators run the servers; whose data was opened is not theirs to know. */
const concerned: Role[] = roles.filter((role) => role !== 'operator')
const mostShown = 200

const idOf = (request: FastifyRequest): number => {
  const id = glassId.safeParse((request.params as { glass: string }).glass)
  if (!id.success) throw new NotFound('There is no such break-glass access')
  return id.data
}

interface Refused {
  typed: GlassTyped
  errors: Record<string, string>
}

export function mountGlass(app: App, context: Context): void {
  const { zone } = context.settings
  const page = (access: Access) => ({ config: { access }, schema: { hide: true } })
  const send = (reply: FastifyReply, html: string, refused?: Refused): FastifyReply =>
    reply
      .status(refused ? 422 : 200)
      .type('text/html; charset=utf-8')
      .send(html)
  const listed = (request: FastifyRequest) =>
    asReader(context.db, actorOf(request), request.now, (tx) => listOpenings(tx, mostShown))
  const one = (request: FastifyRequest) =>
    asReader(context.db, actorOf(request), request.now, async (tx) => {
      const glass = idOf(request)
      const opening = await openingOf(tx, glass)
      const found = await together({
        comments: commentsOf(tx, glass),
        reads: listReads(tx, { glass, org: opening.org }, null, mostShown),
      })
      return { opening, ...found }
    })

  const drawList = async (request: FastifyRequest, reply: FastifyReply, refused?: Refused) => {
    const actor = actorOf(request)
    // What is over and judged by nobody, where only that is asked for.
    const only = (request.query as { review?: unknown }).review === 'waiting'
    const openings = (await listed(request)).filter(
      ({ isOpen, reviewedAt }) => !only || (!isOpen && reviewedAt === null),
    )
    const choices = isCoordinator(actor)
      ? await asReader(context.db, actor, request.now, (tx) => glassChoices(tx))
      : null
    return send(reply, glassesPage({ request, zone, openings, only, choices, ...refused }), refused)
  }
  const drawOne = async (request: FastifyRequest, reply: FastifyReply, refused?: Refused) =>
    send(
      reply,
      glassPage({ request, zone, actor: actorOf(request), ...(await one(request)), ...refused }),
      refused,
    )

  /** A form: does, and goes on; a mistake shows the page again with what was typed. */
  const form = (
    url: string,
    access: Access,
    draw: typeof drawOne,
    act: (tx: Tx, request: FastifyRequest, typed: GlassTyped) => Promise<number>,
  ) =>
    app.post(url, page(access), async (request, reply) => {
      const typed = (request.body ?? {}) as GlassTyped
      try {
        const id = await asActor(context.db, actorOf(request), request.now, (tx) => act(tx, request, typed))
        return reply.redirect(`/trail/glass/${id}`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const errors = Object.fromEntries(
          Object.values(error.fields).map((code) => [code, request.t(`glass.error.${code}`)]),
        )
        return draw(request, reply, { typed, errors })
      }
    })

  const objects = { glass: 'glass' } as const
  app.get('/trail/glass', page({ who: concerned }), (request, reply) => drawList(request, reply))
  app.get('/trail/glass/:glass', page({ who: concerned, objects }), (request, reply) =>
    drawOne(request, reply),
  )
  form(
    '/trail/glass',
    { who: coordinators, fresh: true, sample: { org: '1', reason: 'A hospital asks for help' } },
    drawList,
    (tx, request, typed) => openGlass(tx, glassForm.parse(typed), actorOf(request), request.now),
  )
  form('/trail/glass/:glass/end', { who: coordinators, objects }, drawOne, async (tx, request) => {
    await endGlass(tx, idOf(request), actorOf(request), request.now)
    return idOf(request)
  })
  form(
    '/trail/glass/:glass/review',
    { who: coordinators, objects, sample: { verdict: 'justified', finding: 'It was needed' } },
    drawOne,
    async (tx, request, typed) => {
      const given = reviewForm.safeParse(typed)
      if (!given.success) throw new Invalid('Verdict', { verdict: 'verdict' })
      await reviewGlass(tx, idOf(request), given.data, actorOf(request), request.now)
      return idOf(request)
    },
  )
  form(
    '/trail/glass/:glass/comments',
    { who: concerned, objects, sample: { text: 'Thank you' } },
    drawOne,
    async (tx, request, typed) => {
      await commentGlass(tx, idOf(request), commentForm.parse(typed).text, actorOf(request), request.now)
      return idOf(request)
    },
  )
  mountApi(app, { listed, one })
}

interface Reading {
  listed(request: FastifyRequest): Promise<object[]>
  one(request: FastifyRequest): Promise<object>
}

function mountApi(app: App, { listed, one }: Reading): void {
  const described = (summary: string, answer: object) => ({
    tags: ['trail'],
    summary,
    response: { 200: answer },
  })
  app.get(
    '/api/v1/glass',
    {
      config: { access: { who: concerned } },
      schema: described('Break-glass access of coordinators to organisations, newest first', glassAnswer),
    },
    async (request) => ({ openings: await listed(request) }),
  )
  app.get(
    '/api/v1/glass/:glass',
    {
      config: { access: { who: concerned, objects: { glass: 'glass' } } },
      schema: described(
        'One break-glass access with what was read meanwhile and what was said of it',
        openingAnswer,
      ),
    },
    (request) => one(request),
  )
}
