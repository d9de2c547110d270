/** The pair of keys by which push services know this installation (RFC 8292): made once, at the first use. */
import type { Context } from '../../../platform/context.ts'
import { kept as keptPlan, type Queryable } from '../../../platform/database.ts'
import { Unavailable } from '../../../platform/errors.ts'
import { seal, unseal } from '../../../platform/seal.ts'

interface Kept {
  publicKey: string
  sealed: string
}

async function kept(db: Queryable): Promise<Kept | undefined> {
  const { rows } = await db.query<Kept & Record<string, unknown>>(
    keptPlan('select public_key as "publicKey", sealed_key as sealed from push_keys'),
  )
  return rows[0]
}

/** Of two nodes that come at once the first one's counts for both. */
async function pair({ db, settings, clock }: Context): Promise<Kept> {
  const found = await kept(db.engine)
  if (found) return found
  const { default: webPush } = await import('web-push')
  const { publicKey, privateKey } = webPush.generateVAPIDKeys()
  await db.engine.query(
    `insert into push_keys (id, public_key, sealed_key, made_at) values (1, $1, $2, to_timestamp($3 / 1000.0)) on conflict (id) do nothing`,
    [publicKey, seal(settings.secret, privateKey), clock()],
  )
  const made = await kept(db.engine)
  if (!made) throw new Unavailable('The keys for push could not be kept')
  return made
}

/** What a browser subscribes with; base64url of an uncompressed point. */
export const publicKeyOf = async (context: Context): Promise<string> => (await pair(context)).publicKey

/** Both halves; `private` is null where no secret that we have opens it. */
export async function keysOf(context: Context): Promise<{ publicKey: string; privateKey: string | null }> {
  const { publicKey, sealed } = await pair(context)
  return { publicKey, privateKey: unseal(context.settings, sealed) }
}
