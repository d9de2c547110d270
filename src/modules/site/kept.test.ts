import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { openPublicWeb, type PublicWeb } from '../../../test/public-web.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import { isHeld } from '../../platform/conditional.ts'
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { type Keeper, openKeeper } from './kept.ts'
import { publish } from './publishing.ts'
import { save } from './texts.ts'

const minute = 60_000

describe('a keeper of pages', () => {
  const silent = { on: () => () => {}, onAgain: () => () => {} }
  let keeper: Keeper
  let drawn: number
  const draw = async (): Promise<string> => `page ${++drawn}`
  const get = async (name: string, now = tuesday): Promise<string> =>
    String((await keeper.get(name, now, draw)).body)
  beforeEach(() => {
    keeper = openKeeper(silent)
    drawn = 0
  })

  it('draws once a minute, however many ask at once', async () => {
    expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['page 1', 'page 1', 'page 2'])
    expect(await get('a', tuesday + minute - 1)).toBe('page 1')
    expect(await get('a', tuesday + minute)).toBe('page 3')
  })

  it('forgets all when told, also what is being drawn from before', async () => {
    let finish: (text: string) => void = () => {}
    const late = keeper.get('a', tuesday, () => new Promise((done) => (finish = done)))
    keeper.clear()
    finish('of before')
    expect(String((await late).body)).toBe('of before')
    expect(await get('a')).toBe('page 1')
  })

  it('keeps nothing of what failed', async () => {
    await expect(keeper.get('a', tuesday, () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    expect(await get('a')).toBe('page 1')
  })

  it('keeps no more than some hundred pages', async () => {
    for (let i = 0; i < 500; i++) await get(`page ${i}`)
    expect(await get('page 499')).toBe('page 500')
    await get('one more')
    expect(await get('page 499')).toBe('page 502')
  })

  it('listens to the bus, and trusts nothing that it kept while the bus was away', async () => {
    const heard: Record<string, () => void> = {}
    keeper = openKeeper({
      on: (channel, told) => {
        heard[channel] = () => told('')
        return () => {}
      },
      onAgain: (told) => {
        heard.again = told
        return () => {}
      },
    })
    for (const channel of ['site', 'again']) {
      const before = await get('a')
      heard[channel]?.()
      expect([channel, await get('a')]).not.toEqual([channel, before])
    }
  })

  it.each([
    ['"x"', true],
    ['W/"x"', true],
    ['"y", "x"', true],
    ['*', true],
    ['"y"', false],
    ['x', false],
    ['', false],
    [undefined, false],
  ])('If-None-Match: %s', (asked, held) => {
    expect(isHeld(asked, '"x"')).toBe(held)
  })
})

describe('public pages that are kept', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let node: App
  let other: App
  let now = tuesday
  let made: PublicWeb
  let karla: Actor
  beforeAll(async () => {
    db = await createDatabase()
    karla = await addPerson(db, 'Karla Koordinátorka', [['coordinator', null]])
    made = await openPublicWeb(db, karla, tuesday)
    ;({ context, stop } = contextOf(db, () => now))
    node = await openPages(context)
    other = await openPages(context)
  })
  afterAll(async () => {
    await node.close()
    await other.close()
    await stop()
    await db.drop()
  })
  beforeEach(() => {
    now += minute
  })

  const get = (url: string, headers: Record<string, string> = {}, at: App = node) =>
    at.inject({ url, headers })
  const page = '/cs/caste-otazky'
  /** A new version, published from a moment on. */
  const write = async (title: string, from = now) => {
    const { rows } = await db.engine.query<{ no: number }>(
      `select max(no)::int as no from site_versions where page_id = $1 and lang = 'cs'`,
      [made.page],
    )
    const words = { lang: 'cs' as const, title, summary: 'Krátce', body: 'Text', matches: false }
    const version = await save(db, karla, made.page, { ...words, base: rows[0]?.no ?? 0 }, now)
    await publish(db, karla, version, from, now)
  }

  it('are the same bytes for every visitor, and are not sent to who has them', async () => {
    const [first, second] = [await get(page), await get(page)]
    expect(first.body).toBe(second.body)
    expect(first.headers.etag).toMatch(/^"[\w-]{27}"$/)
    expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'cookie' })
    expect(first.headers['content-security-policy']).not.toBe(second.headers['content-security-policy'])
    const again = await get(page, { 'if-none-match': String(first.headers.etag) })
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', first.headers.etag])
    // Another node draws the same.
    expect((await get(page, {}, other)).headers.etag).toBe(first.headers.etag)
  })

  it('show a change within a second, on every node', async () => {
    const nodes = [node, other]
    for (const at of nodes) expect((await get(page, {}, at)).body).not.toContain('Nový nadpis')
    await write('Nový nadpis')
    for (const at of nodes)
      await expect
        .poll(async () => (await get(page, {}, at)).body, { timeout: 1_000 })
        .toContain('Nový nadpis')
  })

  it.each([
    [
      'a step of the plan',
      `update plan_actions set title_cs = 'Změněný krok' where public`,
      '/cs/akcni-plan',
      'Změněný krok',
    ],
    ['an occasion', `update site_occasions set place = 'Změněný sál'`, '/cs/akce', 'Změněný sál'],
  ])('hear of %s, whoever changed it', async (_what, sql, url, words) => {
    expect((await get(url)).body).not.toContain(words)
    await asOwner(sql)
    await expect.poll(async () => (await get(url)).body, { timeout: 1_000 }).toContain(words)
  })
  const asOwner = async (sql: string): Promise<void> => {
    const owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await owner.query(sql).finally(() => owner.end())
  }

  it('hear of a member that agreed to be shown, and of its new name', async () => {
    const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    await get('/cs/clenove')
    await db.engine.query('insert into site_showings (org_id, agreed_at, agreed_by) values ($1, now(), $2)', [
      lipova.id,
      karla.person,
    ])
    const shown = async () => (await get('/cs/clenove')).body
    await expect.poll(shown, { timeout: 1_000 }).toContain('Nemocnice Lipová')
    await db.engine.query(`update organisations set name = 'Nemocnice Jasanová' where id = $1`, [lipova.id])
    await expect.poll(shown, { timeout: 1_000 }).toContain('Nemocnice Jasanová')
  })

  it('show what was planned from its very minute', async () => {
    now = Math.ceil(now / minute) * minute
    const at = now + 2 * minute
    await write('Plánovaný nadpis', at)
    await expect.poll(async () => (await get(page)).statusCode).toBe(200)
    now = at - 1
    expect((await get(page)).body).not.toContain('Plánovaný nadpis')
    now = at
    expect((await get(page)).body).toContain('Plánovaný nadpis')
  })

  it('are drawn for each look and language, and never for who is signed in', async () => {
    const visitor = await get(page)
    const dark = await get(page, { cookie: 'theme=dark' })
    expect(dark.body).toContain('data-theme="dark"')
    expect(visitor.body).toContain('data-theme="auto"')
    const { cookie } = await cookieOf(context, karla)
    const own = await get(page, { cookie, 'if-none-match': String(visitor.headers.etag) })
    expect([own.statusCode, own.headers['cache-control'], own.headers.etag]).toEqual([
      200,
      'no-store',
      undefined,
    ])
    expect(own.body).toContain('_csrf')
    for (const answer of [visitor, dark, await get(page)]) expect(answer.body).not.toMatch(/_csrf|csp-nonce/)
    expect((await get('/', { 'accept-language': 'cs' })).body).toContain('lang="cs"')
    expect((await get('/', { 'accept-language': 'en' })).body).toContain('lang="en"')
    expect((await get('/', { cookie: (await cookieOf(context, karla)).cookie })).headers.etag).toBeUndefined()
  })

  it('are not kept under addresses that somebody made up, nor when there are none', async () => {
    expect((await get(`${page}?x=1`)).headers.etag).toBeUndefined()
    for (let i = 0; i < 2; i++) {
      const missing = await get('/cs/neni-tu')
      expect([missing.statusCode, missing.headers.etag]).toEqual([404, undefined])
    }
  })

  it('are new to whoever has just changed something by this node', async () => {
    await get(page)
    const tables = ['site_versions', 'site_pages']
    for (const table of tables) await asOwner(`alter table ${table} disable trigger site_changed`)
    await write('Bez ohlášení')
    expect((await get(page)).body).not.toContain('Bez ohlášení')
    await node.inject({
      method: 'POST',
      url: '/preferences',
      payload: 'theme=dark',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect((await get(page)).body).toContain('Bez ohlášení')
    for (const table of tables) await asOwner(`alter table ${table} enable trigger site_changed`)
  })
})
