/** The code that a browser brought back, given to the provider for what it says of its bearer. */
import type { Configuration } from 'openid-client'
import type { Provider } from '../../../platform/providers.ts'
import { type Claims, hasGroups, read, type Said } from './claims.ts'
import { client } from './doors.ts'
import { againS, type Flow } from './flow.ts'

/** Why there is nothing to go on with: the provider does not answer, or what it answered does not hold. */
export type Unredeemed = { refusal: 'away' | 'provider'; error: unknown }

/**
 * `url` is the address to which the provider sent the browser. State, issuer, PKCE, nonce, audience, times and signature are
 * checked by the library.
 */
export async function redeem(
  configuration: Configuration,
  provider: Provider,
  flow: Flow,
  url: URL,
): Promise<Said | Unredeemed> {
  try {
    const { authorizationCodeGrant } = await client()
    const tokens = await authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: flow.verifier,
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      idTokenExpected: true,
      ...(flow.purpose.does === 'again' ? { maxAge: againS } : {}),
    })
    const claims = tokens.claims()
    const { issuer } = configuration.serverMetadata()
    // A provider for everybody's tenants lets its library accept any of them; a link is good for one issuer.
    if (!claims || !tokens.id_token || claims.iss !== issuer)
      return { refusal: 'provider', error: new Error(`The token is of ${claims?.iss}`) }
    const all = await withDetails(configuration, provider, claims, tokens.access_token)
    const said = read(provider, issuer, tokens.id_token, all)
    return said ?? { refusal: 'provider', error: new Error('The token names nobody') }
  } catch (error) {
    return { refusal: isAway(error) ? 'away' : 'provider', error }
  }
}

/** What the token lacks the provider may tell when asked; what the token says goes first. */
async function withDetails(
  configuration: Configuration,
  provider: Provider,
  claims: Claims & { sub: string },
  accessToken: string,
): Promise<Claims> {
  const isWhole = 'email' in claims && hasGroups(claims, provider.groupsClaim)
  if (isWhole || !configuration.serverMetadata().userinfo_endpoint) return claims
  const { fetchUserInfo } = await client()
  return { ...(await fetchUserInfo(configuration, accessToken, claims.sub)), ...claims }
}

const isAway = (error: unknown): boolean =>
  error instanceof Error &&
  ((error as { code?: unknown }).code === 'OAUTH_TIMEOUT' ||
    (error instanceof TypeError && error.message === 'fetch failed'))
