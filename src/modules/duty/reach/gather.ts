/** What the score needs to know of an organisation, read by the program. */
import { DateTime } from 'luxon'
import type { Queryable, Tx } from '../../../platform/database.ts'
import { homeZone } from '../../../platform/dates.ts'
import { partsOf, rotaOf } from '../read.ts'
import { gapsIn } from '../rota.ts'
import { actingAt } from '../targets.ts'
import type { LastCall, Reach } from './score.ts'

const weekMs = 7 * 86_400_000

/**
 * Whether a contact point works while the organisation's own mail and network are down: a text message to a mobile phone, or
 * a mailbox elsewhere. `domains` are the organisation's own. A push notification is counted by whoever knows of it.
 */
export function isOutOfBand(channel: string, value: string, domains: string[]): boolean {
  if (channel === 'sms') return true
  if (channel !== 'mail') return false
  const domain = value.toLowerCase().split('@').at(-1) ?? ''
  return !domains.some((own) => domain === own.toLowerCase() || domain.endsWith(`.${own.toLowerCase()}`))
}

/** `now` in ms since 1970; `lastCall` is known to whoever holds tests and drills. */
export async function reachOf(
  tx: Tx,
  org: number,
  { lastCall, zone = homeZone }: { lastCall: LastCall; zone?: string },
  now: number,
): Promise<Reach> {
  const points = await proved(tx, org, now)
  const domains = await domainsOf(tx, org)
  const people = new Set(points.map(({ person }) => person))
  const outside = points.filter(({ channel, value }) => isOutOfBand(channel, value, domains))
  return {
    people: people.size,
    outOfBand: new Set(outside.map(({ person }) => person)).size,
    always: await isAlways(tx, org, zone, now),
    lastCall,
    attestedMonths: await attestedMonths(tx, org, now),
  }
}

interface Point {
  person: number
  channel: string
  value: string
}

/** Contact points that were proved within the last year, of people who are to act at once. */
async function proved(tx: Queryable, org: number, now: number): Promise<Point[]> {
  const { rows } = await tx.query<Point & Record<string, unknown>>(
    `select distinct c.person_id as person, c.channel, c.value
     from contact_points c join people p on p.id = c.person_id and p.disabled_at is null
     where c.org_id = $1 and c.ended_at is null and c.verified_at > to_timestamp($2 / 1000.0) - interval '12 months'
       and exists (select 1 from engagements e where e.person_id = c.person_id and e.org_id = any ((select organisation_with_merged($1))::int[])
         and e.role in ('duty', 'admin', 'security_manager') and e.valid_from <= to_timestamp($2 / 1000.0) and e.valid_to > to_timestamp($2 / 1000.0))`,
    [org, now],
  )
  return rows
}

async function domainsOf(tx: Queryable, org: number): Promise<string[]> {
  const { rows } = await tx.query<{ domain: string }>('select domain from domains where org_id = $1', [org])
  return rows.map(({ domain }) => domain)
}

async function isAlways(tx: Tx, org: number, zone: string, now: number): Promise<boolean> {
  const { rows } = await tx.query<{ always: boolean }>(
    `select exists (select 1 from contact_points c where c.org_id = $1 and c.round_the_clock and c.ended_at is null and c.verified_at is not null)
       or exists (select 1 from duty_simple s where s.org_id = $1 and s.always) as always`,
    [org],
  )
  if (rows[0]?.always) return true
  const present = [...(await actingAt(tx, org, now)).keys()]
  const { rows: duties } = await tx.query<{ id: number; holidays: 'ignored' | 'sunday' }>(
    'select id, holidays from duty_schedules where org_id = any ((select organisation_with_merged($1))::int[]) and ended_at is null',
    [org],
  )
  for (const { id, holidays } of duties) {
    const rota = rotaOf({ holidays, ...(await partsOf(tx, id, now)) }, present, zone)
    if (gapsIn(rota, now, now + weekMs).length === 0) return true
  }
  return false
}

async function attestedMonths(tx: Queryable, org: number, now: number): Promise<number | null> {
  const { rows } = await tx.query<{ at: number | null }>(
    'select (extract(epoch from max(at)) * 1000)::float8 as at from contact_attestations where org_id = $1',
    [org],
  )
  const at = rows[0]?.at
  if (at === null || at === undefined) return null
  return monthsSince(at, now, homeZone)
}

/** Begun months, so that six months and a day are seven; on the day itself they are six. */
export function monthsSince(at: number, now: number, zone: string): number {
  const from = DateTime.fromMillis(at, { zone })
  return Math.max(0, Math.ceil(DateTime.fromMillis(now, { zone }).diff(from, 'months').months))
}
