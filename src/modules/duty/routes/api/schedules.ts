/** Schedules for programs: read with a key of the organisation too, changed for a while by its people. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine, type Tx } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { change, withdraw } from '../../keep.ts'
import { type Duty, duties, dutyAt, scheduleOf } from '../../read.ts'
import { onDuty, shiftsOf } from '../../rota.ts'
import { changeJson, dutyJson, lineJson } from './json.ts'
import { api, doing, ofDuty, readers } from './route.ts'
import * as shapes from './shapes.ts'

const named = (duty: Duty, people: number[]): { id: number; name: string }[] =>
  people.map((id) => ({ id, name: duty.people.get(id)?.name ?? '' }))

/** One page of those that the reader may see, by organisation and name; the place after the last is its number. */
async function listed(tx: Tx, { org, after, limit }: z.infer<typeof shapes.listQuery>) {
  const all = (await duties(tx)).filter((one) => org === undefined || one.org === org)
  const begin = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
  const rows = all.slice(begin, begin + limit)
  const next = begin + limit < all.length ? (rows.at(-1)?.id ?? null) : null
  return { rows, total: all.length, next }
}

export function mountScheduleApi(app: App, context: Context): void {
  const { db, settings } = context
  const { zone } = settings
  const read = <R>(request: FastifyRequest, work: (tx: Tx) => Promise<R>): Promise<R> =>
    asReader(db, actorOf(request), request.now, work)

  app.get<{ Querystring: z.infer<typeof shapes.listQuery> }>(
    '/api/v1/duty/schedules',
    api(readers, 'Duties that you may see, by organisation and name', {
      ...{ querystring: shapes.listQuery, response: { 200: shapes.schedulesAnswer } },
    }),
    (request) =>
      read(request, async (tx) => {
        const { rows, ...rest } = await listed(tx, request.query)
        return { schedules: rows.map(lineJson), ...rest }
      }),
  )

  app.get<{ Querystring: z.infer<typeof shapes.nowQuery> }>(
    '/api/v1/duty/now',
    api(readers, 'Who is on duty now, or at another time, by each duty that you may see', {
      ...{ querystring: shapes.nowQuery, response: { 200: shapes.nowAnswer } },
    }),
    (request) =>
      read(request, async (tx) => {
        const { at: asked, ...query } = request.query
        const at = asked === undefined ? request.now : Date.parse(asked)
        const { rows, ...rest } = await listed(tx, query)
        const schedules: z.infer<typeof shapes.nowAnswer>['schedules'] = []
        for (const line of rows) {
          const duty = await dutyAt(tx, line.id, at)
          schedules.push({ ...lineJson(line), people: named(duty, onDuty(scheduleOf(duty, zone), at)) })
        }
        return { at: iso(at), schedules, ...rest }
      }),
  )

  app.get<{ Params: z.infer<typeof shapes.idParams> }>(
    '/api/v1/duty/schedules/:id',
    api(ofDuty, 'One duty with its rules and the exceptions that are not over', {
      ...{ params: shapes.idParams, response: { 200: shapes.scheduleAnswer } },
    }),
    (request) =>
      read(request, async (tx) => dutyJson(await dutyAt(tx, request.params.id, request.now), zone)),
  )

  app.get<{ Params: z.infer<typeof shapes.idParams>; Querystring: z.infer<typeof shapes.shiftsQuery> }>(
    '/api/v1/duty/schedules/:id/shifts',
    api(ofDuty, 'Who is on duty through a range, one shift after the other', {
      ...{ params: shapes.idParams, querystring: shapes.shiftsQuery, response: { 200: shapes.shiftsAnswer } },
    }),
    (request) => {
      const { from: begin, to: end } = request.query
      const from = begin === undefined ? request.now : Date.parse(begin)
      const to = end === undefined ? from + shapes.weekMs : Date.parse(end)
      if (to <= from || to - from > shapes.longestRangeMs)
        throw new Invalid('Ask for a range of at most 84 days', { to: 'after `from`, at most 84 days later' })
      return read(request, async (tx) => {
        const duty = await dutyAt(tx, request.params.id, from)
        const shifts = shiftsOf(scheduleOf(duty, zone), from, to)
        return {
          ...{ from: iso(from), to: iso(to) },
          shifts: shifts.map((one) => ({
            ...{ from: iso(one.from), to: iso(one.to), people: named(duty, one.people) },
          })),
        }
      })
    },
  )
  mountChanging(app, context)
}

/** By people alone: no key changes anything. */
function mountChanging(app: App, { db }: Context): void {
  const people: Access = { who: readers.who, objects: { id: 'duty' } }
  const sample = { kind: 'remove', person: 1, from: '2026-03-04T08:00:00Z', to: '2026-03-04T16:00:00Z' }
  app.post<{ Params: z.infer<typeof shapes.idParams>; Body: z.infer<typeof shapes.changeBody> }>(
    '/api/v1/duty/schedules/:id/changes',
    api({ ...people, sample }, 'Add, remove or replace a person for a while', {
      ...{ params: shapes.idParams, body: shapes.changeBody, response: { 201: shapes.changeAnswer } },
    }),
    async (request, reply) => {
      const { person, stand_in: standIn = null, kind, note } = request.body
      const [from, to] = [Date.parse(request.body.from), Date.parse(request.body.to)]
      const wanted = { kind, person, standIn, from, to, note: note.trim() }
      const by = actorOf(request)
      const id = await doing(asEngine(db, (tx) => change(tx, request.params.id, wanted, by, request.now)))
      return reply.status(201).send(changeJson({ id, ...wanted }))
    },
  )

  app.delete<{ Params: z.infer<typeof shapes.changeParams> }>(
    '/api/v1/duty/schedules/:id/changes/:exception',
    api({ who: readers.who, objects: { id: 'duty', exception: 'duty_change' } }, 'Withdraw an exception', {
      ...{ params: shapes.changeParams, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const { id, exception } = request.params
      await asEngine(db, (tx) => withdraw(tx, id, exception, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
