/** What a short message says of an advisory that concerns an inventory: that there is an item and its number. Which advisory and what of theirs is for the page alone. */
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { translator } from '../../../platform/i18n.ts'
import type { Reader } from '../recipients.ts'
import { plain } from '../sms/text.ts'
import type { Claimed, Written } from './run.ts'
import type { Way } from './way.ts'

export async function writeMatch(
  context: Context,
  way: Way,
  delivery: Claimed,
  match: number,
  { reader, now }: { reader: Reader; now: number },
): Promise<Written> {
  const isGone = delivery.kind === 'revoked'
  const t = translator(reader.actor.language)
  const state = await asReader(context.db, reader.actor, now, async (tx) => {
    const { rows } = await tx.query<{ state: string }>('select state from match_items where id = $1', [match])
    return rows[0]?.state
  })
  const lives = state === 'open' || state === 'confirmed' || state === 'dealt'
  if (isGone) {
    // It concerns them again, or the word of it never went out by this way.
    if (lives || !(await cameBy(context.db.engine, delivery, match))) return { dropped: 'settled' }
  } else if (!lives) return { dropped: 'may-not-read' }
  else if (state === 'dealt') return { dropped: 'settled' }
  const what = isGone ? 'match-gone' : 'match'
  const number = String(match)
  return {
    text: way.name === 'push' ? t(`push.class.${what}`) : plain(t(`ways.short.${what}`, { number })),
    number: '',
    path: `/matches/${match}`,
    urgent: (delivery.severity ?? 0) >= 3,
    thread: `match ${match}`,
  }
}

async function cameBy(db: Queryable, { address }: Claimed, match: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from deliveries where match_id = $1 and address = $2 and kind <> 'revoked' and state in ('sending', 'sent', 'delivered', 'unknown') limit 1`,
    [match, address],
  )
  return rowCount !== 0
}
