import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, minute, password, tokenIn } from '../../../../test/front-door.ts'
import { comeBack, type IdentityProvider, signInWith, start } from '../../../../test/identity-provider.ts'
import type { Actor } from '../../../platform/access.ts'

let at: Federation
let door: FrontDoor
let idp: IdentityProvider
let jana: Actor
let petr: Actor

beforeAll(async () => {
  at = await openFederation()
  ;({ door, idp, jana, petr } = at)
})
afterAll(() => at.close())
beforeEach(async () => {
  await at.reset()
  at.configure()
  at.says('jana-1', { email: jana.email, email_verified: true, name: 'Jana from the directory' })
  at.says('petr-1', { email: petr.email, email_verified: true, name: 'Petr' })
})

type Session = Awaited<ReturnType<FrontDoor['signedIn']>>

/** The page that asks whether to link, after the provider's sign-in as `subject`. */
async function asked(session: Session, subject: string, provider = 'lipova') {
  const begun = await start(door, `/account/providers/new?provider=${provider}`, session.cookie)
  const there = provider === 'lipova' ? idp : at.csirt
  there.user = subject
  return comeBack(door, begun, await there.visit(begun.location), session.cookie)
}
const offerIn = (body: string): string => /name="offer" value="([^"]+)"/.exec(body)?.[1] ?? ''
const confirm = ({ cookie, csrf }: Session, offer: string) =>
  door.post('/account/providers', { offer, _csrf: csrf }, { cookie: `lang=en; ${cookie}` })
const unlink = ({ cookie, csrf }: Session, issuer = idp.issuer) =>
  door.post('/account/providers/removal', { issuer, _csrf: csrf }, { cookie })
const linkedNow = async () =>
  (
    await door.db.engine.query<{ person: number; subject: string; email: string | null }>(
      'select person_id as person, subject, email from provider_links where ended_at is null order by id',
    )
  ).rows
const wayIn = async (subject: string) => (await signInWith(door, idp, 'lipova', subject)).statusCode

