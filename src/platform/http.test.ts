import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, password, tokenIn } from '../../test/front-door.ts'
import { tuesday } from '../../test/harness.ts'
import type { Actor } from './access.ts'

const hour = 60 * minute

describe('what every answer carries', () => {
  let door: FrontDoor
  let jana: Actor
  beforeAll(async () => {
    door = await openFrontDoor()
    jana = await door.person('Jana Dohledová', [['coordinator', null]])
  })
  beforeEach(() => {
    door.now = tuesday
  })
  afterAll(() => door.close())

  it('a policy that lets no foreign or inline script, style, frame or form in', async () => {
    const first = await door.get('/sign-in')
    const policy = String(first.headers['content-security-policy'])
    const parts = new Map(
      policy.split('; ').map((part) => {
        const [name = '', ...sources] = part.split(' ')
        return [name, sources]
      }),
    )
    expect(parts.get('default-src')).toEqual(["'none'"])
    expect(parts.get('frame-ancestors')).toEqual(["'none'"])
    expect(parts.get('base-uri')).toEqual(["'none'"])
    expect(parts.get('form-action')).toEqual(["'self'"])
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/)
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    expect(Buffer.from(nonce ?? '', 'base64').length).toBe(16)
    expect((await door.get('/sign-in')).headers['content-security-policy']).not.toContain(nonce)
    // Every script and style that stands in a page names the nonce of its own answer.
    for (const [tag] of first.body.matchAll(/<(?:script|style)\b[^>]*>/g))
      expect(tag).toMatch(/nonce=|src="\/assets\//)
    expect(first.body).not.toMatch(/ on[a-z]+="| style="|javascript:/)
  })

  it('headers against guessing types, framing and telling others where one was', async () => {
    for (const url of ['/sign-in', '/account', '/nowhere'])
      expect((await door.get(url)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
        'strict-transport-security': expect.stringContaining('max-age=31536000'),
      })
    expect((await door.get('/sign-in')).headers['x-powered-by']).toBeUndefined()
  })

  it('a sentence where there is nothing, for machines as well', async () => {
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const answer = await door.app.inject({ method, url: '/api/v1/nowhere' })
      expect([answer.statusCode, answer.json()]).toEqual([
        404,
        { error: 'not-found', message: 'There is nothing at this address' },
      ])
    }
  })

  it('a session in a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await door.knock(jana.email, password)
    expect(answer.statusCode).toBe(303)
    const set = answer.cookies.find((one) => one.name === 'hsoc_session')
    expect(set).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(tokenIn(answer).length).toBeGreaterThanOrEqual(32)
    const { rows } = await door.db.engine.query('select * from sessions')
    expect(JSON.stringify(rows)).not.toContain(tokenIn(answer))
  })

  it('a refusal of forms from other places or without the own token', async () => {
    const { cookie, csrf } = await door.signedIn(jana)
    const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      door.post('/sign-out', fields, { cookie, ...headers })
    expect((await send({})).statusCode).toBe(403)
    expect((await send({ _csrf: 'guessed' })).statusCode).toBe(403)
    expect((await send({ _csrf: csrf }, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
    expect((await send({ _csrf: csrf }, { 'sec-fetch-site': 'same-site' })).statusCode).toBe(403)
    expect((await door.get('/account', cookie)).statusCode).toBe(200)
    expect((await send({ _csrf: csrf }, { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(303)
    expect((await door.get('/account', cookie)).statusCode).toBe(303)
  })

  it('a session that lives 12 hours from its last use and 7 days at most', async () => {
    const { cookie } = await door.signedIn(jana)
    const at = async (ms: number): Promise<number> => {
      door.now = tuesday + ms
      return (await door.get('/account', cookie)).statusCode
    }
    for (let n = 1; n * 11 < 7 * 24; n++) expect([n, await at(n * 11 * hour)]).toEqual([n, 200])
    expect(await at(7 * 24 * hour + minute)).toBe(303)
    door.now = tuesday
    const idle = (await door.signedIn(jana)).cookie
    door.now = tuesday + 12 * hour + minute
    expect((await door.get('/account', idle)).statusCode).toBe(303)
  })
})

describe('the trail of who did what', () => {
  let door: FrontDoor
  beforeAll(async () => {
    door = await openFrontDoor()
  })
  afterAll(() => door.close())

  it('is added to and never changed, by neither serving role', async () => {
    const jana = await door.person('Jana Dohledová', [['coordinator', null]])
    await door.knock(jana.email, password)
    const lines = async () =>
      (await door.db.engine.query('select id, verb, actor from audit order by id')).rows
    const before = await lines()
    expect(before.length).toBeGreaterThan(0)
    for (const role of [door.db.app, door.db.engine])
      for (const sql of [
        `update audit set actor = 'nobody'`,
        'delete from audit',
        'truncate audit',
        'drop table audit',
        'alter table audit disable row level security',
      ])
        await expect(role.query(sql)).rejects.toThrow(/permission denied|must be owner/)
    expect(await lines()).toEqual(before)
  })
})
