/** Figures that everybody may know: what was published of the sector's yesterday, and counts of members from five on. */
import { type Tx, together } from '../../platform/database.ts'
import { addDays, type Day, dayOf } from '../../platform/dates.ts'
import type { Lang } from '../../platform/i18n.ts'
import { type SectorDay, sectorDay } from '../events/index.ts'
import { type Counter, counters } from './showings.ts'

export interface Figures {
  yesterday: Day
  /** Null when nothing was published of the day. */
  sector: SectorDay | null
  counters: Record<Counter, number | null>
}

/** Run as a visitor: the policies leave yesterday alone. */
export async function figures(tx: Tx, now: number, zone: string, lang: Lang): Promise<Figures> {
  const yesterday = addDays(dayOf(now, zone), -1)
  const told = await together({
    sector: sectorDay(tx, { day: yesterday, zone, lang }),
    counters: counters(tx),
  })
  return { yesterday, ...told }
}
