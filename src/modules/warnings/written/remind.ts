/** Writing again to those alone who have not answered. */
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Database } from '../../../platform/database.ts'
import { WrongState } from '../../../platform/errors.ts'
import { markReminded } from './board-read.ts'
import { involvedIn, must, note } from './edit.ts'
import { reachOf } from './reach.ts'
import { lockWritten, readersOf, versionOf } from './read.ts'
import { tell } from './tell.ts'

/** At most once an hour, so that a second press writes to nobody twice. */
const restMs = 3_600_000

/** Answers to how many organisations it went. `WrongState` when nobody is silent, or they were reminded within the hour. */
export async function remind(db: Database, id: number, by: Actor, now: number): Promise<number> {
  must(by)
  return asActor(db, by, now, async (tx) => {
    const warning = await lockWritten(tx, id)
    const version = await versionOf(tx, id, 'published')
    if (warning.state !== 'published' || !version) throw new WrongState('Only what is published is answered')
    const { rowCount } = await tx.query(
      `select 1 from written_asked where warning_id = $1 and reminded_at > to_timestamp($2 / 1000.0) limit 1`,
      [id, now - restMs],
    )
    if (rowCount) throw new WrongState('They were reminded within the last hour')
    const silent = await markReminded(tx, id, now)
    if (silent.length === 0) throw new WrongState('Everybody who was asked has answered')
    const reach = await reachOf(tx, version, now)
    const involved = await involvedIn(tx, warning.author, version.named, now)
    const people = reach.people.filter((one) => one.org !== null && silent.includes(one.org))
    await tell(
      tx,
      { kind: 'ladder', topic: `written ${id} reminder ${now}`, warning: id, version, involved, now },
      people.map((one) => ({ ...one, hold: null })),
    )
    await note(
      tx,
      by,
      'remindWritten',
      id,
      await readersOf(tx, id),
      { version: version.no, told: people.length },
      now,
    )
    return silent.length
  })
}
