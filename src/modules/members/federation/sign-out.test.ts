import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, minute, tokenIn } from '../../../../test/front-door.ts'
import { type HostileProvider, openHostileProvider } from '../../../../test/hostile-provider.ts'
import {
  configured,
  cookieIn,
  type IdentityProvider,
  signInWith,
} from '../../../../test/identity-provider.ts'
import { csrfIn } from '../../../../test/signing-in.ts'

let at: Federation
let door: FrontDoor
let idp: IdentityProvider
let bad: HostileProvider

beforeAll(async () => {
  at = await openFederation()
  bad = await openHostileProvider('hsoc-bad', 'the secret of bad')
  ;({ door, idp } = at)
})
afterAll(async () => {
  await bad.close()
  await at.close()
})
beforeEach(async () => {
  await at.reset()
  at.configure()
  at.says('jana-1', { email: at.jana.email })
  await at.linked(at.jana, 'jana-1')
})

interface There {
  cookie: string
  csrf: string
}

async function signedIn(subject = 'jana-1', jar = new Map<string, string>()): Promise<There> {
  const cookie = `hsoc_session=${tokenIn(await signInWith(door, idp, 'lipova', subject, { jar }))}`
  return { cookie, csrf: csrfIn((await door.get('/account', cookie)).body) }
}
const isIn = async ({ cookie }: There) => (await door.get('/account', cookie)).statusCode === 200
const call = (token: string, provider = 'lipova') =>
  door.post(`/sign-in/from/${provider}/logout`, { logout_token: token }, { 'sec-fetch-site': 'cross-site' })

describe('signing out', () => {
  it('ends our session and offers the way out of the provider, which comes back to us', async () => {
    const jar = new Map<string, string>()
    const session = await signedIn('jana-1', jar)
    const out = await door.post('/sign-out', { _csrf: session.csrf }, { cookie: session.cookie })
    expect([out.statusCode, out.headers.location]).toEqual([303, '/sign-in?done=out'])
    expect(await isIn(session)).toBe(false)
    const farewell = cookieIn(out, 'hsoc_farewell')
    const { body } = await door.get('/sign-in?done=out', `hsoc_farewell=${farewell}`)
    expect(body).toContain('You are still signed in at Account lipova')
    const href = (/href="(http:\/\/127[^"]+)"/.exec(body)?.[1] ?? '').replaceAll('&amp;', '&')
    const asked = new URL(href).searchParams
    expect(asked.get('post_logout_redirect_uri')).toBe('https://hsoc.example/sign-in')
    expect(asked.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(asked.get('client_id')).toBe('hsoc-lipova')
    // The provider takes it: its page asks whether to sign out, as it does for tokens of its own alone.
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const page = await fetch(href, { headers: { cookie } })
    expect(page.status).toBe(200)
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    const done = await fetch(`${idp.issuer}/session/end/confirm`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    })
    expect(done.headers.get('location')).toBe('https://hsoc.example/sign-in')
  })

  it('keeps the token of the provider sealed, here and in the cookie', async () => {
    const session = await signedIn()
    const { rows } = await door.db.engine.query('select id_token from provider_sessions')
    // A token of theirs has two dots; what is sealed has the name of the secret before one.
    expect(rows[0].id_token).toMatch(/^[\w-]{8}\.[\w-]+$/)
    const out = await door.post('/sign-out', { _csrf: session.csrf }, { cookie: session.cookie })
    expect(cookieIn(out, 'hsoc_farewell')).toMatch(/^[\w-]{8}\.[\w-]+$/)
    expect((await door.db.engine.query('select 1 from provider_sessions')).rowCount).toBe(0)
  })

  it('offers nothing after a password, with a made-up cookie, or ten minutes later', async () => {
    const { cookie, csrf } = await door.signedIn(at.jana)
    const out = await door.post('/sign-out', { _csrf: csrf }, { cookie })
    expect(cookieIn(out, 'hsoc_farewell')).toBe('')
    expect((await door.get('/sign-in?done=out', 'hsoc_farewell=x')).body).not.toContain('still signed in')
    const there = await signedIn()
    const left = await door.post('/sign-out', { _csrf: there.csrf }, { cookie: there.cookie })
    const farewell = `hsoc_farewell=${cookieIn(left, 'hsoc_farewell')}`
    expect((await door.get('/sign-in', farewell)).body).not.toContain('still signed in')
    door.now += 10 * minute
    expect((await door.get('/sign-in?done=out', farewell)).body).not.toContain('still signed in')
  })

  it('works also when the provider is known no more', async () => {
    const session = await signedIn()
    door.context.settings.providers = []
    const out = await door.post('/sign-out', { _csrf: session.csrf }, { cookie: session.cookie })
    expect([out.headers.location, cookieIn(out, 'hsoc_farewell')]).toEqual(['/sign-in?done=out', ''])
    expect(await isIn(session)).toBe(false)
  })
})

