/** Signing out at the provider too (OpenID Connect RP-Initiated Logout), and being signed out by it (Back-Channel Logout). */
import { createHash } from 'node:crypto'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { Configuration } from 'openid-client'
import { record } from '../../../platform/audit.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Invalid, Unavailable } from '../../../platform/errors.ts'
import type { Provider } from '../../../platform/providers.ts'
import { unseal } from '../../../platform/seal.ts'
import { end, hashToken, type Session } from '../../../platform/sessions.ts'
import { COORDINATORS, person as personScope } from '../../../values/scopes.ts'
import { client, type Doors, fetchLittle } from './doors.ts'

/** The second half of a sign-in is a new session: it goes on where the first had come from. */
export async function carryOn(tx: Tx, before: Buffer, token: string): Promise<void> {
  await tx.query('update provider_sessions set token_hash = $2 where token_hash = $1', [
    before,
    hashToken(token),
  ])
}

/** Longer addresses do not fit into the cookie that carries them over (4,096 bytes, sealed). */
const longestUrl = 2_800

/**
 * Where whoever signs out here can sign out of the provider's session too; null where there is none or the provider does not
 * answer. To be asked before the session ends.
 */
export async function farewell(
  context: Context,
  doors: Doors,
  session: Session,
  now: number,
): Promise<{ provider: string; url: string } | null> {
  const { rows } = await context.db.engine.query<{ provider: string; id_token: string }>(
    'select l.provider, s.id_token from provider_sessions s join provider_links l on l.id = s.link_id where s.token_hash = $1',
    [session.tokenHash],
  )
  const [begun] = rows
  const provider = doors.named(begun?.provider)
  if (!begun || !provider) return null
  const configuration = await doors.open(provider, now).catch(() => null)
  if (!configuration?.serverMetadata().end_session_endpoint) return null
  const { buildEndSessionUrl } = await client()
  const back = { post_logout_redirect_uri: `${context.settings.baseUrl}/sign-in` }
  const hint = unseal(context.settings, begun.id_token)
  const { href } = buildEndSessionUrl(configuration, { ...back, ...(hint ? { id_token_hint: hint } : {}) })
  const url = href.length <= longestUrl ? href : buildEndSessionUrl(configuration, back).href
  return { provider: provider.id, url }
}

const event = 'http://schemas.openid.net/event/backchannel-logout'
const ageS = 10 * 60
/** As far as clocks may differ. */
const toleranceS = 60
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** Keys by which providers sign, fetched when first needed and again when a token names another one. */
export type Keys = (configuration: Configuration, provider: Provider) => Promise<JWTVerifyGetKey>

export function openKeys(): Keys {
  const known = new Map<string, { uri: string; keys: JWTVerifyGetKey }>()
  return async (configuration, { id }) => {
    const { jwks_uri: uri, issuer } = configuration.serverMetadata()
    if (!uri || new URL(uri).protocol !== new URL(issuer).protocol)
      throw new Unavailable('The provider of this sign-in does not say where its keys are.')
    const before = known.get(id)
    if (before?.uri === uri) return before.keys
    const { createRemoteJWKSet, customFetch } = await import('jose')
    const keys = createRemoteJWKSet(new URL(uri), {
      timeoutDuration: 5_000,
      [customFetch]: fetchLittle,
    })
    known.set(id, { uri, keys })
    return keys
  }
}

/**
 * Ends the sessions that a provider names in a logout token, each token once; answers how many. Throws Invalid when the token
 * does not hold, Unavailable when the provider does not answer.
 */
export async function endBy(
  context: Context,
  { doors, keys }: { doors: Doors; keys: Keys },
  provider: Provider,
  token: string,
  now: number,
): Promise<number> {
  const configuration = await doors.open(provider, now)
  const { issuer } = configuration.serverMetadata()
  const key = await keys(configuration, provider)
  const payload = await verified(token, key, { issuer, audience: provider.clientId }, now)
  return asEngine(context.db, async (tx) => {
    if (!(await isFirst(tx, issuer, String(payload.jti), now)))
      throw new Invalid('This logout token was used before.', { logout_token: 'used' })
    const { rows } = await tx.query<{ token_hash: Buffer; person: number }>(
      `select s.token_hash, l.person_id as person from provider_sessions s join provider_links l on l.id = s.link_id
       where l.issuer = $1 and ($2::text is null or l.subject = $2)
         and ($3::text is null or s.sid = $3 or (s.sid is null and $2::text is not null))`,
      [issuer, payload.sub ?? null, payload.sid ?? null],
    )
    for (const { token_hash } of rows) await end(tx, token_hash)
    for (const person of new Set(rows.map((row) => row.person))) await trail(tx, person, provider, now)
    return rows.length
  })
}

/** OpenID Connect Back-Channel Logout 1.0, 2.6. */
async function verified(
  token: string,
  key: JWTVerifyGetKey,
  expected: { issuer: string; audience: string },
  now: number,
): Promise<JWTPayload> {
  const { jwtVerify } = await import('jose')
  const { payload, protectedHeader } = await jwtVerify(token, key, {
    ...expected,
    algorithms,
    requiredClaims: ['iat', 'jti', 'events'],
    maxTokenAge: ageS,
    clockTolerance: toleranceS,
    currentDate: new Date(now),
  }).catch((error: unknown) => {
    throw new Invalid('The logout token does not hold.', { logout_token: codeOf(error) })
  })
  const { events, sub, sid, jti, nonce } = payload as JWTPayload & {
    events: unknown
    sid?: unknown
    nonce?: unknown
  }
  const isLogout = typeof events === 'object' && events !== null && Object.hasOwn(events, event)
  const names = [sub, sid].filter((one) => one !== undefined)
  const isOfType = ['logout+jwt', 'jwt', undefined].includes(protectedHeader.typ?.toLowerCase())
  if (
    !isLogout ||
    !isOfType ||
    nonce !== undefined ||
    !isText(jti) ||
    names.length === 0 ||
    !names.every(isText)
  )
    throw new Invalid('That is no logout token.', { logout_token: 'kind' })
  return payload
}

const isText = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= 255 && !value.includes('\0')

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unreadable')

/** A token is remembered for as long as it could be sent again. */
async function isFirst(tx: Tx, issuer: string, jti: string, now: number): Promise<boolean> {
  const hash = createHash('sha256').update(`logout\0${issuer}\0${jti}`).digest()
  const { rowCount } = await tx.query(
    'insert into used_challenges (hash, expires_at) values ($1, $2) on conflict do nothing',
    [hash, new Date(now + (ageS + 2 * toleranceS) * 1_000).toISOString()],
  )
  return rowCount === 1
}

const trail = (tx: Tx, person: number, provider: Provider, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: null,
    verb: 'members.provider-sign-out',
    object: `person ${person}`,
    detail: { provider: provider.id },
    readers: [COORDINATORS, personScope(person)],
  })
