/** A holder lets a part of its range to another organisation, for a time; the other accepts. Nobody else is asked: both decided. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { bounds } from '../../../values/inet.ts'
import { mayClaim } from '../may.ts'
import { organisationNamed } from '../named.ts'
import { add, endOf, requireRoom } from './ask.ts'
import { at, claimFor, inTurn, requireClaimant, requireOpen } from './claim.ts'
import { prove } from './effect.ts'
import { tellReceiver } from './tell.ts'
import { readValues, type Value } from './value.ts'

export interface Delegation {
  /** Who holds the wider range. */
  org: number
  value: string
  /** Present name of the other organisation, another of its names, or its number. */
  to: string
  until: string
  /** The holder goes on seeing what happens there. */
  shown: boolean
  note: string
}

/**
 * Offers a part of what the organisation holds. Throws `Invalid` with the field (`value`, `to`, `until`, `note`) and the last part of a
 * key under `addresses.wrong`; `NotFound`, `Forbidden`, `WrongState`.
 */
export async function delegate(tx: Tx, wanted: Delegation, by: Actor, now: number): Promise<number> {
  await requireClaimant(tx, by, wanted.org)
  await inTurn(tx)
  const fields: Record<string, string> = {}
  const { values, wrong } = readValues(wanted.value)
  const [value] = values
  const named = await organisationNamed(tx, wanted.to)
  const until = endOf(wanted.until, now)
  if (wrong.size > 0) fields.value = [...wrong.values()][0] ?? 'address'
  else if (values.length !== 1 || !value?.net) fields.value = 'address'
  else if (!(await holdsAround(tx, wanted.org, value, now))) fields.value = 'notInside'
  if (typeof named === 'string') fields.to = named
  else if (named.id === wanted.org) fields.to = 'self'
  if (until === null || until === 'infinity') fields.until = until === null ? 'until' : 'untilNeeded'
  if (wanted.note.trim().length > 1_000) fields.note = 'note'
  if (Object.keys(fields).length > 0 || typeof named === 'string' || !value || until === null)
    throw new Invalid('It cannot be delegated so.', fields)
  await requireReceiver(tx, named.id, value)
  const note = wanted.note.trim()
  const id = await add(
    tx,
    { org: named.id, value, note, until, role: 'delegated', delegator: wanted.org, shown: wanted.shown },
    by,
    now,
  )
  await tellReceiver(tx, { id, to: named.id, from: wanted.org, value: value.value }, now)
  return id
}

/** Strictly around: who gives a whole range away ends the own record, and the other claims it. */
async function holdsAround(tx: Tx, org: number, value: Value, now: number): Promise<boolean> {
  if (!value.net) return false
  const { rowCount } = await tx.query(
    `select 1 from networks where org_id = $1 and net_from <= $2::inet and net_to >= $3::inet and not (net_from = $2::inet and net_to = $3::inet)
       and family(net_from) = family($2::inet) and valid_from <= $4 and valid_to > $4`,
    [org, ...bounds(value.net), at(now)],
  )
  return (rowCount ?? 0) > 0
}

async function requireReceiver(tx: Tx, org: number, { value }: Value): Promise<void> {
  const { rowCount } = await tx.query(`select 1 from organisations where id = $1 and status <> 'left'`, [org])
  if (!rowCount) throw new WrongState('This organisation left.')
  await requireRoom(tx, org, 1)
  const { rowCount: open } = await tx.query(
    `select 1 from claims where org_id = $1 and value = $2 and state = 'asked'`,
    [org, value],
  )
  if (open)
    throw new WrongState(
      'This organisation has an open claim of the same range: let a coordinator decide that one.',
    )
}

/**
 * Accepts what was offered; it takes effect where no third organisation holds a part, else a coordinator decides. Throws `NotFound`,
 * `Forbidden`, `WrongState` (decided before, or the holder lost the range meanwhile).
 */
export async function accept(tx: Tx, id: number, by: Actor, now: number): Promise<'proved' | 'contested'> {
  await inTurn(tx)
  const claim = await claimFor(tx, id, by)
  const { delegator } = claim
  if (delegator === null) throw new NotFound('There is no such offer.')
  if (!mayClaim(by, claim.org))
    throw new Forbidden('The representative and the administrators accept for their organisation.')
  requireOpen(claim)
  const { rowCount } = await tx.query(
    `select 1 from networks where org_id = $1 and net_from <= $2::inet and net_to >= $3::inet and valid_from <= $4 and valid_to > $4`,
    [delegator, claim.from, claim.to, at(now)],
  )
  if (!rowCount) throw new WrongState('Whoever offered this range does not hold it any more.')
  return prove(tx, claim, 'delegation', by, now)
}
