/** Who keeps a contact book: the organisation's representative, whom it lets manage people, and its security manager. */
import { type Actor, isCoordinator, rolesAt, scopesOf } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, NotFound } from '../../../platform/errors.ts'
import { manages } from '../managing.ts'

/** Coordinators may too: a hospital may call with a new number before anybody there has signed in. */
export const keeps = async (tx: Tx, actor: Actor, org: number, now: number): Promise<boolean> =>
  rolesAt(actor, org).includes('security_manager') || manages(tx, actor, org, now)

/** Deeds about one organisation's book come one after another, so that order and last contacts are judged as they are. */
const inTurn = (tx: Tx, org: number): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtext('contacts of organisation'), $1)`, [org])

export const isOwn = (actor: Actor, org: number): boolean => actor.engagements.some((e) => e.org === org)

/** Throws `NotFound` to outsiders and of organisations that left. */
export async function requireReader(tx: Tx, actor: Actor, org: number): Promise<void> {
  const { rowCount } = await tx.query(`select 1 from organisations where id = $1 and status <> 'left'`, [org])
  if (!rowCount || !(isOwn(actor, org) || isCoordinator(actor)))
    throw new NotFound('There is no such organisation')
  await inTurn(tx, org)
}

/** Throws as `requireReader`, and `Forbidden` to those of its people who only read. */
export async function requireKeeper(tx: Tx, actor: Actor, org: number, now: number): Promise<void> {
  await requireReader(tx, actor, org)
  if (!(await keeps(tx, actor, org, now)))
    throw new Forbidden(
      'The contact book is kept by the representative, the security manager and whom the representative lets',
    )
}

/** The scopes of the actor as the policies compare them, for verbs that run past the policies. */
export const seenBy = (actor: Actor): number[] => scopesOf(actor)