describe('a logout of the provider', () => {
  it('that it sends itself when the person signs out there ends that session here', async () => {
    const jar = new Map<string, string>()
    const [here, elsewhere] = [await signedIn('jana-1', jar), await signedIn('jana-1')]
    const own = await door.signedIn(at.jana)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const page = await (await fetch(`${idp.issuer}/session/end`, { headers: { cookie } })).text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
    await fetch(`${idp.issuer}/session/end/confirm`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    })
    const [sent] = idp.posted()
    expect(sent?.url).toBe('https://hsoc.example/sign-in/from/lipova/logout')
    const answer = await call(new URLSearchParams(sent?.body).get('logout_token') ?? '')
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    expect([await isIn(here), await isIn(elsewhere), await isIn(own)]).toEqual([false, true, true])
    expect(await at.trail()).toContainEqual({
      verb: 'members.provider-sign-out',
      object: `person ${at.jana.person}`,
      detail: { provider: 'lipova' },
    })
  })

  it('of another session, or of another client, ends none', async () => {
    const session = await signedIn()
    expect((await call(await idp.logoutToken('hsoc-lipova', 'jana-1', 'another'))).statusCode).toBe(200)
    expect((await call(await at.csirt.logoutToken('hsoc-csirt', 'jana-1'))).statusCode).toBe(400)
    expect(await isIn(session)).toBe(true)
  })

  it('needs a token, and is unknown of a provider that is not set up', async () => {
    for (const token of ['', 'x', 'a.b.c', '.'.repeat(10_000), 'x\0y'])
      expect((await call(token)).statusCode).toBe(400)
    expect((await call('x', 'nobody')).statusCode).toBe(404)
    expect((await call('x'.repeat(30_000))).statusCode).toBe(413)
    const none = await door.post('/sign-in/from/lipova/logout', {})
    expect(none.statusCode).toBe(400)
  })
})

describe('a logout token', () => {
  const event = 'http://schemas.openid.net/event/backchannel-logout'
  const right = () => ({ sub: 'jana-1', jti: Math.random().toString(), events: { [event]: {} } })
  let own: There

  beforeEach(async () => {
    Object.assign(bad, { signs: 'well', claims: {}, metadata: {}, answer: null })
    door.context.settings.providers?.push(
      configured(idp, 'bad', {
        issuer: bad.issuer,
        organisations: [{ organisation: at.lipova.name, roles: {}, newPeople: false }],
      }),
    )
    await door.db.engine.query(
      `insert into provider_links (person_id, provider, issuer, subject, linked_at) values ($1, 'bad', $2, 'jana-1', now())`,
      [at.jana.person, bad.issuer],
    )
    const { headers, cookies } = await door.get('/sign-in/with?provider=bad')
    const { state, nonce } = Object.fromEntries(new URL(String(headers.location)).searchParams)
    bad.claims = { sub: 'jana-1', nonce, sid: 'one' }
    const flow = cookies.find(({ name }) => name === 'hsoc_flow')?.value
    const answer = await door.get(`/sign-in/from/bad?code=x&state=${state}`, `hsoc_flow=${flow}`)
    own = { cookie: `hsoc_session=${tokenIn(answer)}`, csrf: '' }
    expect(await isIn(own)).toBe(true)
  })

  const sent = async (claims: Record<string, unknown>, typ?: string) =>
    (await call(await bad.sign(claims, typ), 'bad')).statusCode

  it('of a person ends every session of theirs that began there, and no other', async () => {
    const other = await signedIn()
    expect(await sent(right(), 'logout+jwt')).toBe(200)
    expect([await isIn(own), await isIn(other)]).toEqual([false, true])
  })

  it('of a session ends that one', async () => {
    const rest = { ...right(), sub: undefined }
    expect(await sent({ ...rest, sid: 'two' })).toBe(200)
    expect(await isIn(own)).toBe(true)
    expect(await sent({ ...rest, jti: 'x', sid: 'one' })).toBe(200)
    expect(await isIn(own)).toBe(false)
  })

  it('of somebody else ends nothing', async () => {
    expect(await sent({ ...right(), sub: 'petr-1' })).toBe(200)
    expect(await isIn(own)).toBe(true)
  })

  it('works once', async () => {
    const token = await bad.sign({ ...right(), sub: 'petr-1' })
    expect((await call(token, 'bad')).statusCode).toBe(200)
    expect((await call(token, 'bad')).statusCode).toBe(400)
  })

  const s = () => Math.floor(Date.now() / 1_000)
  it.each([
    ['of another issuer', () => ({ iss: 'https://evil.example' })],
    ['for another client', () => ({ aud: 'hsoc-lipova' })],
    ['with a nonce, as tokens of sign-in have', () => ({ nonce: 'x' })],
    ['without the event', () => ({ events: {} })],
    ['with something in place of events', () => ({ events: event })],
    ['without a number', () => ({ jti: undefined })],
    ['with something in place of the number', () => ({ jti: { a: 1 } })],
    ['of nobody', () => ({ sub: undefined })],
    ['of no text', () => ({ sub: 7 })],
    ['with NUL', () => ({ sub: 'jana-1\0' })],
    ['of yesterday', () => ({ iat: s() - 86_400, exp: s() + 300 })],
    ['that is over', () => ({ exp: s() - 300 })],
    ['of tomorrow', () => ({ iat: s() + 86_400, exp: s() + 90_000 })],
  ])('%s is refused', async (_, claims) => {
    expect(await sent({ ...right(), ...claims() })).toBe(400)
    expect(await isIn(own)).toBe(true)
  })

  it.each(['foreign', 'secret', 'none'] as const)('signed %s is refused', async (signs) => {
    bad.signs = signs
    expect(await sent(right())).toBe(400)
    expect(await isIn(own)).toBe(true)
  })

  it('of another type is refused', async () => {
    expect(await sent(right(), 'at+jwt')).toBe(400)
    expect(await isIn(own)).toBe(true)
  })
})
