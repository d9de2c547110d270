/** An organisation's word, every six months, that its whole contact book is right. */
import { createHash } from 'node:crypto'
import { type Actor, rolesAt } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { Forbidden, WrongState } from '../../../platform/errors.ts'
import { managersOf } from '../managing.ts'
import { attestedAt, type Entry, entriesOf } from './book.ts'
import { gapsIn, proofOf } from './gaps.ts'
import { isOwn, requireReader } from './may.ts'
import { note } from './trail.ts'

/** Only the organisation itself says that its book is right: representative, whom it lets, security manager. */
export const mayAttest = async (tx: Tx, actor: Actor, org: number, now: number): Promise<boolean> =>
  isOwn(actor, org) &&
  (rolesAt(actor, org).includes('security_manager') ||
    (await managersOf(tx, org, now)).includes(actor.person))

type Line = [string, string, string, string, string, string, boolean]

/** What the book says, in its order and without what the reader did not judge (when it was proved). */
const linesIn = (entries: Entry[]): Line[] =>
  entries.map((e) => [e.purpose, e.name, e.channel, e.value, e.visibility, e.hours, e.roundTheClock])

/** SHA-256 of the book as canonical JSON (arrays alone, so without an order of keys to agree on). */
export const digestOf = (entries: Entry[]): string =>
  createHash('sha256')
    .update(JSON.stringify(linesIn(entries)))
    .digest('hex')

/**
 * Attests the book whose digest the reader had before them. `WrongState` when it has changed since or is empty, `Forbidden` to
 * those who only read, coordinators among them.
 */
export async function attest(tx: Tx, org: number, seen: string, by: Actor, now: number): Promise<void> {
  await requireReader(tx, by, org)
  if (!(await mayAttest(tx, by, org, now)))
    throw new Forbidden(
      'The book is attested by the representative, the security manager and whom the representative lets',
    )
  const entries = await entriesOf(tx, org)
  if (entries.length === 0) throw new WrongState('There is nothing in the book to attest')
  if (digestOf(entries) !== seen)
    throw new WrongState('The book has changed since you looked: look at it once more')
  await tx.query(
    'insert into contact_attestations (org_id, at, by, snapshot, sha256) values ($1, $2, $3, $4, $5)',
    [org, new Date(now).toISOString(), by.person, JSON.stringify(linesIn(entries)), Buffer.from(seen, 'hex')],
  )
  await note(tx, 'attest-contacts', { org }, { sha256: seen, entries: entries.length }, by, now)
}

export interface Standing {
  /** Milliseconds since 1970. */
  attestedAt: number | null
  /** How many contact points, seen by coordinators, are proved and not too long ago. */
  verified: number
  /** Last parts of `contacts.gap.…`. */
  gaps: string[]
}

/**
 * How an organisation's book stands, for whoever may see it: its people, coordinators, and the program itself. `now` where the
 * transaction is nobody's and so carries no time.
 */
export async function contactBookStanding(tx: Tx, org: number, now?: number): Promise<Standing> {
  const at = now ?? (await timeOf(tx))
  const entries = await entriesOf(tx, org)
  const attested = await attestedAt(tx, org)
  const works = entries.filter((e) => e.visibility !== 'own' && proofOf(e.verifiedAt, at) === 'verified')
  return {
    attestedAt: attested,
    verified: new Set(works.map((entry) => entry.point)).size,
    gaps: gapsIn(entries, attested, at, dayOf(at)),
  }
}

async function timeOf(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ now: number | null }>(
    'select (extract(epoch from actor_now()) * 1000)::float8 as now',
  )
  const now = rows[0]?.now
  if (now === null || now === undefined) throw new Error('A transaction without an actor has no time: say it')
  return now
}
