import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, minute, password, tokenIn } from '../../../../test/front-door.ts'
import { comeBack, type IdentityProvider, signInWith, start } from '../../../../test/identity-provider.ts'
import { byPassword, codeAt, enrol, sessionOf } from '../../../../test/signing-in.ts'

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
  at.says('jana-1', { email: at.jana.email })
  await at.linked(at.jana, 'jana-1')
})

interface Session {
  cookie: string
  csrf: string
}

const signedIn = async (jar?: Map<string, string>): Promise<Session> =>
  sessionOf(door, await signInWith(door, idp, 'lipova', 'jana-1', { ...(jar ? { jar } : {}) }))
const endOthers = ({ cookie, csrf }: Session) =>
  door.post('/account/other-sessions/end', { _csrf: csrf }, { cookie })
const goOn = ({ cookie, csrf }: Session) =>
  door.post(
    '/sign-in/again',
    { _csrf: csrf, _to: '/account/other-sessions/end', _again_there: '1' },
    { cookie },
  )

/** Confirms at the provider as `subject`, in the browser of `session`. */
async function confirms(session: Session, subject = 'jana-1', cookie = session.cookie) {
  const begun = await start(door, '/account/providers/again', session.cookie)
  idp.user = subject
  return comeBack(door, begun, await idp.visit(begun.location), cookie)
}
const provedMinutesAgo = (minutes: number) =>
  door.db.engine.query('update sessions set proved_at = to_timestamp($1 / 1000.0)', [
    door.now - minutes * minute,
  ])

describe('a dangerous act of who came by a provider', () => {
  it('asks for a proof there, keeps what was typed meanwhile, and is then carried out', async () => {
    const session = await signedIn()
    expect((await endOthers(session)).statusCode).toBe(303)
    await provedMinutesAgo(15)
    const asked = await endOthers(session)
    expect(asked.statusCode).toBe(403)
    expect(asked.body).toMatch(/<a href="\/account\/providers\/again" target="_blank"/)
    const early = await goOn(session)
    expect(early.statusCode).toBe(422)
    expect(early.body).toContain('has not come yet')
    const { location } = await start(door, '/account/providers/again', session.cookie)
    expect(Object.fromEntries(new URL(location).searchParams)).toMatchObject({
      prompt: 'login',
      max_age: '300',
    })
    const there = await confirms(session)
    expect([there.statusCode, tokenIn(there)]).toEqual([200, ''])
    expect(there.body).toContain('Close this window')
    const done = await goOn(session)
    expect([done.statusCode, done.headers.location]).toEqual([307, '/account/other-sessions/end'])
    expect((await at.trail()).at(-1)).toMatchObject({
      verb: 'members.prove-again',
      detail: { way: 'provider' },
    })
  })

  it('is no fresh proof when the person was signed in there long before', async () => {
    const jar = new Map<string, string>()
    await signedIn(jar)
    // An hour later the provider lets its person through without a question.
    door.now += 60 * minute
    const session = await signedIn(jar)
    expect((await door.get('/account', session.cookie)).statusCode).toBe(200)
    expect((await endOthers(session)).statusCode).toBe(403)
  })

  it("is not confirmed by somebody else's account, in another session, or after a password", async () => {
    const session = await signedIn()
    at.says('petr-1', {})
    await at.linked(at.petr, 'petr-1')
    await provedMinutesAgo(15)
    const foreign = await confirms(session, 'petr-1')
    expect(foreign.statusCode).toBe(403)
    expect(foreign.body).toContain('The confirmation is not enough')
    const other = await door.signedIn(at.petr)
    expect((await confirms(session, 'jana-1', other.cookie)).statusCode).toBe(403)
    expect((await endOthers(session)).statusCode).toBe(403)
    expect((await door.get('/account/providers/again', other.cookie)).headers.location).toBe('/account')
  })

  it('is confirmed by the own second factor of who has one, as a password would not do', async () => {
    const app = await enrol(door, await byPassword(door, at.jana))
    door.now += minute
    const half = await sessionOf(door, await signInWith(door, idp, 'lipova', 'jana-1'), '/sign-in/second')
    const code = codeAt(app.secret, door.now)
    const session = await sessionOf(
      door,
      await door.post('/sign-in/second', { code, _csrf: half.csrf }, { cookie: half.cookie }),
    )
    await provedMinutesAgo(15)
    const asked = await endOthers(session)
    expect(asked.body).toContain('name="_again_code"')
    expect(asked.body).not.toContain('/account/providers/again')
    expect((await confirms(session)).statusCode).toBe(403)
    expect((await endOthers(session)).statusCode).toBe(403)
  })

  it('may be confirmed by the password too', async () => {
    const session = await signedIn()
    await provedMinutesAgo(15)
    const done = await door.post(
      '/sign-in/again',
      { _csrf: session.csrf, _to: '/account/other-sessions/end', _again_password: password },
      { cookie: session.cookie },
    )
    expect(done.statusCode).toBe(307)
  })
})
