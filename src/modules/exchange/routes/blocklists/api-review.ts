/** What coordinators decide for all blocklists, for their programs. */
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { NotFound } from '../../../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { addNever, enter, letThrough, passJump, removeNever, withdraw } from '../../blocklists/decide.ts'
import {
  foundItems,
  type ItemLine,
  neverEntries,
  protection,
  troubles,
  waitingItems,
} from '../../blocklists/read-all.ts'
import { itemParam } from '../../blocklists/schema.ts'
import { kinds, lists, sources } from '../../blocklists/types.ts'
import { api, id } from './api-route.ts'

const coordinators: Access = { who: ['coordinator'] }
const path = '/api/v1/blocklists/review'
const instant = z.string().describe('ISO 8601, UTC')
const reason = z.string().min(1).max(500)

const itemAnswer = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  value: z.string(),
  state: z.enum(['candidate', 'confirmed', 'listed', 'expired', 'withdrawn']),
  seen_at: instant,
  ends_at: instant,
  closed_why: z.enum(['source', 'coordinator', 'false-positive']).nullable(),
  reason: z.string(),
  meets: z
    .array(z.object({ list: z.string(), what: z.string(), firm: z.boolean() }))
    .describe('of the never-list; firm: nobody lets it through'),
  overruled: z.boolean().describe('let through although it meets the never-list'),
  reported: z.boolean().describe('two organisations reported it; it stays until you decide'),
  sources: z.array(
    z.object({ source: z.enum(sources), ref: z.string(), observers: z.number(), reason: z.string() }),
  ),
  organisations: z.number(),
  firewalls: z.number(),
  broke: z.array(z.string()).describe('organisations whose care it broke'),
})
const jump = z.object({
  list: z.enum(lists),
  organisations: z.array(z.string()),
  held: z.number().nullable().describe('null: it could not be made'),
  entries: z.number(),
  since: instant,
})
const reviewAnswer = z.object({
  waiting: z.array(itemAnswer),
  jumps: z.array(jump).describe('lists that wait for a word, or could not be made'),
  protection: z.array(
    z.object({
      organisation: z.object({ id: z.number(), name: z.string() }),
      firewalls: z.number(),
      current: z.number().describe('firewalls that have what there is now'),
      last_at: instant.nullable(),
      entries: z.number(),
    }),
  ),
})
const neverAnswer = z.object({
  never: z.array(
    z.object({
      id: z.number(),
      value: z.string(),
      reason: z.string(),
      by: z.string().nullable(),
      added_at: instant,
    }),
  ),
})
const enterBody = z.object({
  value: z.string().max(4_096).describe('address, network, domain, URL or SHA-256, defanged or not'),
  reason,
  days: z.int().min(1).max(365).nullable().default(null).describe('null: as long as is usual of its kind'),
})
const neverBody = z.object({ value: z.string().max(500).describe('address, network or domain'), reason })
const itemsQuery = z.object({ find: z.string().max(200).default('').describe('a part of the value') })

const itemJson = (one: ItemLine): z.infer<typeof itemAnswer> => ({
  ...{ id: one.id, kind: one.kind, value: one.value, state: one.state, closed_why: one.closedWhy },
  ...{ seen_at: iso(one.seenAt), ends_at: iso(one.endsAt), reason: one.reason, meets: one.hits ?? [] },
  ...{ overruled: one.overruled, reported: one.reported, sources: one.sources, broke: one.broke },
  ...{ organisations: one.organisations, firewalls: one.firewalls },
})

