/** One warning for programs, and its answer as a noun: PUT gives it, DELETE takes it back. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { iso } from '../../../platform/dates.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { answer } from '../answers.ts'
import { answerResult, warningAnswer } from '../schema.ts'
import { answerWords } from '../types.ts'
import { atWork, coordinators, idOf, readers } from './access.ts'
import { takeBack } from './answering.ts'
import { asJson } from './list-routes.ts'
import { api } from './route.ts'
import { gather } from './show-data.ts'
import { adviceOf, ruleTextOf } from './words.ts'

const params = z.object({ id: z.string().max(40) })
const body = z.strictObject({
  answer: z.enum(answerWords),
  note: z.string().max(4_000).optional(),
  _csrf: z.string().optional(),
})

export function mountShowApi(app: App, context: Context): void {
  app.get<{ Params: z.infer<typeof params> }>(
    '/api/v1/warnings/:id',
    api(
      { who: readers, key: 'warnings.read', objects: { id: 'warning' } },
      'One warning with its explanation, advice and story',
      {
        params,
        response: { 200: warningAnswer },
      },
    ),
    async (request) => {
      const { warning, log, episodes } = await gather(
        context,
        actorOf(request),
        idOf(request.params.id),
        request.now,
      )
      const advice = adviceOf(warning.title, request.t.lang)
      const { explanation } = warning
      return {
        ...asJson(warning, request.t),
        meaning: ruleTextOf(explanation, request.t).answer,
        happened: advice.happened,
        outcome: advice.outcome,
        quick: advice.quick.map((step) => step.text),
        today: advice.today.map((step) => step.text),
        manager: advice.manager,
        explanation,
        story: log.map((item) => ({
          at: iso(item.at),
          kind: item.kind,
          person: item.person,
          detail: item.detail,
          internal: item.internal,
        })),
        episodes: episodes.map((one) => ({
          id: one.id,
          source: one.key.text,
          first_at: iso(one.firstAt),
          last_at: iso(one.lastAt),
          events: one.events,
          state: one.open ? 'open' : 'closed',
        })),
      }
    },
  )

  app.put<{ Params: z.infer<typeof params>; Body: z.infer<typeof body> }>(
    '/api/v1/warnings/:id/answer',
    api(
      { who: readers, objects: { id: 'warning' }, sample: { answer: 'seen' } },
      'Answer a warning; the last permitted answer wins',
      { params, body, response: { 200: answerResult } },
    ),
    (request) =>
      answer(
        context.db,
        actorOf(request),
        idOf(request.params.id),
        { answer: request.body.answer, note: request.body.note ?? null, via: 'page' },
        request.now,
      ),
  )

  app.delete<{ Params: z.infer<typeof params> }>(
    '/api/v1/warnings/:id/answer',
    api(
      { who: [...coordinators, ...atWork], objects: { id: 'warning' } },
      'Take back the answer done or not affected',
      { params, response: { 200: answerResult } },
    ),
    (request) =>
      takeBack(
        context,
        actorOf(request),
        idOf(request.params.id),
        request.t('warnings.answer.takenBack'),
        request.now,
      ),
  )
}
