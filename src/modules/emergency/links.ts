/** Answering from a mail without signing in: bound to one delivery, its person and the organisation; it holds while the call runs. */
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { kept } from '../../platform/database.ts'
import { gathered } from '../../platform/gathered.ts'
import { linkHash, mailLinks } from '../../platform/mail-links.ts'

const links = mailLinks<{ broadcast_id: number; org_id: number }>('roll-call answer', 'rollcall_link')

interface Linked {
  delivery: number
  broadcast: number
  org: number
  person: number
}

const keepLink = gathered(async (db, made: (Linked & { hash: string; now: number })[]): Promise<true[]> => {
  await db.query(
    kept(`insert into rollcall_links (token_hash, delivery_id, broadcast_id, org_id, person_id, created_at)
     select decode(l.hash, 'hex'), l.delivery, l.broadcast, l.org, l.person, to_timestamp(l.now / 1000.0)
     from jsonb_to_recordset($1::jsonb) as l (hash text, delivery bigint, broadcast int, org int, person int, now float8)
     on conflict (token_hash) do nothing`),
    [JSON.stringify(made)],
  )
  return made.map(() => true)
})

/** The address behind the link of a delivery; the table keeps the hash of its token. */
export async function linkFor(context: Context, to: Linked, now: number): Promise<string> {
  const token = links.tokenOf(context, to)
  await keepLink(context.db.engine, { ...to, hash: linkHash(token).toString('hex'), now })
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

/** Reads a link and changes nothing. `NotFound` for a token that is not ours, or whose owner has no role there any more. */
export async function readLink(context: Context, token: string, now: number): Promise<CallLink> {
  const { about, alive, actor } = await links.read(context, token, now)
  return { broadcast: about.broadcast_id, org: about.org_id, alive, actor }
}

export const revokeLink = links.revoke
