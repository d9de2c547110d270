/** Ending what an organisation holds: the record is closed, not deleted, so every past moment answers as before. */
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { at, inTurn, requireClaimant } from './claim.ts'

/** `n12` a network, `d5` a domain, `a7` the claim of an AS number. */
export type Held = string

interface Found {
  org: number
  value: string
  /** Who let it to the organisation; may take it back. */
  delegator: number | null
  claim: number | null
}

const tables = { n: 'networks', d: 'domains', a: 'claims' } as const

const finding = {
  n: `select n.org_id as org, n.text as value, c.delegator_id as delegator, c.id as claim from networks n left join claims c on c.network_id = n.id where n.id = $1`,
  d: `select d.org_id as org, d.domain as value, null::int as delegator, c.id as claim from domains d left join claims c on c.domain_id = d.id where d.id = $1`,
  a: `select org_id as org, value, null::int as delegator, id as claim from claims where id = $1 and kind = 'as' and state in ('proved', 'ended')`,
}

const closing = {
  n: `update networks set closed_at = $2, valid_to = greatest(valid_from, $2::timestamptz) where id = $1 and valid_to > $2::timestamptz and valid_to > valid_from`,
  d: `update domains set closed_at = $2, valid_to = greatest(valid_from, $2::timestamptz) where id = $1 and valid_to > $2::timestamptz and valid_to > valid_from`,
  a: `update claims set valid_to = greatest(effective_at, $2::timestamptz) where id = $1 and state = 'proved' and valid_to > $2::timestamptz`,
}

/**
 * Ends a record of the register now: its organisation, whoever delegated it, or a coordinator. Throws `NotFound`, `Forbidden`,
 * `WrongState` (over already), `Invalid` (no reason).
 */
export async function end(tx: Tx, held: Held, given: string, by: Actor, now: number): Promise<void> {
  const reason = given.trim()
  if (reason === '' || reason.length > 1_000) throw new Invalid('Give the reason.', { reason: 'reason' })
  const kind = held.slice(0, 1) as keyof typeof tables // the next line refuses every other letter
  if (!Object.hasOwn(tables, kind) || !/^\d{1,9}$/.test(held.slice(1)))
    throw new NotFound('There is no such record.')
  await inTurn(tx)
  const { rows } = await tx.query<Found & Record<string, unknown>>(finding[kind], [Number(held.slice(1))])
  const [found] = rows
  if (!found) throw new NotFound('There is no such record.')
  const party = await partyOf(tx, found, by)
  const { rowCount } = await tx.query(closing[kind], [Number(held.slice(1)), at(now)])
  if (!rowCount) throw new WrongState('This record is over already.')
  await tx.query(
    `update claims set state = 'ended', reason = $2, decided_by = $3, decided_at = $4 where id = $1`,
    [found.claim, reason, by.person || null, at(now)],
  )
  await tx.query(`select announce('register', '')`)
  await record(tx, {
    at: now,
    actor: by,
    verb: 'members.end-addresses',
    object: `organisation ${found.org}`,
    org: found.org,
    detail: { value: found.value, reason },
    // The other party reads it on the claim, without the e-mail that a line of the trail bears.
    readers: [COORDINATORS, readersOfOrg(party)],
  })
}

/** For which organisation the actor ends it. */
async function partyOf(tx: Tx, { org, delegator }: Found, by: Actor): Promise<number> {
  if (isCoordinator(by)) return org
  const asDelegator = delegator !== null && !by.engagements.some((e) => e.org === org)
  const party = asDelegator ? delegator : org
  await requireClaimant(tx, by, party)
  return party
}
