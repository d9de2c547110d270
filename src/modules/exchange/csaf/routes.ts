/** The doors of the CSAF provider: the open path, the one behind keys, and who provides. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader } from '../../../platform/access.ts'
import { sendFile } from '../../../platform/conditional.ts'
import type { Context } from '../../../platform/context.ts'
import { openCrowd } from '../../../platform/crowd.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Access, App } from '../../../platform/http.ts'
import { enterByKey } from '../../../platform/key-door.ts'
import { page } from '../../../platform/page-routes.ts'
import { publicKeys, signingKey } from '../../../platform/signing-key.ts'
import { type Listed, listed, released } from '../released.ts'
import { documentFor } from './documents.ts'
import {
  categoryDocument,
  changesCsv,
  folderPage,
  indexTxt,
  providerMetadata,
  rolieFeed,
  serviceDocument,
} from './lists.ts'
import {
  type Door,
  documentPath,
  doors,
  feedName,
  fileOf,
  type ListName,
  lists,
  metadataPath,
  yearOf,
} from './places.ts'

/** A fetcher that begins anew asks four times for each document. */
const openPerMinute = 3_000

/** Asked again each time, and mostly answered 304: so document, hash and signature in a cache never are of different versions. */
const keep = { open: 'public, no-cache', protected: 'private, no-cache' }

const types = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  html: 'text/html; charset=utf-8',
}

interface Found {
  body: string
  type: string
  modifiedAt: number | null
}

interface Asked {
  context: Context
  door: Door
  actor: Actor | null
  /** What there is for this reader on this side, what changed last first. */
  all: Listed[]
  now: number
}

type Finding = (asked: Asked, params: { year: string; file: string }) => Found | null | Promise<Found | null>

const nothing = (): NotFound => new NotFound('There is nothing at this address')

/** Who enters by a door; null when that was refused, which is answered already. */
type Entering = (request: FastifyRequest, reply: FastifyReply) => Promise<{ actor: Actor | null } | null>

export function mountCsaf(app: App, context: Context): void {
  const crowded = openCrowd(openPerMinute)
  const anyone: Entering = async (request, reply) => (crowded(request, reply) ? null : { actor: null })
  const byKey: Entering = async (request, reply) => {
    const actor = await enterByKey(context, request, reply, 'csaf')
    return actor && { actor }
  }
  mountDoor(app, context, doors.open, { access: { who: 'anyone' }, enter: anyone })
  mountDoor(app, context, doors.protected, { access: { who: 'anyone', by: 'token' }, enter: byKey })

  app.get(metadataPath, page({ who: 'anyone' }), async (request, reply) => {
    if (crowded(request, reply)) return reply
    const body = await metadataOf(context, request.now)
    return sendFile(request, reply, { body, type: types.json, modifiedAt: null, keep: keep.open })
  })
}

function mountDoor(
  app: App,
  context: Context,
  door: Door,
  { access, enter }: { access: Access; enter: Entering },
): void {
  const get = (path: string, find: Finding, objects?: Access['objects']) =>
    app.get<{ Params: { year: string; file: string } }>(
      door.base + path,
      page({ ...access, ...(objects ? { objects } : {}) }),
      async (request, reply) => {
        const entered = await enter(request, reply)
        if (!entered) return reply
        const { actor } = entered
        const all = await asReader(context.db, actor, request.now, listed)
        // What everybody may fetch lies on the open path alone: once, whoever asks.
        const here = all.filter((one) => one.isPublic === (door === doors.open))
        const found = await find({ context, door, actor, all: here, now: request.now }, request.params)
        if (!found) throw nothing()
        return sendFile(request, reply, { ...found, keep: door === doors.open ? keep.open : keep.protected })
      },
    )
  get('', folder)
  get('/', folder)
  for (const name of lists) get(`/${name}`, list(name))
  for (const label of door.labels)
    get(`/${feedName(label)}`, async ({ context: { db, settings }, all }) => {
      const [key] = await publicKeys(db.engine)
      const body = rolieFeed(all, label, { base: settings.baseUrl, door, since: key?.madeAt ?? 0 })
      return { body, type: types.json, modifiedAt: lastOf(all) }
    })
  get('/:year/', folder, { year: 'csaf' })
  get('/:year/:file', document, { year: 'csaf', file: 'csaf' })
}

const lastOf = (all: Listed[]): number | null => all[0]?.at ?? null

const folder: Finding = ({ all, door }, { year = null }: { year?: string | null }) => {
  if (year !== null && !all.some((one) => yearOf(one.firstAt) === year)) return null
  return { body: folderPage(all, door, year), type: types.html, modifiedAt: lastOf(all) }
}

const list =
  (name: ListName): Finding =>
  ({ context, door, all }) => {
    const modifiedAt = lastOf(all)
    switch (name) {
      case 'index.txt':
        return { body: indexTxt(all), type: types.text, modifiedAt }
      case 'changes.csv':
        return { body: changesCsv(all), type: types.csv, modifiedAt }
      case 'service.json':
        return { body: serviceDocument(context.settings.baseUrl, door), type: types.json, modifiedAt: null }
      case 'category.json':
        return { body: categoryDocument(), type: types.json, modifiedAt: null }
    }
  }

const document: Finding = async ({ context, actor, all, now }, { year, file }) => {
  const place = fileOf(year, file)
  const number = place && all.find((each) => documentPath(each) === place.path)?.number
  if (!place || !number) return null
  const found = await presentOf(context, actor, number, now)
  if (!found) return null
  const { one, made } = found
  const name = place.path.slice(place.path.indexOf('/') + 1)
  switch (place.proof) {
    case null:
      return { body: made.body, type: types.json, modifiedAt: one.at }
    case '.asc':
      return { body: made.signature, type: types.text, modifiedAt: null }
    default: {
      const digest = place.proof === '.sha256' ? made.sha256 : made.sha512
      return { body: `${digest}  ${name}\n`, type: types.text, modifiedAt: one.at }
    }
  }
}

const mostTries = 5

/** While it was looked for, somebody may have published the next version: then that one is given. */
async function presentOf(context: Context, actor: Actor | null, number: string, now: number) {
  for (let tries = 0; tries < mostTries; tries++) {
    const [one] = await asReader(context.db, actor, now, (tx) => released(tx, [number]))
    if (!one) return null
    const made = await documentFor(context, actor, one, now)
    if (made) return { one, made }
  }
  return null
}

/** Makes the installation's key if there is none yet: a provider without one is none. */
async function metadataOf({ db, settings }: Context, now: number): Promise<string> {
  if ((await publicKeys(db.engine)).length === 0) await signingKey(db.engine, settings, now)
  const making = { baseUrl: settings.baseUrl, contacts: settings.contacts ?? [] }
  return providerMetadata(making, await publicKeys(db.engine))
}

/** By the name csaf.data.security.DOMAIN the metadata are the whole site (7.1.10). */
export function serveByName(app: App, context: Context): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.hostname.startsWith('csaf.data.security.') || request.url !== '/') return undefined
    const body = await metadataOf(context, context.clock())
    return reply.type(types.json).header('cache-control', keep.open).send(body)
  })
}
