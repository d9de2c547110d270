/** Duties for programs of those who keep them: begun, given hours and turns, ended. */
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { addRule, beginDuty, endDuty, endRule } from '../../keep.ts'
import { dutyAt } from '../../read.ts'
import { rotationKinds } from '../../rota.ts'
import { ruleIn } from '../../schema.ts'
import { dutyJson } from './json.ts'
import { api, doing, readers } from './route.ts'
import * as shapes from './shapes.ts'

const person = z.int().min(1).max(2_147_483_647)
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const newBody = z.object({
  org: person.nullable().describe("null: the coordinators' own"),
  name: z.string().max(60),
  holidays: z.enum(['ignored', 'sunday']).default('ignored'),
})
const ruleBody = z.object({
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).describe('1 Monday to 7 Sunday'),
  from: clock,
  to: clock.describe('not after `from`: of the next day'),
  rotation: z
    .object({
      kind: z.enum(rotationKinds),
      length: z.int().min(1).max(366),
      start: z.string().max(16).describe("YYYY-MM-DDTHH:MM, by the installation's clock on the wall"),
    })
    .nullable()
    .describe('null: one person'),
  people: z.array(person).min(1).max(12).describe('in the order of their turns'),
})
const ruleParams = z.object({ id: shapes.id, turn: shapes.id })
const endParams = z.object({ schedule: shapes.id })

/** As a form would have it, for one judgement of both. */
const formOf = ({ weekdays, from, to, rotation, people }: z.infer<typeof ruleBody>) => ({
  ...{ from, to, weekdays: weekdays.map(String), people: people.map(String) },
  ...{ rotation: rotation?.kind ?? ('' as const), length: String(rotation?.length ?? 1) },
  start: rotation?.start ?? '',
})

export function mountKeepingApi(app: App, { db, settings }: Context): void {
  const people = { who: readers.who }
  app.post<{ Body: z.infer<typeof newBody> }>(
    '/api/v1/duty/schedules',
    api({ ...people, sample: { org: 1, name: 'Pohotovost programu' } }, 'Begin a duty', {
      ...{ body: newBody, response: { 201: shapes.scheduleAnswer } },
    }),
    async (request, reply) => {
      const by = actorOf(request)
      const id = await doing(asEngine(db, (tx) => beginDuty(tx, request.body, by, request.now)))
      const made = await asReader(db, by, request.now, (tx) => dutyAt(tx, id, request.now))
      return reply.status(201).send(dutyJson(made, settings.zone))
    },
  )

  const sample = { weekdays: [1], from: '08:00', to: '16:00', rotation: null, people: [1] }
  app.post<{ Params: z.infer<typeof shapes.idParams>; Body: z.infer<typeof ruleBody> }>(
    '/api/v1/duty/schedules/:id/rules',
    api(
      { ...people, objects: { id: 'duty' }, sample },
      'Add hours of the week, with who takes turns in them',
      {
        ...{ params: shapes.idParams, body: ruleBody, response: { 201: z.object({ id: z.number() }) } },
      },
    ),
    async (request, reply) => {
      const wanted = ruleIn(formOf(request.body))
      if ('wrong' in wanted) throw new Invalid('The hours cannot be so', wanted.wrong)
      const work = asEngine(db, (tx) =>
        addRule(tx, request.params.id, wanted.rule, actorOf(request), request.now),
      )
      return reply.status(201).send({ id: await doing(work) })
    },
  )
  app.delete<{ Params: z.infer<typeof ruleParams> }>(
    '/api/v1/duty/schedules/:id/rules/:turn',
    api({ ...people, objects: { id: 'duty', turn: 'duty_rule' } }, 'Take hours of the week out', {
      ...{ params: ruleParams, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const { id, turn } = request.params
      await asEngine(db, (tx) => endRule(tx, id, turn, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.delete<{ Params: z.infer<typeof endParams> }>(
    '/api/v1/duty/schedules/:schedule',
    api({ ...people, objects: { schedule: 'duty' } }, 'End a duty', {
      ...{ params: endParams, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      await asEngine(db, (tx) => endDuty(tx, request.params.schedule, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
