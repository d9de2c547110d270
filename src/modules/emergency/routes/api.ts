/** Calls for programs that act for a person: reading them, and answering. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { Invalid } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { answer } from '../answer.ts'
import { getBroadcast, linesOf, listBroadcasts } from '../read.ts'
import { type Broadcast, broadcastStates, classes, orgStates, tlps } from '../types.ts'
import { api, asAsker, idIn, members, ofCall, readers } from './asked.ts'

const instant = z.string().describe('ISO 8601, UTC')
const callAnswer = z.object({
  id: z.number(),
  number: z.string().nullable(),
  class: z.enum(classes),
  state: z.enum(broadcastStates),
  tlp: z.enum(tlps),
  title: z.string(),
  body: z.string(),
  room: z.string(),
  answers: z.array(z.object({ code: z.string(), cs: z.string(), en: z.string(), needs_note: z.boolean() })),
  released_at: instant.nullable(),
  deadline_at: instant.nullable(),
})
const lineAnswer = z.object({
  organisation: z.number(),
  name: z.string(),
  state: z.enum(orgStates),
  excused: z.string().nullable(),
  answer: z.string().nullable(),
  conflict: z.boolean(),
  answered_at: instant.nullable(),
})
const answerBody = z.strictObject({
  answer: z.string().max(10).describe('a code of the call, or seen'),
  organisation: z.number().int().optional().describe('needed by those who serve several'),
  note: z.string().max(2_000).default(''),
})

const when = (at: number | null): string | null => (at === null ? null : iso(at))

const asJson = (call: Broadcast): z.infer<typeof callAnswer> => ({
  ...{ id: call.id, number: call.number, class: call.class, state: call.state, tlp: call.tlp },
  ...{ title: call.title, body: call.body, room: call.room },
  answers: call.answers.map(({ needsNote, ...one }) => ({ ...one, needs_note: needsNote })),
  released_at: when(call.releasedAt),
  deadline_at: when(call.deadlineAt),
})

export function mountCallApi(app: App, context: Context): void {
  app.get(
    '/api/v1/rollcalls',
    api(readers, 'Roll-calls, the newest first', {
      response: { 200: z.object({ rollcalls: z.array(callAnswer) }) },
    }),
    async (request) => ({
      rollcalls: (await asAsker(context, request, (tx) => listBroadcasts(tx))).map(asJson),
    }),
  )

  app.get(
    '/api/v1/rollcalls/:id',
    api(ofCall(readers), 'A roll-call and where the organisations that you see stand', {
      response: { 200: callAnswer.extend({ organisations: z.array(lineAnswer) }) },
    }),
    async (request) =>
      asAsker(context, request, async (tx) => ({
        ...asJson(await getBroadcast(tx, idIn(request))),
        organisations: (await linesOf(tx, idIn(request))).map((line) => ({
          ...{ organisation: line.org, name: line.name, state: line.state, excused: line.excused },
          ...{ answer: line.answer, conflict: line.conflict, answered_at: when(line.answeredAt) },
        })),
      })),
  )

  app.put<{ Body: z.infer<typeof answerBody> }>(
    '/api/v1/rollcalls/:id/answer',
    api(ofCall(members, { answer: 'seen' }), 'Answers a roll-call for an organisation', {
      body: answerBody,
      response: { 200: z.object({ counted: z.boolean(), conflict: z.boolean() }) },
    }),
    async (request) => {
      const { answer: code, organisation, note } = request.body
      const id = idIn(request)
      const lines = await asAsker(context, request, async (tx) => {
        await getBroadcast(tx, id)
        return linesOf(tx, id)
      })
      const org = organisation ?? (lines.length === 1 ? lines[0]?.org : undefined)
      if (org === undefined) throw new Invalid('Say for which organisation', { organisation: 'form' })
      return asEngine(context.db, (tx) =>
        answer(tx, id, { org, code, note, via: 'api' }, actorOf(request), request.now),
      )
    },
  )
}
