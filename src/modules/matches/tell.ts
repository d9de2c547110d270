/** Who hears of a match, and when: what is new and serious at once, all else in the digest. */
import type { Tx } from '../../platform/database.ts'
import { goesOut, queue, queueMatchHook, stopMatch, tellGone } from '../channels/index.ts'
import type { Settling } from './item.ts'

/** An advisory that came lately and is not old: a source switched on today brings those of ten years. */
const newsMs = 24 * 3_600_000
const freshMs = 14 * newsMs
const medium = 2

export interface Telling extends Settling {
  item: number
  kind: 'new' | 'update'
  topic: string
  /** There is more to it than they were told already. */
  worse: boolean
  /** It became known now that it is exploited. */
  newlyExploited: boolean
}

/**
 * High and critical come at once when the advisory is news; what an older one or a change of the inventory brings, and an
 * update by which nothing grew worse, waits for the digest, and no phone hears of it. The limit of mails a day holds. Webhooks are told of
 * each at once: a program does not tire.
 */
export async function tell(tx: Tx, telling: Telling): Promise<void> {
  const { item, org, kind, subject, now } = telling
  const topic = `match ${item} ${telling.topic}`
  await queueMatchHook(tx, { kind, topic, match: item, org, severity: Math.max(1, subject.severity) }, now)
  // Whoever opens the one that is on its way finds it as it is now.
  if (kind === 'update' && (await goesOut(tx, item))) return
  const atOnce = telling.worse && isNews(telling)
  await queue(tx, {
    ...{ kind, topic, warning: null, match: item, org, to: 'own', now },
    quiet: !atOnce,
    severity: Math.max(1, atOnce ? subject.severity : Math.min(subject.severity, medium)),
  })
}

/** Of an old advisory it is news that its weakness is exploited; not that it was years ago, which a catalogue switched on today brings. */
function isNews({ cause, subject, newlyExploited, now }: Telling): boolean {
  if (cause !== 'advisory') return false
  if (newlyExploited && subject.kevAt !== null && now - subject.kevAt < freshMs) return true
  return now - subject.changedAt < newsMs && now - subject.revisedAt < freshMs
}

/** What waits does not go out; who was told is told, unless it was their own doing or another item stands for it. */
export async function tellClosed(
  tx: Tx,
  closed: { item: number; org: number; quiet: boolean; now: number },
): Promise<void> {
  await stopMatch(tx, closed.item)
  if (closed.quiet) return
  const topic = `match ${closed.item} gone ${new Date(closed.now).toISOString()}`
  await tellGone(tx, { match: closed.item, unit: closed.org, topic, now: closed.now })
}
