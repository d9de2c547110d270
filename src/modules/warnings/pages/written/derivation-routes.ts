/** Making a draft of other warnings, taking note of what became of them, and letting others be wider: for coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { together } from '../../../../platform/database.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { audiences } from '../../../../values/audience.ts'
import { tlps } from '../../../../values/tlp.ts'
import { grantWider, makeOfWarnings, mostSources, noteSources } from '../../written/from-warnings.ts'
import { limitOf } from '../../written/inputs.ts'
import { listWritten } from '../../written/read.ts'
import { coordinators, smallIdOf, text } from '../access.ts'
import { page, sendHtml } from '../route.ts'
import { summaryPage } from './derivation.tsx'
import { each } from './form.ts'

interface Params {
  id: string
}

/** So many living warnings stand there to choose from, the newest first. */
const mostOffered = 200

const chosenIn = (given: unknown): number[] =>
  each(given, 'source')
    .slice(0, mostSources + 1)
    .map(smallIdOf)

export function mountDerivation(app: App, { db }: Context): void {
  const objects = { id: 'written' as const }
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    chosen: number[],
    errors: Record<string, string> = {},
  ) => {
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, (tx) =>
      together({
        rows: listWritten(tx, { state: 'living' }, null, mostOffered),
        limit: chosen.length > 0 ? limitOf(tx, chosen, actor.person) : Promise.resolve(null),
      }),
    )
    const frame = frameOf(request, { active: 'written', title: '' })
    return sendHtml(reply, summaryPage({ frame, ...found, chosen, errors }), errors.sources ? 422 : 200)
  }
  app.get('/warnings/written/summary', page({ who: coordinators }), (request, reply) =>
    draw(request, reply, chosenIn(request.query)),
  )
  app.post(
    '/warnings/written/summary',
    page({ who: coordinators, sample: { source: '1' } }),
    async (request, reply) => {
      const chosen = chosenIn(request.body)
      try {
        const made = await makeOfWarnings(db, chosen, actorOf(request), request.now)
        return reply.redirect(`/warnings/written/${made}/edit?said=saved`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, chosen, { sources: 'lack' })
      }
    },
  )

  app.post<{ Params: Params }>(
    '/warnings/written/:id/sources',
    page({ who: coordinators, objects }),
    async (request, reply) => {
      const id = smallIdOf(request.params.id)
      await noteSources(db, id, actorOf(request), request.now)
      return reply.redirect(`/warnings/written/${id}?said=noted`, 303)
    },
  )
  app.post<{ Params: Params }>(
    '/warnings/written/:id/grant',
    page({ who: coordinators, objects, sample: { tlp: 'GREEN', audience: 'all_members' } }),
    async (request, reply) => {
      const id = smallIdOf(request.params.id)
      const tlp = tlps.find((one) => one === text(request.body, 'tlp'))
      const audience = audiences.find((one) => one === text(request.body, 'audience'))
      const ends = text(request.body, 'end') === '1'
      if (!ends && !(tlp && audience)) throw new Invalid('Say how wide it may be', { tlp: 'form' })
      await grantWider(
        db,
        id,
        actorOf(request),
        !ends && tlp && audience ? { tlp, audience } : null,
        request.now,
      )
      return reply.redirect(`/warnings/written/${id}?said=${ends ? 'grantEnded' : 'granted'}`, 303)
    },
  )
}
