/**
 * Answering from a mail without signing in. A link is bound to one delivery, its person and the organisation for which it was
 * written; it holds while the warning is out, or until it is revoked.
 */
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { linkHash, mailLinks } from '../../../platform/mail-links.ts'

const links = mailLinks<{ warning_id: number; org_id: number }>('written answer', 'written_link')

/** The address behind the link of a delivery; the table keeps the hash of its token. */
export async function linkFor(
  context: Context,
  to: { delivery: number; warning: number; org: number; person: number },
  now: number,
): Promise<string> {
  const token = links.tokenOf(context, to)
  await context.db.engine.query(
    `insert into written_links (token_hash, delivery_id, warning_id, org_id, person_id, created_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0)) on conflict (token_hash) do nothing`,
    [linkHash(token), to.delivery, to.warning, to.org, to.person, now],
  )
  return `${context.settings.baseUrl}/w/${token}`
}

export interface WrittenLink {
  warning: number
  org: number
  /** False: revoked, or the warning is over. */
  alive: boolean
  /** The owner, with its roles at the organisation and no others. */
  actor: Actor
}

/** Reads a link and changes nothing. `NotFound` for a token that is not ours, or whose owner has no role there any more. */
export async function readLink(context: Context, token: string, now: number): Promise<WrittenLink> {
  const { about, alive, actor } = await links.read(context, token, now)
  return { warning: about.warning_id, org: about.org_id, alive, actor }
}

export const revokeLink = links.revoke
