/** Claiming addresses, and taking a claim back. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { dayBounds } from '../../../platform/dates.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { newToken } from '../../../platform/sessions.ts'
import { bounds } from '../../../values/inet.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { readDay } from '../import/values.ts'
import { at, claimFor, inTurn, note, requireClaimant, requireOpen } from './claim.ts'
import { noteHolders } from './overlaps.ts'
import { tellCoordinators } from './tell.ts'
import { readValues, type Value } from './value.ts'

export interface Asked {
  org: number
  /** As typed: prefixes, ranges, domains and AS numbers. */
  values: string
  /** Last day, or empty. */
  until: string
  note: string
}

/** More open ones than this are a mistake or a flood. */
const mostOpen = 200
const longestNote = 1_000

/**
 * Makes a claim of each value and answers their numbers; all or none. Throws `Invalid` whose fields are `value:<as typed>`, `until`
 * or `note` with the last part of a key under `addresses.wrong`; `NotFound`, `Forbidden`, `WrongState` (too many open).
 */
export async function ask(tx: Tx, asked: Asked, by: Actor, now: number): Promise<number[]> {
  await requireClaimant(tx, by, asked.org)
  await inTurn(tx)
  const { values, wrong } = readValues(asked.values)
  const fields: Record<string, string> = {}
  for (const [entry, fault] of wrong) fields[`value:${entry}`] = fault
  const until = endOf(asked.until, now)
  for (const { value, why } of await known(tx, asked.org, values, until ?? 'infinity'))
    fields[`value:${value}`] = why
  if (until === null) fields.until = 'until'
  if (asked.note.trim().length > longestNote) fields.note = 'note'
  if (until === null || Object.keys(fields).length > 0)
    throw new Invalid('Some of it cannot be claimed.', fields)
  await requireRoom(tx, asked.org, values.length)
  const ids: number[] = []
  for (const value of values)
    ids.push(
      await add(
        tx,
        { ...asked, note: asked.note.trim(), value, until, role: 'owner', delegator: null, shown: false },
        by,
        now,
      ),
    )
  await tellCoordinators(tx, ids, now)
  return ids
}

/** The first moment after the day, `infinity` without one, null when it is no day or is past. */
export function endOf(day: string, now: number): string | null {
  if (day.trim() === '') return 'infinity'
  const read = readDay(day.trim())
  const to = read.ok ? dayBounds(read.value).to : 0
  return to > now ? at(to) : null
}

/** Values that the organisation claims already, or holds for as long as it wants to; a longer time may be claimed before the end. */
async function known(
  tx: Tx,
  org: number,
  values: Value[],
  until: string,
): Promise<{ value: string; why: string }[]> {
  const { rows } = await tx.query<{ value: string; why: string }>(
    `select value, 'open' as why from claims where org_id = $1 and state = 'asked' and value = any ($2)
     union select value, 'held' from claims where org_id = $1 and state = 'proved' and kind = 'as' and valid_to >= $3::timestamptz and value = any ($2)
     union select domain, 'held' from domains where org_id = $1 and valid_to >= $3::timestamptz and valid_to > valid_from and domain = any ($2)
     union select v.value, 'held' from networks n join unnest($2::text[], $4::inet[], $5::inet[]) v (value, f, t) on n.net_from = v.f and n.net_to = v.t
       where n.org_id = $1 and n.valid_to >= $3::timestamptz and n.valid_to > n.valid_from`,
    [
      org,
      values.map(({ value }) => value),
      until,
      values.map(({ net }) => (net ? bounds(net)[0] : null)),
      values.map(({ net }) => (net ? bounds(net)[1] : null)),
    ],
  )
  return rows
}

export async function requireRoom(tx: Tx, org: number, more: number): Promise<void> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from claims where org_id = $1 and state = 'asked'`,
    [org],
  )
  if ((rows[0]?.n ?? 0) + more > mostOpen)
    throw new WrongState(`An organisation may have ${mostOpen} open claims: withdraw some first.`)
}

interface Adding {
  org: number
  value: Value
  note: string
  until: string
  role: 'owner' | 'delegated'
  delegator: number | null
  shown: boolean
}

/** Writes the claim, whom it touches, and the trail; answers its number. */
export async function add(tx: Tx, adding: Adding, by: Actor, now: number): Promise<number> {
  const { org, value, role, delegator } = adding
  const [from, to] = value.net ? bounds(value.net) : [null, null]
  const parties = [org, ...(delegator === null ? [] : [delegator])]
  const { rows } = await tx.query<{ id: number }>(
    `insert into claims (org_id, kind, value, net_from, net_to, role, delegator_id, shown, note, contested, token, asked_by, asked_at, valid_to, readers)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, false, $10, $11, $12, $13, $14) returning id`,
    [
      ...[org, value.kind, value.value, from, to, role, delegator, adding.shown, adding.note],
      ...[value.kind === 'domain' ? newToken() : null, by.person || null, at(now), adding.until],
      [COORDINATORS, ...parties.map(readersOfOrg)],
    ],
  )
  const id = rows[0]?.id as number
  const touched = await noteHolders(
    tx,
    { id, org, kind: value.kind, value: value.value, from, to, role, delegator },
    now,
  )
  await note(
    tx,
    role === 'owner' ? 'claim' : 'delegate-addresses',
    // An offer is its author's deed: the trail names people by e-mail, which the other organisation is not told.
    {
      claim: { id, org: delegator ?? org, value: value.value },
      detail: { until: adding.until, contested: touched.length > 0 },
    },
    by,
    now,
  )
  return id
}

/** Takes an open claim back: the claimant, or whoever offered to delegate. Throws `NotFound`, `Forbidden`, `WrongState`. */
export async function withdraw(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const claim = await claimFor(tx, id, by)
  const asDelegator = claim.delegator !== null && by.engagements.some((e) => e.org === claim.delegator)
  await requireClaimant(tx, by, asDelegator && claim.delegator !== null ? claim.delegator : claim.org)
  requireOpen(claim)
  await tx.query(`update claims set state = 'withdrawn', decided_by = $2, decided_at = $3 where id = $1`, [
    id,
    by.person || null,
    at(now),
  ])
  await note(tx, 'withdraw-claim', { claim }, by, now)
}
