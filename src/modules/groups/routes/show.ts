/** One group as its reader may see it; the same page comes back with what was wrong when a form on it was refused. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type Tx, together } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { actorOf } from '../../../platform/http.ts'
import { latestDay } from '../days.ts'
import { groupAt } from '../groups.ts'
import { showPage } from '../pages/show.tsx'
import { type Refused, type ShowProps, showDone } from '../pages/show-props.ts'
import { moderators, openInvitations, requests, roster } from '../roster.ts'
import { rosterQuery } from '../schema.ts'
import { standings } from '../standing.ts'
import { asAsker, doneOf, sendPage, slugIn } from './answers.ts'

export async function drawGroup(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  refused?: Refused,
): Promise<FastifyReply> {
  const filter = rosterQuery.parse(request.method === 'GET' ? request.query : {})
  const found = await asAsker(context, request, async (tx) => {
    const group = await groupAt(tx, slugIn(request))
    const standing = (await standings(tx, group.id)).get(group.id)
    if (!standing) throw new NotFound('There is no such group')
    return { group, standing, filter, ...(await peopleOf(tx, group.id, standing, filter)) }
  })
  const frame = frameOf(request, {
    title: found.group.name,
    active: 'groups',
    zone: context.settings.zone,
  })
  const drawn = showPage({
    frame,
    ...found,
    coordinates: isCoordinator(actorOf(request)),
    latest: latestDay(request.now),
    done: doneOf(request, showDone),
    refused,
  })
  return sendPage(reply, drawn, refused ? (refused.problem ? 409 : 422) : 200)
}

/** What the reader may know of those who sit there; nothing is asked for that the policies would leave empty. */
async function peopleOf(
  tx: Tx,
  group: number,
  { reads, leads }: ShowProps['standing'],
  filter: { q: string; after?: string | undefined },
): Promise<Pick<ShowProps, 'seated' | 'moderators' | 'requests' | 'invitations'>> {
  if (!reads) return { seated: null, moderators: [], requests: [], invitations: [] }
  return together({
    seated: roster(tx, group, filter),
    moderators: moderators(tx, group),
    requests: leads ? requests(tx, group) : Promise.resolve([]),
    invitations: leads ? openInvitations(tx, group) : Promise.resolve([]),
  })
}

/** Does a deed of one of the page's forms: on with `done`, or the page again with what was wrong. */
export async function deed(
  context: Context,
  [request, reply]: [FastifyRequest, FastifyReply],
  {
    form,
    problem = 'changed',
    done,
    work,
  }: {
    form: Refused['form']
    problem?: Refused['problem']
    done: (typeof showDone)[number]
    work: (tx: Tx, slug: string) => Promise<unknown>
  },
): Promise<FastifyReply> {
  const slug = slugIn(request)
  try {
    await asAsker(context, request, (tx) => work(tx, slug))
  } catch (error) {
    const given = (request.body ?? {}) as Record<string, string>
    if (error instanceof WrongState)
      return drawGroup(context, request, reply, { form, given, errors: {}, problem })
    if (!(error instanceof Invalid) || Object.keys(error.fields).length === 0) throw error
    const errors = Object.fromEntries(
      Object.entries(error.fields).map(([field, code]) => [field, request.t(`groups.wrong.${code}`)]),
    )
    return drawGroup(context, request, reply, { form, given, errors })
  }
  // Who left a group that is not public has no page of it any more.
  const known = await asAsker(context, request, (tx) => groupAt(tx, slug)).catch(() => null)
  return reply.redirect(known ? `/groups/${slug}?done=${done}` : `/groups?done=${done}`, 303)
}
