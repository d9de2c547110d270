/** API keys at the door: a program shows one as a bearer and reads as its organisation, or as the coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OpeningScope } from '../values/key-scopes.ts'
import type { Actor } from './access.ts'
import type { Context } from './context.ts'
import { named } from './database.ts'
import { hashToken } from './sessions.ts'

/** Tells our keys from sensors' and others', also to programs that look for keys left lying about. */
export const keyPrefix = 'hsk_'

/** The key that a request shows; null for none, and for anything that is no key of ours. */
export function keyShown(request: FastifyRequest): string | null {
  const given = /^Bearer\s+(\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
  return given?.startsWith(keyPrefix) ? given : null
}

interface Row {
  key_id: number
  label: string
  org_id: number | null
  org_name: string | null
  /** What was merged into it. */
  merged: { id: number; name: string }[]
  language: 'cs' | 'en'
  strict: boolean
  verdict: 'yes' | 'scope' | 'slow'
}

type Use = { actor: Actor } | { refused: 'unknown' | 'scope' | 'slow' }

/** Counts the use of a key for a route that asks for `scope`, and answers as whom it reads. */
export async function useKey(
  context: Context,
  key: string,
  { scope, route }: { scope: OpeningScope; route: string },
  now: number,
): Promise<Use> {
  const { rows } = await context.db.app
    .query<Row & Record<string, unknown>>(
      'select * from use_api_key($1, $2, $3, to_timestamp($4 / 1000.0))',
      [hashToken(key), scope, route, now],
    )
    .catch((error: unknown) => Promise.reject(named(error)))
  const row = rows[0]
  if (!row) return { refused: 'unknown' }
  return row.verdict === 'yes' ? { actor: actorOf(row) } : { refused: row.verdict }
}

/** The least of its organisation's readers: nothing is changed, answered or managed by it. */
const actorOf = (row: Row): Actor => ({
  person: 0,
  name: row.label,
  email: `key ${row.key_id}`,
  language: row.language,
  engagements: [
    row.org_id === null
      ? { org: null, orgName: null, role: 'coordinator' }
      : { org: row.org_id, orgName: row.org_name, role: 'manager' },
    ...row.merged.map(({ id, name }) => ({
      org: id,
      orgName: name,
      role: 'manager' as const,
      through: row.org_id,
    })),
  ],
  key: { id: row.key_id, strict: row.strict },
})

const minuteMs = 60_000

/** What a refused key is told. An unknown one learns nothing, not even whether it ever was one. */
export function refuseKey(
  reply: FastifyReply,
  refused: 'unknown' | 'scope' | 'slow' | 'door',
  now: number,
): FastifyReply {
  if (refused === 'unknown')
    return reply.status(401).send({ error: 'key', message: 'This key is unknown, over or revoked.' })
  if (refused === 'slow')
    return reply
      .status(429)
      .header('retry-after', String(Math.ceil((minuteMs - (now % minuteMs)) / 1000)))
      .send({ error: 'slow-down', message: 'This key has asked too often in this minute.' })
  const message =
    refused === 'scope' ? 'This key has no scope for this.' : 'Nothing of this can be had with an API key.'
  return reply.status(403).send({ error: 'forbidden', message })
}
