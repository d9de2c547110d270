/** Changing a contact book: ways to reach somebody added, changed, put in order and taken away by who keeps it. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { entriesOf } from './book.ts'
import { setEntries, setReaders } from './entries.ts'
import { lastFor } from './gaps.ts'
import { endPoints } from './leaving.ts'
import { isOwn, requireKeeper, requireReader, seenBy } from './may.ts'
import { note } from './trail.ts'
import { readValue } from './values.ts'
import { type Channel, forNothing, type Purpose, purposes, type Shown, type Which } from './words.ts'

/** More ways than this are no book that anybody reads at night. */
const mostPoints = 200

/** What a form says of a contact point. */
export interface Wanted {
  /** Somebody who acts for the organisation; null for a function or a person without an account. */
  person: number | null
  /** Needed where there is no person. */
  name: string
  channel: Channel
  value: string
  hours: string
  roundTheClock: boolean
  shown: Shown
}

/** Done without a word, it would leave these purposes without anybody proved; the same deed `sure` goes through. */
export class LastContact extends WrongState {
  readonly purposes: Purpose[]
  constructor(purposes: Purpose[]) {
    super('This is the last verified contact for a purpose: confirm that you want this')
    this.purposes = purposes
  }
}

const iso = (at: number): string => new Date(at).toISOString()

/** A wanted point as it is stored. Throws `Invalid` with a code for each wrong field. */
async function sound(tx: Tx, org: number, wanted: Wanted, now: number): Promise<Wanted> {
  const errors: Record<string, string> = {}
  const name =
    wanted.person === null ? wanted.name.normalize('NFC').trim() : await nameAt(tx, org, wanted.person, now)
  const value = readValue(wanted.channel, wanted.value)
  const hours = wanted.hours.trim().replace(/\s+/g, ' ')
  if (name === null) errors.person = 'person'
  else if (name === '' || name.length > 100 || /\p{C}/u.test(name)) errors.name = 'name'
  if (value === null) errors.value = wanted.channel
  if (hours.length > 100) errors.hours = 'hours'
  if (purposes.every((purpose) => wanted.shown[purpose] === null)) errors.shown = 'shown'
  if (Object.keys(errors).length > 0) throw new Invalid('Something is missing or wrong', errors)
  return { ...wanted, name: name ?? '', value: value ?? '', hours }
}

/** The person's name while they act for the organisation, else null. */
async function nameAt(tx: Tx, org: number, person: number, now: number): Promise<string | null> {
  const { rows } = await tx.query<{ name: string }>(
    `select p.name from people p where p.id = $2 and p.disabled_at is null and exists (select 1 from engagements e
       where e.person_id = p.id and e.org_id = $1 and e.valid_from <= $3 and e.valid_to > $3)`,
    [org, person, iso(now)],
  )
  return rows[0]?.name.slice(0, 100) ?? null
}

async function requireNew(
  tx: Tx,
  org: number,
  { channel, value, person, name }: Wanted,
  but = 0,
): Promise<void> {
  const { rowCount } = await tx.query(
    `select 1 from contact_points where org_id = $1 and channel = $2 and lower(value) = lower($3) and ended_at is null
       and person_id is not distinct from $4 and ($4::int is not null or lower(name) = lower($5)) and id <> $6`,
    [org, channel, value, person, name, but],
  )
  if (rowCount) throw new Invalid('This contact is in the book already', { value: 'known' })
}

/** Adds a contact and answers its number. It is not verified, whoever adds it. */
export async function addPoint(tx: Tx, org: number, wanted: Wanted, by: Actor, now: number): Promise<number> {
  await requireKeeper(tx, by, org, now)
  const given = await sound(tx, org, wanted, now)
  await requireNew(tx, org, given)
  const { rows: counted } = await tx.query<{ n: number }>(
    'select count(*)::int as n from contact_points where org_id = $1 and ended_at is null',
    [org],
  )
  if ((counted[0]?.n ?? 0) >= mostPoints) throw new WrongState(`A book holds at most ${mostPoints} contacts`)
  const { rows } = await tx.query<{ id: number }>(
    `insert into contact_points (org_id, person_id, name, channel, value, hours, round_the_clock, readers, agreed_at, added_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, '{}', $8, $9, $9) returning id`,
    [
      org,
      given.person,
      given.name,
      given.channel,
      given.value,
      given.hours,
      given.roundTheClock,
      given.person === by.person ? iso(now) : null,
      iso(now),
    ],
  )
  const point = rows[0]?.id as number
  await setEntries(tx, { org, point }, given.shown, by, now)
  await note(
    tx,
    'add-contact',
    { org, point },
    { channel: given.channel, purposes: purposesIn(given.shown) },
    by,
    now,
  )
  return point
}

const purposesIn = (shown: Shown): Purpose[] => purposes.filter((purpose) => shown[purpose] !== null)

