/** What an organisation owes itself: its contacts' word grown old, a time when nobody is on duty. */
import { short } from '../../../platform/dates.ts'
import { holesAhead } from '../../duty/index.ts'
import { contactBookStanding } from '../../members/index.ts'
import type { Asking, Source, Told } from '../concern.ts'

/** Organisations of one reader whose books are looked into. */
const mostBooks = 20
const dayMs = 86_400_000

export const tasks: Source = async (tx, asking) => {
  const own = asking.actor.engagements.flatMap((one) =>
    one.org !== null && asking.orgs.includes(one.org) ? [{ id: one.org, name: one.orgName ?? '' }] : [],
  )
  const orgs = [...new Map(own.map((one) => [one.id, one])).values()].slice(0, mostBooks)
  const found: Told[] = []
  for (const org of orgs) {
    const { gaps, attestedAt } = await contactBookStanding(tx, org.id, asking.now)
    const age = gaps.find((gap) => gap === 'attestation.due' || gap === 'attestation.stale')
    if (age && attestedAt !== null) found.push(bookTask(org, age, attestedAt, asking))
  }
  const holes = await holesAhead(
    tx,
    orgs.map((one) => one.id),
    asking.zone,
    asking.now,
  )
  return [...found, ...holes.map((hole) => dutyTask(hole, asking))]
}

const task = (of: Omit<Told, 'kind' | 'standing' | 'going' | 'stands'>): Told => ({
  kind: 'task',
  standing: 'pending',
  going: false,
  stands: '',
  ...of,
})

const bookTask = (org: { id: number; name: string }, age: string, since: number, { t }: Asking): Told => {
  const href = `/members/${org.id}/contacts`
  return task({
    key: `book ${org.id}`,
    severity: age === 'attestation.stale' ? 2 : 1,
    dueAt: null,
    since,
    org: org.id,
    orgName: org.name,
    title: t('home.task.book'),
    href,
    say: t(`contacts.gap.${age}`),
    todo: { label: t('home.task.book.do'), href },
  })
}

function dutyTask(hole: Awaited<ReturnType<typeof holesAhead>>[number], { t, now, zone }: Asking): Told {
  const href = `/duty/${hole.id}`
  return task({
    key: `duty ${hole.id}`,
    severity: hole.from - now < dayMs ? 3 : 2,
    dueAt: hole.from,
    since: now,
    org: hole.org,
    orgName: hole.orgName,
    title: t('home.task.duty', { name: hole.name }),
    href,
    say: t('home.task.duty.when', { from: short(hole.from, now, t, zone), to: short(hole.to, now, t, zone) }),
    todo: { label: t('home.task.duty.do'), href },
  })
}
