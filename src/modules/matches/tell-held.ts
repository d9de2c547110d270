/** Coordinators are written to when a name that matches everything waits for them, once a day however many there are. */
import type { Tx } from '../../platform/database.ts'
import { dayOf, iso } from '../../platform/dates.ts'
import { read, write } from '../../platform/settings.ts'
import { queueHeldNames } from '../channels/index.ts'

/** A source that is switched on brings its names one after another: those of a quarter of an hour stand in one mail. */
const gatherMs = 15 * 60_000
/** Up to when what was held has been told, milliseconds since 1970. */
const toldUpTo = 'matches.held-told'

export async function tellOfHeld(tx: Tx, now: number): Promise<void> {
  const last = Number((await read(tx, toldUpTo)) ?? 0)
  // What came after the mail of a day waits for the next day.
  if (now < last || dayOf(now) === dayOf(last)) return
  const { rowCount } = await tx.query(
    'select 1 from match_held where released_at is null and held_at > $1 limit 1',
    [iso(last)],
  )
  if (!rowCount) return
  const due = now + gatherMs
  if ((await queueHeldNames(tx, due, now)) > 0) await write(tx, toldUpTo, due, now)
}
