/** The inventory for programs: keys of the organisation read it, its people change it. */
import { z } from 'zod'
import { type Actor, asActor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { together } from '../../../platform/database.ts'
import { dayOf, iso } from '../../../platform/dates.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { Asset } from '../asset.ts'
import { addAsset, changeAsset, readAsset, setRemoved } from '../assets.ts'
import { countAssets, listAssets } from '../queries.ts'
import { apiQuery, assetAnswer, assetBody, assetsAnswer, givenIn, idParam, newAssetBody } from '../schema.ts'
import type { Standing } from '../support/standing.ts'
import { cursorIn, cursorText, filterOf } from './list.ts'
import { api, orgOf, readers, standings } from './whose.ts'

const params = z.object({ asset: idParam })
const one = { who: readers, objects: { asset: 'asset' as const } }

const asJson = (asset: Asset & { standing: Standing }): z.infer<typeof assetAnswer> => ({
  ...{ id: asset.id, org: asset.org, kind: asset.kind, vendor: asset.vendor, product: asset.product },
  ...{ version: asset.version, cpe: asset.cpe, purl: asset.purl, runs_on: asset.runsOn },
  ...{ quantity: asset.quantity, serials: asset.serials, department: asset.department, zone: asset.zone },
  ...{ segmented: asset.segmented, owner: asset.owner, patient_safety: asset.patientSafety },
  ...{ support_ends_on: asset.supportEndsOn, note: asset.note, source: asset.source },
  support: {
    ...{ state: asset.standing.state, on: asset.standing.on },
    ...{ source: asset.standing.found?.row.source ?? null, url: asset.standing.found?.row.url ?? null },
  },
  ...{ created_at: iso(asset.createdAt), changed_at: iso(asset.changedAt) },
  removed_at: asset.removedAt === null ? null : iso(asset.removedAt),
})

export function mountApi(app: App, context: Context): void {
  const { db, settings } = context
  app.get<{ Querystring: z.infer<typeof apiQuery> }>(
    '/api/v1/assets',
    api({ who: readers, key: 'assets.read' }, 'What an organisation runs, by name', {
      ...{ querystring: apiQuery, response: { 200: assetsAnswer } },
    }),
    async (request) => {
      const { after, limit, org: wanted, ...query } = request.query
      const actor = actorOf(request)
      const filter = filterOf(orgOf(actor, wanted), query)
      const order = { by: 'product' as const, down: false, after: cursorIn(after) }
      return asReader(db, actor, request.now, async (tx) => {
        const { rows, count } = await together({
          rows: listAssets(tx, filter, order, limit + 1),
          count: countAssets(tx, filter),
        })
        const shown = await standings(tx, rows.slice(0, limit), dayOf(request.now, settings.zone))
        const last = shown.rows.at(-1)
        const next = rows.length > limit && last ? cursorText(last) : null
        return { total: count.rows, assets: shown.rows.map(asJson), next }
      })
    },
  )
  mountOne(app, context)
  mountWriting(app, context)
}

/** One as its reader may see it now. */
const shown = (context: Context, actor: Actor, id: number, now: number) =>
  asReader(context.db, actor, now, async (tx) => {
    const asset = await readAsset(tx, id, actor)
    const { rows } = await standings(tx, [asset], dayOf(now, context.settings.zone))
    return rows.map(asJson)[0]
  })

function mountOne(app: App, context: Context): void {
  app.get<{ Params: z.infer<typeof params> }>(
    '/api/v1/assets/:asset',
    api({ ...one, key: 'assets.read' }, 'One item, with whether it is still supported and who says so', {
      ...{ params, response: { 200: assetAnswer } },
    }),
    (request) => shown(context, actorOf(request), request.params.asset, request.now),
  )
}

function mountWriting(app: App, context: Context): void {
  const { db } = context
  app.post<{ Body: z.infer<typeof newAssetBody> }>(
    '/api/v1/assets',
    api({ who: readers, sample: { org: 1, kind: 'medical', product: 'Infusomat' } }, 'Add an item', {
      ...{ body: newAssetBody, response: { 201: assetAnswer } },
    }),
    async (request, reply) => {
      const by = actorOf(request)
      const { org, ...body } = request.body
      const id = await asActor(db, by, request.now, (tx) =>
        addAsset(tx, org, givenIn(body), 'api', by, request.now),
      )
      return reply.status(201).send(await shown(context, by, id, request.now))
    },
  )

  app.put<{ Params: z.infer<typeof params>; Body: z.infer<typeof assetBody> }>(
    '/api/v1/assets/:asset',
    api({ ...one, sample: { zone: 'VLAN 40' } }, 'Change an item; what is left out stays', {
      ...{ params, body: assetBody, response: { 200: assetAnswer } },
    }),
    async (request) => {
      const by = actorOf(request)
      const { asset } = request.params
      await asActor(db, by, request.now, (tx) =>
        changeAsset(tx, asset, givenIn(request.body), by, request.now),
      )
      return shown(context, by, asset, request.now)
    },
  )

  app.delete<{ Params: z.infer<typeof params> }>(
    '/api/v1/assets/:asset',
    api(one, 'Remove an item; its history stays', { params, response: { 204: z.null() } }),
    async (request, reply) => {
      const by = actorOf(request)
      await asActor(db, by, request.now, (tx) => setRemoved(tx, request.params.asset, true, by, request.now))
      return reply.status(204).send(null)
    },
  )
}
