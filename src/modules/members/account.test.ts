import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'

let door: FrontDoor
let lipova: Hospital
let jana: Actor
let petr: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25', '2001:db8:1::/48'], {
    domains: ['lipova.example'],
  })
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  petr = await door.person('Petr Dub', [['admin', lipova]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

describe('signing out and the own account', () => {
  it('signs out for good, with the token of the form only', async () => {
    const { cookie, csrf } = await door.signedIn(jana)
    expect((await door.post('/sign-out', {}, { cookie })).statusCode).toBe(403)
    expect((await door.post('/sign-out', { _csrf: 'guess' }, { cookie })).statusCode).toBe(403)
    expect((await door.get('/account', cookie)).statusCode).toBe(200)
    const out = await door.post('/sign-out', { _csrf: csrf }, { cookie })
    expect([out.statusCode, out.headers.location]).toEqual([303, '/sign-in?done=out'])
    expect((await door.get('/account', cookie)).statusCode).toBe(303)
    expect((await door.post('/sign-out', {})).statusCode).toBe(303)
  })

  it('asks visitors to sign in: pages by a redirect, programs by 401', async () => {
    for (const url of ['/account', '/members', `/members/${lipova.id}`]) {
      const answer = await door.get(url)
      expect([answer.statusCode, answer.headers.location]).toEqual([
        303,
        `/sign-in?back=${encodeURIComponent(url)}`,
      ])
    }
    for (const url of ['/api/v1/session', '/api/v1/members', `/api/v1/members/${lipova.id}`])
      expect((await door.get(url)).statusCode).toBe(401)
    expect((await door.post('/account', { language: 'en', digest: 'weekly' })).statusCode).toBe(303)
  })

  it('shows one’s own sessions, nobody else’s, and ends the others', async () => {
    const [here, there, foreign] = [
      await door.signedIn(jana),
      await door.signedIn(jana),
      await door.signedIn(petr),
    ]
    const page = await door.get('/account', here.cookie)
    expect(page.body.match(/this device/g)).toHaveLength(1)
    expect(page.body.match(/<tr>/g)).toHaveLength(3)
    expect(page.body).not.toContain(petr.email)
    expect((await door.post('/account/other-sessions/end', {}, { cookie: here.cookie })).statusCode).toBe(403)
    const ended = await door.post(
      '/account/other-sessions/end',
      { _csrf: here.csrf },
      { cookie: here.cookie },
    )
    expect(ended.headers.location).toBe('/account?done=ended')
    const statuses = await Promise.all(
      [here, there, foreign].map(async ({ cookie }) => (await door.get('/account', cookie)).statusCode),
    )
    expect(statuses).toEqual([200, 303, 200])
  })

  it('changes language and digest of oneself alone', async () => {
    const { cookie, csrf } = await door.signedIn(petr)
    const answer = await door.post(
      '/account',
      { language: 'en', digest: 'weekly', id: String(jana.person), _csrf: csrf },
      { cookie },
    )
    expect(answer.headers.location).toBe('/account?done=saved')
    expect(answer.cookies.find((one) => one.name === 'lang')?.value).toBe('en')
    const { rows } = await door.db.engine.query(
      'select language, digest from people where id = any ($1) order by id',
      [[jana.person, petr.person]],
    )
    expect(rows).toEqual([
      { language: 'cs', digest: 'daily' },
      { language: 'en', digest: 'weekly' },
    ])
    const wrong = await door.post('/account', { language: 'tlh', digest: 'hourly', _csrf: csrf }, { cookie })
    expect(wrong.statusCode).toBe(422)
  })

  it('keeps how pages look, and returns to own paths only', async () => {
    const answer = await door.post('/preferences', {
      theme: 'dark',
      lang: 'en',
      back: '/sign-in?back=%2Fdays',
    })
    expect(answer.headers.location).toBe('/sign-in?back=%2Fdays')
    expect(answer.cookies.map(({ name, value }) => `${name}=${value}`)).toEqual(['lang=en', 'theme=dark'])
    const foreign = await door.post('/preferences', { theme: '"><b>', back: '//evil.example' })
    expect([foreign.headers.location, foreign.cookies]).toEqual(['/', []])
    const page = await door.app.inject({ url: '/sign-in', headers: { cookie: 'theme=dark; lang=en' } })
    expect(page.body).toContain('data-theme="dark"')
    expect(page.body).toContain('<html lang="en"')
  })
})
