/** What a member's first page reads, as its reader. */
import { type Actor, asReader, organisationsOf, organisationsRead } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { type Queryable, together } from '../../platform/database.ts'
import { addDays, type Day, dayOf, hoursOf } from '../../platform/dates.ts'
import type { Lang } from '../../platform/i18n.ts'
import { brokenKeys, lostAddresses } from '../channels/index.ts'
import { dayHeadline, type SectorDay, sectorDay } from '../events/index.ts'
import { isMember, sharingStanding, withMerged } from '../members/index.ts'
import { countWarnings, getWarning, listWarnings, type WarningRow } from '../warnings/index.ts'
import { type Things, thingsOf } from '../warnings/pages.ts'
import { byUrgency, isUrgent } from './urgency.ts'
import { type Watching, watching } from './watching.ts'

export interface Hour {
  at: number
  dropped: number
  passed: number
  unknown: number
}

export interface MemberToday {
  /** Those shown, the most urgent first. */
  items: (WarningRow & { things?: Things })[]
  /** All that concern the reader, shown or not. */
  total: number
  /** When all of them are of one organisation: which, so that the list behind the number has as many rows. */
  only: number | null
  urgent: number
  /** Those that concern each organisation, for choosing one. */
  counts: Map<number, number>
  exercises: number
  /** Announced tests in force now. */
  tests: number
  yesterday: {
    day: Day
    events: number
    sources: number
    droppedShare: number | null
    gotThrough: number
    hours: Hour[]
  }
  sector: SectorDay | null
  watching: Watching
  /** Own organisations that have not accepted the rules of sharing. */
  unruled: string[]
  /** Addresses in their hands to which nothing can be delivered. */
  lostAddresses: number
  /** Keys for mail encryption that cannot be used. */
  brokenKeys: number
  /** The warning just answered. */
  answered: WarningRow | null
}

/** A screen's worth; the rest is one link away. */
const most = 8
const mostLooked = 500

interface Question {
  actor: Actor
  /** One of the reader's organisations, or null for all together. */
  org: number | null
  answered: number | null
  now: number
  zone: string
  lang: Lang
}

export function gatherMember(
  context: Context,
  { actor, org, answered, now, zone, lang }: Question,
): Promise<MemberToday> {
  const own = organisationsOf(actor).map((one) => one.id)
  const shown = org === null ? own : [org]
  const only: { org?: number } = shown.length === 1 ? { org: shown[0] } : {}
  const day = addDays(dayOf(now, zone), -1)
  return asReader(context.db, actor, now, async (tx) => {
    const orgs = org === null ? organisationsRead(actor) : await withMerged(tx, org)
    const { mine, counts, headline, hours, standings, ...rest } = await together({
      mine: mostUrgent(tx, only, orgs),
      counts: countsOf(tx, own),
      headline: dayHeadline(tx, { day, zone, org: orgs }),
      hours: hoursOfOrgs(tx, orgs, day, zone),
      exercises: countWarnings(tx, { state: 'living', exercise: true, ...only }),
      tests: testsNow(tx, orgs, now),
      sector: sectorDay(tx, { day, zone, lang }),
      watching: watching(tx, orgs, now),
      standings: sharingStanding(tx, own),
      lostAddresses: lostAddresses(tx),
      brokenKeys: brokenKeys(tx, now),
      answered: answered === null ? null : getWarning(tx, answered).catch(() => null),
    })
    return {
      ...rest,
      ...mine,
      total: shown.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0),
      only: only.org ?? null,
      counts,
      unruled: standings.filter((one) => !isMember(one)).map(({ name }) => name),
      yesterday: {
        day,
        events: headline.events,
        sources: headline.sources,
        droppedShare: headline.dropped_share,
        gotThrough: headline.got_through,
        hours,
      },
    }
  })
}

async function mostUrgent(
  tx: Queryable,
  only: { org?: number },
  orgs: number[],
): Promise<Pick<MemberToday, 'items' | 'urgent'>> {
  const found = await listWarnings(tx, { state: 'concerning', ...only }, null, mostLooked)
  const mine = found.filter((row) => orgs.includes(row.org ?? -1)).sort(byUrgency)
  const shown = mine.slice(0, most)
  const things = await thingsOf(
    tx,
    shown.map((row) => row.id),
  )
  return {
    items: shown.map((row) => ({ ...row, things: things.get(row.id) })),
    urgent: mine.filter(isUrgent).length,
  }
}

/** How many concern each organisation; the same question that the list behind the number asks. */
async function countsOf(tx: Queryable, orgs: number[]): Promise<Map<number, number>> {
  const counts = await together(
    Object.fromEntries(orgs.map((org) => [org, countWarnings(tx, { state: 'concerning', org })])),
  )
  return new Map(orgs.map((org) => [org, counts[org] ?? 0]))
}

async function testsNow(tx: Queryable, orgs: number[], now: number): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from announced_tests where org_id = any ($1) and withdrawn_at is null
     and starts_at <= to_timestamp($2 / 1000.0) and ends_at > to_timestamp($2 / 1000.0)`,
    [orgs, now],
  )
  return rows[0]?.n ?? 0
}

async function hoursOfOrgs(tx: Queryable, orgs: number[], day: Day, zone: string): Promise<Hour[]> {
  const starts = hoursOf(day, zone)
  const { rows } = await tx.query<{ hour: number; events: number; dropped: number; through: number }>(
    `select hour, sum(events)::int as events, sum(dropped)::int as dropped, sum(passed + partial)::int as through from totals
     where hour = any ($1) and org_id = any ($2) and lane = 0 and dim = 0 group by hour`,
    [starts.map((at) => at / 3_600_000), orgs],
  )
  const byHour = new Map(rows.map((row) => [row.hour, row]))
  return starts.map((at) => {
    const row = byHour.get(at / 3_600_000)
    return {
      at,
      dropped: row?.dropped ?? 0,
      passed: row?.through ?? 0,
      unknown: row ? row.events - row.dropped - row.through : 0,
    }
  })
}