export function mountReviewApi(app: App, { db }: Context): void {
  app.get(
    path,
    api(
      coordinators,
      'What of all blocklists waits for coordinators, and how far each organisation is protected',
      {
        response: { 200: reviewAnswer },
      },
    ),
    (request) =>
      asReader(db, actorOf(request), request.now, async (tx) => ({
        waiting: (await waitingItems(tx)).map(itemJson),
        jumps: (await troubles(tx)).map((one) => ({
          ...{ list: one.list, organisations: one.names, held: one.held, entries: one.entries },
          since: iso(one.since),
        })),
        protection: (await protection(tx, request.now)).map((one) => ({
          ...{ organisation: { id: one.org, name: one.name }, firewalls: one.devices, current: one.current },
          ...{ last_at: one.lastAt === null ? null : iso(one.lastAt), entries: one.entries },
        })),
      })),
  )
  app.get<{ Querystring: z.infer<typeof itemsQuery> }>(
    `${path}/items`,
    api(coordinators, 'Indicators in all their states, the newest first, at most a hundred', {
      ...{ querystring: itemsQuery, response: { 200: z.object({ items: z.array(itemAnswer) }) } },
    }),
    async (request) => {
      const find = request.query.find.trim()
      const found = await asReader(db, actorOf(request), request.now, (tx) => foundItems(tx, find))
      return { items: found.map(itemJson) }
    },
  )
  const sample = { value: '203.0.113.99', reason: 'x' }
  app.post<{ Body: z.infer<typeof enterBody> }>(
    `${path}/items`,
    api({ ...coordinators, sample }, 'Put an indicator on the lists by your word', {
      ...{ body: enterBody, response: { 201: z.object({ id: z.string(), value: z.string() }) } },
    }),
    async (request, reply) => {
      const made = await asEngine(db, (tx) => enter(tx, request.body, actorOf(request), request.now))
      return reply.status(201).send(made)
    },
  )
  for (const [noun, verb, summary] of [
    ['withdrawal', withdraw, 'Take an indicator off all lists, whoever said it'],
    ['return', letThrough, 'Bring an indicator back, or let through what the never-list met'],
  ] as const)
    app.put<{ Params: { item: string }; Body: { reason: string } }>(
      `${path}/items/:item/${noun}`,
      api({ ...coordinators, objects: { item: 'blocklist_item' }, sample: { reason: 'x' } }, summary, {
        params: z.object({ item: itemParam }),
        ...{ body: z.object({ reason }), response: { 204: z.null() } },
      }),
      async (request, reply) => {
        const [{ item }, { reason: why }] = [request.params, request.body]
        await asEngine(db, (tx) => verb(tx, item, why, actorOf(request), request.now))
        return reply.status(204).send(null)
      },
    )
  app.put<{ Params: { list: string } }>(
    `${path}/jumps/:list/pass`,
    api(
      { ...coordinators, objects: { list: 'blocklist_list' } },
      'Let through, for an hour, the jumps of a list',
      {
        ...{
          params: z.object({ list: z.string().max(20).describe(lists.join(', ')) }),
          response: { 204: z.null() },
        },
      },
    ),
    async (request, reply) => {
      const list = lists.find((one) => one === request.params.list)
      if (!list) throw new NotFound('There is no such list.')
      await asEngine(db, (tx) => passJump(tx, list, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.get(
    `${path}/never`,
    api(coordinators, 'What no list may carry by the word of coordinators', {
      response: { 200: neverAnswer },
    }),
    async (request) => {
      const found = await asReader(db, actorOf(request), request.now, neverEntries)
      return {
        never: found.map(({ addedAt, ...one }) => ({ ...one, added_at: iso(addedAt) })),
      }
    },
  )
  app.post<{ Body: z.infer<typeof neverBody> }>(
    `${path}/never`,
    api({ ...coordinators, sample: { value: '203.0.113.201', reason: 'x' } }, 'Say what no list may carry', {
      ...{ body: neverBody, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      await asEngine(db, (tx) => addNever(tx, request.body, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
  app.delete<{ Params: { entry: number } }>(
    `${path}/never/:entry`,
    api({ ...coordinators, objects: { entry: 'blocklist_never' } }, 'Take an entry off the never-list', {
      ...{ params: z.object({ entry: id }), response: { 204: z.null() } },
    }),
    async (request, reply) => {
      await asEngine(db, (tx) => removeNever(tx, request.params.entry, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