describe('linking the own account', () => {
  it('shows both accounts, and is done by a button alone', async () => {
    const session = await door.signedIn(jana)
    expect((await door.get('/account', session.cookie)).body).toContain('Link the account Account lipova')
    const page = await asked(session, 'jana-1')
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(`Jana from the directory, ${jana.email}`)
    expect(await linkedNow()).toEqual([])
    const done = await confirm(session, offerIn(page.body))
    expect([done.statusCode, done.headers.location]).toEqual([303, '/account?done=linked'])
    expect(await linkedNow()).toEqual([{ person: jana.person, subject: 'jana-1', email: jana.email }])
    expect((await door.get('/account', session.cookie)).body).toContain('End the link')
    expect(await wayIn('jana-1')).toBe(303)
  })

  it('is told by mail and in the trail', async () => {
    const session = await door.signedIn(jana)
    await confirm(session, offerIn((await asked(session, 'jana-1')).body))
    const { rows } = await door.db.engine.query(
      `select detail->>'template' as template, detail->>'verb' as verb from deliveries`,
    )
    expect(rows).toEqual([{ template: 'means-changed', verb: 'link-provider' }])
    expect(await at.trail()).toContainEqual({
      verb: 'members.link-provider',
      object: `person ${jana.person}`,
      detail: { provider: 'lipova', issuer: idp.issuer, email: jana.email },
    })
  })

  it('asks for a fresh proof', async () => {
    const session = await door.signedIn(jana)
    door.now += 15 * minute
    const offer = offerIn((await asked(session, 'jana-1')).body)
    const again = await confirm(session, offer)
    expect(again.statusCode).toBe(403)
    expect(again.body).toContain('Confirm that it is you')
    expect(again.body).toContain(`name="offer" value="${offer}"`)
    expect(await linkedNow()).toEqual([])
  })

  it("is nobody else's: an offer works in the session that asked, for ten minutes, and once", async () => {
    const [mine, other] = [await door.signedIn(jana), await door.signedIn(jana)]
    const foreign = await door.signedIn(petr)
    const offer = offerIn((await asked(mine, 'jana-1')).body)
    for (const session of [other, foreign]) expect((await confirm(session, offer)).statusCode).toBe(409)
    for (const made of ['', 'x', offer.slice(0, -2), 'x'.repeat(10_000)])
      expect((await confirm(mine, made)).statusCode).toBe(409)
    door.now += 10 * minute
    expect((await confirm(mine, offer)).statusCode).toBe(409)
    door.now -= 10 * minute
    expect((await confirm(mine, offer)).statusCode).toBe(303)
    expect((await confirm(mine, offer)).statusCode).toBe(409)
  })

  it('begun in one session is not finished in another, or in none', async () => {
    const session = await door.signedIn(jana)
    const begun = await start(door, '/account/providers/new?provider=lipova', session.cookie)
    idp.user = 'jana-1'
    const address = await idp.visit(begun.location)
    for (const cookie of ['', (await door.signedIn(petr)).cookie]) {
      const answer = await comeBack(door, begun, address, cookie)
      expect(answer.statusCode).toBe(403)
      expect([offerIn(answer.body), tokenIn(answer)]).toEqual(['', ''])
    }
  })

  it('never takes an account that is linked with somebody else, nor a second one', async () => {
    await at.linked(petr, 'petr-1')
    const session = await door.signedIn(jana)
    expect((await confirm(session, offerIn((await asked(session, 'petr-1')).body))).statusCode).toBe(409)
    await confirm(session, offerIn((await asked(session, 'jana-1')).body))
    at.says('jana-2', { email: jana.email })
    expect((await confirm(session, offerIn((await asked(session, 'jana-2')).body))).statusCode).toBe(409)
    expect((await linkedNow()).map(({ subject }) => subject)).toEqual(['petr-1', 'jana-1'])
  })

  it('of one subject by two people at the same moment links one of them', async () => {
    at.configure({
      organisations: [at.lipova, at.dolni].map(({ name }) => ({
        organisation: name,
        roles: {},
        newPeople: false,
      })),
    })
    const sessions = [await door.signedIn(jana), await door.signedIn(petr)]
    const offers = [
      offerIn((await asked(sessions[0] as Session, 'jana-1')).body),
      offerIn((await asked(sessions[1] as Session, 'jana-1')).body),
    ]
    const answers = await Promise.all(sessions.map((session, i) => confirm(session, offers[i] ?? '')))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409])
  })

  it('with a provider that may not vouch for all that the person is, is refused', async () => {
    for (const who of [petr, at.vera]) {
      const session = await door.signedIn(who)
      const answer = await confirm(session, offerIn((await asked(session, 'jana-1')).body))
      expect(answer.statusCode).toBe(409)
      expect(answer.body).toContain('reach further')
    }
    const session = await door.signedIn(at.vera)
    expect((await confirm(session, offerIn((await asked(session, 'jana-1', 'csirt')).body))).statusCode).toBe(
      303,
    )
  })

  it('needs somebody signed in', async () => {
    expect((await door.get('/account/providers/new?provider=lipova')).headers.location).toMatch(
      /^\/sign-in\?back/,
    )
    const session = await door.signedIn(jana)
    expect((await door.get('/account/providers/new?provider=nobody', session.cookie)).headers.location).toBe(
      '/account',
    )
  })
})

