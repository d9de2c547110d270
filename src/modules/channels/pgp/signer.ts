/** The installation's own key, by which readers know that an encrypted mail is ours: made at the first need, one for all nodes. */
import type { PrivateKey } from 'openpgp'
import type { Settings } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { Unavailable } from '../../../platform/errors.ts'
import { seal, unseal } from '../../../platform/seal.ts'

export interface Signer {
  fingerprint: string
  /** Armored. */
  publicKey: string
}

interface Kept extends Signer {
  sealed: string
}

type Sealing = Pick<Settings, 'secret' | 'earlierSecrets'>

async function kept(db: Queryable): Promise<Kept | null> {
  const { rows } = await db.query<Kept & Record<string, unknown>>(
    'select fingerprint, public_key as "publicKey", sealed_key as sealed from mail_signers',
  )
  return rows[0] ?? null
}

/** The public part; made when there is none yet. `address` is the sender of our mails. */
export async function signerOf(
  db: Queryable,
  settings: Sealing,
  address: string,
  now: number,
): Promise<Kept> {
  const before = await kept(db)
  if (before) return before
  const { generateKey, readKey } = await import('openpgp')
  // Curve25519 in its older form: GnuPG 2.2, which is on most desks, reads no other.
  const made = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'hSOC', email: address }],
    date: new Date(now),
    format: 'armored',
  })
  const fingerprint = (await readKey({ armoredKey: made.publicKey })).getFingerprint().toUpperCase()
  await db.query(
    `insert into mail_signers (id, fingerprint, public_key, sealed_key, made_at) values (1, $1, $2, $3, to_timestamp($4 / 1000.0))
     on conflict (id) do nothing`,
    [fingerprint, made.publicKey, seal(settings.secret, made.privateKey), now],
  )
  // Another node may have been first.
  return (await kept(db)) as Kept // just written, by us or by it
}

/** The public part as it is now; null while nothing has been signed. */
export const knownSigner = async (db: Queryable): Promise<Signer | null> => kept(db)

/** `Unavailable` when it was sealed under another secret. */
export async function privateKeyOf({ sealed }: Kept, settings: Sealing): Promise<PrivateKey> {
  const armoredKey = unseal(settings, sealed)
  if (armoredKey === null)
    throw new Unavailable('The key that signs mails was sealed under another HSOC_SECRET')
  const { readPrivateKey } = await import('openpgp')
  return readPrivateKey({ armoredKey })
}
