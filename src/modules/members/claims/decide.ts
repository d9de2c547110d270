/** What the parties say of a claim: the holder of what it touches answers, a coordinator decides. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound } from '../../../platform/errors.ts'
import { parseNet } from '../../../values/address.ts'
import { mayClaim } from '../may.ts'
import { add } from './ask.ts'
import { at, claimFor, inTurn, note, requireCoordinator, requireOpen } from './claim.ts'
import { partiesOf, showHolders, takeEffect } from './effect.ts'
import { noteHolders } from './overlaps.ts'
import { tellDecided } from './tell.ts'

const longest = 1_000

/**
 * The holder consents to a claim that touches what it holds, or objects. It decides nothing: a coordinator does, who reads it,
 * as does the claimant. The last answer counts. Throws `NotFound` (holds nothing of it), `Forbidden`, `WrongState`, `Invalid`.
 */
export async function answer(
  tx: Tx,
  id: number,
  said: { org: number; answer: 'consents' | 'objects'; note: string },
  by: Actor,
  now: number,
): Promise<void> {
  const text = said.note.trim()
  if (text.length > longest || (said.answer === 'objects' && text === ''))
    throw new Invalid('Say why.', { note: text === '' ? 'reason' : 'note' })
  const claim = await claimFor(tx, id, by)
  if (!by.engagements.some((e) => e.org === said.org)) throw new NotFound('There is no such organisation.')
  if (!mayClaim({ ...by, engagements: by.engagements.filter((e) => e.org === said.org) }, said.org))
    throw new Forbidden('The representative and the administrators of an organisation answer for it.')
  requireOpen(claim)
  const { rowCount } = await tx.query(
    `update claim_holders set answer = $3, note = $4, answered_by = $5, answered_at = $6 where claim_id = $1 and org_id = $2`,
    [id, said.org, said.answer, text, by.person || null, at(now)],
  )
  if (!rowCount) throw new NotFound('Your organisation holds nothing that this claim touches.')
  await showHolders(tx, claim, said.org)
  await note(
    tx,
    'answer-claim',
    { claim: { ...claim, org: said.org }, detail: { answer: said.answer } },
    by,
    now,
  )
}

export interface Decision {
  accept: boolean
  reason: string
  /** Of an AS number: the prefixes of the registry file that come with it, as the coordinator ticked them. */
  prefixes?: string[]
}

/**
 * A coordinator accepts a claim, which takes effect at once whoever else holds it, or refuses it. The reason is read by all
 * parties. Throws `Forbidden`, `NotFound`, `WrongState`, `Invalid`.
 */
export async function decide(tx: Tx, id: number, decision: Decision, by: Actor, now: number): Promise<void> {
  requireCoordinator(by)
  const reason = decision.reason.trim()
  if (reason === '' || reason.length > longest)
    throw new Invalid('Give the reason.', { reason: reason === '' ? 'reason' : 'note' })
  await inTurn(tx)
  const claim = await claimFor(tx, id, by)
  requireOpen(claim)
  await noteHolders(tx, claim, now)
  if (decision.accept) {
    await takeEffect(tx, claim, { proof: 'coordinator', reason }, by, now)
    if (claim.kind === 'as') await acceptPrefixes(tx, claim, { ...decision, reason }, by, now)
  } else
    await tx.query(
      `update claims set state = 'refused', reason = $2, decided_by = $3, decided_at = $4 where id = $1`,
      [id, reason, by.person || null, at(now)],
    )
  await showHolders(tx, claim, null)
  const parties = await partiesOf(tx, claim)
  await tellDecided(tx, claim, { accept: decision.accept, parties }, now)
  await note(
    tx,
    decision.accept ? 'accept-claim' : 'refuse-claim',
    { claim, also: parties, detail: { reason } },
    by,
    now,
  )
}

/** Only what the registry file says of this AS, and only what was ticked. Each becomes a claim of its own, decided with the same reason. */
async function acceptPrefixes(
  tx: Tx,
  as: { org: number; value: string },
  { prefixes = [], reason }: Decision,
  by: Actor,
  now: number,
): Promise<void> {
  const known = await prefixesOfAs(tx, as.value)
  for (const text of new Set(prefixes)) {
    const net = parseNet(text)
    if (!net || !known.includes(net.text))
      throw new Invalid('The registry file does not name this prefix for the AS.', { prefixes: 'prefixes' })
    const { rowCount } = await tx.query(
      `select 1 from networks where org_id = $1 and text = $2 and valid_to > $3 and valid_to > valid_from`,
      [as.org, net.text, at(now)],
    )
    if (rowCount) continue
    const value = {
      kind: net.text.includes('-') ? ('range' as const) : ('prefix' as const),
      value: net.text,
      net,
    }
    const wanted = { org: as.org, value, note: as.value, until: 'infinity', delegator: null, shown: false }
    await withdrawSame(tx, as.org, net.text, by, now)
    const id = await add(tx, { ...wanted, role: 'owner' }, by, now)
    const claim = await claimFor(tx, id, by)
    await takeEffect(tx, claim, { proof: 'coordinator', reason }, by, now)
    await showHolders(tx, claim, null)
    await note(
      tx,
      'accept-claim',
      { claim, also: await partiesOf(tx, claim), detail: { reason, with: as.value } },
      by,
      now,
    )
  }
}

/** The organisation may have claimed the prefix by itself: this decision takes its place. */
const withdrawSame = (tx: Tx, org: number, value: string, by: Actor, now: number): Promise<unknown> =>
  tx.query(
    `update claims set state = 'withdrawn', decided_by = $3, decided_at = $4 where org_id = $1 and value = $2 and state = 'asked'`,
    [org, value, by.person || null, at(now)],
  )

/** Ranges that the registry file gives to an AS number, as the register writes them. */
export async function prefixesOfAs(tx: Tx, as: string): Promise<string[]> {
  const { rows } = await tx.query<{ text: string }>(
    'select distinct text, family(net_from) as f, net_from from registry_entries where asn = $1 order by f, net_from, text limit 500',
    [as.slice(2)],
  )
  return rows.map(({ text }) => text)
}
