/** The register: all of it for coordinators, their own organisation for its people. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { choices, count, get, list, type Member } from '../members.ts'
import { mergers } from '../merge-preview.ts'
import { listPage } from '../pages/list.tsx'
import { type ShowProps, showPage } from '../pages/show.tsx'
import { idParam, listQuery, memberOut, membersOut } from '../schema.ts'
import { signatures } from '../signatures.ts'
import { icoDoubts, isIdle, lastSign, remains } from '../standing.ts'
import { moves } from '../status.ts'
import { doneOf, sendPage } from './answers.ts'

const pageSize = 100

/** The page of one organisation; 422 where something that was asked on it is refused. */
export async function sendOrganisation(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  id: number,
  refusal: Pick<ShowProps, 'refused' | 'nameError' | 'undoing'> = {},
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const coordinates = isCoordinator(actor)
  const { now, t } = request
  const found = await asActor(context.db, actor, now, async (tx) => {
    const member = await get(tx, id)
    const lastAt = coordinates ? await lastSign(tx, id) : null
    return {
      member,
      moves: await moves(tx, id),
      mergers: await mergers(tx, id),
      remains: await remains(tx, id),
      ico: await icoDoubts(tx, id, member.ico),
      signatures: await signatures(tx, { org: id }),
      idle: coordinates && isIdle(member, lastAt, now) ? { since: lastAt } : null,
    }
  })
  const frame = frameOf(request, {
    title: found.member.name,
    active: coordinates ? 'members' : 'account',
    zone: context.settings.zone,
  })
  const isOwn = !coordinates && organisationsOf(actor).some((org) => org.id === id)
  const done = doneOf(request, ['saved', 'moved', 'merged', 'unmerged'])
  const flash = done && { text: t(`organisations.done.${done}`) }
  const status = refusal.undoing?.status ?? (Object.keys(refusal).length > 0 ? 422 : 200)
  return sendPage(
    reply,
    showPage({ frame, isOwn, isCoordinator: coordinates, ...found, flash, ...refusal }),
    status,
  )
}

export function mountRegister(app: App, context: Context): void {
  const one = (request: FastifyRequest): Promise<Member> => {
    const id = idParam.safeParse((request.params as { id: unknown }).id)
    if (!id.success) throw new NotFound('There is no such organisation')
    return asActor(context.db, actorOf(request), request.now, (tx) => get(tx, id.data))
  }
  /** One more than fits says whether there are more. */
  const several = async (request: FastifyRequest) => {
    const filter = listQuery.parse(request.query)
    return asActor(context.db, actorOf(request), request.now, async (tx) => {
      const rows = await list(tx, { ...filter, limit: pageSize + 1 })
      return {
        filter,
        rows: rows.slice(0, pageSize),
        hasMore: rows.length > pageSize,
        total: await count(tx, filter),
        choices: await choices(tx),
      }
    })
  }

  app.get(
    '/members',
    { config: { access: { who: ['coordinator'] } }, schema: { hide: true } },
    async (request, reply) => {
      const frame = frameOf(request, {
        title: request.t('members.list.title'),
        active: 'members',
        zone: context.settings.zone,
      })
      return sendPage(reply, listPage({ frame, ...(await several(request)) }))
    },
  )

  app.get(
    '/members/:id',
    { config: { access: { who: 'signed-in', objects: { id: 'organisation' } } }, schema: { hide: true } },
    async (request, reply) => {
      const id = idParam.safeParse((request.params as { id: unknown }).id)
      if (!id.success) throw new NotFound('There is no such organisation')
      return sendOrganisation(context, request, reply, id.data)
    },
  )

  app.get(
    '/api/v1/members',
    {
      config: { access: { who: 'signed-in' } },
      schema: {
        summary: 'Organisations that you may see, in Czech order of names',
        tags: ['members'],
        querystring: listQuery,
        response: { 200: membersOut },
      },
    },
    async (request) => {
      const { rows, total, hasMore } = await several(request)
      return { members: rows, total, next: hasMore ? (rows.at(-1)?.id ?? null) : null }
    },
  )

  app.get(
    '/api/v1/members/:id',
    {
      config: { access: { who: 'signed-in', objects: { id: 'organisation' } } },
      schema: {
        summary: 'One organisation with its networks, domains and people',
        tags: ['members'],
        response: { 200: memberOut },
      },
    },
    (request) => one(request),
  )
}
