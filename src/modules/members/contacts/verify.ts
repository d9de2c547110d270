/**
 * Proving that a contact reaches somebody: an address by a link that goes to it, a number by a code that goes to it (`text-code.ts`),
 * anything by a code that a coordinator reads out over a call.
 */
import { createHmac, randomInt } from 'node:crypto'
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import { seal } from '../../../platform/seal.ts'
import { hashToken, newToken } from '../../../platform/sessions.ts'
import { isOwn, requireKeeper, requireReader } from './may.ts'
import { type Point, pointFor } from './points.ts'
import { note } from './trail.ts'
import type { Which } from './words.ts'

const hourMs = 3_600_000
const linkMs = 24 * hourMs
// Contact points: a code of 6 digits, good for 10 minutes and 5 tries.
export const codeMs = 600_000
const codeTries = 5
/** Mails and calls to one contact within a day: nobody is to be rung up or written to at will. */
const mostADay = 5

const iso = (at: number): string => new Date(at).toISOString()

/** A code is short: only with the installation's key can one find it again. */
export const hashCode = (secret: string, point: number, begunAt: number, code: string): Buffer =>
  createHmac('sha256', secret).update(`contact ${point} ${begunAt} ${code}`).digest()

/** Ends what is under way for the point and begins another proof; `WrongState` past the day's most. */
export async function begin(
  tx: Tx,
  { org, point }: Which,
  check: { kind: 'mail' | 'call' | 'sms'; hash: Buffer; lastsMs: number },
  by: Actor,
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ n: number }>(
    'select count(*)::int as n from contact_checks where point_id = $1 and begun_at > $2',
    [point, iso(now - 24 * hourMs)],
  )
  if ((rows[0]?.n ?? 0) >= mostADay) throw new WrongState(`At most ${mostADay} proofs of one contact a day`)
  await tx.query(
    `update contact_checks set ended_at = $2, outcome = 'replaced' where point_id = $1 and ended_at is null`,
    [point, iso(now)],
  )
  await tx.query(
    `insert into contact_checks (point_id, org_id, kind, code_hash, begun_at, begun_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [point, org, check.kind, check.hash, iso(now), by.person || null, iso(now + check.lastsMs)],
  )
}

/** Mails the link that proves an address. For keepers; `WrongState` for a contact of another channel. */
export async function sendLink(context: Context, which: Which, by: Actor, now: number): Promise<void> {
  const token = newToken()
  await asEngine(context.db, async (tx) => {
    await requireKeeper(tx, by, which.org, now)
    const point = await pointFor(tx, which, by)
    if (point.channel !== 'mail') throw new WrongState('A link can be sent to an address only')
    const hash = hashToken(token)
    await begin(tx, which, { kind: 'mail', hash, lastsMs: linkMs }, by, now)
    const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [
      which.org,
    ])
    await tx.query('select queue_contact_mail($1, $2, $3, $4, $5)', [
      `contact:${hash.toString('hex')}`,
      which.org,
      point.value,
      {
        template: 'contact-verification',
        sealed: seal(context.settings.secret, token),
        until: iso(now + linkMs),
        organisation: rows[0]?.name,
        contact: point.name,
      },
      iso(now),
    ])
    await note(tx, 'send-contact-link', which, {}, by, now)
  })
}

export interface Asked {
  org: number
  orgName: string
  point: number
  name: string
  value: string
}

async function openLink(tx: Tx, token: string, now: number): Promise<Asked | null> {
  const { rows } = await tx.query<Asked & Record<string, unknown>>(
    `select p.org_id as org, o.name as "orgName", p.id as point, p.name, p.value
     from contact_checks c join contact_points p on p.id = c.point_id join organisations o on o.id = p.org_id
     where c.code_hash = $1 and c.kind = 'mail' and c.ended_at is null and c.expires_at > $2 and p.ended_at is null and o.status <> 'left'
     for update of c`,
    [hashToken(token), iso(now)],
  )
  return rows[0] ?? null
}

/** What a link asks its reader to confirm, or null when it works no more. Looking proves nothing: mail scanners look too. */
export const askedBy = (context: Context, token: string, now: number): Promise<Asked | null> =>
  asEngine(context.db, (tx) => openLink(tx, token, now))

/** Takes a link for the proof of its address, once. `WrongState` when it works no more. */
export async function confirmLink(context: Context, token: string, now: number): Promise<Asked> {
  return asEngine(context.db, async (tx) => {
    const found = await openLink(tx, token, now)
    if (!found) throw new WrongState('This link was used, replaced or is past its day')
    await tx.query(`update contact_checks set ended_at = $2, outcome = 'verified' where code_hash = $1`, [
      hashToken(token),
      iso(now),
    ])
    await proved(tx, found, 'mail', null, now)
    return found
  })
}

async function proved(
  tx: Tx,
  which: Which,
  how: 'mail' | 'call' | 'sms',
  by: Actor | null,
  now: number,
): Promise<void> {
  await tx.query(
    'update contact_points set verified_at = $2, verified_by = $3, verified_how = $4 where id = $1',
    [which.point, iso(now), by?.person || null, how],
  )
  await note(tx, 'verify-contact', which, { how }, by, now)
}

/**
 * A coordinator calls the number, and reads the answered code to whoever picks up; it is told once and kept as its MAC. That the
 * call began is in the trail with the caller's name.
 */
export async function beginCall(
  context: Context,
  which: Which,
  by: Actor,
  now: number,
): Promise<{ code: string; point: Point; until: number }> {
  if (!isCoordinator(by)) throw new Forbidden('Coordinators call')
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  return asEngine(context.db, async (tx) => {
    await requireReader(tx, by, which.org)
    const point = await pointFor(tx, which, by)
    if (point.channel === 'mail') throw new WrongState('An address is proved by a link')
    const hash = hashCode(context.settings.secret, which.point, now, code)
    await begin(tx, which, { kind: 'call', hash, lastsMs: codeMs }, by, now)
    await note(tx, 'call-contact', which, {}, by, now)
    return { code, point, until: now + codeMs }
  })
}

interface Call {
  id: number
  kind: 'call' | 'sms'
  /** Who called. */
  by: number | null
  begunAt: number
  tries: number
  hash: Buffer
}

/**
 * Whoever was called types the code, signed in as one of the organisation. `WrongState` without a call under way, `Invalid` for a
 * wrong code, which counts; the fifth ends the call.
 */
export async function giveCode(
  context: Context,
  which: Which,
  typed: string,
  by: Actor,
  now: number,
): Promise<void> {
  // A wrong code must stay counted, so it is thrown after the transaction.
  const verdict = await asEngine(context.db, async (tx) => {
    await requireReader(tx, by, which.org)
    if (!isOwn(by, which.org)) throw new Forbidden('The code is typed by the organisation that was called')
    await pointFor(tx, which, by)
    const call = await openCall(tx, which, now)
    if (!call) throw new WrongState('No call is under way for this contact: ask to be called again')
    // Somebody may be both a coordinator and one of the organisation: alone they prove nothing.
    if (call.kind === 'call' && call.by !== null && call.by === by.person)
      throw new Forbidden('Whoever called cannot type the code')
    const hash = hashCode(context.settings.secret, which.point, call.begunAt, typed.replace(/\s/g, ''))
    if (hash.equals(call.hash)) {
      await tx.query(`update contact_checks set ended_at = $2, outcome = 'verified' where id = $1`, [
        call.id,
        iso(now),
      ])
      await proved(tx, which, call.kind, by, now)
      return 'right'
    }
    const isOver = call.tries + 1 >= codeTries
    await tx.query(
      `update contact_checks set tries = tries + 1, ended_at = case when $2 then $3::timestamptz end, outcome = case when $2 then 'refused' end where id = $1`,
      [call.id, isOver, iso(now)],
    )
    return isOver ? 'over' : 'wrong'
  })
  if (verdict !== 'right') throw new Invalid('This is not the code', { code: verdict })
}

async function openCall(tx: Tx, { point }: Which, now: number): Promise<Call | null> {
  const { rows } = await tx.query<Call & Record<string, unknown>>(
    `select id, kind, begun_by as by, (extract(epoch from begun_at) * 1000)::float8 as "begunAt", tries, code_hash as hash from contact_checks
     where point_id = $1 and kind in ('call', 'sms') and ended_at is null and expires_at > $2 for update`,
    [point, iso(now)],
  )
  return rows[0] ?? null
}

export type UnderWay = 'mail' | 'call' | 'sms'

/** Proofs under way at an organisation, as the actor of the transaction sees them: by the contact's number. */
export async function underWay(tx: Tx, org: number, now: number): Promise<Map<number, UnderWay>> {
  const { rows } = await tx.query<{ point: number; kind: UnderWay }>(
    'select point_id as point, kind from contact_checks where org_id = $1 and ended_at is null and expires_at > $2',
    [org, iso(now)],
  )
  return new Map(rows.map(({ point, kind }) => [point, kind]))
}

/** Proofs are kept a year: who called whom when stays in the trail. */
export async function forgetChecks(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from contact_checks where begun_at < $1', [iso(now - 365 * 24 * hourMs)])
}
