/**
 * How a mail goes: encrypted where its address has a proved key, and never in clear instead. A key that cannot be used any more leaves a
 * notice without content, and a task for who can mend it.
 */
import type { PublicKey } from 'openpgp'
import type { Context } from '../../../platform/context.ts'
import { gathered } from '../../../platform/gathered.ts'
import { addressOf } from '../../../platform/mail.ts'
import type { Mail } from '../../../platform/mail-bytes.ts'
import {
  type PublicKey as OwnKey,
  publicKeyPath,
  publicKeys,
  signingKey,
} from '../../../platform/signing-key.ts'
import type { Delivery, Mailer } from '../post.ts'
import { encryptedMail, signedMail } from './compose.ts'
import { holdsNothing } from './letters.ts'
import { usable } from './parse.ts'
import { keptKey, markUnusable } from './watch.ts'

export type Cover = { way: 'clear' | 'notice' } | { way: 'encrypted'; to: PublicKey }

/** `gone`: the mail was to prove a key that has been replaced or taken away, or cannot be used. */
export async function coverOf(context: Context, delivery: Delivery, now: number): Promise<Cover | 'gone'> {
  const { engine } = context.db
  const { template, key } = delivery.detail
  const proof = template === 'mail-key-proof' ? Number(key) : null
  const kept = await keptKey(engine, { address: delivery.address, proof })
  if (!kept) return proof === null ? { way: 'clear' } : 'gone'
  const to = await usable(kept.armored, now)
  if (to) return { way: 'encrypted', to }
  if (proof !== null) return 'gone'
  await markUnusable(engine, kept.id, now)
  return { way: holdsNothing(delivery) ? 'clear' : 'notice' }
}

/** The same for all mails of one moment. */
const presentKey = gathered(async (db, asked: undefined[]): Promise<(OwnKey | undefined)[]> => {
  const [known] = await publicKeys(db)
  return asked.map(() => known)
})

/** The mail as it leaves; says by which key we sign, once there is one. */
export async function covered(
  context: Context,
  mailer: Mailer,
  mail: Extract<Mail, { text: string }>,
  cover: Cover,
  now: number,
): Promise<Mail> {
  const { engine } = context.db
  const address = addressOf(mailer.from)
  if (cover.way !== 'encrypted' && !mailer.signs) {
    const known = await presentKey(engine, undefined)
    return known ? { ...mail, headers: { ...mail.headers, ...keyFields(context, address, known) } } : mail
  }
  const own = await signingKey(engine, context.settings, now)
  const by = { from: mailer.from, key: own.privateKey }
  const known = { ...mail, headers: { ...mail.headers, ...keyFields(context, address, own) } }
  return cover.way === 'encrypted' ? encryptedMail(known, by, cover.to) : signedMail(known, by)
}

/** Autocrypt level 1, and draft-josefsson-openpgp-mailnews-header: where programs find the key that checks our signatures. */
function keyFields(context: Context, address: string, own: OwnKey): Record<string, string> {
  const bytes = Buffer.from(
    own.publicKey.replace(/^-----.*$|^[\w-]+: .*$|^=.{4}\s*$/gm, '').replace(/\s/g, ''),
    'base64',
  )
  const data = bytes.toString('base64').replace(/(.{70})(?=.)/g, '$1 ')
  return {
    Autocrypt: `addr=${address}; keydata= ${data}`,
    OpenPGP: `id=${own.fingerprint}; url="${context.settings.baseUrl}${publicKeyPath(own.fingerprint)}"; preference=signencrypt`,
  }
}
