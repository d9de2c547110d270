/**
 * Doors for programs that know no bearer tokens: firewalls, feed readers, fetchers of documents. The key comes as password of
 * Basic, as bearer, bare, or in the path where the door has a place for it. Their routes are stated as `by: 'token'`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OpeningScope } from '../values/key-scopes.ts'
import type { Actor } from './access.ts'
import { keyPrefix, refuseKey, useKey } from './api-keys.ts'
import type { Context } from './context.ts'

const longest = 200

/** The key of a kind that is shown; null for none and for what cannot be one. The path counts before the header. */
export function keyIn(request: FastifyRequest, prefix: string): string | null {
  const { key } = request.params as { key?: string }
  const given = key ?? keyInHeader(request.headers.authorization ?? '')
  return given.startsWith(prefix) && given.length <= longest ? given : null
}

function keyInHeader(header: string): string {
  const [, way, rest = ''] = /^(Basic|Bearer)\s+(\S+)\s*$/i.exec(header) ?? []
  if (way === undefined) return header.trim()
  if (way.toLowerCase() === 'bearer') return rest
  const pair = Buffer.from(rest, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

/** As whom the key reads; null when it was refused, which is answered already. */
export async function enterByKey(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  scope: OpeningScope,
): Promise<Actor | null> {
  const key = keyIn(request, keyPrefix)
  const use = key
    ? await useKey(context, key, { scope, route: `GET ${request.routeOptions.url}` }, request.now)
    : { refused: 'unknown' as const }
  if (!('refused' in use)) return use.actor
  if (use.refused === 'unknown') await refuseUnknown(request, reply)
  else await refuseKey(reply, use.refused, request.now)
  return null
}

/** With what may be shown instead. */
export const refuseUnknown = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  refuseKey(
    reply.header('www-authenticate', ['Basic realm="hSOC", charset="UTF-8"', 'Bearer realm="hSOC"']),
    'unknown',
    request.now,
  )
