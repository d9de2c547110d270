/** Linking the own account with one at a provider, and taking that back. */
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { WrongState } from '../../../platform/errors.ts'
import type { Provider } from '../../../platform/providers.ts'
import { seal, unseal } from '../../../platform/seal.ts'
import { end, type Session } from '../../../platform/sessions.ts'
import { tell } from '../means.ts'
import type { Said } from './claims.ts'
import { flowMs } from './flow.ts'
import { takeGone } from './roles.ts'
import { keepLink } from './settle.ts'
import { reachesFurther, reachOf } from './vouched.ts'

export interface OwnLink {
  /** The provider's name in the operator's file, when it was last used. */
  provider: string
  issuer: string
  email: string | null
  /** Milliseconds since 1970. */
  linked: number
  used: number | null
}

/** The actor's own, read as the actor. */
export async function ownLinks(tx: Tx, actor: Actor): Promise<OwnLink[]> {
  const { rows } = await tx.query<
    Omit<OwnLink, 'linked' | 'used'> & { linked_at: Date; used_at: Date | null }
  >(
    `select provider, issuer, email, linked_at, used_at from provider_links
     where person_id = $1 and ended_at is null order by linked_at, id`,
    [actor.person],
  )
  return rows.map(({ linked_at, used_at, ...one }) => ({
    ...one,
    linked: linked_at.getTime(),
    used: used_at?.getTime() ?? null,
  }))
}

interface Offer {
  provider: string
  issuer: string
  subject: string
  email: string | null
  /** The hash of the session's token that asked, base64url. */
  session: string
  until: number
}

const nameOf = ({ tokenHash }: Session): string => tokenHash.toString('base64url')

/** What the form that confirms a link carries: it can be used by this session alone, for a while. */
export function offer(
  context: Context,
  session: Session,
  provider: Provider,
  said: Said,
  now: number,
): string {
  const { issuer, subject, email } = said
  const made: Offer = {
    provider: provider.id,
    issuer,
    subject,
    email,
    session: nameOf(session),
    until: now + flowMs,
  }
  return seal(context.settings.secret, JSON.stringify(made))
}

/** Throws WrongState when the offer is over or not this session's, or one of the two accounts is linked already. */
export async function link(context: Context, session: Session, given: string, now: number): Promise<void> {
  const text = unseal(context.settings, given)
  const made = text === null ? null : (JSON.parse(text) as Offer) // sealed by ourselves
  const provider = context.settings.providers?.find(({ id }) => id === made?.provider)
  if (!made || !provider || made.session !== nameOf(session) || made.until <= now)
    throw new WrongState('Begin again: the time for linking the accounts is over.')
  const { actor } = session
  await asEngine(context.db, async (tx) => {
    await tx.query('select 1 from people where id = $1 for update', [actor.person])
    await requireFree(tx, made, actor.person)
    if (await reachesFurther(tx, await reachOf(tx, provider), actor.person, now))
      throw new WrongState('Your roles reach further than this provider may vouch for.')
    await keepLink(tx, provider, made, actor.person, now)
    const detail = { provider: provider.id, issuer: made.issuer, email: made.email }
    await tell(tx, { verb: 'link-provider', person: actor.person, by: actor, detail }, now)
  })
}

async function requireFree(tx: Tx, { issuer, subject }: Offer, person: number): Promise<void> {
  // Two who link one subject at the same moment would each find it free.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `provider subject ${issuer} ${subject}`,
  ])
  const { rowCount } = await tx.query(
    `select 1 from provider_links where issuer = $1 and (subject = $2 or person_id = $3) and ended_at is null`,
    [issuer, subject, person],
  )
  if (rowCount) throw new WrongState('One of the two accounts is linked with another one already.')
}

/**
 * Ends the link, the roles that its groups brought and the other sessions that began by it. Throws WrongState when there is
 * none, or the person could not sign in any more.
 */
export async function unlink(context: Context, session: Session, issuer: string, now: number): Promise<void> {
  const { actor } = session
  await asEngine(context.db, async (tx) => {
    const { rows: kept } = await tx.query<{ other: boolean }>(
      `select password_hash is not null or exists (select 1 from passkeys where person_id = $1) as other
       from people where id = $1 for update`,
      [actor.person],
    )
    if (!kept[0]?.other)
      throw new WrongState('Choose a password or add a passkey first, or you could not sign in.')
    const { rows } = await tx.query<{ id: number; provider: string }>(
      `update provider_links set ended_at = $3 where person_id = $1 and issuer = $2 and ended_at is null
       returning id, provider`,
      [actor.person, issuer, new Date(now).toISOString()],
    )
    const [gone] = rows
    if (!gone) throw new WrongState('Your account is not linked there.')
    await takeGone(tx, { ...gone, person: actor.person }, [], now)
    await endSessionsOf(tx, gone.id, session.tokenHash)
    const detail = { provider: gone.provider, issuer }
    await tell(tx, { verb: 'unlink-provider', person: actor.person, by: actor, detail }, now)
  })
}

async function endSessionsOf(tx: Tx, linkId: number, except: Buffer): Promise<void> {
  const { rows } = await tx.query<{ token_hash: Buffer }>(
    'select token_hash from provider_sessions where link_id = $1 and token_hash <> $2',
    [linkId, except],
  )
  for (const { token_hash } of rows) await end(tx, token_hash)
}
