/** Who hears of a match, and when: what is new and serious at once, all else in the digest. */
import type { Tx } from '../../platform/database.ts'
import { goesOut, queue, stopMatch, tellGone } from '../channels/index.ts'
import type { Settling } from './item.ts'

/** An advisory that came lately and is not old: a source switched on today brings those of ten years. */
const newsMs = 24 * 3_600_000
const freshMs = 14 * newsMs
const medium = 2

export interface Telling extends Settling {
  item: number
  kind: 'new' | 'update'
  topic: string
  /** Of an update: there is more to it than before. */
  worse?: boolean
}

/**
 * High and critical come at once when the advisory is news; what an older one or a change of the inventory brings, and an
 * update by which nothing grew worse, waits for the digest, and no phone hears of it. The limit of mails a day holds.
 */
export async function tell(tx: Tx, telling: Telling): Promise<void> {
  const { item, org, kind, topic, subject, cause, now } = telling
  const isNews = cause === 'advisory' && now - subject.changedAt < newsMs && now - subject.revisedAt < freshMs
  // Whoever opens the one that is on its way finds it as it is now.
  if (kind === 'update' && (await goesOut(tx, item))) return
  const atOnce = isNews && (kind === 'new' || telling.worse === true)
  await queue(tx, {
    ...{ kind, topic: `match ${item} ${topic}`, warning: null, match: item, org, to: 'own', now },
    quiet: !atOnce,
    severity: Math.max(1, atOnce ? subject.severity : Math.min(subject.severity, medium)),
  })
}

/** What waits does not go out; who was told is told, unless it was their own doing. */
export async function tellClosed(
  tx: Tx,
  closed: { item: number; org: number; byThem: boolean; now: number },
): Promise<void> {
  await stopMatch(tx, closed.item)
  if (closed.byThem) return
  const topic = `match ${closed.item} gone ${new Date(closed.now).toISOString()}`
  await tellGone(tx, { match: closed.item, unit: closed.org, topic, now: closed.now })
}
