/** Calls for coordinators' programs: written, looked at, released by somebody else. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { renaming, WrongState } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { kinds, regionCodes } from '../../members/index.ts'
import { callRevision, create, discard, draftRevision, save } from '../draft.ts'
import { getBroadcast } from '../read.ts'
import { judge, release } from '../release.ts'
import { type Broadcast, classes, type Draft, modes, testWays, tlps, usualAnswers } from '../types.ts'
import { api, asAsker, idIn, leaders, ofCall, previewFor } from './asked.ts'

const number = z.int().min(0).max(2_147_483_647)
const seen = z
  .string()
  .max(8_000)
  .describe('the revision that was read with it; 409 with `changed` where it is another by now')

const fields = {
  class: z.enum(classes).describe('emergency and warning need two persons'),
  title: z.string().max(120),
  body: z.string().max(4_000),
  room: z.string().max(300).describe('where people meet'),
  tlp: z.enum(tlps),
  organisations: z.array(number).max(2_000).nullable().describe('null: all members'),
  kinds: z.array(z.enum(kinds)).max(kinds.length),
  regions: z.array(z.enum(regionCodes)).max(regionCodes.length).describe('codes of NUTS 3'),
  answers: z
    .array(z.object({ cs: z.string().max(60), en: z.string().max(60), needs_note: z.boolean() }))
    .max(9)
    .describe('their codes are 1, 2 and so on'),
  mode: z.enum(modes).describe('whose answer ends the steps: one, everybody, or so many as `quorum`'),
  quorum: number,
  within_min: number.describe('minutes from the release to the deadline'),
  channel: z.enum(testWays).nullable().describe('of a test: the one way that it tries'),
  with_managers: z.boolean(),
}
const asked = usualAnswers.map(({ cs, en, needsNote }) => ({ cs, en, needs_note: needsNote }))
const newBody = z.object({
  ...fields,
  body: fields.body.default(''),
  room: fields.room.default(''),
  organisations: fields.organisations.default(null),
  kinds: fields.kinds.default([]),
  regions: fields.regions.default([]),
  answers: fields.answers.default(asked),
  mode: fields.mode.default('org'),
  quorum: fields.quorum.default(1),
  within_min: fields.within_min.default(60),
  channel: fields.channel.default(null),
  with_managers: fields.with_managers.default(true),
})
const saveBody = z.object({ ...fields, seen })
const draftAnswer = z.object({
  id: z.number(),
  ...fields,
  author: z.string().nullable(),
  yours: z.boolean().describe('you wrote it or edited it last: what is real is released by somebody else'),
  changed_at: z.string().describe('ISO 8601, UTC'),
  seen: z.string().describe('to be said when it is saved'),
})
const person = z.object({ name: z.string().nullable(), channel: z.string(), address: z.string() })
const previewAnswer = z.object({
  organisations: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      excused: z.string().nullable().describe('why a drill spares it'),
      rests: z.boolean().describe('it had a drill lately and is left out'),
      steps: z.array(z.object({ no: z.number(), delay_min: z.number(), people: z.array(person) })),
    }),
  ),
  seen: z.string().describe('to be said when it is released'),
})

const draftIn = (body: Omit<z.infer<typeof saveBody>, 'seen'>): Draft => {
  const { organisations: orgs, within_min: withinMin, with_managers: withManagers, ...rest } = body
  const answers = body.answers.map(({ needs_note: needsNote, ...one }, i) => ({
    ...{ code: String(i + 1), cs: one.cs.trim(), en: one.en.trim(), needsNote },
  }))
  return { ...rest, orgs, withinMin, withManagers, answers }
}

const draftJson = (call: Broadcast, by: number): z.infer<typeof draftAnswer> => ({
  ...{ id: call.id, class: call.class, title: call.title, body: call.body, room: call.room, tlp: call.tlp },
  organisations: call.orgs,
  kinds: kinds.filter((one) => call.kinds.includes(one)),
  regions: regionCodes.filter((one) => call.regions.includes(one)),
  answers: call.answers.map(({ cs, en, needsNote }) => ({ cs, en, needs_note: needsNote })),
  ...{ mode: call.mode, quorum: call.quorum, within_min: call.withinMin, channel: call.channel },
  ...{ with_managers: call.withManagers, author: call.authorName },
  ...{ yours: [call.author, call.editor].includes(by), changed_at: iso(call.changedAt) },
  seen: draftRevision(call),
})

/** Fields of the editor, as bodies call them. */
const bodyFields: Record<string, string> = {
  ...{ orgs: 'organisations', within: 'within_min', managers: 'with_managers' },
}
/** The verb, with what it refuses and what has changed named as in the body. */
const doing = <R>(work: Promise<R>): Promise<R> => renaming(work, (field) => bodyFields[field] ?? field)

