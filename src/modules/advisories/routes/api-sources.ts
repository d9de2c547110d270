/** Where advisories come from, for programs of coordinators: sources, and documents that were set aside. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { iso } from '../../../platform/dates.ts'
import { renaming } from '../../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { advisoryTlps } from '../labels.ts'
import { decide, mayBeTaken, waiting } from '../quarantine.ts'
import {
  addSource,
  askNow,
  changeSource,
  type Source,
  sourceAt,
  sourceKinds,
  sources,
  switchSource,
} from '../sources.ts'
import { acting, api, coordinators, idIn, reading } from './answers.ts'

const ofSource: Access = { ...coordinators, objects: { id: 'advisory_source' } }
const ofDocument: Access = { ...coordinators, objects: { id: 'advisory_document' } }
const path = '/api/v1/advisories/sources'
const instant = z.string().describe('ISO 8601, UTC')

const fields = {
  label: z.string().max(300),
  url: z.string().max(2_000).nullable().describe('null: of files that are brought'),
  tlp: z.enum(advisoryTlps).describe('of what bears no label; nothing of it is ever wider'),
  every_minutes: z.int().min(5).max(10_080),
}
const openpgp_key = z.string().max(100_000).nullable().default(null).describe('null: what is known stays')
const changeBody = z.object({ ...fields, openpgp_key })
const newBody = changeBody.extend({
  kind: z.enum(sourceKinds),
  every_minutes: fields.every_minutes.default(60),
})
const sourceAnswer = z.object({
  id: z.number(),
  kind: z.enum(sourceKinds),
  ...fields,
  every_minutes: z.number(),
  enabled: z.boolean(),
  fingerprints: z.array(z.string()).describe('of its OpenPGP key'),
  tried_at: instant.nullable(),
  succeeded_at: instant.nullable(),
  failed_at: instant.nullable(),
  due_at: instant,
  failures: z.number(),
  failure: z.string().nullable(),
  failure_said: z.string(),
  advisories: z.number(),
  aside: z.number().describe('documents of it that wait for a decision'),
})
const documentAnswer = z.object({
  id: z.number(),
  source: z.object({ id: z.number(), label: z.string() }),
  url: z.string(),
  reason: z.string(),
  said: z.string(),
  bytes: z.number().nullable(),
  may_be_taken: z.boolean(),
  at: instant,
})
const decision = z.object({
  decision: z.enum(['taken', 'discarded']),
  tlp: z.enum(advisoryTlps).nullable().default(null).describe('of a document without a label'),
})

const when = (at: number | null): string | null => (at === null ? null : iso(at))
const sourceJson = (one: Source): z.infer<typeof sourceAnswer> => ({
  ...{ id: one.id, kind: one.kind, label: one.label, url: one.url, tlp: one.tlp, enabled: one.enabled },
  ...{ every_minutes: one.everyMinutes, fingerprints: one.fingerprints, due_at: iso(one.dueAt) },
  ...{ tried_at: when(one.triedAt), succeeded_at: when(one.succeededAt), failed_at: when(one.failedAt) },
  ...{ failures: one.failures, failure: one.failure, failure_said: one.failureSaid },
  ...{ advisories: one.advisories, aside: one.aside },
})
const wantedOf = (body: z.infer<typeof changeBody>) => ({
  ...{ label: body.label, url: body.url ?? '', tlp: body.tlp, everyMinutes: String(body.every_minutes) },
  key: body.openpgp_key ?? '',
})

/** Fields of the form, as bodies call them. */
const bodyFields: Record<string, string> = { everyMinutes: 'every_minutes', key: 'openpgp_key' }
/** The verb, with what it refuses named as in the body. */
const doing = <R>(work: Promise<R>): Promise<R> => renaming(work, (field) => bodyFields[field] ?? field)

export function mountSourcesApi(app: App, context: Context): void {
  app.get(
    path,
    api(coordinators, 'Sources of advisories, and how asking them went', {
      response: { 200: z.object({ sources: z.array(sourceAnswer) }) },
    }),
    async (request) => ({ sources: (await reading(context, request, sources)).map(sourceJson) }),
  )
  const change = {
    ...{ label: 'Zkušební zdroj', url: 'https://zdroj.example/feed', tlp: 'AMBER', every_minutes: 60 },
  }
  const sample = { ...change, kind: 'feed', label: 'Zdroj programu' }
  app.post<{ Body: z.infer<typeof newBody> }>(
    path,
    api({ ...coordinators, sample }, 'Add a source', {
      ...{ body: newBody, response: { 201: sourceAnswer } },
    }),
    async (request, reply) => {
      const wanted = { ...wantedOf(request.body), kind: request.body.kind }
      const work = acting(context, request, (tx) => addSource(tx, wanted, actorOf(request), request.now))
      const id = await doing(work)
      return reply.status(201).send(sourceJson(await reading(context, request, (tx) => sourceAt(tx, id))))
    },
  )
  app.put<{ Body: z.infer<typeof changeBody> }>(
    `${path}/:id`,
    api(
      { ...ofSource, sample: { ...change, label: 'Jiný zdroj' } },
      'Change a source; what was taken stays',
      {
        ...{ body: changeBody, response: { 200: sourceAnswer } },
      },
    ),
    async (request) => {
      const [id, wanted] = [idIn(request), wantedOf(request.body)]
      await doing(
        acting(context, request, (tx) => changeSource(tx, id, wanted, actorOf(request), request.now)),
      )
      return sourceJson(await reading(context, request, (tx) => sourceAt(tx, id)))
    },
  )
  app.put<{ Body: { enabled: boolean } }>(
    `${path}/:id/switch`,
    api({ ...ofSource, sample: { enabled: true } }, 'Switch a source on or off', {
      ...{ body: z.object({ enabled: z.boolean() }), response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const [id, { enabled }] = [idIn(request), request.body]
      await acting(context, request, (tx) => switchSource(tx, id, enabled, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.post(
    `${path}/:id/asking`,
    api(ofSource, 'Ask a source anew, whatever kept it waiting', { response: { 204: z.null() } }),
    async (request, reply) => {
      await acting(context, request, (tx) => askNow(tx, idIn(request), actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  mountAside(app, context)
}

function mountAside(app: App, context: Context): void {
  app.get(
    '/api/v1/advisories/aside',
    api(coordinators, 'Documents that were not taken and wait for a decision, with the reason', {
      response: { 200: z.object({ documents: z.array(documentAnswer) }) },
    }),
    async (request) => ({
      documents: (await reading(context, request, waiting)).map((one) => ({
        ...{ id: one.id, source: { id: one.sourceId, label: one.source }, url: one.url },
        ...{ reason: one.reason, said: one.said, bytes: one.bytes, at: iso(one.at) },
        may_be_taken: mayBeTaken(one.reason) && one.bytes !== null,
      })),
    }),
  )
  app.put<{ Body: z.infer<typeof decision> }>(
    '/api/v1/advisories/aside/:id/decision',
    api({ ...ofDocument, sample: { decision: 'discarded' } }, 'Take a document all the same, or discard it', {
      ...{ body: decision, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const wanted = { decision: request.body.decision, tlp: request.body.tlp ?? '' }
      const id = idIn(request)
      await acting(context, request, (tx) => decide(tx, id, wanted, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
