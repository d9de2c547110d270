import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, password } from '../../../test/front-door.ts'
import { addHospital } from '../../../test/harness.ts'
import {
  byPassword,
  codeAt,
  codesIn,
  csrfIn,
  enrol,
  passkeysAt,
  type SignedIn,
} from '../../../test/signing-in.ts'
import type { Actor } from '../../platform/access.ts'
import type { Routed } from '../../platform/http.ts'

let door: FrontDoor
let jana: Actor
let petr: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  const lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  petr = await door.person('Petr Dub', [['admin', lipova]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

const endOthers = ({ cookie, csrf }: SignedIn, fields = {}) =>
  door.post('/account/other-sessions/end', { _csrf: csrf, ...fields }, { cookie })
const again = ({ cookie, csrf }: SignedIn, fields: Record<string, string>) =>
  door.post('/sign-in/again', { _csrf: csrf, _to: '/account/other-sessions/end', ...fields }, { cookie })
const stale = 15 * minute

describe('a dangerous act', () => {
  it('is carried out within a quarter of an hour of the last proof, and asks for a new one after that', async () => {
    const session = await byPassword(door, jana)
    door.now += stale - 1
    expect((await endOthers(session)).statusCode).toBe(303)
    door.now += 1
    const asked = await endOthers(session)
    expect([asked.statusCode, asked.cookies]).toEqual([403, []])
    expect(asked.body).toContain('Confirm that it is you')
    expect(asked.body).toContain('name="_again_password"')
    expect((await door.get('/account', session.cookie)).statusCode).toBe(200)
  })

  it('keeps what was typed, and goes on with it once the proof is given', async () => {
    const session = await byPassword(door, jana)
    door.now += stale
    const asked = await endOthers(session, { note: '"><b>čtyři</b>' })
    expect(asked.body).toContain('name="note" value="&quot;>&lt;b>čtyři&lt;/b>"')
    expect(asked.body).toContain('name="_to" value="/account/other-sessions/end"')
    const wrong = await again(session, { note: 'x', _again_password: 'guess' })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('name="note" value="x"')
    expect(wrong.body).not.toContain('guess')
    const done = await again(session, { note: 'x', _again_password: password })
    // 307: the browser sends the very same form on.
    expect([done.statusCode, done.headers.location]).toEqual([307, '/account/other-sessions/end'])
    expect((await endOthers(session)).statusCode).toBe(303)
  })

  it('takes no password of who has a second factor, but a code, once, or a recovery code', async () => {
    const app = await enrol(door, await byPassword(door, jana))
    door.now += stale
    expect((await endOthers(app)).body).toContain('name="_again_code"')
    expect((await again(app, { _again_password: password })).statusCode).toBe(422)
    const code = codeAt(app.secret, door.now)
    expect((await again(app, { _again_code: code })).statusCode).toBe(307)
    door.now += stale
    expect((await again(app, { _again_code: code })).statusCode).toBe(422)
    expect((await again(app, { _again_code: app.codes[0] ?? '' })).statusCode).toBe(307)
  })

  it("takes the own passkey, never somebody else's", async () => {
    const { withPasskey, toUse } = passkeysAt(door)
    const [mine, other] = [await withPasskey(jana), await withPasskey(petr)]
    door.now += stale
    const answer = async ({ device }: typeof mine) => JSON.stringify(device.use((await toUse()).challenge))
    expect((await again(mine, { _again_response: await answer(other) })).statusCode).toBe(422)
    expect((await endOthers(mine)).statusCode).toBe(403)
    expect((await again(mine, { _again_response: await answer(mine) })).statusCode).toBe(307)
    expect((await endOthers(mine)).statusCode).toBe(303)
  })

  it('guessed at is slowed down like a sign-in', async () => {
    const session = await byPassword(door, jana)
    door.now += stale
    for (let i = 0; i < 5; i++)
      expect((await again(session, { _again_password: 'guess' })).statusCode).toBe(422)
    const slow = await again(session, { _again_password: password })
    expect([slow.statusCode, slow.headers['retry-after']]).toEqual([429, '1'])
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'never goes on to %s',
    async (to) => {
      const session = await byPassword(door, jana)
      expect((await again(session, { _to: to })).headers.location).toBe('/')
    },
  )

  it('is refused to a form of another site before any proof is asked for', async () => {
    const session = await byPassword(door, jana)
    door.now += stale
    const forged = await door.post('/account/other-sessions/end', {}, { cookie: session.cookie })
    expect([forged.statusCode, forged.body.includes('_again')]).toEqual([403, false])
    expect((await again({ ...session, csrf: 'guess' }, { _again_password: password })).statusCode).toBe(403)
  })

  it('answers a program with a word of its own', async () => {
    const session = await byPassword(door, jana)
    door.now += stale
    const answer = await door.app.inject({
      method: 'POST',
      url: '/account/other-sessions/end',
      headers: { cookie: session.cookie, accept: 'application/json', 'x-csrf-token': session.csrf },
    })
    expect([answer.statusCode, answer.json().error]).toEqual([403, 'prove-again'])
  })
})

it('every change of the means of sign-in, of sessions and of others’ rights is such an act', async () => {
  const dangerous = door.app.routed.filter((route: Routed) => route.access.fresh).map((route) => route.url)
  expect(dangerous.sort()).toEqual([
    '/account/other-sessions/end',
    '/account/passkeys',
    '/account/passkeys/:passkey/removal',
    '/account/providers',
    '/account/providers/removal',
    '/account/recovery-codes',
    '/account/sessions/end',
    '/account/totp',
    '/account/totp/removal',
    '/contacts/download',
    '/keys',
    '/members/:id/merger',
    '/members/:id/merger/withdrawal',
    '/members/:id/people/:person/delegation',
    '/members/:id/people/:person/delegation/withdrawal',
    '/members/:id/people/:person/removal',
    '/members/:id/people/:person/roles',
    '/people/doubles/:merging/confirmation',
    '/people/doubles/:merging/withdrawal',
    '/people/doubles/merger',
    '/recoveries',
    '/recoveries/:recovery/confirmation',
  ])
})

it('setting the app up in the end needs no second proof: its beginning did', async () => {
  const { cookie, csrf } = await byPassword(door, jana)
  await door.post('/account/totp', { _csrf: csrf }, { cookie })
  door.now += stale
  const { body } = await door.get('/account/totp', cookie)
  const secret = (/([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(body)?.[0] ?? '').replaceAll(' ', '')
  const done = await door.post(
    '/account/totp/confirmation',
    { code: codeAt(secret, door.now), _csrf: csrfIn(body) },
    { cookie },
  )
  expect(codesIn(done.body)).toHaveLength(10)
})
