/** What goes wrong with signing in on the days when something else goes wrong too. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDevice } from '../../../test/device.ts'
import { type FrontDoor, minute, openFrontDoor, password, tokenIn } from '../../../test/front-door.ts'
import { addHospital } from '../../../test/harness.ts'
import { byPassword, codeAt, csrfIn, enrol, passkeysAt, sessionOf, site } from '../../../test/signing-in.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { setPassword } from './index.ts'

let door: FrontDoor
let steps: ReturnType<typeof passkeysAt>
let jana: Actor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor('required')
  steps = passkeysAt(door)
  const lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

describe('a stolen cookie', () => {
  it('is worth nothing once the password was changed, whole or half, at any node', async () => {
    const whole = await enrol(door, await byPassword(door, jana))
    const half = await byPassword(door, jana, '/sign-in/second')
    await asEngine(door.db, (tx) => setPassword(tx, jana.person, password, null, door.now))
    for (const { cookie } of [whole, half])
      for (const node of [door.app, door.other])
        for (const url of ['/account', '/sign-in/second', '/account/means']) {
          const answer = await node.inject({ url, headers: { cookie } })
          expect([answer.statusCode, answer.headers.location]).toEqual([
            303,
            `/sign-in?back=${encodeURIComponent(url)}`,
          ])
        }
  })

  it('takes over nothing: changing the means, ending sessions and letting others in ask for a proof', async () => {
    const { cookie, csrf } = await enrol(door, await byPassword(door, vera))
    door.now += 15 * minute
    const dangerous = door.app.routed.filter(({ access }) => access.fresh)
    expect(dangerous.length).toBeGreaterThan(7)
    for (const { url } of dangerous) {
      const answer = await door.post(url.replace(/:\w+/, '1'), { _csrf: csrf }, { cookie })
      expect([url, answer.statusCode, answer.body.includes('_again_code')]).toEqual([url, 403, true])
    }
  })

  it('of a session before the sign-in never becomes somebody’s session', async () => {
    const app = await enrol(door, await byPassword(door, jana))
    door.now += minute
    const half = await byPassword(door, jana, '/sign-in/second')
    const whole = await door.post(
      '/sign-in/second',
      { code: codeAt(app.secret, door.now), _csrf: half.csrf },
      { cookie: half.cookie },
    )
    expect(half.cookie).not.toContain(tokenIn(whole))
    expect((await door.get('/account', half.cookie)).statusCode).toBe(303)
  })
})

describe('whether there is an account', () => {
  /** How often an answer went to the database, as a whole measure of the work done for it. */
  async function workOf(run: () => Promise<unknown>): Promise<number> {
    let n = 0
    const count = (): void => void n++
    door.db.engine.on('acquire', count)
    await run()
    door.db.engine.off('acquire', count)
    return n
  }

  it('is told by no way of signing in: neither the words nor the work differ', async () => {
    const { device } = await steps.withPasskey(jana)
    const { challenge } = await steps.toUse()
    const pairs = [
      [() => door.knock(jana.email, 'guess'), () => door.knock('nobody@people.example', 'guess')],
      [
        () => steps.use(device.use(challenge, { verified: false })),
        () => steps.use(openDevice(site).use(challenge)),
      ],
      [() => door.get('/recover/guess'), () => door.get('/recover/another-guess')],
    ]
    for (const [known, unknown] of pairs) {
      const bodies: string[] = []
      const works: number[] = []
      for (const run of [known, unknown])
        works.push(
          await workOf(async () =>
            bodies.push(
              (await run?.())?.body
                .replaceAll(/nonce[^>]*|value="[^"]*"|content="[^"]*"/g, '')
                .replaceAll(/another-/g, '') ?? '',
            ),
          ),
        )
      expect(bodies[0]).toBe(bodies[1])
      expect([works[0], (works[0] ?? 0) > 0]).toEqual([works[1], true])
    }
  })

  it('and which second factor it has, is told to nobody without the password', async () => {
    await enrol(door, await byPassword(door, jana))
    await steps.withPasskey(vera)
    const wrong = await Promise.all([jana, vera].map(({ email }) => door.knock(email, 'guess')))
    const bare = wrong.map(({ body }) => body.replaceAll(/nonce[^>]*|value="[^"]*"|content="[^"]*"/g, ''))
    expect(bare[0]).toBe(bare[1])
    for (const answer of [
      await door.get('/sign-in/second'),
      await door.post('/sign-in/second', { code: '000000' }),
    ])
      expect(answer.headers.location).toMatch(/^\/sign-in\?back/)
  })

  it('a code of the app and one from the paper cost the same, right or wrong', async () => {
    const app = await enrol(door, await byPassword(door, jana))
    door.now += minute
    const half = await byPassword(door, jana, '/sign-in/second')
    const give = (code: string) => () =>
      door.post('/sign-in/second', { code, _csrf: half.csrf }, { cookie: half.cookie })
    const [digits, paper] = [await workOf(give('000000')), await workOf(give('aaaa-bbbb-cccc'))]
    expect(digits).toBe(paper)
    expect((await give(codeAt(app.secret, door.now))()).statusCode).toBe(303)
  })
})

it('a passkey lost on the day of an incident: the paper lets in, the lost one goes, a new one comes', async () => {
  const lost = await steps.withPasskey(vera)
  door.now += 8 * 60 * minute
  const half = await byPassword(door, vera, '/sign-in/second')
  const back = '/warnings?state=living'
  const whole = await door.post(
    '/sign-in/second',
    { code: lost.codes[3] ?? '', back, _csrf: half.csrf },
    { cookie: half.cookie },
  )
  expect(whole.headers.location).toBe(`/account/means?done=recovery&back=${encodeURIComponent(back)}`)
  const session = await sessionOf(door, whole)
  const page = await door.get(String(whole.headers.location), session.cookie)
  expect(page.body).toContain('9 are left')
  expect(page.body).toContain('href="/warnings?state=living"')
  const { rows } = await door.db.engine.query<{ id: number }>('select id from passkeys')
  const remove = (by: typeof session) =>
    door.post(`/account/passkeys/${rows[0]?.id}/removal`, { _csrf: by.csrf }, { cookie: by.cookie })
  expect((await remove(session)).statusCode).toBe(409)
  const fresh = openDevice(site)
  const added = await steps.add(session, fresh.make((await steps.toAdd(session)).challenge))
  const after = await sessionOf(door, added)
  expect((await remove(after)).statusCode).toBe(303)
  expect((await steps.use(lost.device.use((await steps.toUse()).challenge))).statusCode).toBe(422)
  expect((await steps.use(fresh.use((await steps.toUse()).challenge))).statusCode).toBe(303)
  expect(csrfIn(page.body)).toBe(session.csrf)
})
