/**
 * A sign-in on its way to a provider and back. What has to be known when it comes back is in a sealed cookie, so it is bound
 * to the browser and nothing is stored for who never comes back.
 */
import type { Context } from '../../../platform/context.ts'
import type { Provider } from '../../../platform/providers.ts'
import { type Secrets, seal, unseal } from '../../../platform/seal.ts'
import { challengeMs } from '../challenges.ts'
import { client, type Doors } from './doors.ts'

/** What for: to sign in; or, by who is signed in (`session`: the hash of its token, base64url), to link or to prove it again. */
export type Purpose = { does: 'sign-in' } | { does: 'link' | 'again'; session: string }

/** Who proves it again does so there at this moment, however long they have been signed in. */
export const againS = 300
/** As long as a session of ours lives at most. */
const weekS = 7 * 86_400

export interface Flow {
  provider: string
  state: string
  nonce: string
  verifier: string
  /** Path of ours to go on to. */
  back: string
  purpose: Purpose
  /** Milliseconds since 1970. */
  until: number
}

/** As long as a used state is remembered, so that none is used twice (challenges.ts). */
export const flowMs = challengeMs
/** Browsers keep cookies up to 4,096 bytes. */
const longestBack = 1_000

export const callbackOf = ({ settings }: Context, provider: Provider): string =>
  `${settings.baseUrl}/sign-in/from/${provider.id}`

/** Where to send the browser, and the cookie that it has to bring back. Throws Unavailable when the provider is away. */
export async function begin(
  context: Context,
  doors: Doors,
  wanted: { provider: Provider; back: string; purpose: Purpose },
  now: number,
): Promise<{ url: string; cookie: string }> {
  const { provider, back, purpose } = wanted
  const configuration = await doors.open(provider, now)
  const {
    buildAuthorizationUrl,
    calculatePKCECodeChallenge,
    randomNonce,
    randomPKCECodeVerifier,
    randomState,
  } = await client()
  const flow: Flow = {
    provider: provider.id,
    state: randomState(),
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
    back: back.length > longestBack ? '/' : back,
    purpose,
    until: now + flowMs,
  }
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: callbackOf(context, provider),
    scope: provider.scope,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: 'S256',
    // Whoever is asked for an age has to say when it was (OpenID Connect Core 3.1.2.1).
    ...(purpose.does === 'again' ? { prompt: 'login', max_age: String(againS) } : { max_age: String(weekS) }),
    ...(provider.secondFactor?.acr.length ? { acr_values: provider.secondFactor.acr.join(' ') } : {}),
  })
  return { url: url.href, cookie: seal(context.settings.secret, JSON.stringify(flow)) }
}

/** What the cookie says, where it is one of ours and `state` belongs to it. */
export function flowIn(under: Secrets, cookie: string | undefined, state: unknown): Flow | null {
  const text = cookie && cookie.length <= 4_096 ? unseal(under, cookie) : null
  if (text === null) return null
  const flow = JSON.parse(text) as Flow // sealed by ourselves
  return flow.state === state ? flow : null
}
