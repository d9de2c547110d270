/** A provider that answers whatever a test tells it to: what no honest one would say. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'

export interface HostileProvider {
  issuer: string
  /** How it signs: as its keys say, with a key of somebody else, with the client's secret, or not at all. */
  signs: 'well' | 'foreign' | 'secret' | 'none'
  /** What its token says besides `sub`, `iss`, `aud`, `nonce` and times; the same names replace those. */
  claims: JWTPayload
  /** What its discovery document says besides; the same names replace what is right. */
  metadata: Record<string, unknown>
  /** In place of the token's answer: a status and a body. */
  answer: { status: number; body: string } | null
  /** How many codes were brought to it. */
  asked: number
  /** A token of this type with these claims, signed as it signs. */
  sign(claims: JWTPayload, typ?: string): Promise<string>
  close(): Promise<void>
}

export async function openHostileProvider(clientId: string, secret: string): Promise<HostileProvider> {
  const [own, foreign] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', provider.issuer)
    const json = (body: unknown): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    }
    const answers: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () =>
        json({
          issuer: provider.issuer,
          authorization_endpoint: `${provider.issuer}/auth`,
          token_endpoint: `${provider.issuer}/token`,
          jwks_uri: `${provider.issuer}/keys`,
          end_session_endpoint: `${provider.issuer}/end`,
          response_types_supported: ['code'],
          ...provider.metadata,
        }),
      '/keys': async () =>
        json({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }] }),
      '/token': async () => {
        provider.asked++
        if (provider.answer) {
          response.writeHead(provider.answer.status, { 'content-type': 'application/json' })
          return response.end(provider.answer.body)
        }
        const id_token = await provider.sign(provider.claims)
        return json({ access_token: 'x', token_type: 'Bearer', id_token })
      },
    }
    const answer = answers[pathname]
    if (answer) answer()
    else response.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const provider: HostileProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    signs: 'well',
    claims: {},
    metadata: {},
    answer: null,
    asked: 0,
    sign: async (claims, typ) => {
      const at = Math.floor(Date.now() / 1_000)
      const all = { sub: 'x', iss: provider.issuer, aud: clientId, iat: at, exp: at + 300, ...claims }
      if (provider.signs === 'none') return new UnsecuredJWT(all).encode()
      const alg = provider.signs === 'secret' ? 'HS256' : 'RS256'
      const key =
        provider.signs === 'secret'
          ? new TextEncoder().encode(secret.padEnd(32, '!'))
          : provider.signs === 'foreign'
            ? foreign.privateKey
            : own.privateKey
      return new SignJWT(all).setProtectedHeader({ alg, kid: 'one', ...(typ ? { typ } : {}) }).sign(key)
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return provider
}
