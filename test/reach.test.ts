/** A session that has yet to prove more opens nothing but the way to do so, whatever route there is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../src/app.ts'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App, Routed } from '../src/platform/http.ts'
import { begin, hashToken } from '../src/platform/sessions.ts'
import { contextOf } from './belongings.ts'
import { addPerson, createDatabase, type TestDatabase } from './harness.ts'

/** The only routes that such a session opens, besides those for anybody. */
const ways = {
  second: ['GET /sign-in/second', 'POST /sign-in/second', 'POST /sign-out'],
  enrol: [
    'GET /account/means',
    'GET /account/passkeys/options',
    'GET /account/providers/again',
    'GET /account/totp',
    'GET /sign-in/from/:provider',
    'POST /account/passkeys',
    'POST /account/totp',
    'POST /account/totp/confirmation',
    'POST /sign-in/again',
    'POST /sign-out',
  ],
} as const
const pages = { second: '/sign-in/second', enrol: '/account/means' } as const

describe('a coordinator with a password alone', () => {
  let db: TestDatabase
  let context: Context
  let app: App
  let stop: () => Promise<void>
  const people = {} as Record<keyof typeof ways, Actor>

  beforeAll(async () => {
    db = await createDatabase()
    const made = contextOf(db)
    context = made.context
    stop = made.stop
    app = await openPages(context)
    people.enrol = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
    people.second = await addPerson(db, 'Olga Klíčová', [['coordinator', null]])
    await db.engine.query(
      `insert into passkeys (person_id, credential_id, public_key, counter, name, backed_up, created_at)
       values ($1, 'x', '\\x01', 0, 'x', false, now())`,
      [people.second.person],
    )
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  async function ask(route: Routed, who: keyof typeof ways | null) {
    const from = { address: '127.0.0.1', agent: 'test' }
    const token =
      who &&
      (await begin(db.engine, { person: people[who].person, from, ways: ['password'] }, context.clock()))
    const { rows } = await db.engine.query<{ csrf: string }>(
      'select csrf from sessions where token_hash = $1',
      [hashToken(token ?? '')],
    )
    const isApi = route.url.startsWith('/api/')
    const answer = await app.inject({
      method: route.method as 'GET',
      url: route.url.replace(/\/\*$/, '/manifest.json').replace(/:[a-zA-Z]+(\([^)]*\))?/g, '1'),
      headers: {
        accept: isApi ? 'application/json' : 'text/html',
        'x-csrf-token': rows[0]?.csrf ?? '',
        ...(token ? { cookie: `hsoc_session=${token}` } : {}),
      },
      ...(route.method === 'GET' ? {} : { payload: route.access.sample ?? {} }),
    })
    return { status: answer.statusCode, location: String(answer.headers.location ?? ''), body: answer.body }
  }

  const named = (route: Routed): string => `${route.method} ${route.url}`
  const walked = (): Routed[] => app.routed.filter(({ access }) => access.by !== 'sensor')

  it("is asked for a fresh proof before rules' thresholds change", () => {
    expect(
      walked()
        .filter(({ access }) => access.fresh)
        .map(named),
    ).toContain('POST /rules/:rule/settings')
  })

  for (const reach of ['second', 'enrol'] as const) {
    it(`opens just these routes while its session waits (${reach})`, () => {
      const stated = walked().filter((route) => route.access.reach?.includes(reach))
      expect(stated.map(named).sort()).toEqual(ways[reach])
    })

    it(`is led to its next step by every other route (${reach})`, async () => {
      const open: string[] = []
      const others = walked().filter(
        (route) => route.access.who !== 'anyone' && !route.access.reach?.includes(reach),
      )
      expect(others.length).toBeGreaterThan(60)
      for (const route of others) {
        const { status, location, body } = await ask(route, reach)
        const led = location.startsWith(`${pages[reach]}?back=`)
        if (!(status === 303 && led) && !(status === 401 && JSON.parse(body).error === 'second-factor'))
          open.push(`${named(route)}: ${status} ${location}`)
      }
      expect(open).toEqual([])
    })

    it(`is a visitor to what is for anybody (${reach})`, async () => {
      const bare = ({ status, location, body }: Awaited<ReturnType<typeof ask>>): string =>
        `${status} ${location} ${body.replaceAll(/nonce[^>]*|value="[^"]*"|"challenge":"[^"]*"|req-\w+/g, '')}`
      const open = walked().filter(({ access }) => access.who === 'anyone' && !access.reach)
      expect(open.length).toBeGreaterThan(20)
      for (const route of open.filter(({ access }) => !access.onward)) {
        const mine = bare(await ask(route, reach))
        expect([named(route), mine]).toEqual([named(route), bare(await ask(route, null))])
        expect(mine).not.toContain(people[reach].name)
      }
    })

    it(`is led onward from the first page (${reach})`, async () => {
      const onward = walked().filter(({ access }) => access.onward)
      expect(onward.map(named)).toEqual(['GET /'])
      for (const route of onward)
        expect(await ask(route, reach)).toMatchObject({
          status: 303,
          location: reach === 'second' ? '/sign-in/second?back=%2F' : '/account/means?back=%2F',
        })
    })
  }
})
