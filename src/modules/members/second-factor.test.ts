import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, password, tokenIn } from '../../../test/front-door.ts'
import { addHospital } from '../../../test/harness.ts'
import {
  byPassword,
  codeAt,
  codesIn,
  type Enrolled,
  enrol,
  type SignedIn,
  sessionOf,
} from '../../../test/signing-in.ts'
import type { Actor } from '../../platform/access.ts'
import { tidy } from './index.ts'

const step = 30_000
const day = 24 * 60 * minute

let door: FrontDoor
let jana: Actor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor('required')
  const lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

const give = (session: SignedIn, code: string, fields = {}) =>
  door.post('/sign-in/second', { code, _csrf: session.csrf, ...fields }, { cookie: session.cookie })
const half = (who: Actor) => byPassword(door, who, '/sign-in/second')
const statusAt = async (url: string, { cookie }: SignedIn) => (await door.get(url, cookie)).statusCode

/** Jana with an app, a minute later, so that the code that set it up is of the past. */
async function enrolled(): Promise<Enrolled> {
  const done = await enrol(door, await byPassword(door, jana))
  door.now += minute
  return done
}

describe('an authenticator app', () => {
  it('is set up by its first code, and asked for from then on', async () => {
    const first = await byPassword(door, jana)
    const app = await enrol(door, first)
    expect(app.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(await statusAt('/account', first)).toBe(303)
    expect(await statusAt('/account', app)).toBe(200)
    door.now += minute
    const answer = await door.post('/sign-in', { email: jana.email, password, back: '/members/1' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in/second?back=%2Fmembers%2F1'])
    const waiting = await sessionOf(door, answer, '/sign-in/second')
    expect((await door.get('/account', waiting.cookie)).headers.location).toBe(
      '/sign-in/second?back=%2Faccount',
    )
    const whole = await give(waiting, codeAt(app.secret, door.now), { back: '/members/1' })
    expect([whole.statusCode, whole.headers.location]).toEqual([303, '/members/1'])
    expect(await statusAt('/account', { cookie: `hsoc_session=${tokenIn(whole)}`, csrf: '' })).toBe(200)
    expect((await door.get('/account', waiting.cookie)).headers.location).toBe('/sign-in?back=%2Faccount')
  })

  it('shows a picture for the camera that the policy of the page allows, and nothing of the secret elsewhere', async () => {
    const session = await byPassword(door, jana)
    await door.post('/account/totp', { _csrf: session.csrf }, { cookie: session.cookie })
    const { body } = await door.get('/account/totp', session.cookie)
    expect(body).toMatch(/<svg class="qr"[^>]* role="img"/)
    expect(body).not.toMatch(/ style=|data:image/)
    const secret = (/([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(body)?.[0] ?? '').replaceAll(' ', '')
    // On the phone that has the app there is nothing to point a camera at.
    const link = /href="(otpauth:[^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(new URL(link).searchParams.get('secret')).toBe(secret)
    const { rows } = await door.db.engine.query('select * from totp')
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(secret)
    const { rows: trail } = await door.db.engine.query('select * from audit')
    expect(JSON.stringify(trail)).not.toContain(secret)
  })

  it('is not set up by a wrong code, nor an hour later; the one before stays good meanwhile', async () => {
    const app = await enrolled()
    const { cookie, csrf } = app
    await door.post('/account/totp', { _csrf: csrf }, { cookie })
    const wrong = await door.post('/account/totp/confirmation', { code: '000000', _csrf: csrf }, { cookie })
    expect([wrong.statusCode, wrong.cookies]).toEqual([422, []])
    expect(wrong.body).toContain('The code does not fit')
    expect((await give(await half(jana), codeAt(app.secret, door.now))).statusCode).toBe(303)
    door.now += 60 * minute
    expect((await door.get('/account/totp', cookie)).headers.location).toMatch('/account/means')
    const late = await door.post('/account/totp/confirmation', { code: '000000', _csrf: csrf }, { cookie })
    expect(late.statusCode).toBe(409)
  })

  it('is taken by nobody else: a code of one person opens nothing of another', async () => {
    const app = await enrolled()
    await enrol(door, await byPassword(door, vera))
    door.now += minute
    expect((await give(await half(vera), codeAt(app.secret, door.now))).statusCode).toBe(422)
  })
})

describe('a code of the app', () => {
  it('works once, at both nodes and at the same moment too', async () => {
    const app = await enrolled()
    const code = codeAt(app.secret, door.now)
    const [one, two] = [await half(jana), await half(jana)]
    const answers = await Promise.all(
      [one, two].map((session, i) =>
        door.post(
          '/sign-in/second',
          { code, _csrf: session.csrf },
          { cookie: session.cookie },
          i ? door.app : door.other,
        ),
      ),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([303, 422])
    door.now += step
    expect((await give(await half(jana), code)).statusCode).toBe(422)
  })

  it.each([
    [-2, 422],
    [-1, 303],
    [0, 303],
    [1, 303],
    [2, 422],
  ])('of a clock %i steps away is answered %i', async (steps, status) => {
    const app = await enrolled()
    expect((await give(await half(jana), codeAt(app.secret, door.now + steps * step))).statusCode).toBe(
      status,
    )
  })

  it('of a clock ahead makes the earlier ones useless', async () => {
    const app = await enrolled()
    expect((await give(await half(jana), codeAt(app.secret, door.now + step))).statusCode).toBe(303)
    expect((await give(await half(jana), codeAt(app.secret, door.now))).statusCode).toBe(422)
  })

  it('of a clock wrong by a day is refused on a page that says what to check', async () => {
    const app = await enrolled()
    for (const off of [-day, day]) {
      const answer = await give(await half(jana), codeAt(app.secret, door.now + off))
      expect(answer.statusCode).toBe(422)
      expect(answer.body).toContain('sets date, time and time zone automatically')
      expect(answer.body).toMatch(/By our clock it is[\s\S]*?3 March 2026[\s\S]*?9:01/)
    }
  })

  it('guessed is slowed down, and the right password forgives nothing', async () => {
    const app = await enrolled()
    for (let i = 0; i < 5; i++) expect((await give(await half(jana), '123456')).statusCode).toBe(422)
    const refused = await give(await half(jana), codeAt(app.secret, door.now))
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1'])
    door.now += minute
    expect((await give(await half(jana), codeAt(app.secret, door.now))).statusCode).toBe(303)
    const { rows } = await door.db.engine.query(
      `select detail from audit where verb = 'members.sign-in-refused' order by id desc limit 2`,
    )
    expect(rows.map((row) => row.detail)).toEqual([
      { way: 'code', doubt: 'slow-down', address: '127.0.0.1' },
      { way: 'code', doubt: 'code', address: '127.0.0.1' },
    ])
  })

  it.each(['', ' ', '12345', '1234567', '٠١٢٣٤٥', '<b>000000</b>', 'x'.repeat(5_000), '%00'])(
    'of the shape %.20s is no code',
    async (code) => {
      await enrolled()
      const answer = await give(await half(jana), code)
      expect([answer.statusCode, answer.cookies]).toEqual([422, []])
      expect(answer.body).not.toContain('<b>000000')
    },
  )

  it('waits ten minutes for its second half, no longer', async () => {
    const app = await enrolled()
    const waiting = await half(jana)
    door.now += 10 * minute
    const late = await give(waiting, codeAt(app.secret, door.now))
    expect(late.headers.location).toMatch(/^\/sign-in\?back/)
  })
})

describe('recovery codes', () => {
  it('come once, ten of them, with the first second factor; the database holds hashes', async () => {
    const { codes, cookie } = await enrolled()
    expect(new Set(codes).size).toBe(10)
    expect(codesIn((await door.get('/account/means', cookie)).body)).toEqual([])
    const { rows } = await door.db.engine.query('select hash, used_at from recovery_codes')
    expect(rows).toHaveLength(10)
    const kept =
      JSON.stringify(rows) + JSON.stringify((await door.db.engine.query('select * from audit')).rows)
    for (const code of codes) expect(kept).not.toContain(code)
  })

  it('stand in for the phone once each, however they are written, and say how many are left', async () => {
    const { codes } = await enrolled()
    const [first = '', second = ''] = codes
    const answer = await give(await half(jana), ` ${first.toUpperCase().replaceAll('-', ' ')} `)
    expect(answer.headers.location).toBe('/account/means?done=recovery&back=%2F')
    const { cookie } = await sessionOf(door, answer)
    expect((await door.get('/account/means?done=recovery', cookie)).body).toContain('9 are left')
    expect((await give(await half(jana), first)).statusCode).toBe(422)
    expect((await give(await half(jana), second)).statusCode).toBe(303)
  })

  it('used at the same moment by two is used once', async () => {
    const { codes } = await enrolled()
    const waiting = [await half(jana), await half(jana)]
    const answers = await Promise.all(waiting.map((session) => give(session, codes[0] ?? '')))
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([303, 422])
  })

  it('end when a new set is made, and are of one person alone', async () => {
    const { codes, cookie, csrf } = await enrolled()
    const made = await door.post('/account/recovery-codes', { _csrf: csrf }, { cookie })
    const fresh = codesIn(made.body)
    expect(fresh).toHaveLength(10)
    expect((await give(await half(jana), codes[0] ?? '')).statusCode).toBe(422)
    await enrol(door, await byPassword(door, vera))
    expect((await give(await half(vera), fresh[0] ?? '')).statusCode).toBe(422)
    expect((await give(await half(jana), fresh[0] ?? '')).statusCode).toBe(303)
  })
})

describe('a role that needs a second factor', () => {
  it('opens nothing by password alone but the page to set one up', async () => {
    const answer = await door.knock(vera.email, password)
    expect(answer.headers.location).toBe('/account/means?back=%2F')
    const session = await sessionOf(door, answer)
    expect((await door.get('/account/means', session.cookie)).body).toContain('Before you enter')
    expect((await door.get('/members', session.cookie)).headers.location).toBe(
      '/account/means?back=%2Fmembers',
    )
    const api = await door.get('/api/v1/members', session.cookie)
    expect([api.statusCode, api.json().error]).toEqual([401, 'second-factor'])
    const whole = await enrol(door, session)
    expect(await statusAt('/members', whole)).toBe(200)
  })

  it('reaches a session in its middle: who becomes a coordinator is asked at once', async () => {
    const olga = await door.person('Olga Nová', [])
    await door.db.engine.query(
      `insert into engagements (person_id, org_id, role, valid_from) select $1, id, 'duty', to_timestamp($2 / 1000.0) from organisations limit 1`,
      [olga.person, door.now - day],
    )
    const session = await byPassword(door, olga)
    expect(await statusAt('/account', session)).toBe(200)
    await door.db.engine.query(
      `insert into engagements (person_id, role, valid_from) values ($1, 'coordinator', to_timestamp($2 / 1000.0))`,
      [olga.person, door.now],
    )
    expect((await door.get('/account', session.cookie)).headers.location).toBe(
      '/account/means?back=%2Faccount',
    )
  })

  it('does not let its last second factor go; other people may', async () => {
    const coordinator = await enrol(door, await byPassword(door, vera))
    const administrator = await enrolled()
    const remove = ({ cookie, csrf }: SignedIn) =>
      door.post('/account/totp/removal', { _csrf: csrf }, { cookie })
    expect((await remove(coordinator)).statusCode).toBe(409)
    expect((await door.get('/account/means', coordinator.cookie)).body).toContain('Add another one first')
    expect((await remove(administrator)).headers.location).toMatch('done=no-totp')
    expect((await door.knock(jana.email, password)).headers.location).toBe('/')
    expect(
      (await door.db.engine.query('select 1 from recovery_codes where person_id = $1', [jana.person])).rows,
    ).toEqual([])
  })

  it('is asked for nothing where the installation says so, and the page says it aloud', async () => {
    door.context.settings.secondFactor = 'off'
    const answer = await door.knock(vera.email, password)
    const page = await door.get('/sign-in')
    door.context.settings.secondFactor = 'required'
    expect(answer.headers.location).toBe('/')
    expect(page.body).toContain('HSOC_SECOND_FACTOR is off')
    expect((await door.get('/sign-in')).body).not.toContain('HSOC_SECOND_FACTOR')
  })
})

it('what was begun and never finished is tidied away', async () => {
  const session = await byPassword(door, jana)
  await door.post('/account/totp', { _csrf: session.csrf }, { cookie: session.cookie })
  await tidy(door.db, door.now + 2 * day)
  expect((await door.db.engine.query('select 1 from totp')).rows).toEqual([])
})