describe('an e-mail', () => {
  it('alone links nobody: somebody unknown with a known one is asked to sign in their usual way once', async () => {
    const answer = await signInWith(door, idp, 'lipova', 'jana-1')
    expect([answer.statusCode, tokenIn(answer)]).toEqual([403, ''])
    expect(answer.body).toContain('sign in your usual way once')
    expect(answer.body).toContain('href="/sign-in?back=%2Faccount"')
    expect(await linkedNow()).toEqual([])
  })

  it('of somebody here and one of nobody are answered with the very same page', async () => {
    at.configure({}, { roles: { it: ['admin'] }, newPeople: true })
    at.says('a', { email: jana.email, email_verified: true, groups: ['it'] })
    at.says('b', { email: 'nobody@people.example', email_verified: true, groups: ['it'] })
    at.says('c', { groups: ['it'] })
    const pages: string[] = []
    for (const subject of ['a', 'b', 'c']) pages.push((await signInWith(door, idp, 'lipova', subject)).body)
    const plain = pages.map((body) => body.replace(/nonce(?:" content)?[-=]"?[A-Za-z0-9+/=]+/g, ''))
    expect(new Set(plain).size).toBe(1)
  })

  it('returned for another subject is refused, and its bearer finds that in the trail', async () => {
    await at.linked(jana, 'jana-1')
    at.says('thief', { email: jana.email, email_verified: true })
    const answer = await signInWith(door, idp, 'lipova', 'thief')
    expect([answer.statusCode, tokenIn(answer)]).toEqual([403, ''])
    expect(answer.body).toContain('not linked yet')
    expect(await at.trail()).toContainEqual({
      verb: 'members.sign-in-refused',
      object: `person ${jana.person}`,
      detail: { way: 'provider', doubt: 'other-subject', address: '127.0.0.1' },
    })
    const { rows } = await door.db.engine.query(
      `select readers from audit where verb = 'members.sign-in-refused' order by id desc limit 1`,
    )
    expect(rows[0].readers).toEqual([2, -jana.person])
  })

  it('that changed at the provider changes nothing but what is shown', async () => {
    await at.linked(jana, 'jana-1')
    at.says('jana-1', { email: petr.email, email_verified: true })
    const answer = await signInWith(door, idp, 'lipova', 'jana-1')
    const session = (await door.get('/api/v1/session', `hsoc_session=${tokenIn(answer)}`)).json()
    expect([session.person.id, session.person.email]).toEqual([jana.person, jana.email])
    expect(await linkedNow()).toEqual([{ person: jana.person, subject: 'jana-1', email: petr.email }])
  })

  it('of any shape harms nobody', async () => {
    at.configure({}, { roles: { it: ['admin'] }, newPeople: true })
    const shapes = [
      7,
      null,
      ['a@lipova.example'],
      { a: 1 },
      'x'.repeat(9_000),
      'a@b@lipova.example',
      '\u202Ea@lipova.example',
      "'; drop table people; --",
    ]
    for (const [i, email] of shapes.entries()) {
      at.says(`s${i}`, { email, email_verified: true, groups: [7, null, { it: true }] })
      expect([403, 422]).toContain(await wayIn(`s${i}`))
    }
  })
})

describe('a linked account', () => {
  it('of a disabled person, or of one without a role, opens nothing', async () => {
    await at.linked(jana, 'jana-1')
    await door.db.engine.query('update people set disabled_at = now() where id = $1', [jana.person])
    expect(await wayIn('jana-1')).toBe(403)
    await door.db.engine.query('update people set disabled_at = null where id = $1', [jana.person])
    const olga = await door.person('Olga Bez role', [])
    await at.linked(olga, 'olga')
    at.says('olga', {})
    const answer = await signInWith(door, idp, 'lipova', 'olga')
    expect(answer.statusCode).toBe(403)
    expect(answer.body).toContain('no role in hSOC now')
  })

  it('is unlinked, and with it go the sessions and the roles that came by it', async () => {
    at.configure({}, { roles: { duty: ['duty'] } })
    await at.linked(jana, 'jana-1')
    at.says('jana-1', { groups: ['duty'] })
    const there = tokenIn(await signInWith(door, idp, 'lipova', 'jana-1'))
    expect(await at.rolesOf(jana.person)).toContain('duty at Nemocnice Lipová (directory)')
    const session = await door.signedIn(jana)
    expect((await unlink(session)).headers.location).toBe('/account?done=unlinked')
    expect(await at.rolesOf(jana.person)).toEqual(['admin at Nemocnice Lipová (manual)'])
    expect((await door.get('/account', `hsoc_session=${there}`)).statusCode).toBe(303)
    expect((await door.get('/account', session.cookie)).statusCode).toBe(200)
    expect(await wayIn('jana-1')).toBe(403)
    expect((await unlink(session)).statusCode).toBe(409)
  })

  it("is nobody else's to end, and asks for a fresh proof", async () => {
    await at.linked(jana, 'jana-1')
    expect((await unlink(await door.signedIn(petr))).statusCode).toBe(409)
    const session = await door.signedIn(jana)
    door.now += 15 * minute
    expect((await unlink(session)).statusCode).toBe(403)
    expect(await linkedNow()).toHaveLength(1)
  })

  it('stays with who has no other way in', async () => {
    await at.linked(jana, 'jana-1')
    const session = await door.signedIn(jana)
    const { rows } = await door.db.engine.query('select password_hash from people where id = $1', [
      jana.person,
    ])
    await door.db.engine.query('update people set password_hash = null where id = $1', [jana.person])
    const answer = await unlink(session)
    await door.db.engine.query('update people set password_hash = $2 where id = $1', [
      jana.person,
      rows[0].password_hash,
    ])
    expect(answer.statusCode).toBe(409)
    expect(answer.body).toContain('Choose a password')
    expect((await door.knock(jana.email, password)).headers.location).toBe('/')
  })

  it('is seen by its own person alone', async () => {
    await at.linked(jana, 'jana-1')
    const session = await door.signedIn(petr)
    expect((await door.get('/account', session.cookie)).body).not.toContain('End the link')
  })
})

it('people whom we do not know yet, all behind one address, slow nobody down', async () => {
  for (let i = 0; i < 25; i++) {
    at.says(`new-${i}`, {})
    expect((await signInWith(door, idp, 'lipova', `new-${i}`)).statusCode).toBe(403)
  }
  expect((await door.knock(jana.email, password)).headers.location).toBe('/')
})
