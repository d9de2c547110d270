import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, minute, tokenIn } from '../../../../test/front-door.ts'
import { comeBack, type IdentityProvider, signInWith, start } from '../../../../test/identity-provider.ts'

let at: Federation
let door: FrontDoor
let idp: IdentityProvider

beforeAll(async () => {
  at = await openFederation()
  ;({ door, idp } = at)
})
afterAll(() => at.close())
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

describe('a sign-in by a provider', () => {
  it('leads there with PKCE, state and nonce, and back to where the person was going', async () => {
    const { location, address, flow } = await onTheWay(`${button}&back=%2Fmembers%2F1`)
    const url = new URL(location)
    expect(url.origin).toBe(idp.issuer)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: 'https://hsoc.example/sign-in/from/lipova',
    })
    const answer = await comeBack(door, { flow }, address)
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/members/1'])
    const session = await door.get('/api/v1/session', `hsoc_session=${tokenIn(answer)}`)
    expect(session.json().person.id).toBe(at.jana.person)
    expect(await at.trail()).toContainEqual({
      verb: 'members.sign-in',
      object: `person ${at.jana.person}`,
      detail: { way: 'provider', address: '127.0.0.1' },
    })
  })

  it('keeps what it has to know in a cookie that no script, no other site and no other page gets', async () => {
    const answer = await door.get(button)
    const cookie = answer.cookies.find(({ name }) => name === 'hsoc_flow')
    expect(cookie).toMatchObject({ path: '/sign-in/from', httpOnly: true, sameSite: 'Lax', maxAge: 600 })
    const state = new URL(String(answer.headers.location)).searchParams.get('state') ?? 'none'
    expect(Buffer.from(cookie?.value ?? '', 'base64url').toString('latin1')).not.toContain(state)
    expect((await door.db.engine.query('select 1 from used_challenges')).rowCount).toBe(0)
  })

  it('is offered by a button on the page to sign in, which keeps the way back', async () => {
    const { body } = await door.get('/sign-in?back=%2Fwarnings%2F7')
    expect(body).toContain('href="/sign-in/with?provider=lipova&amp;back=%2Fwarnings%2F7"')
    expect(body).toContain('Sign in with Account lipova')
    door.context.settings.providers = []
    expect((await door.get('/sign-in')).body).not.toContain('/sign-in/with')
  })

  it('leads nowhere but to a page of ours', async () => {
    for (const back of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      `/${'x'.repeat(1_900)}`,
      'x',
    ])
      expect((await signInWith(door, idp, 'lipova', 'jana-1', { back })).headers.location).toBe('/')
  })

  it('tells of a browser that is new, as every other sign-in does', async () => {
    await door.signedIn(at.jana)
    await signInWith(door, idp, 'lipova', 'jana-1')
    const { rows } = await door.db.engine.query(`select detail->>'template' as template from deliveries`)
    expect(rows).toEqual([{ template: 'new-device' }])
  })

  it('ends the session that the browser came with', async () => {
    const { cookie } = await door.signedIn(at.petr)
    const { flow, address } = await onTheWay()
    const answer = await comeBack(door, { flow }, address, cookie)
    expect(answer.headers.location).toBe('/')
    expect((await door.get('/account', cookie)).headers.location).toBe('/sign-in?back=%2Faccount')
  })
})

