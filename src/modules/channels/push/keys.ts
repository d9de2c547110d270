/** The pair of keys by which push services know this installation (RFC 8292): made once, at the first use. */
import type { Context } from '../../../platform/context.ts'
import { kept as keptPlan, type Queryable } from '../../../platform/database.ts'
import { Unavailable } from '../../../platform/errors.ts'
import { gathered } from '../../../platform/gathered.ts'
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

/** The same for all messages of one moment. Of two nodes that come at once the first one's counts for both. */
const pairs = gathered(async (db, asked: Context[]): Promise<Kept[]> => {
  const [first] = asked
  const pair = first && ((await kept(db)) ?? (await makePair(db, first)))
  return pair ? asked.map(() => pair) : []
})

const pair = (context: Context): Promise<Kept> => pairs(context.db.engine, context)

async function makePair(db: Queryable, { settings, clock }: Context): Promise<Kept> {
  const { default: webPush } = await import('web-push')
  const { publicKey, privateKey } = webPush.generateVAPIDKeys()
  await db.query(
    `insert into push_keys (id, public_key, sealed_key, made_at) values (1, $1, $2, to_timestamp($3 / 1000.0)) on conflict (id) do nothing`,
    [publicKey, seal(settings.secret, privateKey), clock()],
  )
  const made = await kept(db)
  if (!made) throw new Unavailable('The keys for push could not be kept')
  return made
}

/** What a browser subscribes with; base64url of an uncompressed point. */
export const publicKeyOf = async (context: Context): Promise<string> => (await pair(context)).publicKey

/** A service takes our word for a day at most (RFC 8292, 2), and what we hand out lives for half of one. */
const sameWordMs = 3_600_000

/**
 * Who we are, as a service is told with each message: the value of `Authorization`, which is signed once in an hour for all messages to one
 * service. Null where no secret that we have opens the key.
 */
export function openIntroduction(context: Context): (endpoint: string) => Promise<string | null> {
  const said = new Map<string, { value: string; until: number }>()
  return async (endpoint) => {
    const { publicKey, sealed } = await pair(context)
    const { origin } = new URL(endpoint)
    const [now, to] = [context.clock(), `${publicKey} ${origin}`]
    const before = said.get(to)
    if (before && now < before.until) return before.value
    const privateKey = unseal(context.settings, sealed)
    if (privateKey === null) return null
    const { default: webPush } = await import('web-push')
    const { Authorization: value } = webPush.getVapidHeaders(
      origin,
      subjectOf(context.settings),
      publicKey,
      privateKey,
      'aes128gcm',
    )
    said.set(to, { value, until: now + sameWordMs })
    return value
  }
}

/** Whom a service may write to about what we send; Apple takes neither `http` nor a name without a scheme. */
const subjectOf = ({ contacts, baseUrl }: Context['settings']): string =>
  contacts?.find((one) => /^(mailto|https):/.test(one)) ??
  (baseUrl.startsWith('https:') ? baseUrl : 'mailto:hsoc@localhost.invalid')
