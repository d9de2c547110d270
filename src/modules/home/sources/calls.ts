/** Drills and calls that wait for the organisation's answer; only for those whose answer would count. */
import { short } from '../../../platform/dates.ts'
import { callName, mayAnswer, type Waiting, waitingFor } from '../../emergency/index.ts'
import type { Asking, Source, Told } from '../concern.ts'

export const calls: Source = async (tx, asking) => {
  const orgs = asking.orgs.filter((org) => mayAnswer(asking.actor, org))
  return (await waitingFor(tx, orgs)).map((one) => concernOf(one, asking))
}

const severities: Record<Waiting['class'], number> = { emergency: 4, warning: 3, drill: 2, test: 0 }

function concernOf(one: Waiting, { t, zone, now }: Asking): Told {
  const href = `/rollcalls/${one.id}`
  const isSeen = one.state === 'acknowledged'
  return {
    kind: one.class === 'drill' ? 'drill' : 'call',
    key: `call ${one.id} ${one.org}`,
    severity: severities[one.class],
    standing: isSeen ? 'seen' : 'pending',
    dueAt: one.deadlineAt,
    going: true,
    since: one.releasedAt,
    org: one.org,
    orgName: one.orgName,
    title: `${callName(one, t)}: ${one.title}`,
    href,
    say:
      one.deadlineAt === null
        ? t('home.call.say')
        : t('home.call.by', { when: short(one.deadlineAt, now, t, zone) }),
    stands: isSeen ? t('home.call.seen') : '',
    todo: { label: t('home.call.do'), href },
  }
}
