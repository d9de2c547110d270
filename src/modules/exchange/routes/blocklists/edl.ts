/**
 * The firewalls' door: lists by a device's key, in the path or as Basic or Bearer. Answers of trouble are one line of
 * text with their status, so that no firewall takes them for a list; a key is logged nowhere.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { Invalid, WrongState } from '../../../../platform/errors.ts'
import type { App } from '../../../../platform/http.ts'
import { hashToken } from '../../../../platform/sessions.ts'
import { edlPrefix } from '../../blocklists/devices.ts'
import { noteFetch } from '../../blocklists/fetches.ts'
import { except } from '../../blocklists/own.ts'
import {
  type Body,
  bodyOf,
  type Format,
  formats,
  hasIt,
  openBodies,
  typeOf,
  type Wish,
} from '../../blocklists/serve.ts'
import { type List, lists } from '../../blocklists/types.ts'

interface Key extends Record<string, unknown> {
  device_id: number
  label: string
  org_id: number
  org_name: string
  language: 'cs' | 'en'
  slow: boolean
  /** Null: the list was never made. */
  version: number | null
  revision: number
  entries: number
  changed: number
  refreshed: number
  /** Who was shown the key. */
  key_by: number | null
}

const minuteMs = 60_000
const say = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.status(status).type('text/plain; charset=utf-8').send(`${text}\n`)

/** The key in the path, or what stands in the header: a bearer, or the password of Basic. */
function keyShown(request: FastifyRequest): string {
  const { key } = request.params as { key?: string }
  const [way = '', given = ''] = (request.headers.authorization ?? '').split(/\s+/, 2)
  const shown =
    key ??
    (/^bearer$/i.test(way)
      ? given
      : /^basic$/i.test(way)
        ? Buffer.from(given.slice(0, 400), 'base64')
            .toString('utf8')
            .replace(/^[^:]*:/, '')
        : '')
  return shown.startsWith(edlPrefix) && shown.length <= 200 ? shown : ''
}

/** Whose key it is; null after the refusal was sent. */
async function enter(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  list: List,
): Promise<Key | null> {
  const { rows } = await context.db.app.query<Key>(
    `select *, extract(epoch from changed_at)::float8 * 1000 as changed, extract(epoch from refreshed_at)::float8 * 1000 as refreshed
     from use_blocklist_key($1, $2, to_timestamp($3 / 1000.0))`,
    [hashToken(keyShown(request)), list, request.now],
  )
  const key = rows[0]
  if (!key) {
    reply.header('www-authenticate', 'Basic realm="hSOC blocklists", charset="UTF-8"')
    say(reply, 401, 'This key is unknown, over or revoked.')
    return null
  }
  if (key.slow) {
    reply.header('retry-after', String(Math.ceil((minuteMs - (request.now % minuteMs)) / 1000)))
    say(reply, 429, 'This key has asked too often in this minute.')
    return null
  }
  return key
}

/** A machine of its organisation: it reads what keys may, and has no person behind it. */
const actorOf = (key: Key): Actor => ({
  person: 0,
  name: key.label,
  email: `firewall ${key.device_id}`,
  language: key.language,
  engagements: [{ org: key.org_id, orgName: key.org_name, role: 'manager' }],
  key: { id: key.device_id, strict: false },
})

function wishIn(request: FastifyRequest): Wish | null {
  const [, name, ending] = /^([a-z0-9]+)\.([a-z]+)$/.exec((request.params as { file: string }).file) ?? []
  const list = lists.find((one) => one === name)
  const format = formats.find((one): one is Format => one === ending)
  return list && format ? { list, format, comments: false, max: null } : null
}

/** `max` as a number of entries; undefined for what is none. */
function maxIn(given: unknown): number | null | undefined {
  if (given === undefined) return null
  return typeof given === 'string' && /^[1-9]\d{0,6}$/.test(given) ? Number(given) : undefined
}

export function mountEdl(app: App, context: Context): void {
  const bodies = openBodies()
  const options = {
    config: { access: { who: 'anyone' as const, by: 'token' as const } },
    schema: { hide: true },
  }
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = wishIn(request)
    if (!asked)
      return say(reply, 404, 'There is no such list: ip, domain, url or sha256 with .txt, .csv or .json.')
    const key = await enter(context, request, reply, asked.list)
    if (!key) return reply
    const query = request.query as { max?: unknown; comments?: unknown }
    const max = maxIn(query.max)
    if (max === undefined) return say(reply, 422, 'max is a number of entries.')
    if (key.version === null) {
      reply.header('retry-after', '5')
      return say(reply, 503, 'This list is being made for the first time.')
    }
    const wish: Wish = { ...asked, max, comments: query.comments === '1' }
    const lastMs = Math.floor((wish.format === 'txt' ? key.changed : key.refreshed) / 1000) * 1000
    const stand = { version: key.version, changedAt: key.changed }
    const name = [key.org_id, wish.list, key.revision, wish.format, wish.comments, wish.max].join(' ')
    const body = await bodies(name, () =>
      asReader(context.db, actorOf(key), request.now, (tx) => bodyOf(tx, key.org_id, wish, stand)),
    )
    const sent = {
      ...{ device: key.device_id, org: key.org_id, list: wish.list, version: key.version },
      ...{ entries: key.entries, complete: max === null || key.entries <= max },
    }
    // Only what went out whole is a fact; what was only looked at is none.
    if (request.method === 'GET')
      reply.raw.once(
        'finish',
        () =>
          void noteFetch(context.db, sent, request.now).catch((error: unknown) =>
            context.log.warn({ err: error }, 'the fetch of a blocklist could not be noted'),
          ),
      )
    reply
      .header('etag', body.etag)
      .header('last-modified', new Date(lastMs).toUTCString())
      .header('cache-control', 'private, no-cache')
      .header('vary', 'accept-encoding')
    return hasIt(request.headers, body.etag, lastMs)
      ? reply.status(304).send()
      : send(request, reply.type(typeOf(wish.format)), body)
  }
  app.get('/edl/:key/:file', options, serve)
  app.get('/edl/:file', options, serve)
  for (const path of ['/edl/:key/false-positive', '/edl/false-positive'])
    app.post(path, options, (request, reply) => report(context, request, reply))
}

function send(request: FastifyRequest, reply: FastifyReply, body: Body): FastifyReply {
  const packs = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''))
  return packs ? reply.header('content-encoding', 'gzip').send(body.packed) : reply.send(body.plain)
}

/** A value in JSON or as a form: gone from the organisation's lists at once. */
async function report(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const key = await enter(context, request, reply, 'ip')
  if (!key) return reply
  const { value, reason } = (request.body ?? {}) as { value?: unknown; reason?: unknown }
  if (typeof value !== 'string')
    return say(reply, 422, 'value names the address, network, domain, URL or SHA-256.')
  const wanted = {
    ...{ org: key.org_id, value, reason: typeof reason === 'string' ? reason : '' },
    ...{ broke: true, device: { id: key.device_id, keyBy: key.key_by } },
  }
  try {
    const { gone } = await asEngine(context.db, (tx) => except(tx, wanted, actorOf(key), request.now))
    return say(reply, 200, `Off your lists: ${gone}.`)
  } catch (error) {
    if (error instanceof Invalid)
      return say(reply, error.fields.value === 'absent' ? 404 : 422, error.message)
    if (error instanceof WrongState) return say(reply, 409, error.message)
    throw error
  }
}