export interface Point {
  org: number
  person: number | null
  name: string
  channel: Channel
  value: string
  verified: boolean
}

/** A point that the actor is shown; `NotFound` otherwise. */
export async function pointFor(tx: Tx, { org, point }: Which, by: Actor): Promise<Point> {
  const { rows } = await tx.query<Point & Record<string, unknown>>(
    `select org_id as org, person_id as person, name, channel, value, verified_at is not null as verified from contact_points
     where id = $1 and org_id = $2 and ended_at is null and readers && $3`,
    [point, org, seenBy(by)],
  )
  if (!rows[0]) throw new NotFound('There is no such contact')
  return rows[0]
}

/**
 * Makes a contact what is wanted. A changed value is no longer verified, proofs under way end, and a mailbox that was verified
 * is told. Throws `LastContact` unless `sure`.
 */
export async function changePoint(
  tx: Tx,
  which: Which,
  { sure, ...wanted }: Wanted & { sure: boolean },
  by: Actor,
  now: number,
): Promise<void> {
  await requireKeeper(tx, by, which.org, now)
  const before = await pointFor(tx, which, by)
  const given = await sound(tx, which.org, wanted, now)
  await requireNew(tx, which.org, given, which.point)
  const isOther = given.value !== before.value || given.channel !== before.channel
  const isOtherPerson = given.person !== before.person
  await requireSure(
    tx,
    which,
    sure,
    (purpose) => isOther || isOtherPerson || given.shown[purpose] === null || given.shown[purpose] === 'own',
    now,
  )
  await tx.query(
    `update contact_points set person_id = $2, name = $3, channel = $4, value = $5, hours = $6, round_the_clock = $7, changed_at = $8,
       agreed_at = case when $9 then $10::timestamptz else agreed_at end where id = $1`,
    [
      which.point,
      given.person,
      given.name,
      given.channel,
      given.value,
      given.hours,
      given.roundTheClock,
      iso(now),
      isOtherPerson,
      given.person === by.person ? iso(now) : null,
    ],
  )
  // Another holder of the same number has proved nothing either.
  if (isOther || isOtherPerson) await unprove(tx, which, before, now)
  await setEntries(tx, which, given.shown, by, now)
  await note(
    tx,
    'change-contact',
    which,
    { channel: given.channel, purposes: purposesIn(given.shown), newValue: isOther },
    by,
    now,
  )
}

/** What was proved of the old value says nothing of the new one. */
async function unprove(tx: Tx, { org, point }: Which, before: Point, now: number): Promise<void> {
  await tx.query(
    'update contact_points set verified_at = null, verified_by = null, verified_how = null where id = $1',
    [point],
  )
  await tx.query(
    `update contact_checks set ended_at = $2, outcome = 'changed' where point_id = $1 and ended_at is null`,
    [point, iso(now)],
  )
  if (before.channel !== 'mail' || !before.verified) return
  await tx.query('select queue_contact_mail($1, $2, $3, $4, $5)', [
    `contact-changed:${point}:${now}`,
    org,
    before.value,
    { template: 'contact-changed', org, at: iso(now) },
    iso(now),
  ])
}

async function requireSure(
  tx: Tx,
  { org, point }: Which,
  sure: boolean,
  loses: (purpose: Purpose) => boolean,
  now: number,
): Promise<void> {
  if (sure) return
  const shared = (await entriesOf(tx, org)).filter((entry) => entry.visibility !== 'own')
  const last = lastFor(shared, (entry) => entry.point === point && loses(entry.purpose), now)
  if (last.length > 0) throw new LastContact(last)
}

/** Takes a contact out of the book; what of it the actor does not see stays. Throws `LastContact` unless `sure`. */
export async function removePoint(
  tx: Tx,
  which: Which,
  sure: boolean,
  by: Actor,
  now: number,
): Promise<void> {
  await requireKeeper(tx, by, which.org, now)
  await pointFor(tx, which, by)
  await requireSure(tx, which, sure, () => true, now)
  await setEntries(tx, which, forNothing, by, now)
  const { rowCount } = await tx.query(
    'select 1 from contact_entries where point_id = $1 and ended_at is null',
    [which.point],
  )
  if (!rowCount) await endPoints(tx, [which.point], 'removed', now)
  await note(tx, 'remove-contact', which, {}, by, now)
}

/** A person's own word on whether other members may see their contact. */
export async function agree(tx: Tx, which: Which, yes: boolean, by: Actor, now: number): Promise<void> {
  await requireReader(tx, by, which.org)
  const point = await pointFor(tx, which, by)
  if (!isOwn(by, which.org) || point.person !== by.person)
    throw new Forbidden('Only the person themselves may agree')
  await tx.query('update contact_points set agreed_at = $2 where id = $1', [
    which.point,
    yes ? iso(now) : null,
  ])
  await setReaders(tx, which)
  await note(tx, yes ? 'agree-contact' : 'disagree-contact', which, {}, by, now)
}
