/** For programs: items brought back, and whether an organisation counts in the sums of the sector. */
import { z } from 'zod'
import { asActor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { iso } from '../../../platform/dates.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { setRemoved } from '../assets.ts'
import { requireReader } from '../may.ts'
import { idParam } from '../schema.ts'
import { sharingOf } from '../sharing.ts'
import { decideSharing } from './sector.ts'
import { api, readers } from './whose.ts'

const params = z.object({ org: idParam })
const ofOrg: Access = { who: readers, objects: { org: 'organisation' } }
const path = '/api/v1/assets/sharing/:org'
const answer = z.object({
  since: z.string().nullable().describe('ISO 8601, UTC; null: it does not count'),
})

export function mountSharingApi(app: App, context: Context): void {
  const { db } = context
  const of = (access: Access, summary: string) => api(access, summary, { params, response: { 200: answer } })
  const standing = (by: ReturnType<typeof actorOf>, org: number, now: number) =>
    asReader(db, by, now, async (tx) => {
      requireReader(by, org)
      const { since } = await sharingOf(tx, org)
      return { since: since === null ? null : iso(since) }
    })

  app.get<{ Params: z.infer<typeof params> }>(
    path,
    of(ofOrg, 'Whether an organisation counts in the sums of the sector, and since when'),
    (request) => standing(actorOf(request), request.params.org, request.now),
  )
  for (const [method, yes, summary] of [
    ['PUT', true, 'Let an organisation count in the sums of the sector'],
    ['DELETE', false, 'Have an organisation count no more: it is taken out at once'],
  ] as const)
    app.route<{ Params: z.infer<typeof params> }>({
      ...{ method, url: path, ...of(ofOrg, summary) },
      handler: async (request) => {
        const [by, { org }] = [actorOf(request), request.params]
        await decideSharing(context, org, yes, by, request.now)
        return standing(by, org, request.now)
      },
    })

  app.put<{ Params: { asset: number } }>(
    '/api/v1/assets/:asset/restoration',
    api({ who: readers, objects: { asset: 'asset' } }, 'Bring back an item that was removed', {
      ...{ params: z.object({ asset: idParam }), response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const by = actorOf(request)
      await asActor(db, by, request.now, (tx) => setRemoved(tx, request.params.asset, false, by, request.now))
      return reply.status(204).send(null)
    },
  )
}
