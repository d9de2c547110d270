/** Answering a written warning by page and API, and its board. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { type Queryable, together } from '../../../../platform/database.ts'
import { homeZone } from '../../../../platform/dates.ts'
import { Invalid, NotFound, WrongState } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { type AnswerResult, answer } from '../../written/answers.ts'
import { answersTo, linesOf } from '../../written/board-read.ts'
import { noteCall, stepsOf } from '../../written/calls.ts'
import { namesProducts } from '../../written/exposure.ts'
import { getWritten, versionOf } from '../../written/read.ts'
import { remind } from '../../written/remind.ts'
import { months } from '../../written/times.ts'
import { toldOf } from '../../written/told.ts'
import { answerWords } from '../../written/types.ts'
import { coordinators, idOf, readers, text } from '../access.ts'
import { api, page, sendHtml } from '../route.ts'
import { boardPage } from './board.tsx'
import { boardCsv } from './board-csv.ts'
import { detailsOf, formOf, wordOf } from './given.ts'
import { timesPage } from './times.tsx'

interface Params {
  id: string
}

/** The answer of a form, given as its reader. */
export function giveBy(context: Context, request: FastifyRequest): Promise<AnswerResult> {
  const word = wordOf(text(request.body, 'answer'))
  if (!word) throw new Invalid('There is no such answer', { answer: 'form' })
  const org = idOf(text(request.body, 'org'))
  const given = { org, answer: word, ...detailsOf(formOf(request.body)), via: 'page' as const }
  return answer(context.db, actorOf(request), idOf((request.params as Params).id), given, request.now)
}

/** What the page says afterwards. */
export const outcomeOf = (result: AnswerResult): string =>
  result.conflict ? 'conflict' : result.counted ? 'answered' : 'kept'

export const said = ['answered', 'kept', 'conflict', 'reminded', 'called'] as const

export function mountAnswers(app: App, context: Context): void {
  const { db } = context
  const objects = { id: 'written' as const }
  const draw = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    wrong: { errors?: Record<string, string>; refused?: string; status?: number } = {},
  ) => {
    const found = await asReader(db, actorOf(request), request.now, (tx) =>
      boardIn(tx, idOf(request.params.id)),
    )
    const frame = frameOf(request, { active: 'written', title: '' })
    const region = text(request.query, 'region')
    const done = said.find((one) => one === (request.query as { said?: string }).said)
    const flash = done && { kind: 'done' as const, text: request.t(`written.flash.${done}`) }
    return sendHtml(reply, boardPage({ frame, ...found, ...wrong, region, flash }), wrong.status ?? 200)
  }
  app.get<{ Params: Params }>(
    '/warnings/written/:id/board',
    page({ who: coordinators, objects }),
    (request, reply) => draw(request, reply),
  )
  app.get<{ Params: Params }>(
    '/warnings/written/:id/board.csv',
    page({ who: coordinators, objects }),
    async (request, reply) => {
      const { lines, told, version } = await asReader(db, actorOf(request), request.now, (tx) =>
        boardIn(tx, idOf(request.params.id)),
      )
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="board.csv"')
        .send(boardCsv(lines, told, namesProducts(version.rules), request.t))
    },
  )
  app.post<{ Params: Params }>(
    '/warnings/written/:id/board',
    page({ who: coordinators, objects, sample: { org: '1', answer: 'seen', note: 'x' } }),
    async (request, reply) => {
      try {
        return reply.redirect(
          `/warnings/written/${request.params.id}/board?said=${outcomeOf(await giveBy(context, request))}`,
          303,
        )
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { errors: error.fields, status: 422 })
      }
    },
  )
  app.post<{ Params: Params }>(
    '/warnings/written/:id/calls',
    page({ who: coordinators, objects, sample: { org: '1', said: 'x' } }),
    async (request, reply) => {
      const called = { org: idOf(text(request.body, 'org')), said: text(request.body, 'said') }
      try {
        await noteCall(db, actorOf(request), idOf(request.params.id), called, request.now)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { errors: error.fields, status: 422 })
      }
      return reply.redirect(`/warnings/written/${request.params.id}/board?said=called#calls`, 303)
    },
  )
  app.post<{ Params: Params }>(
    '/warnings/written/:id/reminder',
    page({ who: coordinators, objects }),
    async (request, reply) => {
      try {
        await remind(db, idOf(request.params.id), actorOf(request), request.now)
      } catch (error) {
        if (!(error instanceof WrongState)) throw error
        return draw(request, reply, { refused: 'reminder', status: 409 })
      }
      return reply.redirect(`/warnings/written/${request.params.id}/board?said=reminded`, 303)
    },
  )
  app.get('/warnings/written/times', page({ who: coordinators }), async (request, reply) => {
    const rows = await asReader(db, actorOf(request), request.now, (tx) => months(tx, homeZone, request.now))
    const frame = frameOf(request, { active: 'written', title: request.t('written.times.title') })
    return sendHtml(reply, timesPage({ frame, months: rows }))
  })
  mountApi(app, context)
}

async function boardIn(tx: Queryable, id: number) {
  const warning = await getWritten(tx, id)
  const version = warning.version > 0 ? await versionOf(tx, id, 'published') : null
  if (!version) throw new NotFound('There is no such warning')
  return {
    warning,
    version,
    ...(await together({
      lines: linesOf(tx, id),
      answers: answersTo(tx, id),
      told: toldOf(tx, id),
      made: stepsOf(tx, id),
    })),
  }
}

const answerBody = z.strictObject({
  answer: z.enum(answerWords),
  organisation: z.number().int().optional().describe('needed by those who serve several'),
  planned_on: z
    .string()
    .max(10)
    .nullish()
    .describe('YYYY-MM-DD: for when the repair is planned; mitigated needs it, today or later'),
  affected: z.number().int().nullish().describe('how many devices or systems are affected'),
  note: z.string().max(4_000).nullish(),
})
const answerResult = z.object({
  counted: z.boolean().describe('false: kept, but it changed nothing'),
  conflict: z.boolean().describe('somebody of the organisation says the opposite'),
  answer: z.enum(['pending', ...answerWords]),
})

function mountApi(app: App, { db }: Context): void {
  app.put<{ Params: Params; Body: z.infer<typeof answerBody> }>(
    '/api/v1/written-warnings/:id/answer',
    api(
      { who: readers, objects: { id: 'written' }, sample: { answer: 'seen' } },
      'Answers a written warning for an organisation',
      {
        body: answerBody,
        response: { 200: answerResult },
      },
    ),
    async (request) => {
      const actor = actorOf(request)
      const id = idOf(request.params.id)
      const { organisation, planned_on: plannedOn, affected, note, answer: word } = request.body
      const lines = await asReader(db, actor, request.now, async (tx) => {
        await getWritten(tx, id)
        return linesOf(tx, id)
      })
      const org = organisation ?? (lines.length === 1 ? lines[0]?.org : undefined)
      if (org === undefined) throw new Invalid('Say for which organisation', { organisation: 'form' })
      return answer(db, actor, id, { org, answer: word, plannedOn, affected, note, via: 'api' }, request.now)
    },
  )
}
