/** Taking a warning back, in one transaction: state, readers, the outbox; and the end of those whose time is over. */
import { type Actor, asActor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import { asEngine, type Database } from '../../../platform/database.ts'
import { Forbidden, Invalid, refuseChanged, WrongState } from '../../../platform/errors.ts'
import { periodAt } from './duty.ts'
import { involvedIn, must, note } from './edit.ts'
import { flagDerived } from './from-warnings.ts'
import { lockWritten, readersOf, versionOf } from './read.ts'
import { tellChanging } from './review.ts'
import { revocationRevision } from './seen.ts'
import { stop, tell, tellShort, toldOf, toldShort } from './tell.ts'

/** `asked`: another coordinator has to do it; `revoked`: it is gone, and so many of those who had it are being told. */
export type Revoking = { asked: true } | { asked: false; told: number }

/**
 * Asks for a published warning, or one whose time is over, to be revoked, or does it where somebody else has asked. One person suffices for an emergency and in a
 * declared period of single duty. A change that is being written becomes a draft of its own.
 */
export async function revoke(
  db: Database,
  id: number,
  by: Actor,
  why: string,
  now: number,
  seen?: string,
): Promise<Revoking> {
  must(by)
  const reason = why.trim()
  if (reason === '' || reason.length > 2_000) throw new Invalid('Say why', { reason: 'reason' })
  return asActor(db, by, now, async (tx) => {
    const warning = await lockWritten(tx, id)
    const out = await versionOf(tx, id, 'published')
    if (!['published', 'expired'].includes(warning.state) || !out)
      throw new WrongState('Only what is published is revoked')
    const involved = await involvedIn(tx, warning.author, out.named, now)
    const inside = out.tlp === 'RED' ? [involved.author, ...involved.coordinators].map((one) => -one) : [2]
    const alone = out.kind === 'emergency' || (await periodAt(tx, now)) !== null
    if (!alone && warning.revokeAskedBy === by.person)
      throw new Forbidden('Somebody else than who asked revokes it')
    refuseChanged(seen, revocationRevision(warning, out))
    if (!alone && warning.revokeAskedBy === null) {
      await tx.query(
        `update written_warnings set revoke_asked_by = $2, revoke_asked_at = to_timestamp($3 / 1000.0), revoke_reason = $4 where id = $1`,
        [id, by.person, now, reason],
      )
      await note(tx, by, 'askRevocation', id, inside, { reason }, now)
      return { asked: true }
    }
    const had = await toldOf(tx, id)
    const short = await toldShort(tx, id)
    await stop(tx, id, 'revoked')
    const { rows } = await tx.query<{ draft: number | null }>(
      'select revoke_written($1, $2, to_timestamp($3 / 1000.0)) as draft',
      [id, reason, now],
    )
    const draft = rows[0]?.draft ?? null
    if (draft === null) throw new WrongState('Only what is published is revoked')
    if (draft > 0) {
      const readers = await readersOf(tx, draft)
      // Of a change for named persons alone whoever revokes may not even read for whom it is.
      await note(
        tx,
        by,
        'keepChange',
        draft,
        readers.length > 0 ? readers : inside,
        { sources: warning.number },
        now,
      )
    }
    const message = {
      kind: 'revoked' as const,
      topic: `written ${id} revoked`,
      warning: id,
      version: out,
      involved,
      now,
    }
    const told = await tell(tx, message, had)
    await tellShort(tx, message, short)
    await flagDerived(tx, id, { by, now, revoked: true })
    await note(tx, by, 'revokeWarning', id, inside, { reason, told }, now)
    return { asked: false, told }
  })
}

/**
 * Those whose time is over: nobody but coordinators has read them since that moment; now their state says so. A change that is being
 * written stays, and who writes and reviews it is told. Answers how many.
 */
export function expire(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ id: number; readers: number[] }>(
      `update written_warnings set state = 'expired', readers = readers_after, changed_at = to_timestamp($1 / 1000.0)
       where state = 'published' and ends_at <= to_timestamp($1 / 1000.0) returning id, readers_after as readers`,
      [now],
    )
    for (const { id, readers } of rows) {
      await tellChanging(tx, id, now)
      await record(tx, {
        at: now,
        actor: null,
        verb: 'warnings.expireWarning',
        object: `written warning ${id}`,
        readers,
      })
    }
    if (rows.length > 0) await tx.query(`select announce('warnings', '')`)
    return rows.length
  })
}
