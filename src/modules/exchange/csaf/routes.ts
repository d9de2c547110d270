/** The doors of the CSAF provider: the open path, the one behind keys, and who provides. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader } from '../../../platform/access.ts'
import { sendFile } from '../../../platform/conditional.ts'
import type { Context } from '../../../platform/context.ts'
import { openCrowd } from '../../../platform/crowd.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
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
  keyFolder,
  metadataPath,
  type Place,
  placeOf,
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

type Wild = { Params: { '*'?: string } }

export function mountCsaf(app: App, context: Context): void {
  const crowded = openCrowd(openPerMinute)
  const { open, protected: locked } = doors
  for (const path of [open.base, `${open.base}/*`])
    app.get<Wild>(path, page({ who: 'anyone' }), async (request, reply) => {
      if (crowded(request, reply)) return reply
      return answer(context, request, reply, { door: open, actor: null, keep: keep.open })
    })
  for (const path of [locked.base, `${locked.base}/*`])
    app.get<Wild>(path, page({ who: 'anyone', by: 'token' }), async (request, reply) => {
      const actor = await enterByKey(context, request, reply, 'csaf')
      return actor ? answer(context, request, reply, { door: locked, actor, keep: keep.protected }) : reply
    })
  app.get(metadataPath, page({ who: 'anyone' }), async (request, reply) => {
    if (crowded(request, reply)) return reply
    return sendFile(request, reply, {
      body: await metadataOf(context, request.now),
      type: types.json,
      modifiedAt: null,
      keep: keep.open,
    })
  })
  app.get<Wild>(`${keyFolder}/*`, page({ who: 'anyone' }), async (request, reply) => {
    if (crowded(request, reply)) return reply
    const keys = await publicKeys(context.db.engine)
    const key = keys.find(({ fingerprint }) => `${fingerprint}.asc` === request.params['*'])
    if (!key) throw new NotFound('There is no such key')
    return sendFile(request, reply, {
      body: key.publicKey,
      type: 'application/pgp-keys',
      modifiedAt: key.madeAt,
      keep: keep.open,
    })
  })
}

/** Makes the installation's key if there is none yet: a provider without one is none. */
async function metadataOf({ db, settings }: Context, now: number): Promise<string> {
  await signingKey(db.engine, settings, now)
  const making = { baseUrl: settings.baseUrl, contacts: settings.contacts ?? [] }
  return providerMetadata(making, await publicKeys(db.engine))
}

/** By the name csaf.data.security.DOMAIN the metadata are the whole site (7.1.10). */
export function serveByName(app: App, context: Context): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.hostname.startsWith('csaf.data.security.') || request.url !== '/') return undefined
    return reply
      .type(types.json)
      .header('cache-control', keep.open)
      .send(await metadataOf(context, request.now))
  })
}

interface Asked {
  door: Door
  actor: Actor | null
  keep: string
}

async function answer(
  context: Context,
  request: FastifyRequest<Wild>,
  reply: FastifyReply,
  asked: Asked,
): Promise<FastifyReply> {
  const place = placeOf(request.params['*'] ?? '')
  if (!place) throw nothing()
  const all = await asReader(context.db, asked.actor, request.now, listed)
  // What everybody may fetch lies on the open path alone: once, whoever asks.
  const here = all.filter((one) => one.isPublic === (asked.door === doors.open))
  const found = await fileAt(context, request.now, asked, place, here)
  if (!found) throw nothing()
  return sendFile(request, reply, { ...found, keep: asked.keep })
}

const nothing = (): NotFound => new NotFound('There is nothing at this address')

interface Found {
  body: string
  type: string
  modifiedAt: number | null
}

async function fileAt(
  context: Context,
  now: number,
  asked: Asked,
  place: Place,
  all: Listed[],
): Promise<Found | null> {
  const { door } = asked
  const base = context.settings.baseUrl
  const modifiedAt = all[0]?.at ?? null
  switch (place.kind) {
    case 'folder': {
      const { year } = place
      if (year !== null && !all.some((one) => yearOf(one.firstAt) === year)) return null
      return { body: folderPage(all, door, year), type: types.html, modifiedAt }
    }
    case 'feed': {
      if (!(door.labels as readonly string[]).includes(place.label)) return null
      const [key] = await publicKeys(context.db.engine)
      const body = rolieFeed(all, place.label, { base, door, since: key?.madeAt ?? 0 })
      return { body, type: types.json, modifiedAt }
    }
    case 'list':
      return listAt(place.name, all, base, door)
    case 'document':
      return documentAt(context, now, asked, place, all)
  }
}

function listAt(
  name: Extract<Place, { kind: 'list' }>['name'],
  all: Listed[],
  base: string,
  door: Door,
): Found {
  const modifiedAt = all[0]?.at ?? null
  switch (name) {
    case 'index.txt':
      return { body: indexTxt(all), type: types.text, modifiedAt }
    case 'changes.csv':
      return { body: changesCsv(all), type: types.csv, modifiedAt }
    case 'service.json':
      return { body: serviceDocument(base, door), type: types.json, modifiedAt: null }
    case 'category.json':
      return { body: categoryDocument(), type: types.json, modifiedAt: null }
  }
}

async function documentAt(
  context: Context,
  now: number,
  { actor }: Asked,
  { path, proof }: Extract<Place, { kind: 'document' }>,
  all: Listed[],
): Promise<Found | null> {
  const number = all.find((each) => documentPath(each) === path)?.number
  if (!number) return null
  const [one] = await asReader(context.db, actor, now, (tx) => released(tx, [number]))
  const document = one && (await documentFor(context, actor, one, now))
  if (!one || !document) return null
  const name = path.slice(path.indexOf('/') + 1)
  const bodies = {
    '.sha256': `${document.sha256}  ${name}\n`,
    '.sha512': `${document.sha512}  ${name}\n`,
    '.asc': document.signature,
  }
  const modifiedAt = one.at
  return proof === null
    ? { body: document.body, type: types.json, modifiedAt }
    : { body: bodies[proof], type: types.text, modifiedAt: proof === '.asc' ? null : modifiedAt }
}
