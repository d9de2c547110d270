/** One call: a draft or the board for coordinators, the page to answer on for those who are asked. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isCoordinator, organisationsRead } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Forbidden, Invalid } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { answer, answersTo, mayAnswer } from '../answer.ts'
import { answeringPage, type Given } from '../pages/answering.tsx'
import { getBroadcast, linesOf } from '../read.ts'
import { asAsker, frameFor, idIn, members, ofCall, readers } from './asked.ts'
import { drawBoard } from './board.ts'
import { drawDraft } from './writing.ts'

export function mountAnswering(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    given?: Given,
    status = 200,
  ): Promise<FastifyReply> => {
    const actor = actorOf(request)
    const id = idIn(request)
    const { call, ...found } = await asAsker(context, request, async (tx) => ({
      call: await getBroadcast(tx, id),
      lines: await linesOf(tx, id),
      answers: await answersTo(tx, id),
    }))
    if (isCoordinator(actor))
      return call.state === 'draft'
        ? drawDraft(context, request, reply, call)
        : drawBoard(context, request, reply, call)
    const said = doneOf(request, ['answered', 'kept', 'conflict'])
    const drawn = answeringPage({
      frame: frameFor(context, request, call.title),
      call,
      ...found,
      may: organisationsRead(actor).filter((org) => mayAnswer(actor, org)),
      given,
      flash: said && { text: request.t(`rollcalls.done.${said}`) },
    })
    return sendHtml(reply, drawn, status)
  }
  app.get('/rollcalls/:id', page(ofCall(readers)), (request, reply) => draw(request, reply))

  app.post(
    '/rollcalls/:id/answer',
    page(ofCall(members, { org: '1', answer: 'seen' })),
    async (request, reply) => {
      const id = idIn(request)
      const [org, note] = [Number(text(request.body, 'org').slice(0, 9)) || -1, text(request.body, 'note')]
      try {
        const given = { org, code: text(request.body, 'answer'), note, via: 'page' as const }
        const { counted, conflict } = await asEngine(context.db, (tx) =>
          answer(tx, id, given, actorOf(request), request.now),
        )
        const said = conflict ? 'conflict' : counted ? 'answered' : 'kept'
        return reply.redirect(`/rollcalls/${id}?done=${said}`, 303)
      } catch (error) {
        if (error instanceof Forbidden)
          return draw(request, reply, { org, note, errors: { answer: 'role' } }, 403)
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { org, note, errors: error.fields }, 422)
      }
    },
  )
}
