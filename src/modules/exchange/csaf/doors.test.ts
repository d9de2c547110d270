/** The doors themselves: conditional questions, odd paths, too many questions. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, type Exchange, openExchange } from '../../../../test/exchange-stage.ts'

describe("the provider's doors", () => {
  let x: Exchange
  let strict: string
  beforeAll(async () => {
    x = await openExchange()
    await x.stage.published({ tlp: 'CLEAR', audience: 'public' })
    strict = await x.key(x.stage.jihlava, ['csaf', 'strict'])
  }, 60_000)
  afterAll(() => x.close())

  it('send again only what has changed, and nothing in answer to HEAD', async () => {
    for (const url of [
      '/csaf/white/index.txt',
      '/csaf/white/changes.csv',
      '/csaf/white/csaf-feed-tlp-white.json',
      '/csaf/white/2026/hsoc-2026-0001.json',
      '/csaf/white/2026/',
      '/.well-known/csaf/provider-metadata.json',
    ]) {
      const first = await x.get(url)
      const { etag, 'last-modified': modified } = first.headers
      const again = await x.get(url, { 'if-none-match': String(etag) })
      expect([url, again.statusCode, again.body]).toEqual([url, 304, ''])
      expect(
        (await x.get(url, { 'if-none-match': '"other"', 'if-modified-since': String(modified) })).statusCode,
      ).toBe(200)
      if (modified) expect((await x.get(url, { 'if-modified-since': String(modified) })).statusCode).toBe(304)
      const head = await x.app.inject({ method: 'HEAD', url })
      expect([url, head.statusCode, head.body, head.headers.etag]).toEqual([url, 200, '', etag])
    }
  })

  it('have nothing for paths that nobody would ask for in good faith', async () => {
    const bad = [
      '../../etc/passwd',
      '..%2f..%2fetc%2fpasswd',
      '2026/%00.json',
      '2026/hsoc-2026-0001.json%00',
      '%2e%2e/%2e%2e/nothing',
      'x'.repeat(10_000),
      '2026/HSOC-2026-0001.json',
      '2026//hsoc-2026-0001.json',
      "2026/'%20or%201=1.json",
    ]
    for (const base of ['/csaf/white/', '/csaf/protected/', '/openpgp/'])
      for (const path of bad) {
        const answer = await x.get(base + path, bearer(strict))
        expect([base + path.slice(0, 40), [400, 404, 414].includes(answer.statusCode)]).toEqual([
          base + path.slice(0, 40),
          true,
        ])
      }
    const posted = await x.app.inject({ method: 'POST', url: '/csaf/white/index.txt' })
    expect(posted.statusCode).toBe(404)
  })

  it('let nobody ask without end', async () => {
    const slow = await x.key(x.stage.trest, ['csaf'])
    await x.context.db.engine.query(
      `update api_keys set per_minute = 2 where label = 'Program csaf' and org_id = $1`,
      [x.stage.trest.id],
    )
    const asked = await Promise.all([1, 2, 3].map(() => x.get('/csaf/protected/index.txt', bearer(slow))))
    expect(asked.map((one) => one.statusCode).sort()).toEqual([200, 200, 429])
    expect(Number(asked.find((one) => one.statusCode === 429)?.headers['retry-after'])).toBeGreaterThan(0)
  })
})
