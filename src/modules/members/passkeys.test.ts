import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lies, openDevice } from '../../../test/device.ts'
import { type FrontDoor, minute, openFrontDoor, password, tokenIn } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import { byPassword, enrol, passkeysAt, type SignedIn, sessionOf, site } from '../../../test/signing-in.ts'
import type { Actor } from '../../platform/access.ts'
import { isChallenge, makeChallenge } from './challenges.ts'
import { partyOf } from './passkeys.ts'

let door: FrontDoor
let steps: ReturnType<typeof passkeysAt>
let lipova: Hospital
let jana: Actor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor('required')
  steps = passkeysAt(door)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

describe('a passkey', () => {
  it('is asked for with the finger or PIN, and to be found without an address', async () => {
    const options = await steps.toAdd(await byPassword(door, jana))
    expect(options).toMatchObject({
      rp: { id: 'hsoc.example', name: 'hSOC' },
      user: { name: jana.email, displayName: jana.name },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    const any = await steps.toUse()
    expect(any).toMatchObject({ rpId: 'hsoc.example', userVerification: 'required' })
    expect(any.allowCredentials ?? []).toEqual([])
  })

  it('is added under a name and signs its person in, who types nothing', async () => {
    const { device, cookie, codes } = await steps.withPasskey(jana)
    expect(codes).toHaveLength(10)
    const listed = await door.get('/account/means', cookie)
    expect(listed.body).toContain('work phone')
    expect(listed.body).toContain('not used yet')
    const answer = await steps.use(
      device.use((await steps.toUse()).challenge),
      { back: '/members/1' },
      door.other,
    )
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/members/1'])
    const session = await door.get('/api/v1/session', `hsoc_session=${tokenIn(answer)}`)
    expect(session.json().person.email).toBe(jana.email)
    const { rows } = await door.db.engine.query(
      'select counter::int, used_at is not null as used from passkeys',
    )
    expect(rows).toEqual([{ counter: 2, used: true }])
  })

  it('is enough for a coordinator, and lets a password alone in no further', async () => {
    const { device } = await steps.withPasskey(vera)
    const answer = await steps.use(device.use((await steps.toUse()).challenge))
    expect((await door.get('/members', `hsoc_session=${tokenIn(answer)}`)).statusCode).toBe(200)
    expect((await door.knock(vera.email, password)).headers.location).toMatch('/sign-in/second')
  })

  it('that tells no count signs in again and again', async () => {
    const { device } = await steps.withPasskey(jana, false)
    for (let i = 0; i < 3; i++)
      expect((await steps.use(device.use((await steps.toUse()).challenge))).statusCode).toBe(303)
  })
})

describe('a passkey is not added', () => {
  const refused = async (session: SignedIn, answer: object, status: number): Promise<void> => {
    const done = await steps.add(session, answer, { name: 'phone <b>' })
    expect([done.statusCode, done.cookies]).toEqual([status, []])
    expect(done.body).toContain('was not added')
    expect(done.body).toContain('phone &lt;b')
    expect((await door.db.engine.query('select 1 from passkeys')).rows).toEqual([])
  }

  it.each<[string, Lies]>([
    ['of another site', { origin: 'https://hsoc.example.evil.example' }],
    ['of another party', { rpId: 'evil.example' }],
    ['without a finger or PIN', { verified: false }],
    ['answered as if it was used', { type: 'webauthn.get' }],
  ])('%s', async (_, lies) => {
    const session = await byPassword(door, jana)
    await refused(session, openDevice(site).make((await steps.toAdd(session)).challenge, lies), 422)
  })

  it('for a challenge that is not ours, is over, was for somebody else or for signing in', async () => {
    const session = await byPassword(door, jana)
    const other = await byPassword(door, vera)
    const device = openDevice(site)
    await refused(session, device.make(Buffer.alloc(40, 1).toString('base64url')), 409)
    await refused(session, device.make((await steps.toUse()).challenge), 409)
    await refused(session, device.make((await steps.toAdd(other)).challenge), 409)
    const { challenge } = await steps.toAdd(session)
    door.now += 10 * minute
    await refused(session, device.make(challenge), 409)
  })

  it('twice: neither with the same challenge nor the same key', async () => {
    const { device, ...session } = await steps.withPasskey(jana)
    expect((await steps.add(session, device.make((await steps.toAdd(session)).challenge))).statusCode).toBe(
      409,
    )
    const { challenge } = await steps.toAdd(session)
    const first = await steps.add(session, openDevice(site).make(challenge))
    expect(first.statusCode).toBe(303)
    expect((await steps.add(await sessionOf(door, first), openDevice(site).make(challenge))).statusCode).toBe(
      409,
    )
    expect((await door.db.engine.query('select 1 from passkeys')).rows).toHaveLength(2)
  })

  it('by who signed out, or a form of another site', async () => {
    const session = await byPassword(door, jana)
    const answer = openDevice(site).make((await steps.toAdd(session)).challenge)
    expect((await door.post('/account/passkeys', { response: JSON.stringify(answer) })).statusCode).toBe(303)
    expect((await steps.add({ ...session, csrf: 'guess' }, answer)).statusCode).toBe(403)
    expect((await door.get('/account/passkeys/options')).statusCode).toBe(303)
  })
})

describe('removing a passkey', () => {
  it("leaves a coordinator's last second factor, goes for the one before, and never for somebody else's", async () => {
    const first = await steps.withPasskey(vera)
    const { rows } = await door.db.engine.query<{ id: number }>('select id from passkeys')
    const remove = ({ cookie, csrf }: SignedIn) =>
      door.post(`/account/passkeys/${rows[0]?.id}/removal`, { _csrf: csrf }, { cookie })
    expect((await remove(await steps.withPasskey(jana))).statusCode).toBe(404)
    expect((await remove(first)).statusCode).toBe(409)
    const both = await enrol(door, first)
    expect((await remove(both)).statusCode).toBe(303)
    expect((await remove(both)).statusCode).toBe(404)
    expect(
      (await door.post('/account/totp/removal', { _csrf: both.csrf }, { cookie: both.cookie })).statusCode,
    ).toBe(409)
  })

  it('of two factors by two windows at the same moment leaves one', async () => {
    const session = await enrol(door, await steps.withPasskey(vera))
    const { rows } = await door.db.engine.query<{ id: number }>('select id from passkeys')
    const paths = [`/account/passkeys/${rows[0]?.id}/removal`, '/account/totp/removal']
    const done = await Promise.all(
      paths.map((path) => door.post(path, { _csrf: session.csrf }, { cookie: session.cookie })),
    )
    expect(done.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409])
  })
})

it('a passkey is renamed by its owner alone, who sees when it was last used', async () => {
  const mine = await steps.withPasskey(jana)
  const rename = (id: string, name: string, who = mine) =>
    door.post(`/account/passkeys/${id}/name`, { _csrf: who.csrf, name }, { cookie: who.cookie })
  const { rows } = await door.db.engine.query<{ id: number }>(
    'select id from passkeys where person_id = $1',
    [jana.person],
  )
  const id = String(rows[0]?.id)
  expect((await door.get('/account/means', mine.cookie)).body).toContain('work phone')
  expect((await rename(id, '  Klíč v\u00a0kanceláři ')).headers.location).toBe('/account/means?done=named')
  expect((await door.get('/account/means', mine.cookie)).body).toContain('Klíč v kanceláři')
  for (const name of ['', '   ', 'x'.repeat(61), 'x'.repeat(100_000), 'a\0b'])
    expect((await rename(id, name)).statusCode).toBe(422)
  expect((await rename(id, '<b>"x')).statusCode).toBe(303)
  expect((await door.get('/account/means', mine.cookie)).body).not.toContain('<b>"x')
  const other = await steps.withPasskey(vera)
  expect((await rename(id, 'cizí', other)).statusCode).toBe(404)
  for (const none of ['0', 'x', '999999']) expect((await rename(none, 'nic')).statusCode).toBe(404)
  const { rows: trail } = await door.db.engine.query(
    `select 1 from audit where verb = 'members.rename-passkey' and object = $1`,
    [`person ${jana.person}`],
  )
  expect(trail).toHaveLength(2)
})

it('passkeys are offered where the address is a name', async () => {
  const at = (baseUrl: string) => partyOf({ baseUrl })
  expect(at('https://hsoc.example:8443')).toEqual({
    rpID: 'hsoc.example',
    origin: 'https://hsoc.example:8443',
  })
  expect(at('http://localhost:8080')?.rpID).toBe('localhost')
  expect(at('http://127.0.0.1:8080')).toBeNull()
  expect(at('http://hsoc.example')).toBeNull()
  expect(at('https://[2001:db8::1]')).toBeNull()
  expect((await door.get('/sign-in')).body).toContain('data-passkey="use"')
  door.context.settings.baseUrl = 'http://127.0.0.1:8080'
  const [page, options] = [await door.get('/sign-in'), await door.get('/sign-in/passkey/options')]
  door.context.settings.baseUrl = site.origin
  expect([page.body.includes('data-passkey'), options.statusCode]).toEqual([false, 409])
})

it('a challenge holds for its purpose and its time, and no other bytes do', () => {
  const made = Buffer.from(makeChallenge('secret', 'sign-in', 1_000)).toString('base64url')
  expect(isChallenge('secret', 'sign-in', made, 600_999)).toBe(true)
  expect(isChallenge('secret', 'sign-in', made, 601_000)).toBe(false)
  expect(isChallenge('secret', 'add 1', made, 1_000)).toBe(false)
  expect(isChallenge('other', 'sign-in', made, 1_000)).toBe(false)
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.uint8Array({ maxLength: 60 }).map((b) => Buffer.from(b).toString('base64url')),
      ),
      (text) => {
        expect(isChallenge('secret', 'sign-in', text, 1_000)).toBe(false)
      },
    ),
  )
})
