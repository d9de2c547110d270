/** Keys of addresses: given, proved, taken away. */
import { type Actor, asReader, isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../../platform/errors.ts'
import { seal } from '../../../platform/seal.ts'
import { hashToken, newToken } from '../../../platform/sessions.ts'
import { menders } from '../bounces/tell.ts'
import { RevokedKey, readPublicKey } from './parse.ts'
import { queueLetter } from './watch.ts'

const minute = 60_000
const day = 24 * 60 * minute
/** The mail that proves a key may wait over a weekend. */
const proofMs = 3 * day
const againMs = minute

const iso = (at: number): string => new Date(at).toISOString()

export interface MailKey {
  id: number
  address: string
  fingerprint: string
  /** Milliseconds since 1970. */
  expiresAt: number | null
  uploadedAt: number
  /** Null: its proof is not back. */
  provedAt: number | null
  proofUntil: number | null
  unusableAt: number | null
}

const columns = `id, address, fingerprint, (extract(epoch from expires_at) * 1000)::float8 as "expiresAt",
  (extract(epoch from uploaded_at) * 1000)::float8 as "uploadedAt", (extract(epoch from proved_at) * 1000)::float8 as "provedAt",
  (extract(epoch from proof_until) * 1000)::float8 as "proofUntil", (extract(epoch from unusable_at) * 1000)::float8 as "unusableAt"`

/** All that the actor of the transaction may see: what ends first stands first. */
export async function keysSeen(tx: Queryable): Promise<MailKey[]> {
  const { rows } = await tx.query<MailKey & Record<string, unknown>>(
    `select ${columns} from mail_keys order by unusable_at is null, expires_at nulls last, lower(address), proved_at nulls last limit 500`,
  )
  return rows
}

/** Of the address of the actor of the transaction. */
export async function ownKeys(tx: Queryable): Promise<MailKey[]> {
  const { rows } = await tx.query<MailKey & Record<string, unknown>>(
    `select ${columns} from mail_keys where address_key = (select address_key(email) from people where id = actor_person())`,
  )
  return rows
}

/** Used, and past its end or found unusable: its address gets notices without content. */
export const isBroken = ({ provedAt, expiresAt, unusableAt }: MailKey, now: number): boolean =>
  provedAt !== null && (unusableAt !== null || (expiresAt !== null && expiresAt <= now))

/** How many broken keys the actor of the transaction may see. */
export async function brokenKeys(tx: Queryable, now: number): Promise<number> {
  return (await keysSeen(tx)).filter((key) => isBroken(key, now)).length
}

export interface Own {
  address: string
  /** The organisation whose contact address it is; null for the actor's own. */
  org: { id: number; name: string } | null
}

/** Addresses whose key the actor may keep: the own one, and the contact address of organisations whose contacts the actor keeps. */
export async function ownAddresses(tx: Queryable, by: Actor): Promise<Own[]> {
  const orgs = by.engagements.flatMap(({ org, role }) =>
    org !== null && (menders as readonly string[]).includes(role) ? [org] : [],
  )
  const { rows } = await tx.query<{ id: number; name: string; address: string }>(
    `select id, name, contact_email as address from organisations where id = any ($1) and coalesce(contact_email, '') <> '' and status <> 'left' order by name collate "cs-x-icu"`,
    [orgs],
  )
  return [
    { address: by.email, org: null },
    ...rows
      .filter(({ address }) => !isSame(address, by.email))
      .map(({ id, name, address }) => ({ address, org: { id, name } })),
  ]
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/**
 * Takes a key for an address of the actor and sends the mail that proves it; the one in use stays until then. Throws `Invalid` with the
 * fault of the key (parse.ts), `NotFound` for an address that is not the actor's to keep.
 */
export async function giveKey(
  context: Context,
  given: { address: string; key: string },
  by: Actor,
  now: number,
): Promise<void> {
  const own = await asReader(context.db, by, now, async (tx) =>
    (await ownAddresses(tx, by)).find(({ address }) => isSame(address, given.address)),
  )
  if (!own) throw new NotFound('There is no such address')
  const key = await readPublicKey(given.key, now).catch(async (error: unknown) => {
    // From now on not even the earlier copy of it, without the revocation, is encrypted to.
    if (error instanceof RevokedKey)
      await context.db.engine.query(
        'update mail_keys set public_key = $3, unusable_at = coalesce(unusable_at, $4) where address_key = address_key($1) and fingerprint = $2',
        [own.address, error.key.fingerprint, error.key.armored, iso(now)],
      )
    throw error
  })
  const token = newToken()
  await asEngine(context.db, async (tx) => {
    const { rowCount } = await tx.query(
      'select 1 from mail_keys where address_key = address_key($1) and proved_at is null and uploaded_at > $2',
      [own.address, iso(now - againMs)],
    )
    if (rowCount) throw new WrongState('A mail with a link went out a moment ago: wait a minute')
    await tx.query('delete from mail_keys where address_key = address_key($1) and proved_at is null', [
      own.address,
    ])
    const { rows } = await tx.query<{ id: number; readers: number[] }>(
      `insert into mail_keys (address_key, address, fingerprint, public_key, expires_at, uploaded_at, proof_hash, proof_until, readers)
       values (address_key($1), $1, $2, $3, $4, $5, $6, $7, mail_address_readers($1, $5)) returning id, readers`,
      [
        own.address,
        key.fingerprint,
        key.armored,
        key.expiresAt === null ? null : iso(key.expiresAt),
        iso(now),
        hashToken(token),
        iso(now + proofMs),
      ],
    )
    const [made] = rows
    if (!made) return
    await queueLetter(
      tx,
      { template: 'mail-key-proof', address: own.address, org: own.org?.id ?? null },
      `mail key ${made.id}`,
      now,
      {
        key: made.id,
        fingerprint: key.fingerprint,
        sealed: seal(context.settings.secret, token),
        until: iso(now + proofMs),
      },
    )
    await note(tx, 'give-key', made, { fingerprint: key.fingerprint }, by, now)
  })
}

/** The key that a link would prove; null when the link works no more. */
export async function keyOfLink(db: Queryable, token: string, now: number): Promise<MailKey | null> {
  const { rows } = await db.query<MailKey & Record<string, unknown>>(
    `select ${columns} from mail_keys where proof_hash = $1 and proof_until > $2`,
    [hashToken(token), iso(now)],
  )
  return rows[0] ?? null
}

/** Whoever read the mail holds the mailbox and the key: from now on it is used. `WrongState` when the link works no more. */
export async function proveKey(context: Context, token: string, now: number): Promise<void> {
  await asEngine(context.db, async (tx) => {
    const found = await keyOfLink(tx, token, now)
    if (!found) throw new WrongState('This link was used, replaced or is past its day')
    await tx.query('delete from mail_keys where address_key = address_key($1) and proved_at is not null', [
      found.address,
    ])
    const { rows } = await tx.query<{ id: number; readers: number[] }>(
      'update mail_keys set proved_at = $2, proof_hash = null, proof_until = null where id = $1 returning id, readers',
      [found.id, iso(now)],
    )
    if (rows[0]) await note(tx, 'prove-key', rows[0], { fingerprint: found.fingerprint }, null, now)
  })
}

/** Who keeps the address, and coordinators: somebody who lost key and password could never be written to again. */
export async function removeKey(context: Context, id: number, by: Actor, now: number): Promise<void> {
  const own = await asReader(context.db, by, now, async (tx) => {
    const { rows } = await tx.query<{ address: string }>('select address from mail_keys where id = $1', [id])
    const address = rows[0]?.address
    if (address === undefined) throw new NotFound('There is no such key')
    return isCoordinator(by) || (await ownAddresses(tx, by)).some((one) => isSame(one.address, address))
  })
  if (!own) throw new Forbidden('Only who keeps the address, or a coordinator, may take its key away')
  await asEngine(context.db, async (tx) => {
    const { rows } = await tx.query<{
      id: number
      readers: number[]
      address: string
      fingerprint: string
      proved: boolean
    }>(
      'delete from mail_keys where id = $1 returning id, readers, address, fingerprint, proved_at is not null as proved',
      [id],
    )
    const [gone] = rows
    if (!gone) return
    if (gone.proved)
      await queueLetter(
        tx,
        { template: 'mail-key-removed', address: gone.address },
        `mail key ${id} removed`,
        now,
        {
          fingerprint: gone.fingerprint,
        },
      )
    await note(tx, 'remove-key', gone, { fingerprint: gone.fingerprint }, by, now)
  })
}

async function note(
  tx: Tx,
  verb: string,
  { id, readers }: { id: number; readers: number[] },
  detail: object,
  by: Actor | null,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb: `channels.${verb}`,
    object: `mail key ${id}`,
    detail,
    readers,
  })
}
