/** A real provider of sign-in (oidc-provider) on loopback with several users and clients, and a browser that goes through it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LightMyRequestResponse } from 'fastify'
import { exportJWK, generateKeyPair } from 'jose'
import OidcProvider from 'oidc-provider'
import type { Provider } from '../src/platform/providers.ts'
import type { FrontDoor } from './front-door.ts'

/** What the provider says of a user: `email`, `email_verified`, `name`, `groups`, `amr`. */
export type User = Record<string, unknown>

export interface IdentityProvider {
  issuer: string
  /** By subject; change it to change what is said. */
  users: Record<string, User>
  /** Who signs in there next; null: nobody, the person cancels. */
  user: string | null
  /** Where a browser arrives that was sent here; `jar` are its cookies for this provider. */
  visit(url: string, jar?: Map<string, string>): Promise<string>
  /** A logout token as the provider itself makes it, without sending it. */
  logoutToken(clientId: string, subject: string, sid?: string): Promise<string>
  /** What it posted to its clients' back-channel addresses since it was asked last. */
  posted(): { url: string; body: string }[]
  close(): Promise<void>
}

const base = 'https://hsoc.example'

const clientOf = (id: string, base: string) => ({
  client_id: `hsoc-${id}`,
  client_secret: `the secret of ${id}`,
  redirect_uris: [`${base}/sign-in/from/${id}`],
  post_logout_redirect_uris: [`${base}/sign-in`],
  response_types: ['code' as const],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'client_secret_post' as const,
  backchannel_logout_uri: `${base}/sign-in/from/${id}/logout`,
  backchannel_logout_session_required: true,
})

/** `clients`: names of the providers in our configuration that are this one; `inToken` false leaves details to userinfo. `ours` is where we are. */
export async function openIdentityProvider(
  clients: string[],
  inToken = true,
  ours = base,
): Promise<IdentityProvider> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  let posts: { url: string; body: string }[] = []
  const op: OidcProvider = new OidcProvider(issuer, {
    clients: clients.map((id) => clientOf(id, ours)),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'one' }] },
    cookies: { keys: ['a key of the test'] },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
    claims: {
      openid: ['sub', 'sid', 'amr', 'acr', 'groups', 'realm_access', 'https://hsoc.example/groups'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    conformIdTokenClaims: !inToken,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...idp.users[sub], sub }) }),
    // Nobody is asked what the client may know: its operator has decided that.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        accountId: oidc.session?.accountId ?? '',
        clientId: oidc.client?.clientId ?? '',
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    fetch: async (url, options) => {
      posts.push({ url: String(url), body: String(options?.body) })
      return new Response(null, { status: 200 })
    },
  })
  const callback = op.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response)
    const { amr, acr } = (idp.users[idp.user ?? ''] ?? {}) as { amr?: string[]; acr?: string }
    const result =
      idp.user === null ? { error: 'access_denied' } : { login: { accountId: idp.user, amr, acr } }
    return op.interactionFinished(request, response, result)
  })
  const idp: IdentityProvider = {
    issuer,
    users: {},
    user: null,
    visit: (url, jar = new Map()) => visit(url, jar),
    logoutToken: async (clientId, subject, sid = 'none') => {
      const client = await op.Client.find(clientId)
      posts = []
      await (client as unknown as Backed).backchannelLogout(subject, sid)
      return new URLSearchParams(posts.splice(0)[0]?.body).get('logout_token') ?? ''
    },
    posted: () => posts.splice(0),
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return idp
}

/** Not among the types of the package. */
interface Backed {
  backchannelLogout(subject: string, sid: string): Promise<void>
}

/** Follows redirects until one leads to us, or nowhere. */
async function visit(url: string, jar: Map<string, string>): Promise<string> {
  let at = url
  for (let hop = 0; hop < 10 && !at.startsWith(base); hop++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split(/=(.*)/s) ?? []
      if (value) jar.set(name, value)
      else jar.delete(name)
    }
    const location = answer.headers.get('location')
    if (!location) throw new Error(`${at} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
    at = new URL(location, at).href
  }
  return at
}

/** The provider as our configuration has it. */
export const configured = (idp: IdentityProvider, id: string, rest: Partial<Provider> = {}): Provider => ({
  id,
  name: { cs: `Účet ${id}`, en: `Account ${id}` },
  issuer: idp.issuer,
  clientId: `hsoc-${id}`,
  clientSecret: `the secret of ${id}`,
  scope: 'openid email profile',
  groupsClaim: 'groups',
  organisations: [],
  central: null,
  secondFactor: null,
  ...rest,
})

export const cookieIn = (answer: LightMyRequestResponse, name: string): string =>
  answer.cookies.find((cookie) => cookie.name === name)?.value ?? ''

export interface Started {
  /** Where the browser was sent. */
  location: string
  /** What it has to bring back. */
  flow: string
}

/** Presses the button of a provider. */
export async function start(door: FrontDoor, url: string, cookie = ''): Promise<Started> {
  const answer = await door.get(url, cookie)
  return { location: String(answer.headers.location), flow: cookieIn(answer, 'hsoc_flow') }
}

/** Comes back with the address that the provider gave. */
export const comeBack = (
  door: FrontDoor,
  { flow }: Pick<Started, 'flow'>,
  address: string,
  cookie = '',
): Promise<LightMyRequestResponse> =>
  door.get(address.replace(base, ''), `hsoc_flow=${flow}${cookie ? `; ${cookie}` : ''}`)

/** The whole way of a browser: the button, the provider, and back. */
export async function signInWith(
  door: FrontDoor,
  idp: IdentityProvider,
  id: string,
  user: string | null,
  { back, jar }: { back?: string; jar?: Map<string, string> } = {},
): Promise<LightMyRequestResponse> {
  const begun = await start(
    door,
    `/sign-in/with?provider=${id}${back ? `&back=${encodeURIComponent(back)}` : ''}`,
  )
  idp.user = user
  return comeBack(door, begun, await idp.visit(begun.location, jar))
}
