/** For programs: an organisation's choices and exceptions, read by a key too and changed by its people. */
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine, type Tx } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { choicesOf } from '../../blocklists/make.ts'
import { choose, endException, except } from '../../blocklists/own.ts'
import { type ExceptionLine, exceptionsOf } from '../../blocklists/read-own.ts'
import { choosable, kinds } from '../../blocklists/types.ts'
import { api, change, id, orgParams, read, readable } from './api-route.ts'

const exceptionParams = z.object({ id, exception: id })

const choicesShape = z.object({
  kinds: z.array(z.enum(kinds)).max(kinds.length),
  sources: z
    .array(z.enum(choosable))
    .max(choosable.length)
    .describe('strict: warnings with TLP:AMBER+STRICT, left out unless chosen'),
  confidence: z
    .union([z.literal(1), z.literal(2)])
    .describe("1: somebody's word is enough; 2: at least two independent observers"),
  max_days: z.number().int().min(1).max(365).describe('left out when not seen for longer'),
})

async function choicesJson(tx: Tx, org: number): Promise<z.infer<typeof choicesShape>> {
  const { maxDays, ...rest } = await choicesOf(tx, org)
  return { ...rest, max_days: maxDays }
}

const exceptionBody = z.object({
  value: z.string().max(4_096).describe('address, network, domain, URL or SHA-256, defanged or not'),
  reason: z.string().max(500).default(''),
  broke: z.boolean().default(false).describe('blocking it broke the care; it has to be on the lists'),
})
const exceptionAnswer = z.object({
  id: z.number(),
  kind: z.enum(kinds),
  value: z.string(),
  broke: z.boolean(),
  reason: z.string(),
  firewall: z.string().nullable().describe('whose key said so'),
  made_at: z.string().describe('ISO 8601, UTC'),
})
const madeAnswer = z.object({
  kind: z.enum(kinds),
  value: z.string(),
  gone: z.number().describe('entries that left the lists of the organisation'),
  others: z
    .enum(['alone', 'reported', 'withdrawn'])
    .describe(
      'alone: nothing changes for others; reported: somebody else says so too, coordinators decide; withdrawn: off all lists until they do',
    ),
})

/** Without who said so: a key learns no names. */
const exceptionJson = (one: ExceptionLine): z.infer<typeof exceptionAnswer> => ({
  ...{ id: one.id, kind: one.kind, value: one.value, broke: one.broke, reason: one.reason },
  ...{ firewall: one.device, made_at: iso(one.madeAt) },
})

export function mountOwnApi(app: App, { db }: Context): void {
  app.get<{ Params: z.infer<typeof orgParams> }>(
    '/api/v1/blocklists/:id/choices',
    api(read, 'What an organisation wants on its lists', {
      ...{ params: orgParams, response: { 200: choicesShape } },
    }),
    (request) => {
      const org = readable(actorOf(request), request.params.id)
      return asReader(db, actorOf(request), request.now, (tx) => choicesJson(tx, org))
    },
  )

  const sample = { kinds: ['ip', 'net'], sources: ['campaign'], confidence: 2, max_days: 30 }
  app.put<{ Params: z.infer<typeof orgParams>; Body: z.infer<typeof choicesShape> }>(
    '/api/v1/blocklists/:id/choices',
    api({ ...change, sample }, 'Choose what is on the lists', {
      ...{ params: orgParams, body: choicesShape, response: { 200: choicesShape } },
    }),
    (request) => {
      const { max_days: maxDays, ...given } = request.body
      const { id: org } = request.params
      const wanted = {
        ...{ kinds: kinds.filter((one) => given.kinds.includes(one)), maxDays },
        ...{ sources: choosable.filter((one) => given.sources.includes(one)), confidence: given.confidence },
      }
      return asEngine(db, async (tx) => {
        await choose(tx, org, wanted, actorOf(request), request.now)
        return choicesJson(tx, org)
      })
    },
  )

  app.get<{ Params: z.infer<typeof orgParams> }>(
    '/api/v1/blocklists/:id/exceptions',
    api(read, 'What an organisation lets through, the newest first', {
      ...{
        params: orgParams,
        response: { 200: z.object({ exceptions: z.array(exceptionAnswer) }) },
      },
    }),
    (request) => {
      const org = readable(actorOf(request), request.params.id)
      return asReader(db, actorOf(request), request.now, async (tx) => ({
        exceptions: (await exceptionsOf(tx, org)).map(exceptionJson),
      }))
    },
  )

  app.post<{ Params: z.infer<typeof orgParams>; Body: z.infer<typeof exceptionBody> }>(
    '/api/v1/blocklists/:id/exceptions',
    api(
      { ...change, sample: { value: '203.0.113.77' } },
      'Let a value through, or say that its blocking broke the care',
      { params: orgParams, body: exceptionBody, response: { 201: madeAnswer } },
    ),
    async (request, reply) => {
      const wanted = { org: request.params.id, device: null, ...request.body }
      const { outcome, ...made } = await asEngine(db, (tx) =>
        except(tx, wanted, actorOf(request), request.now),
      )
      return reply.status(201).send({ ...made, others: outcome })
    },
  )

  app.delete<{ Params: z.infer<typeof exceptionParams> }>(
    '/api/v1/blocklists/:id/exceptions/:exception',
    api(
      { ...change, objects: { id: 'organisation', exception: 'blocklist_exception' } },
      'End an exception',
      {
        ...{ params: exceptionParams, response: { 204: z.null() } },
      },
    ),
    async (request, reply) => {
      await asEngine(db, (tx) => endException(tx, request.params.exception, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
