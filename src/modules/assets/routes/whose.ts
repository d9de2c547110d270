/** What the routes of an inventory share: whose it is, how it is framed, and whose name stands in the head. */
import type { FastifyRequest } from 'fastify'
import { type Actor, organisationsOf, type Role } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { type Frame, frameOf } from '../../../platform/frame.ts'
import { type Access, actorOf } from '../../../platform/http.ts'
import { memberRoles } from '../../members/index.ts'
import type { Asset } from '../asset.ts'
import { requireReader } from '../may.ts'
import { idParam } from '../schema.ts'
import { matcherOf } from '../support/match.ts'
import { type Standing, standingOf } from '../support/standing.ts'
import { supportTables, type Tables } from '../support/table.ts'

/** All who read for an organisation; coordinators are not among them. */
export const readers: Role[] = [...memberRoles]
export const ofOrg: Access = { who: readers, objects: { id: 'organisation' } }
export const ofAsset: Access = { who: readers, objects: { id: 'organisation', asset: 'asset' } }
export const ofFile: Access = { who: readers, objects: { id: 'organisation', sheet: 'asset_import' } }

/** Of a route for programs. */
export const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['assets'], summary, ...schema },
})

/** The one named, or the only one. Throws NotFound, Invalid. */
export function orgOf(actor: Actor, wanted: number | undefined): number {
  const own = organisationsOf(actor)
  if (wanted === undefined && own.length !== 1)
    throw new Invalid('Say of which organisation.', { org: 'one of your organisations' })
  const org = wanted ?? own[0]?.id ?? -1
  requireReader(actor, org)
  return org
}

export function idIn(request: FastifyRequest, name = 'id'): number {
  const id = idParam.safeParse((request.params as Record<string, unknown>)[name])
  if (!id.success) throw new NotFound('There is no such thing')
  return id.data
}

/** The organisation of the address, which the actor reads. Throws NotFound. */
export function orgIn(request: FastifyRequest): number {
  const org = idIn(request)
  requireReader(actorOf(request), org)
  return org
}

export const nameOfOrg = (request: FastifyRequest, org: number): string =>
  actorOf(request).engagements.find((one) => one.org === org)?.orgName ?? ''

export const framed = (request: FastifyRequest, context: Context, title?: string): Frame =>
  frameOf(request, {
    title: title ?? request.t('assets.title'),
    active: 'inventory',
    zone: context.settings.zone,
  })

/** Assets with whether somebody still looks after them, and the tables that said so. */
export async function standings<One extends Asset>(
  tx: Tx,
  assets: readonly One[],
  today: string,
): Promise<{ rows: (One & { standing: Standing })[]; tables: Tables }> {
  const tables = await supportTables(tx)
  const match = matcherOf(tables.rows)
  return { rows: assets.map((one) => ({ ...one, standing: standingOf(one, match, today) })), tables }
}

/** The word after `?done=` as a sentence above the page, when it is one of those that the page knows. */
export function doneIn(request: FastifyRequest, words: readonly string[]): { text: string } | undefined {
  const { done } = request.query as { done?: unknown }
  const word = words.find((one) => one === done)
  return word ? { text: request.t(`assets.done.${word}`) } : undefined
}
