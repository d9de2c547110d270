/** For coordinators' programs: what is decided about a warning that is out. */
import { z } from 'zod'
import { asReader } from '../../../../../platform/access.ts'
import type { Context } from '../../../../../platform/context.ts'
import { iso } from '../../../../../platform/dates.ts'
import { Invalid, NotFound } from '../../../../../platform/errors.ts'
import { type App, actorOf } from '../../../../../platform/http.ts'
import { audiences } from '../../../../../values/audience.ts'
import { tlps } from '../../../../../values/tlp.ts'
import { makeOfAdvisory, takeUp } from '../../../written/from-advisory.ts'
import { grantWider, makeOfWarnings, mostSources, noteSources } from '../../../written/from-warnings.ts'
import { indicatorsOf } from '../../../written/indicators/keep.ts'
import { judge } from '../../../written/publish.ts'
import { getWritten, versionOf } from '../../../written/read.ts'
import { remind } from '../../../written/remind.ts'
import { revoke } from '../../../written/revoke.ts'
import { revocationRevision, versionRevision } from '../../../written/seen.ts'
import { coordinators, idOf, smallIdOf } from '../../access.ts'
import { api } from '../../route.ts'
import { draftJson } from './drafts.ts'
import { doing, draftAnswer, instant, params, seen } from './shapes.ts'

type Params = z.infer<typeof params>

const of = { who: coordinators, objects: { id: 'written' as const } }
const address = '/api/v1/written-warnings/:id'

const decisions = z.object({
  version: z.number(),
  review_due_at: instant.nullable().describe('one person released it alone: by when another looks at it'),
  judged_at: instant.nullable(),
  revocation: z
    .object({ reason: z.string(), yours: z.boolean().describe('you asked for it: somebody else does it') })
    .nullable()
    .describe('asked for, and not done yet'),
  seen: z.object({ judgement: z.string(), revocation: z.string() }),
})
const revoking = z.object({ reason: z.string().max(2_000), seen })
const revoked = z.object({
  asked: z.boolean().describe('true: another coordinator has to do it'),
  messages: z.number().describe('to those who had it'),
})
const granting = z.object({ tlp: z.enum(tlps), audience: z.enum(audiences) })

