/** What the pages say of groups and seats. */
import { dayOf, dayShort } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { Lang, T } from '../../../platform/i18n.ts'
import { kindIn } from '../../members/pages.ts'
import type { Group } from '../groups.ts'
import type { OwnSeat } from '../standing.ts'

/** The purpose in the reader's language, or in the other with its mark where only that one was written. */
export function purposeIn({ purpose }: Pick<Group, 'purpose'>, lang: Lang): { text: string; lang: Lang } {
  const other = lang === 'cs' ? 'en' : 'cs'
  return purpose[lang] === '' ? { text: purpose[other], lang: other } : { text: purpose[lang], lang }
}

const rolesOf = ({ roles }: Pick<Group, 'roles'>, t: T): string =>
  t.list(roles.map((role) => t(`ui.role.${role}`)))

/** Who may join and how, in one or two sentences. */
export function whoMayJoin(group: Pick<Group, 'joining' | 'roles' | 'kinds'>, t: T): string {
  const { joining, roles, kinds } = group
  if (joining === 'closed') return t('groups.who.closed')
  const who =
    roles.length === 0
      ? t(`groups.who.${joining}.any`)
      : t(`groups.who.${joining}`, { roles: rolesOf(group, t) })
  if (kinds.length === 0) return who
  return `${who} ${t('groups.who.kinds', { kinds: t.list(kinds.map((kind) => kindIn(kind, t))) })}`
}

/** The widest label that may be told to who holds the seat. */
export const reachOf = (group: Pick<Group, 'tlpMax'>, seat: Pick<OwnSeat, 'member'>): Group['tlpMax'] =>
  seat.member ? group.tlpMax : 'CLEAR'

/** The last day of what ends at a moment, which is the first of the next day. */
export const lastDay = (at: number, { t, zone }: Pick<Frame, 't' | 'zone'>): string =>
  dayShort(dayOf(at - 1, zone), t, true)

/** How a seat came, and until when it is held. */
export function wayOf(seat: Pick<OwnSeat, 'way' | 'endsAt'>, frame: Frame): string {
  const { t } = frame
  const way = t(`groups.way.${seat.way}`)
  return seat.endsAt === null ? way : t('groups.way.until', { way, until: lastDay(seat.endsAt, frame) })
}

/** "12 lidí z 9 organizací"; what is fewer than five and not the reader's to know is "< 5". */
export function sizeOf({ people, organisations }: Pick<Group, 'people' | 'organisations'>, t: T): string {
  return t('groups.size', {
    people: people === null ? t('groups.people.few') : t('groups.people', { n: people }),
    organisations:
      organisations === null
        ? t('groups.organisations.few')
        : t('groups.organisations', { n: organisations }),
  })
}
