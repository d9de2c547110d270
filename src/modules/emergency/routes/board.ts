/** The board of a call and what coordinators do there: again to the silent, the call list, the end, the protocol. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Queryable, together } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { pdfHeaders, pdfOf, printedBy } from '../../../platform/pdf.ts'
import { downWays } from '../../channels/index.ts'
import { againToSilent, called } from '../again.ts'
import { answer, answersTo } from '../answer.ts'
import { attemptsOf, channelFigures, smsDoneAt, withoutText } from '../attempts.ts'
import { cancel, close } from '../end.ts'
import { logOf, straysOf } from '../log.ts'
import { boardPage } from '../pages/board.tsx'
import { callsPage } from '../pages/calls.tsx'
import { protocolCsv } from '../pages/protocol.ts'
import { protocolSheet } from '../pages/protocol-print.ts'
import { getBroadcast, linesOf } from '../read.ts'
import type { Broadcast } from '../types.ts'
import { asAsker, frameFor, idIn, leaders, ofCall } from './asked.ts'

const done = ['released', 'again', 'closed', 'cancelled', 'judged', 'answered'] as const

/** The board as a coordinator sees it. */
export async function drawBoard(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Broadcast,
): Promise<FastifyReply> {
  const found = await asAsker(context, request, (tx) =>
    together({
      lines: linesOf(tx, call.id),
      answers: answersTo(tx, call.id),
      channels: channelFigures(tx, call.id),
      down: downWays(tx),
      strays: straysOf(tx, call.id),
      smsDoneAt: smsDoneAt(tx, request.now),
      noText: withoutText(tx, call.id),
    }),
  )
  const said = doneOf(request, done)
  return sendHtml(
    reply,
    boardPage({
      ...found,
      frame: frameFor(context, request, call.title),
      call,
      strays: found.strays.length,
      filters: {
        region: text(request.query, 'region'),
        kind: text(request.query, 'kind'),
        state: text(request.query, 'state'),
      },
      flash: said && { text: request.t(`rollcalls.done.${said}`) },
    }),
  )
}

export function mountBoard(app: App, context: Context): void {
  const { db } = context
  const secret = context.settings.secret
  const after = (request: FastifyRequest, reply: FastifyReply, word: (typeof done)[number]) =>
    reply.redirect(`/rollcalls/${idIn(request)}?done=${word}`, 303)

  app.post('/rollcalls/:id/again', page(ofCall(leaders)), async (request, reply) => {
    await asEngine(db, (tx) => againToSilent(tx, secret, idIn(request), actorOf(request), request.now))
    return after(request, reply, 'again')
  })
  app.post('/rollcalls/:id/close', page(ofCall(leaders)), async (request, reply) => {
    await asEngine(db, (tx) => close(tx, idIn(request), actorOf(request), request.now))
    return after(request, reply, 'closed')
  })
  app.post('/rollcalls/:id/cancellation', page(ofCall(leaders)), async (request, reply) => {
    await asEngine(db, (tx) => cancel(tx, idIn(request), actorOf(request), request.now))
    return after(request, reply, 'cancelled')
  })
  app.get('/rollcalls/:id/protocol.csv', page(ofCall(leaders)), async (request, reply) => {
    const found = await asAsker(context, request, (tx) => protocolIn(tx, idIn(request)))
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="rollcall-${found.call.id}.csv"`)
      .send(protocolCsv(found, request.t))
  })
  app.get('/rollcalls/:id/protocol.pdf', page(ofCall(leaders)), async (request, reply) => {
    const found = await asAsker(context, request, (tx) => protocolIn(tx, idIn(request)))
    const { baseUrl, zone } = context.settings
    const by = printedBy(request.t, { name: actorOf(request).name, site: baseUrl }, request.now, zone)
    const sheet = { ...protocolSheet(found, request.t, zone), ...by }
    return reply
      .headers(pdfHeaders(`rollcall-${found.call.id}`))
      .send(await pdfOf('sheet', sheet, request.now))
  })
  mountCalls(app, context)
}

async function protocolIn(tx: Queryable, id: number) {
  const call = await getBroadcast(tx, id)
  const found = await together({
    lines: linesOf(tx, id),
    log: logOf(tx, id),
    attempts: attemptsOf(tx, id),
    answers: answersTo(tx, id),
  })
  return { call, ...found }
}

function mountCalls(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    wrong?: { errors: Record<string, string>; given: { org: string; answer: string; note: string } },
  ) => {
    const id = idIn(request)
    const found = await asAsker(context, request, async (tx) => ({
      call: await getBroadcast(tx, id),
      lines: await linesOf(tx, id),
      attempts: await attemptsOf(tx, id),
      strays: await straysOf(tx, id),
    }))
    const drawn = callsPage({
      frame: frameFor(context, request, request.t('rollcalls.calls')),
      ...found,
      given: { org: '', answer: '', note: '' },
      errors: {},
      ...wrong,
      done: doneOf(request, ['answered']) !== undefined,
    })
    return sendHtml(reply, drawn, wrong ? 422 : 200)
  }
  app.get('/rollcalls/:id/calls', page(ofCall(leaders)), (request, reply) => draw(request, reply))

  const sample = { org: '1', answer: 'seen', note: 'Volal primář' }
  app.post('/rollcalls/:id/calls', page(ofCall(leaders, sample)), async (request, reply) => {
    const given = {
      org: text(request.body, 'org'),
      answer: text(request.body, 'answer'),
      note: text(request.body, 'note'),
    }
    const org = /^\d{1,9}$/.test(given.org) ? Number(given.org) : -1
    try {
      await asEngine(context.db, (tx) =>
        answer(
          tx,
          idIn(request),
          { org, code: given.answer, note: given.note, via: 'page' },
          actorOf(request),
          request.now,
        ),
      )
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { given, errors: error.fields })
    }
    return reply.redirect(`/rollcalls/${idIn(request)}/calls?done=answered`, 303)
  })

  app.post(
    '/rollcalls/:id/calls/:attempt',
    page({ ...leaders, objects: { id: 'rollcall', attempt: 'rollcall' } }),
    async (request, reply) => {
      await asEngine(context.db, (tx) =>
        called(tx, idIn(request), idIn(request, 'attempt'), actorOf(request), request.now),
      )
      return reply.redirect(`/rollcalls/${idIn(request)}/calls`, 303)
    },
  )
}
