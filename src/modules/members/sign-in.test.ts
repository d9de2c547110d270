import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, password, tokenIn } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { disable, endEngagement, tidy } from './index.ts'

let door: FrontDoor
let lipova: Hospital
let jana: Actor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25', '2001:db8:1::/48'], {
    domains: ['lipova.example'],
  })
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

describe('signing in', () => {
  it('opens the session in a cookie that scripts cannot read and other sites cannot send', async () => {
    const answer = await door.knock(jana.email.toUpperCase(), password)
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/'])
    expect(answer.cookies[0]).toMatchObject({
      name: 'hsoc_session',
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
    })
    expect(answer.cookies[0]?.secure).toBeUndefined()
    const { rows } = await door.db.engine.query('select * from sessions')
    expect(JSON.stringify(rows)).not.toContain(tokenIn(answer))
    const session = await door.get('/api/v1/session', `hsoc_session=${tokenIn(answer)}`)
    expect(session.json()).toMatchObject({
      person: { email: jana.email },
      engagements: [{ organisation: { id: lipova.id, name: 'Nemocnice Lipová' }, role: 'admin' }],
    })
  })

  it('answers a wrong password and an unknown address with the same page', async () => {
    const wrong = await door.knock(jana.email, 'čtyři hlasité zelené lampy')
    const unknown = await door.knock('nikdo@people.example', 'čtyři hlasité zelené lampy')
    const bare = (answer: LightMyRequestResponse) =>
      answer.body.replaceAll(/nonce[^>]*|value="[^"]*"|content="[^"]*"/g, '')
    expect([wrong.statusCode, unknown.statusCode]).toEqual([422, 422])
    expect(bare(wrong)).toBe(bare(unknown))
    expect(wrong.cookies).toEqual([])
    expect(wrong.body).toContain('does not fit')
    expect(wrong.body).not.toContain('hlasité')
  })

  it('leaves a line for success and failure, without what was typed', async () => {
    await door.knock('tajné heslo omylem', 'x')
    await door.knock(jana.email, 'x')
    await door.knock(jana.email, password)
    const { rows } = await door.db.engine.query<{ verb: string; object: string; detail: object }>(
      `select verb, object, detail from audit where verb like 'members.sign-in%' order by id desc limit 3`,
    )
    expect(rows).toEqual([
      {
        verb: 'members.sign-in',
        object: `person ${jana.person}`,
        detail: { way: 'password', address: '127.0.0.1' },
      },
      {
        verb: 'members.sign-in-refused',
        object: `person ${jana.person}`,
        detail: { way: 'password', doubt: 'password', address: '127.0.0.1' },
      },
      {
        verb: 'members.sign-in-refused',
        object: 'unknown person',
        detail: { way: 'password', doubt: 'unknown', address: '127.0.0.1' },
      },
    ])
    const { rows: failures } = await door.db.engine.query<{ key: string }>('select key from sign_in_failures')
    expect(failures.map((row) => row.key).join()).not.toContain('heslo')
  })

  it('slows guessing of one account down on both nodes, even with the right password', async () => {
    for (let i = 0; i < 5; i++)
      expect((await door.knock(jana.email, 'guess', {}, i % 2 ? door.app : door.other)).statusCode).toBe(422)
    const refused = await door.knock(jana.email, password, {}, door.other)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1'])
    expect(refused.body).toContain('1 second')
    door.now += 1_000
    expect((await door.knock(jana.email, 'guess')).statusCode).toBe(422)
    door.now += 1_999
    expect((await door.knock(jana.email, password)).statusCode).toBe(429)
    door.now += 1
    expect((await door.knock(jana.email, password, {}, door.other)).statusCode).toBe(303)
    expect((await door.knock(jana.email, 'guess')).statusCode).toBe(422)
  })

  it('counts guesses that arrive at the same moment one by one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        door.knock('petr.dub@people.example', 'guess', {}, i % 2 ? door.app : door.other),
      ),
    )
    const statuses = answers.map((answer) => answer.statusCode).sort()
    expect(statuses).toEqual([...Array(5).fill(422), ...Array(11).fill(429)])
  })

  it('never waits longer than a quarter of an hour, and forgets after a day', async () => {
    for (let i = 0; i < 20; i++) {
      door.now += 15 * minute
      await door.knock(jana.email, 'guess')
    }
    const refused = await door.knock(jana.email, password)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '900'])
    expect(refused.body).toContain('15 minutes')
    door.now += 24 * 60 * minute
    expect((await door.knock(jana.email, 'guess')).statusCode).toBe(422)
    await tidy(door.db, door.now + 24 * 60 * minute + 1)
    const { rows } = await door.db.engine.query('select 1 from sign_in_failures')
    expect(rows).toEqual([])
  })

  it('slows an address down that tries many accounts, known or not', async () => {
    for (let i = 0; i < 20; i++) await door.knock(`person-${i}@people.example`, 'guess')
    expect((await door.knock(jana.email, password)).statusCode).toBe(429)
    const elsewhere = await door.app.inject({
      method: 'POST',
      url: '/sign-in',
      remoteAddress: '203.0.113.9',
      payload: new URLSearchParams({ email: jana.email, password }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(elsewhere.statusCode).toBe(303)
  })

  it('behind a proxy of this machine slows down whoever guesses there, and nobody for another’s word', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address, 'x-forwarded-proto': 'https' })
    // What the guesser writes itself comes before what the proxy adds.
    for (let i = 0; i < 20; i++)
      await door.knock(`person-${i}@people.example`, 'guess', from(`192.0.2.${i}, 203.0.113.9`))
    expect((await door.knock(jana.email, password, from('203.0.113.9'))).statusCode).toBe(429)
    const letIn = await door.knock(jana.email, password, from('203.0.113.10'))
    expect(letIn.statusCode).toBe(303)
    expect(letIn.cookies.find((one) => one.name === 'hsoc_session')).toMatchObject({ secure: true })
    const { rows } = await door.db.engine.query<{ address: string }>(
      `select detail->>'address' as address from audit where verb = 'members.sign-in' order by id desc limit 1`,
    )
    expect(rows).toEqual([{ address: '203.0.113.10' }])
    const forged = await door.app.inject({
      method: 'POST',
      url: '/sign-in',
      remoteAddress: '203.0.113.9',
      payload: new URLSearchParams({ email: jana.email, password }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...from('203.0.113.11') },
    })
    expect(forged.statusCode).toBe(429)
  })

  it('gives a new token each time and ends the one that the browser came with', async () => {
    const planted = 'planted-token-of-an-attacker-000'
    const fixed = await door.knock(jana.email, password, { cookie: `hsoc_session=${planted}` })
    expect(tokenIn(fixed)).not.toBe(planted)
    expect((await door.get('/account', `hsoc_session=${planted}`)).statusCode).toBe(303)
    const first = await door.signedIn(jana)
    const again = await door.post(
      '/sign-in',
      { email: jana.email, password, _csrf: first.csrf },
      { cookie: first.cookie },
    )
    expect(again.statusCode).toBe(303)
    expect((await door.get('/account', first.cookie)).headers.location).toBe('/sign-in?back=%2Faccount')
  })

  it.each([
    ['/members/1?x=1#people', '/members/1?x=1#people'],
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/..//evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/sign-out', '/'],
    ['/sign-in?back=/sign-in', '/'],
    ['/%0d%0aset-cookie:x=1', '/%0d%0aset-cookie:x=1'],
  ])('returns from %s to %s', async (back, to) => {
    const answer = await door.post('/sign-in', { email: jana.email, password, back })
    expect(answer.headers.location).toBe(to)
    expect(answer.headers['set-cookie']).not.toContain('x=1')
  })

  it('is refused for a form of another site', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const answer = await door.knock(jana.email, password, { 'sec-fetch-site': site })
      expect([answer.statusCode, answer.cookies]).toEqual([403, []])
    }
    expect((await door.knock(jana.email, password, { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(303)
  })

  it.each([
    ['email=a&email=b&password=c&password=d', 422],
    ['', 422],
    ['email=%00%00&password=%00', 422],
    ['email[]=a&password[x]=b', 422],
    ['__proto__[email]=a&constructor=b', 422],
    [`email=a@b.example&password=${'x'.repeat(5_000)}`, 422],
    [`email=${'%F0%9F%92%A3'.repeat(60)}&password=x`, 422],
    ["email=' or 1=1 --&password=' or 1=1 --", 422],
    [`email=a@b.example&password=${'x'.repeat(300_000)}`, 413],
  ])('stands a hostile body: %.60s', async (payload, status) => {
    const answer = await door.app.inject({
      method: 'POST',
      url: '/sign-in',
      payload,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([answer.statusCode, answer.cookies]).toEqual([status, []])
  })

  it('shows hostile text as text', async () => {
    const answer = await door.knock('"><script>alert(1)</script>@x.example', 'x')
    expect(answer.body).not.toContain('<script>alert')
  })

  it('is no more for a disabled person or one without a role', async () => {
    const leaving = await door.person('Olga Odchozí', [['duty', lipova]])
    const disabled = await door.person('Ivan Vypnutý', [['duty', lipova]])
    const [one, two] = [await door.signedIn(leaving), await door.signedIn(disabled)]
    expect((await door.get(`/members/${lipova.id}`, one.cookie)).statusCode).toBe(200)
    await asEngine(door.db, (tx) =>
      endEngagement(tx, { person: leaving.person, org: lipova.id, role: 'duty' }, vera, door.now),
    )
    await asEngine(door.db, (tx) => disable(tx, disabled.person, vera, door.now))
    expect((await door.get(`/members/${lipova.id}`, one.cookie)).statusCode).toBe(404)
    expect((await door.get('/api/v1/members', one.cookie)).json()).toMatchObject({ members: [], total: 0 })
    expect((await door.get('/account', two.cookie)).statusCode).toBe(303)
    for (const { email } of [leaving, disabled]) {
      const answer = await door.knock(email, password)
      expect([answer.statusCode, answer.cookies]).toEqual([422, []])
    }
  })
})