export function mountOutApi(app: App, { db }: Context): void {
  app.get<{ Params: Params }>(
    `${address}/decisions`,
    api(of, 'What waits to be decided about a warning that is out, with the revisions to decide on', {
      ...{ params, response: { 200: decisions } },
    }),
    (request) =>
      asReader(db, actorOf(request), request.now, async (tx) => {
        const warning = await getWritten(tx, idOf(request.params.id))
        const out = await versionOf(tx, warning.id, 'published')
        if (!out) throw new NotFound('There is no such warning')
        const indicators = await indicatorsOf(tx, warning.id, out.no)
        const { revokeAskedBy: asker, revokeReason: reason } = warning
        const { person } = actorOf(request)
        return {
          version: out.no,
          review_due_at: out.reviewDueAt === null ? null : iso(out.reviewDueAt),
          judged_at: out.judgedAt === null ? null : iso(out.judgedAt),
          revocation: asker === null ? null : { reason: reason ?? '', yours: asker === person },
          seen: {
            judgement: versionRevision(out, indicators),
            revocation: revocationRevision(warning, out),
          },
        }
      }),
  )

  app.put<{ Params: Params; Body: { seen: string } }>(
    `${address}/judgement`,
    api({ ...of, sample: { seen: 'x' } }, 'Say that you looked at what one person released alone', {
      ...{ params, body: z.object({ seen }), response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const id = idOf(request.params.id)
      await doing(judge(db, id, actorOf(request), request.now, request.body.seen))
      return reply.status(204).send(null)
    },
  )

  app.put<{ Params: Params; Body: z.infer<typeof revoking> }>(
    `${address}/revocation`,
    api(
      { ...of, sample: { reason: 'x', seen: 'x' } },
      'Ask for a warning to be revoked, or do what was asked',
      {
        ...{ params, body: revoking, response: { 200: revoked } },
      },
    ),
    async (request) => {
      const [id, { reason, seen: was }] = [idOf(request.params.id), request.body]
      const done = await doing(revoke(db, id, actorOf(request), reason, request.now, was))
      return { asked: done.asked, messages: done.asked ? 0 : done.told }
    },
  )

  app.post<{ Params: Params }>(
    `${address}/reminders`,
    api(of, 'Write again to those who have not answered, at most once an hour', {
      ...{ params, response: { 201: z.object({ organisations: z.number() }) } },
    }),
    async (request, reply) => {
      const organisations = await remind(db, idOf(request.params.id), actorOf(request), request.now)
      return reply.status(201).send({ organisations })
    },
  )

  app.put<{ Params: Params; Body: z.infer<typeof granting> }>(
    `${address}/grant`,
    api(
      { ...of, sample: { tlp: 'GREEN', audience: 'all_members' } },
      'Let what others make of your warning be as wide as this',
      { params, body: granting, response: { 204: z.null() } },
    ),
    async (request, reply) => {
      await grantWider(db, smallIdOf(request.params.id), actorOf(request), request.body, request.now)
      return reply.status(204).send(null)
    },
  )
  app.delete<{ Params: Params }>(
    `${address}/grant`,
    api(of, 'Take back that it may be wider', { params, response: { 204: z.null() } }),
    async (request, reply) => {
      await grantWider(db, smallIdOf(request.params.id), actorOf(request), null, request.now)
      return reply.status(204).send(null)
    },
  )
}

/** Drafts that are made of something, and what became of it since. */
export function mountSourcesApi(app: App, context: Context): void {
  const { db } = context
  const summary = z.object({ sources: z.array(z.int()).min(1).max(mostSources) })
  app.post<{ Body: z.infer<typeof summary> }>(
    '/api/v1/written-warnings/summaries',
    api({ who: coordinators, sample: { sources: [1] } }, 'Begin a warning that summarises others', {
      ...{ body: summary, response: { 201: draftAnswer } },
    }),
    async (request, reply) => {
      const [by, sources] = [actorOf(request), request.body.sources]
      if (sources.some((one) => one !== smallIdOf(one))) throw new Invalid('No warning', { sources: 'form' })
      const id = await makeOfWarnings(db, sources, by, request.now)
      const made = await asReader(db, by, request.now, (tx) => draftJson(tx, id, by))
      return reply.status(201).send(made)
    },
  )
  app.put<{ Params: Params }>(
    `${address}/sources`,
    api(of, 'Say that you know what became of what it was made of', {
      ...{ params, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      await noteSources(db, smallIdOf(request.params.id), actorOf(request), request.now)
      return reply.status(204).send(null)
    },
  )

  app.post<{ Params: Params }>(
    '/api/v1/advisories/:id/warning',
    api({ who: coordinators, objects: { id: 'advisory' } }, 'Begin a warning made of an advisory', {
      ...{ params, response: { 201: draftAnswer } },
    }),
    async (request, reply) => {
      const by = actorOf(request)
      const id = await makeOfAdvisory(context, idOf(request.params.id), by, request.now)
      const made = await asReader(db, by, request.now, (tx) => draftJson(tx, id, by))
      return reply.status(201).send(made)
    },
  )
  app.put<{ Params: Params }>(
    `${address}/advisory`,
    api(of, 'Begin a version that takes up the newest version of its advisory', {
      ...{ params, response: { 200: draftAnswer } },
    }),
    async (request) => {
      const [by, id] = [actorOf(request), idOf(request.params.id)]
      await takeUp(context, id, by, request.now)
      return asReader(db, by, request.now, (tx) => draftJson(tx, id, by))
    },
  )
}
