/**
 * Documents with their hashes and signature, made from the rows at the first need and kept: what was published once is the same
 * for ever, whatever changes in the program. One row holds all that belongs together, so it always agrees.
 */
import { createHash } from 'node:crypto'
import { type Actor, asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { publicKeys, type SigningKey, signDetached, signingKey } from '../../../platform/signing-key.ts'
import { knownProducts } from '../../advisories/index.ts'
import type { Released } from '../released.ts'
import { documentOf } from './document.ts'
import { cvesIn, mostProducts } from './products.ts'

export interface Document {
  body: string
  sha256: string
  sha512: string
  /** Armoured. */
  signature: string
}

type Row = Document & { fingerprint: string } & Record<string, unknown>

/** The document of `one`, which the actor may fetch; null when it may no longer. */
export async function documentFor(
  context: Context,
  actor: Actor | null,
  one: Released,
  now: number,
): Promise<Document | null> {
  const { db } = context
  const [held, [present]] = await Promise.all([kept(context, actor, one, now), publicKeys(db.engine)])
  if (held && held.fingerprint === present?.fingerprint) return held
  const key = await signingKey(db.engine, context.settings, now)
  if (held) await signAnew(context, one, held, key, now)
  else await make(context, one, key, now)
  return (await kept(context, actor, one, now)) ?? null
}

async function kept(
  { db }: Context,
  actor: Actor | null,
  { warning, step }: Released,
  now: number,
): Promise<Row | undefined> {
  const { rows } = await asReader(db, actor, now, (tx) =>
    tx.query<Row>(
      'select body, sha256, sha512, signature, fingerprint from csaf_documents where warning_id = $1 and step = $2',
      [warning, step],
    ),
  )
  return rows[0]
}

const hashOf = (body: string, algorithm: 'sha256' | 'sha512'): string =>
  createHash(algorithm).update(body).digest('hex')

/** Of two who need it at once the first one's counts. */
async function make({ db, settings }: Context, one: Released, key: SigningKey, now: number): Promise<void> {
  const known = await knownProducts(db.engine, cvesIn(one), mostProducts)
  const making = { baseUrl: settings.baseUrl, contacts: settings.contacts ?? [] }
  const body = `${JSON.stringify(documentOf(one, known, making), null, 2)}\n`
  await db.engine.query(
    `insert into csaf_documents (warning_id, step, body, sha256, sha512, signature, fingerprint, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0)) on conflict (warning_id, step) do nothing`,
    [
      one.warning,
      one.step,
      body,
      hashOf(body, 'sha256'),
      hashOf(body, 'sha512'),
      await signDetached(key, Buffer.from(body), now),
      key.fingerprint,
      now,
    ],
  )
}

/** After the key was changed. */
async function signAnew(
  { db }: Context,
  one: Released,
  held: Row,
  key: SigningKey,
  now: number,
): Promise<void> {
  await db.engine.query(
    `update csaf_documents set signature = $4, fingerprint = $5 where warning_id = $1 and step = $2 and fingerprint = $3`,
    [
      one.warning,
      one.step,
      held.fingerprint,
      await signDetached(key, Buffer.from(held.body), now),
      key.fingerprint,
    ],
  )
}
