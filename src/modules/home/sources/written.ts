/** Warnings that coordinators wrote and that wait for the organisation's answer. */
import { dayBounds, dayOf, dayShort } from '../../../platform/dates.ts'
import { type AskedOfWritten, askedOf, saidIn } from '../../warnings/index.ts'
import type { Asking, Ranked, Source, Told } from '../concern.ts'

export const written: Source = async (tx, asking) =>
  (await askedOf(tx, asking.orgs, dayOf(asking.now, asking.zone))).map((one) => concernOf(one, asking))

const standings: Record<string, Ranked['standing']> = {
  pending: 'pending',
  seen: 'seen',
  working: 'working',
  // Its day has come, or none was ever given.
  mitigated: 'seen',
}

function concernOf(one: AskedOfWritten, { t, zone }: Asking): Told {
  const { title } = saidIn(one, t.lang)
  const href = `/warnings/written/${one.warning}`
  const by = one.answer === 'mitigated' ? one.plannedOn : one.actionBy
  return {
    kind: 'written',
    key: `written ${one.warning} ${one.org}`,
    severity: one.severity,
    standing: standings[one.answer] ?? 'pending',
    // The whole of the day is there to act.
    dueAt: by === null ? null : dayBounds(by, zone).to,
    going: false,
    since: one.askedAt,
    org: one.org,
    orgName: one.orgName,
    title: `${one.number} ${title}`,
    href,
    say: one.conflict
      ? t('home.written.conflict')
      : by !== null
        ? t(one.answer === 'mitigated' ? 'home.written.planned' : 'home.written.by', {
            day: dayShort(by, t, true),
          })
        : t(`home.written.${one.answer}`),
    stands: t(`written.standing.${one.answer}`),
    todo: { label: t('home.written.do'), href: `${href}#answers` },
  }
}
