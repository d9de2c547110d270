import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, password, tokenIn } from '../../../../test/front-door.ts'
import { type HostileProvider, openHostileProvider } from '../../../../test/hostile-provider.ts'
import { comeBack, configured, type IdentityProvider, start } from '../../../../test/identity-provider.ts'

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
  at.says('jana-1', { email: at.jana.email, email_verified: true, name: 'Jana' })
  await at.linked(at.jana, 'jana-1')
})

const button = '/sign-in/with?provider=lipova'

/** Jana has signed in at the provider and her browser is on its way back. */
async function onTheWay(url = button) {
  const begun = await start(door, url)
  idp.user = 'jana-1'
  return { ...begun, address: await idp.visit(begun.location) }
}

describe('two providers', () => {
  it('are not mixed up: a code of one is never brought to the other', async () => {
    bad.claims = { sub: 'jana-1' }
    door.context.settings.providers?.push(
      configured(idp, 'bad', {
        issuer: bad.issuer,
        organisations: [{ organisation: 'x', roles: {}, newPeople: true }],
      }),
    )
    const { address } = await onTheWay()
    const { flow, location } = await start(door, '/sign-in/with?provider=bad')
    const state = String(new URL(location).searchParams.get('state'))
    const stolen = address.replace(/state=[^&]+/, `state=${state}`)
    bad.asked = 0
    // The answer of the one comes to the other's address, and to its own with the other's cookie.
    const there = await comeBack(door, { flow }, stolen.replace('/from/lipova', '/from/bad'))
    const here = await comeBack(door, { flow }, stolen)
    expect([there.statusCode, here.statusCode, tokenIn(there), tokenIn(here)]).toEqual([422, 422, '', ''])
    expect(here.body).toContain('did not begin in this browser')
    // The honest provider names itself in its answer, which its rival's metadata does not promise; its code is good there alone.
    expect((await door.db.engine.query('select 1 from sessions')).rowCount).toBe(0)
  })
})

describe('a token', () => {
  beforeEach(async () => {
    Object.assign(bad, { signs: 'well', claims: {}, metadata: {}, answer: null, asked: 0 })
    door.context.settings.providers = [
      configured(idp, 'bad', {
        issuer: bad.issuer,
        organisations: [{ organisation: at.lipova.name, roles: {}, newPeople: false }],
      }),
    ]
    await door.db.engine.query(
      `insert into provider_links (person_id, provider, issuer, subject, linked_at) values ($1, 'bad', $2, 'jana-1', now())`,
      [at.jana.person, bad.issuer],
    )
  })

  async function answered(): Promise<number> {
    const { flow, location } = await start(door, '/sign-in/with?provider=bad')
    const { state, nonce } = Object.fromEntries(new URL(location).searchParams)
    bad.claims = { sub: 'jana-1', nonce, ...bad.claims }
    return (await comeBack(door, { flow }, `/sign-in/from/bad?code=x&state=${state}`)).statusCode
  }

  it('that is right lets in', async () => {
    expect(await answered()).toBe(303)
  })

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another client', { aud: 'somebody else' }],
    ['of another sign-in', { nonce: 'another' }],
    ['that is over', { exp: Math.floor(Date.now() / 1_000) - 600 }],
    ['of nobody', { sub: '' }],
    ['whose subject is no text', { sub: 7 as unknown as string }],
    ['whose subject is too long', { sub: 'x'.repeat(256) }],
    ['whose subject holds NUL', { sub: 'a\0b' }],
  ])('%s does not', async (_, claims) => {
    bad.claims = claims
    expect(await answered()).toBe(422)
  })

  it.each(['foreign', 'secret', 'none'] as const)('signed %s does not', async (signs) => {
    bad.signs = signs
    expect(await answered()).toBe(422)
  })

  it.each([
    [500, '{}'],
    [200, 'not JSON'],
    [200, '{"access_token":"x","token_type":"Bearer"}'],
    [200, `{"pad":"${'x'.repeat(1_200_000)}"}`],
  ])('that never came (%i) does not', async (status, body) => {
    bad.answer = { status, body }
    expect(await answered()).toBe(422)
  })
})

describe('a provider that is away', () => {
  it('is said on a page, and the password works meanwhile', async () => {
    door.context.settings.providers = [configured(idp, 'gone', { issuer: 'http://127.0.0.1:9' })]
    const answer = await door.get('/sign-in/with?provider=gone&back=%2Fwarnings')
    expect([answer.statusCode, answer.headers['retry-after'], answer.cookies]).toEqual([503, '60', []])
    expect(answer.body).toContain('Account gone does not answer now')
    expect(answer.body).toContain('href="/sign-in?back=%2Fwarnings"')
    expect((await door.get('/sign-in')).statusCode).toBe(200)
    expect((await door.knock(at.jana.email, password)).headers.location).toBe('/')
  })

  it('or says it is another, or speaks no OpenID Connect, is away too', async () => {
    for (const metadata of [{ issuer: 'https://evil.example' }, { authorization_endpoint: undefined }]) {
      bad.metadata = metadata
      door.context.settings.providers = [
        configured(idp, `odd-${Object.keys(metadata)}`, { issuer: bad.issuer }),
      ]
      const answer = await door.get(`/sign-in/with?provider=odd-${Object.keys(metadata)}`)
      expect([answer.statusCode, answer.cookies]).toEqual([503, []])
    }
  })

  it('is unknown by any other name', async () => {
    for (const name of ['', 'nobody', '__proto__', '%00', 'x'.repeat(5_000), '<script>']) {
      const answer = await door.get(`/sign-in/with?provider=${encodeURIComponent(name)}`)
      expect(answer.statusCode).toBe(422)
      expect(answer.body).not.toContain('<script>alert')
    }
    expect((await door.get('/sign-in/from/nobody?code=x&state=y')).statusCode).toBe(422)
  })
})
