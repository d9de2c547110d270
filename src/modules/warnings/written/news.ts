/** Who hears what of a version that goes out: those whom it reaches, and those who had what came before. */
import type { Tx } from '../../../platform/database.ts'
import { isWithin } from '../../../values/audience.ts'
import { involvedIn } from './edit.ts'
import type { Reach } from './reach.ts'
import { type Short, stop, type To, tell, tellShort } from './tell.ts'
import { audienceOf, type Version, type Written } from './types.ts'

export interface Delivering {
  warning: Written
  working: Version
  before: Version | null
  reach: Reach
  /** Those to whom it was passed on and may read on. */
  passed: To[]
  /** Who has been told of it up to now. */
  had: { mails: To[]; short: Short[] }
  now: number
}

/** Stops what still waits of the version before, sends the new one, and tells those whom it no longer reaches. Answers how many messages wait. */
export async function tellNews(
  tx: Tx,
  { warning, working, before, reach, passed, had, now }: Delivering,
): Promise<number> {
  const people = [...reach.people, ...passed]
  await stop(tx, warning.id, 'superseded')
  const involved = await involvedIn(tx, warning.author, working.named, now)
  const message = { warning: warning.id, version: working, involved, now }
  const topic = `written ${warning.id} v${working.no}`
  if (!before) return tell(tx, { ...message, kind: 'new', topic }, people)
  const out = had.mails.filter(
    (one) => !people.some((to) => to.address === one.address && to.org === one.org),
  )
  const gone = {
    ...message,
    kind: 'revoked' as const,
    topic: `${topic} out`,
    version: { ...before, tlp: working.tlp },
  }
  if (out.length > 0) await tell(tx, gone, out)
  await tellShort(
    tx,
    gone,
    had.short.filter((one) => !isReached(one, working, people)),
  )
  const told = await tell(tx, { ...message, kind: 'update', topic }, people)
  // Whatever they chose since, or the severity is now: that the rules of passing on have changed comes the way that the warning came.
  if (isNarrower(working, before))
    await tellShort(
      tx,
      { ...message, kind: 'update', topic },
      had.short.filter((one) => isReached(one, working, people)),
    )
  return told
}

/** Of TLP:RED, which is for persons, no organisation's programs hear. */
const isReached = ({ channel, person, org }: Short, { tlp }: Version, people: To[]): boolean =>
  channel === 'webhook'
    ? tlp !== 'RED' && people.some((to) => to.org === org)
    : people.some((to) => to.person === person && to.org === org)

const isNarrower = (working: Version, before: Version): boolean =>
  working.tlp !== before.tlp ||
  !isWithin(audienceOf(before), audienceOf(working)) ||
  before.named.some((one) => !working.named.includes(one))
