/** Calls for coordinators' programs: what is done while one runs, its end, and times without drills. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { againToSilent, called } from '../again.ts'
import { answer } from '../answer.ts'
import { attemptsOf } from '../attempts.ts'
import { cancel, close } from '../end.ts'
import { logOf } from '../log.ts'
import { getBroadcast } from '../read.ts'
import { protect, unprotect, windows } from '../windows.ts'
import { api, asAsker, idIn, leaders, members, ofCall, readers } from './asked.ts'

const instant = z.string().describe('ISO 8601, UTC')
const given = z.iso.datetime({ offset: true })
const org = z.int().min(1).max(2_147_483_647)
const when = (at: number | null): string | null => (at === null ? null : iso(at))

const behalf = z.object({
  organisation: org,
  answer: z.string().max(10).describe('a code of the call, or seen'),
  note: z.string().max(2_000).describe('who said so'),
})
const protocolAnswer = z.object({
  attempts: z.array(
    z.object({
      id: z.number(),
      organisation: z.number(),
      step: z.number(),
      round: z.number(),
      person: z.string().nullable(),
      channel: z.string(),
      address: z.string(),
      state: z.string().nullable().describe('of the message; null of a call to be made'),
      reason: z.string().nullable(),
      at: instant,
      settled_at: instant.nullable(),
      called_at: instant.nullable(),
      called_by: z.string().nullable(),
    }),
  ),
  log: z.array(
    z.object({
      what: z.string(),
      organisation: z.number().nullable(),
      person: z.string().nullable(),
      detail: z.record(z.string(), z.unknown()),
      at: instant,
    }),
  ),
})

export function mountCallLeadingApi(app: App, context: Context): void {
  const { db } = context
  app.post(
    '/api/v1/rollcalls/:id/again',
    api(ofCall(leaders), 'Tell the silent again, at most once in five minutes', {
      response: { 201: z.object({ organisations: z.number() }) },
    }),
    async (request, reply) => {
      const { secret } = context.settings
      const organisations = await asEngine(db, (tx) =>
        againToSilent(tx, secret, idIn(request), actorOf(request), request.now),
      )
      return reply.status(201).send({ organisations })
    },
  )
  app.put<{ Body: z.infer<typeof behalf> }>(
    '/api/v1/rollcalls/:id/answers',
    api(
      ofCall(leaders, { organisation: 1, answer: 'seen', note: 'Volal primář' }),
      'Answer for an organisation that was spoken to',
      { body: behalf, response: { 200: z.object({ counted: z.boolean(), conflict: z.boolean() }) } },
    ),
    (request) => {
      const { organisation, answer: code, note } = request.body
      const said = { org: organisation, code, note, via: 'api' as const }
      return asEngine(db, (tx) => answer(tx, idIn(request), said, actorOf(request), request.now))
    },
  )
  app.put(
    '/api/v1/rollcalls/:id/attempts/:attempt/called',
    api(
      { ...leaders, objects: { id: 'rollcall', attempt: 'rollcall' } },
      'Note that somebody of the call list was called',
      { response: { 204: z.null() } },
    ),
    async (request, reply) => {
      const [id, attempt] = [idIn(request), idIn(request, 'attempt')]
      await asEngine(db, (tx) => called(tx, id, attempt, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.put(
    '/api/v1/rollcalls/:id/closing',
    api(ofCall(leaders), 'Close a roll-call: no more steps, no more answers', {
      response: { 204: z.null() },
    }),
    async (request, reply) => {
      await asEngine(db, (tx) => close(tx, idIn(request), actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.put(
    '/api/v1/rollcalls/:id/cancellation',
    api(ofCall(leaders), 'Cancel a roll-call: who got a message is told that it does not hold', {
      response: { 200: z.object({ messages: z.number() }) },
    }),
    async (request) => ({
      messages: await asEngine(db, (tx) => cancel(tx, idIn(request), actorOf(request), request.now)),
    }),
  )
  app.get(
    '/api/v1/rollcalls/:id/protocol',
    api(ofCall(leaders), 'Who was told by which way and what became of it, and what happened in its order', {
      response: { 200: protocolAnswer },
    }),
    (request) =>
      asAsker(context, request, async (tx) => {
        const { id } = await getBroadcast(tx, idIn(request))
        const attempts = await attemptsOf(tx, id)
        return {
          attempts: attempts.map((one) => ({
            ...{ id: one.id, organisation: one.org, step: one.step, round: one.round, person: one.person },
            ...{ channel: one.channel, address: one.address, state: one.state, reason: one.reason },
            ...{ at: iso(one.at), settled_at: when(one.settledAt) },
            ...{ called_at: when(one.calledAt), called_by: one.calledBy },
          })),
          log: (await logOf(tx, id)).map((line) => ({
            ...{ what: line.what, organisation: line.org, person: line.person, detail: line.detail },
            at: iso(line.at),
          })),
        }
      }),
  )
  mountWindows(app, context)
}

const windowBody = z.object({ organisation: org, from: given, to: given, reason: z.string().max(200) })
const windowsAnswer = z.object({
  windows: z.array(
    z.object({
      id: z.number(),
      organisation: z.object({ id: z.number(), name: z.string() }),
      from: instant,
      to: instant,
      reason: z.string(),
      declared_by: z.string().nullable(),
    }),
  ),
})

function mountWindows(app: App, context: Context): void {
  const { db } = context
  app.get(
    '/api/v1/rollcalls/windows',
    api(readers, 'Times without drills that you may see and that are not over', {
      response: { 200: windowsAnswer },
    }),
    async (request) => {
      const found = await asAsker(context, request, (tx) => windows(tx, request.now))
      return {
        windows: found.map((one) => ({
          ...{ id: one.id, organisation: { id: one.org, name: one.orgName }, from: iso(one.from) },
          ...{ to: iso(one.to), reason: one.reason, declared_by: one.by },
        })),
      }
    },
  )
  const sample = {
    ...{ organisation: 1, from: '2099-01-01T08:00:00Z', to: '2099-01-02T08:00:00Z', reason: 'Operace' },
  }
  app.post<{ Body: z.infer<typeof windowBody> }>(
    '/api/v1/rollcalls/windows',
    api({ ...members, sample }, 'Say when an organisation wants no drill', {
      ...{ body: windowBody, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const { organisation, from, to, reason } = request.body
      const wanted = { org: organisation, from: Date.parse(from), to: Date.parse(to), reason }
      await asEngine(db, (tx) => protect(tx, wanted, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.delete(
    '/api/v1/rollcalls/windows/:period',
    api({ ...members, objects: { period: 'protected_window' } }, 'Take back a time without drills', {
      response: { 204: z.null() },
    }),
    async (request, reply) => {
      const id = idIn(request, 'period')
      await asEngine(db, (tx) => unprotect(tx, id, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
