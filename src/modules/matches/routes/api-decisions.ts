/** For programs: whether an asset is what an advisory means, and names that coordinators hold back. */
import { z } from 'zod'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { iso } from '../../../platform/dates.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { memberRoles } from '../../members/index.ts'
import { decide } from '../answers.ts'
import { idParam } from '../schema.ts'
import { heldNow, release } from '../sector.ts'

const coordinators: Access = { who: ['coordinator'] }
const ofAsset: Access = { who: [...memberRoles], objects: { id: 'match', asset: 'match_asset' } }
const params = z.object({ id: idParam, asset: idParam })
const path = '/api/v1/matches/:id/assets/:asset/decision'
const api = (access: Access, tag: string, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: [tag], summary, ...schema },
})

const body = z.object({
  same: z.boolean().describe('it is what the advisory means; what is written alike is meant too'),
  reason: z.string().max(4_000).default(''),
})
const heldAnswer = z.object({
  held: z.array(
    z.object({
      advisory: z.object({ id: z.number(), title: z.string() }),
      vendor: z.string(),
      product: z.string(),
      names: z.number().describe('how many different names of assets it matches'),
      makers: z.number(),
      held_at: z.string().describe('ISO 8601, UTC'),
    }),
  ),
})

export function mountDecisionApi(app: App, { db }: Context): void {
  app.put<{ Params: z.infer<typeof params>; Body: z.infer<typeof body> }>(
    path,
    api({ ...ofAsset, sample: { same: true } }, 'assets', 'Say whether an asset is what the advisory means', {
      ...{ params, body, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const { id, asset } = request.params
      await decide(db, id, { asset, ...request.body }, actorOf(request), request.now)
      return reply.status(204).send(null)
    },
  )
  app.delete<{ Params: z.infer<typeof params> }>(
    path,
    api(ofAsset, 'assets', 'Take back what was said of an asset', { params, response: { 204: z.null() } }),
    async (request, reply) => {
      const { id, asset } = request.params
      await decide(db, id, { asset, same: null, reason: '' }, actorOf(request), request.now)
      return reply.status(204).send(null)
    },
  )

  app.get(
    '/api/v1/advisories/held',
    api(coordinators, 'advisories', 'Products whose names match so much that they wait for a coordinator', {
      response: { 200: heldAnswer },
    }),
    async (request) => {
      const found = await asReader(db, actorOf(request), request.now, (tx) => heldNow(tx))
      return {
        held: found.map((one) => ({
          ...{ advisory: { id: one.advisory, title: one.title }, vendor: one.vendor, product: one.product },
          ...{ names: one.names, makers: one.makers, held_at: iso(one.heldAt) },
        })),
      }
    },
  )
  app.put<{ Params: { id: number } }>(
    '/api/v1/advisories/:id/release',
    api(
      { ...coordinators, objects: { id: 'advisory' } },
      'advisories',
      'Let the held names of an advisory go',
      {
        ...{ params: z.object({ id: idParam }), response: { 204: z.null() } },
      },
    ),
    async (request, reply) => {
      await release(db, request.params.id, actorOf(request), request.now)
      return reply.status(204).send(null)
    },
  )
}
