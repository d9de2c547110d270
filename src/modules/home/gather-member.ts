/** What a member's first page reads, as its reader. */
import { type Actor, asReader, organisationsOf, organisationsRead } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { type Queryable, together } from '../../platform/database.ts'
import { addDays, type Day, dayOf, hoursOf } from '../../platform/dates.ts'
import type { T } from '../../platform/i18n.ts'
import { brokenKeys, lostAddresses } from '../channels/index.ts'
import { dayHeadline, type SectorDay, sectorDay } from '../events/index.ts'
import { isMember, sharingStanding, withMerged } from '../members/index.ts'
import { countWarnings, getWarning, type WarningRow } from '../warnings/index.ts'
import { type Concerns, concernsOf } from './gather-concerns.ts'
import { type Watching, watching } from './watching.ts'

export interface Hour {
  at: number
  dropped: number
  passed: number
  unknown: number
}

export interface MemberToday extends Concerns {
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
/** Who asks for all gets as many as a page bears; more are in the list of warnings. */
const mostOfAll = 200

interface Question {
  actor: Actor
  /** One of the reader's organisations, or null for all together. */
  org: number | null
  answered: number | null
  /** Not only a screen's worth. */
  all: boolean
  now: number
  zone: string
  t: T
}

export function gatherMember(
  context: Context,
  { actor, org, answered, all, now, zone, t }: Question,
): Promise<MemberToday> {
  const own = organisationsOf(actor).map((one) => one.id)
  const shown = org === null ? own : [org]
  const only: { org?: number } = shown.length === 1 ? { org: shown[0] } : {}
  const day = addDays(dayOf(now, zone), -1)
  return asReader(context.db, actor, now, async (tx) => {
    const orgs = org === null ? organisationsRead(actor) : await withMerged(tx, org)
    const asking = { actor, orgs, now, zone, t }
    const concerns = await concernsOf(tx, asking, { shown, own, most: all ? mostOfAll : most })
    const { headline, hours, standings, ...rest } = await together({
      headline: dayHeadline(tx, { day, zone, org: orgs }),
      hours: hoursOfOrgs(tx, orgs, day, zone),
      exercises: countWarnings(tx, { state: 'living', exercise: true, ...only }),
      tests: testsNow(tx, orgs, now),
      sector: sectorDay(tx, { day, zone, lang: t.lang }),
      watching: watching(tx, orgs, now),
      standings: sharingStanding(tx, own),
      lostAddresses: lostAddresses(tx),
      brokenKeys: brokenKeys(tx, now),
      answered: answered === null ? null : getWarning(tx, answered).catch(() => null),
    })
    return {
      ...rest,
      ...concerns,
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