const sample = { class: 'drill', title: 'Zkouška', body: 'Odpovězte.', tlp: 'GREEN' }
const whole = {
  ...{ ...sample, room: '', organisations: null, kinds: [], regions: [], answers: asked, mode: 'org' },
  ...{ quorum: 1, within_min: 60, channel: null, with_managers: true, seen: 'x' },
}

export function mountCallWritingApi(app: App, context: Context): void {
  const { db } = context
  const draftOf = async (request: FastifyRequest, id: number): Promise<Broadcast> => {
    const call = await asAsker(context, request, (tx) => getBroadcast(tx, id))
    if (call.state !== 'draft') throw new WrongState('The call is out already')
    return call
  }
  const shown = async (request: FastifyRequest, id: number) =>
    draftJson(await draftOf(request, id), actorOf(request).person)

  app.post<{ Body: z.infer<typeof newBody> }>(
    '/api/v1/rollcalls',
    api({ ...leaders, sample }, 'Begin a roll-call: a draft, which only coordinators see', {
      ...{ body: newBody, response: { 201: draftAnswer } },
    }),
    async (request, reply) => {
      const draft = draftIn(request.body)
      const id = await doing(asEngine(db, (tx) => create(tx, draft, actorOf(request), request.now)))
      return reply.status(201).send(await shown(request, id))
    },
  )
  app.get(
    '/api/v1/rollcalls/:id/draft',
    api(ofCall(leaders), 'A roll-call that is being written, with the revision to say when it is saved', {
      response: { 200: draftAnswer },
    }),
    (request) => shown(request, idIn(request)),
  )
  app.put<{ Body: z.infer<typeof saveBody> }>(
    '/api/v1/rollcalls/:id/draft',
    api(ofCall(leaders, whole), 'Save a draft, all of it', {
      body: saveBody,
      response: { 200: draftAnswer },
    }),
    async (request) => {
      const { seen: was, ...given } = request.body
      const id = idIn(request)
      await doing(asEngine(db, (tx) => save(tx, id, draftIn(given), actorOf(request), request.now, was)))
      return shown(request, id)
    },
  )
  app.delete(
    '/api/v1/rollcalls/:id/draft',
    api(ofCall(leaders), 'Throw a draft away', { response: { 204: z.null() } }),
    async (request, reply) => {
      await asEngine(db, (tx) => discard(tx, idIn(request), actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.get(
    '/api/v1/rollcalls/:id/preview',
    api(ofCall(leaders), 'Exactly who would be told, step by step, were it released now', {
      response: { 200: previewAnswer },
    }),
    async (request) => {
      const call = await draftOf(request, idIn(request))
      const { policy, lines } = await previewFor(context, request, call)
      return {
        organisations: lines.map(({ org, name, excused, cooling, steps }) => ({
          ...{ id: org, name, excused, rests: cooling },
          steps: steps.map(({ no, delayMin, people }) => ({
            ...{ no, delay_min: delayMin },
            people: people.map((one) => ({ name: one.name, channel: one.channel, address: one.address })),
          })),
        })),
        seen: callRevision(call, policy),
      }
    },
  )
  app.put<{ Body: { seen: string } }>(
    '/api/v1/rollcalls/:id/release',
    api(ofCall(leaders, { seen: 'x' }), 'Release a roll-call; `seen` of the preview', {
      ...{ body: z.object({ seen }), response: { 200: z.object({ organisations: z.number() }) } },
    }),
    async (request) => {
      const [id, { seen: was }] = [idIn(request), request.body]
      const work = asEngine(db, (tx) => release(tx, id, actorOf(request), request.now, was))
      return { organisations: await doing(work) }
    },
  )
  app.put(
    '/api/v1/rollcalls/:id/review',
    api(ofCall(leaders), 'Say that you looked at what one person released alone', {
      response: { 204: z.null() },
    }),
    async (request, reply) => {
      await asEngine(db, (tx) => judge(tx, idIn(request), actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
