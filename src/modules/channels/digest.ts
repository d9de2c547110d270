/** The digest: one regular mail with everything that did not have to come at once, and why it waited. */
import { DateTime } from 'luxon'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../platform/database.ts'
import { addDays, dayOf, homeZone } from '../../platform/dates.ts'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../values/scopes.ts'
import type { Held, Period } from './post.ts'

/** 7:30 by the clock on the wall, every day or on Mondays. */
const [digestHour, digestMinute, monday] = [7, 30, 1]

/** The last moment at or before `now` at which digests were due, in milliseconds since 1970. */
export function lastDue(rhythm: 'daily' | 'weekly', now: number, zone = homeZone): number {
  const local = DateTime.fromMillis(now, { zone })
  const today = local.set({ hour: digestHour, minute: digestMinute, second: 0, millisecond: 0 })
  const due = today > local ? at730(today.minus({ days: 1 })) : today
  return (rhythm === 'daily' ? due : at730(due.minus({ days: due.weekday - monday }))).toMillis()
}

// A day back may lie beyond a change of the clock: the hour is set anew.
const at730 = (day: DateTime): DateTime =>
  day.set({ hour: digestHour, minute: digestMinute, second: 0, millisecond: 0 })

interface Waiting {
  address: string
  person: number | null
  /** Of a contact address, which is known by its organisation alone; a person's digest is over all it serves. */
  org: number | null
  rhythm: 'daily' | 'weekly' | 'none'
  /** Something below high waited for the reader's own day, so this is not a digest of urgent things alone. */
  whole: boolean
}

interface Due {
  daily: number
  weekly: number
}

/** Makes the digests that are due, one for each reader over all its organisations; answers how many. */
export async function runDigests(context: Context, now: number): Promise<number> {
  const due = { daily: lastDue('daily', now), weekly: lastDue('weekly', now) }
  const { rows } = await context.db.engine.query<Waiting & Record<string, unknown>>(waiting, [
    due.daily,
    due.weekly,
  ])
  let made = 0
  for (const reader of rows) made += await asEngine(context.db, (tx) => gather(tx, reader, due, now))
  return made
}

// High and critical: what the limit or an absent server held back of them comes the next morning, whatever the reader left.
const urgent = 'coalesce(severity, 0) >= 3'

// One row a reader. A person's own setting gives way to what it chose by a link in a mail.
const waiting = `
  select address, person, org, rhythm, whole from (
    select *, coalesce(oldest < to_timestamp(case rhythm when 'weekly' then $2 else $1 end / 1000.0), false) as whole from (
      select d.address, d.person_id as person, case when d.person_id is null then d.org_id end as org,
        min(d.decided_at) filter (where not ${urgent}) as oldest, bool_or(${urgent}) as hurries,
        coalesce(max(c.digest), max(p.digest), 'daily') as rhythm
      from deliveries d left join people p on p.id = d.person_id
        left join mail_choices c on c.address_key = address_key(d.address)
        left join mail_standings s on s.address_key = address_key(d.address)
      where d.state = 'held' and s.suspended_at is null and d.decided_at < to_timestamp($1 / 1000.0)
      group by 1, 2, 3) g) w
  where whole or hurries
  order by address`

const theirs = `state = 'held' and address = $1 and person_id is not distinct from $2
  and (person_id is not null or org_id is not distinct from $3)
  and decided_at < to_timestamp(case when ${urgent} then $4::float8 else $5::float8 end / 1000.0)`

const asTheirs = ({ address, person, org, rhythm }: Waiting, due: Due): unknown[] => [
  address,
  person,
  org,
  due.daily,
  rhythm === 'weekly' ? due.weekly : due.daily,
]

async function gather(tx: Tx, reader: Waiting, due: Due, now: number): Promise<number> {
  const own = asTheirs(reader, due)
  if (reader.rhythm === 'none')
    await tx.query(
      `update deliveries set state = 'dropped', reason = 'unsubscribed' where ${theirs} and not ${urgent}`,
      own,
    )
  if ((await withoutTold(tx, own)) === 0) return 0
  const id = await insert(tx, reader, due, now)
  if (id === null) return 0
  await tx.query(`update deliveries set state = 'digested', digest_id = $6 where ${theirs}`, [...own, id])
  await tx.query(`select announce('outbox', '')`)
  return 1
}

/** What grew worse and came singly since is no news in the morning. Answers how much is left to tell. */
async function withoutTold(tx: Tx, reader: unknown[]): Promise<number> {
  await tx.query(
    `update deliveries d set state = 'dropped', reason = 'told-since' where ${theirs} and kind <> 'talk' and exists (
       select 1 from deliveries s where (s.warning_id = d.warning_id or s.match_id = d.match_id) and s.address = d.address and s.state in ('sent', 'delivered')
         and s.decided_at > d.decided_at and s.severity > d.severity)`,
    reader,
  )
  return (await tx.query(`select 1 from deliveries where ${theirs} limit 1`, reader)).rowCount ?? 0
}

/** The digest's own row; null when this reader's digest of that morning was made before. */
async function insert(tx: Tx, reader: Waiting, due: Due, now: number): Promise<number | null> {
  const { address, person, org } = reader
  const rhythm = reader.rhythm === 'weekly' && reader.whole ? 'weekly' : 'daily'
  const morning = dayOf(due.daily)
  const { rows } = await tx.query<{ id: number }>(
    `insert into deliveries (kind, topic, person_id, org_id, address, detail, decided_at, due_at, readers)
     values ('digest', $1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), to_timestamp($6 / 1000.0), $7)
     on conflict (topic, address) do nothing returning id`,
    [
      org === null ? `digest ${morning}` : `digest ${morning} of organisation ${org}`,
      person,
      org,
      address,
      { as: person === null ? 'contact' : 'member', day: dayOf(due[rhythm]), rhythm },
      now,
      [
        COORDINATORS,
        ...(person === null ? [] : [personScope(person)]),
        ...(org === null ? [] : [readersOfOrg(org)]),
      ],
    ],
  )
  return rows[0]?.id ?? null
}

/** What a digest lists, oldest first. */
export async function heldOf(db: Queryable, digest: number): Promise<Held[]> {
  const { rows } = await db.query<Held & Record<string, unknown>>(
    `select warning_id as warning, written_id as written, match_id as match, kind, coalesce(reason, 'digest') as reason,
       (extract(epoch from decided_at) * 1000)::float8 as "decidedAt"
     from deliveries where digest_id = $1 and coalesce(warning_id, written_id, match_id) is not null order by decided_at, id`,
    [digest],
  )
  return rows
}

/** Yesterday, or the seven days before the Monday. */
export function periodOf(detail: Record<string, unknown>): Period {
  const day = String(detail.day)
  return { from: addDays(day, detail.rhythm === 'weekly' ? -7 : -1), to: addDays(day, -1) }
}
