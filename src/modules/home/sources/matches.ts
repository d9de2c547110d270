/** Advisories that by the inventory concern what the organisation runs, and that nobody has dealt with. */
import { dayBounds, dayOf, dayShort } from '../../../platform/dates.ts'
import { concernsWords, type OpenMatch, openMatches } from '../../matches/index.ts'
import type { Asking, Ranked, Source, Told } from '../concern.ts'

export const matches: Source = async (tx, asking) =>
  (await openMatches(tx, asking.orgs, dayOf(asking.now, asking.zone))).map((one) => concernOf(one, asking))

/** What is planned is here because its day has come. */
const standings: Record<OpenMatch['answer'], Ranked['standing']> = {
  pending: 'pending',
  seen: 'seen',
  working: 'working',
  mitigated: 'seen',
}

function concernOf(one: OpenMatch, { t, zone }: Asking): Told {
  const href = `/matches/${one.id}`
  const planned =
    one.plannedOn === null ? '' : t('home.written.planned', { day: dayShort(one.plannedOn, t, true) })
  return {
    kind: 'match',
    key: `match ${one.id}`,
    severity: one.severity,
    standing: standings[one.answer],
    dueAt: one.plannedOn === null ? null : dayBounds(one.plannedOn, zone).to,
    going: false,
    since: one.since,
    org: one.org,
    orgName: one.orgName,
    title: one.title,
    href,
    say: planned || concernsWords(t, one),
    stands: t(one.answer === 'pending' ? 'written.standing.pending' : `written.answer.${one.answer}`),
    todo: { label: t('home.match.do'), href },
  }
}
