/**
 * Slow-down of guessing, in the database so that all nodes count together. A try is written down before anybody learns
 * how it was judged: a thousand guesses at the same moment are a thousand tries, not one.
 */
import { createHmac } from 'node:crypto'
import { asEngine, type Database, kept, type Tx, together } from '../../platform/database.ts'
import { net6, parseNet } from '../../values/address.ts'

export interface Brake {
  key: string
  /** Failures that cost nothing. */
  free: number
  /** The first pause after them; each further failure doubles it. */
  pauseMs: number
  /** After how long failures are forgotten. */
  windowMs: number
}

const hour = 3_600_000
const longestWaitMs = 15 * 60_000
/** Rows older than this mean nothing to any brake. */
export const forgottenMs = 24 * hour

/** What was typed as the account is never stored: people sometimes type their password there. */
const keyOf = (secret: string, account: string): string =>
  createHmac('sha256', secret)
    .update(`account\0${account.normalize('NFKC').toLowerCase()}`)
    .digest('base64url')

/** One subscriber of IPv6 has a whole /64. */
function addressKey(address: string): string {
  const net = parseNet(address)
  if (!net) return 'unknown'
  if (net.v === 4) return net.text
  const low = net.lo & ~0xffff_ffff_ffff_ffffn
  return net6(low, low | 0xffff_ffff_ffff_ffffn).text
}

export const signInBrakes = (secret: string, account: string, address: string): Brake[] => [
  { key: `account:${keyOf(secret, account)}`, free: 5, pauseMs: 1_000, windowMs: 24 * hour },
  { key: `address:${addressKey(address)}`, free: 20, pauseMs: 1_000, windowMs: hour },
]

/** Mails with a link are limited, so that nobody's mailbox can be flooded through us. */
export const resetBrakes = (secret: string, account: string, address: string): Brake[] => [
  { key: `reset:${keyOf(secret, account)}`, free: 3, pauseMs: 10 * 60_000, windowMs: hour },
  { key: `reset-address:${addressKey(address)}`, free: 20, pauseMs: 1_000, windowMs: hour },
]

/** Forms that anybody may send: so many an hour from one network. */
export const formBrake = (purpose: string, address: string): Brake => ({
  key: `${purpose}-address:${addressKey(address)}`,
  free: 10,
  pauseMs: 60_000,
  windowMs: hour,
})

/** And mails that such a form sends to one mailbox. */
export const mailboxBrake = (purpose: string, secret: string, email: string): Brake => ({
  key: `${purpose}:${keyOf(secret, email)}`,
  free: 3,
  pauseMs: 15 * 60_000,
  windowMs: 24 * hour,
})

interface Tries {
  key: string
  at: number
}

/** How long to wait at `now` after failures at these moments (ascending): nothing within the free ones, then doubling pauses. */
export function waitMs(failures: number[], brake: Pick<Brake, 'free' | 'pauseMs'>, now: number): number {
  const last = failures.at(-1)
  if (last === undefined || failures.length < brake.free) return 0
  const pause = brake.pauseMs * 2 ** Math.min(failures.length - brake.free, 20)
  return Math.max(0, last + Math.min(pause, longestWaitMs) - now)
}

/** How long to wait before the next try; until the end of the transaction no other is made under the same brakes. */
async function waitBefore(tx: Tx, brakes: Brake[], now: number): Promise<number> {
  const { tries } = await together({
    locks: tx.query(kept('select pg_advisory_xact_lock(hashtextextended(k, 0)) from unnest($1::text[]) k'), [
      keysOf(brakes),
    ]),
    tries: tx.query<Tries>(
      kept(`select key, (extract(epoch from at) * 1000)::float8 as at from sign_in_failures
       where key = any ($1) and at <= $2::timestamptz order by at`),
      [keysOf(brakes), new Date(now).toISOString()],
    ),
  })
  return Math.max(
    ...brakes.map((brake) => {
      const counted = tries.rows.filter((row) => row.key === brake.key && row.at > now - brake.windowMs)
      return waitMs(
        counted.map((row) => row.at),
        brake,
        now,
      )
    }),
  )
}

// One after the other in one order, or two tries could wait for each other.
const keysOf = (brakes: Brake[]): string[] => brakes.map((brake) => brake.key).sort()

async function write(tx: Tx, brakes: Brake[], now: number): Promise<void> {
  await tx.query(kept('insert into sign_in_failures (key, at) select k, $2 from unnest($1::text[]) k'), [
    keysOf(brakes),
    new Date(now).toISOString(),
  ])
}

/** Writes a try down as failed, within the caller's transaction, or answers how long to wait (then nothing was counted). */
export async function reserve(tx: Tx, brakes: Brake[], now: number): Promise<number> {
  const wait = await waitBefore(tx, brakes, now)
  if (wait === 0) await write(tx, brakes, now)
  return wait
}

/** The same in a transaction of its own. */
export async function begin(db: Database, brakes: Brake[], now: number): Promise<number> {
  const tried = await tryOnce(db, brakes, now, async () => null)
  return 'waitMs' in tried ? tried.waitMs : 0
}

/**
 * Makes one try, or answers how long to wait for it. It is being judged while it is written down, in a transaction of its
 * own, and nobody learns the outcome before that is done. The transaction's end waits for no disk: a crash of the database
 * may forget the tries of its last moment, and nobody can bring that about to guess once more.
 */
export async function tryOnce<Outcome>(
  db: Database,
  brakes: Brake[],
  now: number,
  judge: () => Promise<Outcome>,
): Promise<{ waitMs: number } | { outcome: Outcome }> {
  const tried = await asEngine(db, async (tx) => {
    const waitMs = await waitBefore(tx, brakes, now)
    if (waitMs > 0) return { waitMs }
    const judging = judge()
    // Should the try not be written, that is what is told.
    judging.catch(() => {})
    await together({
      quick: tx.query(kept(`select set_config('synchronous_commit', 'off', true)`)),
      written: write(tx, brakes, now),
    })
    return { judging }
  })
  return tried.judging ? { outcome: await tried.judging } : tried
}

/** The try succeeded: the account begins anew, the address gets only this try back. */
export async function release(tx: Tx, [account, address]: Brake[], now: number): Promise<void> {
  await tx.query(
    kept(`with account as (delete from sign_in_failures where key = $1)
     delete from sign_in_failures where ctid = (select ctid from sign_in_failures where key = $2 and at = $3 limit 1)`),
    [account?.key, address?.key, new Date(now).toISOString()],
  )
}

/** A new password makes old failures meaningless. */
export async function forgive(tx: Tx, secret: string, account: string): Promise<void> {
  await tx.query('delete from sign_in_failures where key = $1', [`account:${keyOf(secret, account)}`])
}
