/** Answering from a mail without signing in: bound to one delivery, its person and the organisation; it holds while the call runs. */
import { createHash, createHmac } from 'node:crypto'
import type { Actor, Engagement } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { named } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** 128 bits; made of the same things at every try of a mail, so that a copy sent twice holds the same link. */
const tokenOf = (secret: string, delivery: number, person: number): string =>
  createHmac('sha256', secret)
    .update(`roll-call answer ${delivery} ${person}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

/** The address behind the link of a delivery; the table keeps the hash of its token. */
export async function linkFor(
  context: Context,
  to: { delivery: number; broadcast: number; org: number; person: number },
  now: number,
): Promise<string> {
  const token = tokenOf(context.settings.secret, to.delivery, to.person)
  await context.db.engine.query(
    `insert into rollcall_links (token_hash, delivery_id, broadcast_id, org_id, person_id, created_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0)) on conflict (token_hash) do nothing`,
    [hashOf(token), to.delivery, to.broadcast, to.org, to.person, now],
  )
  return `${context.settings.baseUrl}/r/${token}`
}

export interface CallLink {
  broadcast: number
  org: number
  /** False: revoked, or the call is over. */
  alive: boolean
  /** The owner, with its roles at the organisation and no others. */
  actor: Actor
}

interface Row {
  broadcast_id: number
  org_id: number
  revoked: boolean
  over: boolean
  person_id: number
  email: string
  name: string
  language: 'cs' | 'en'
  engagements: Engagement[]
}

/** Reads a link and changes nothing. `NotFound` for a token that is not ours, or whose owner has no role there any more. */
export async function readLink(context: Context, token: string, now: number): Promise<CallLink> {
  const { rows } = await context.db.app
    .query<Row & Record<string, unknown>>('select * from rollcall_link($1, to_timestamp($2 / 1000.0))', [
      hashOf(token),
      now,
    ])
    .catch((error: unknown) => Promise.reject(named(error)))
  const row = rows[0]
  if (!row || row.engagements.length === 0) throw new NotFound('This link is not one of ours')
  return {
    broadcast: row.broadcast_id,
    org: row.org_id,
    alive: !row.revoked && !row.over,
    actor: {
      person: row.person_id,
      name: row.name,
      email: row.email,
      language: row.language,
      engagements: row.engagements,
    },
  }
}

/** Makes a link useless; doing it again changes nothing. */
export async function revokeLink(context: Context, token: string, now: number): Promise<void> {
  await context.db.app.query('select revoke_rollcall_link($1, to_timestamp($2 / 1000.0))', [
    hashOf(token),
    now,
  ])
}