describe('a way back that is not right', () => {
  const refused = async (answer: Awaited<ReturnType<typeof comeBack>>, status: number, said: string) => {
    expect([answer.statusCode, tokenIn(answer)]).toEqual([status, ''])
    expect(answer.body).toContain(said)
    expect(answer.body).toContain('Sign in another way')
    expect((await door.db.engine.query('select 1 from sessions')).rowCount).toBe(0)
  }
  const foreign = 'This sign-in did not begin in this browser'

  it('after ten minutes is over', async () => {
    const { flow, address } = await onTheWay()
    door.now += 10 * minute
    await refused(await comeBack(door, { flow }, address), 422, 'The sign-in took too long')
  })

  it('works once, however often the browser brings it, and at both nodes', async () => {
    const { flow, address } = await onTheWay()
    expect((await comeBack(door, { flow }, address)).statusCode).toBe(303)
    await door.db.engine.query('delete from sessions')
    await refused(await comeBack(door, { flow }, address), 409, 'This sign-in was used already')
    const url = address.replace('https://hsoc.example', '')
    const other = await door.other.inject({ url, headers: { cookie: `lang=en; hsoc_flow=${flow}` } })
    expect(other.statusCode).toBe(409)
  })

  it('without the cookie, with one of another sign-in, or with another state is of somebody else', async () => {
    const { flow, address } = await onTheWay()
    await refused(await comeBack(door, { flow: '' }, address), 422, foreign)
    await refused(await comeBack(door, await start(door, button), address), 422, foreign)
    const changed = address.replace(/state=[^&]+/, `state=${'x'.repeat(43)}`)
    await refused(await comeBack(door, { flow }, changed), 422, foreign)
    await refused(await comeBack(door, { flow: `${flow.slice(0, -4)}AAAA` }, address), 422, foreign)
  })

  it('that the person cancelled there says so', async () => {
    await refused(await signInWith(door, idp, 'lipova', null), 403, 'did not sign you in')
  })

  it('that the provider refused with an error of its own or a made-up one is told apart', async () => {
    const withError = async (error: string) => {
      const { flow, location } = await start(door, button)
      const state = new URL(location).searchParams.get('state')
      return comeBack(door, { flow }, `/sign-in/from/lipova?state=${state}&error=${error}`)
    }
    await refused(await withError('temporarily_unavailable'), 503, 'does not answer now')
    await refused(await withError('unauthorized_client'), 422, 'cannot be trusted')
    await refused(await withError('__proto__'), 422, 'cannot be trusted')
    await refused(await withError('a&error=b'), 422, 'cannot be trusted')
    await refused(await withError('%3Cscript%3Ealert(1)%3C/script%3E'), 422, 'cannot be trusted')
  })

  it.each([
    ['no code', 'x=1'],
    ['an empty code', 'code='],
    ['two codes', 'code=a&code=b'],
    ['a code of nobody', 'code=nobody'],
    ['NUL', 'code=%00'],
    ['broken percent signs', 'code=%ff%fe%'],
    ['a long code', `code=${'x'.repeat(6_000)}`],
    ['a wrong issuer', 'code=a&iss=https%3A%2F%2Fevil.example'],
    ['a token in place of a code', 'id_token=x.y.z&code=a'],
    ['another way to answer', 'response=x.y.z'],
  ])('with %s is not trusted, and the trail says so', async (_, query) => {
    const { flow, location } = await start(door, button)
    const state = new URL(location).searchParams.get('state')
    await refused(
      await comeBack(door, { flow }, `/sign-in/from/lipova?state=${state}&${query}`),
      422,
      'cannot be trusted',
    )
    expect(await at.trail()).toEqual([
      {
        verb: 'members.sign-in-refused',
        object: 'unknown person',
        detail: { way: 'provider', doubt: 'provider', address: '127.0.0.1' },
      },
    ])
  })

  it('of huge or doubled parameters costs the provider nothing', async () => {
    const { flow, location } = await start(door, button)
    const state = new URL(location).searchParams.get('state')
    const tried = [
      `state=${state}&code=${'x'.repeat(9_000)}`,
      `state=${state}&state=${state}&code=x`,
      'state[]=x',
    ]
    for (const query of tried)
      await refused(await comeBack(door, { flow }, `/sign-in/from/lipova?${query}`), 422, foreign)
  })

  it('guessed again and again is slowed down by where it comes from', async () => {
    const guess = async () => {
      const { flow, location } = await start(door, button)
      const state = new URL(location).searchParams.get('state')
      return comeBack(door, { flow }, `/sign-in/from/lipova?state=${state}&code=guess`)
    }
    for (let i = 0; i < 20; i++) expect((await guess()).statusCode).toBe(422)
    const slow = await guess()
    expect([slow.statusCode, slow.headers['retry-after']]).toEqual([429, '1'])
  })
})
