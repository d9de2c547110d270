/** Requirements 1 to 20 of CSAF 2.0, section 7.1, over HTTP. The checklist in README.md names these tests. */
import { createHash } from 'node:crypto'
import { createMessage, readKey, readSignature, verify } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic, bearer, type Exchange, openExchange } from '../../../../test/exchange-stage.ts'
import { tuesday } from '../../../../test/harness.ts'
import { rotateSigningKey } from '../../../platform/signing-key.ts'
import { faultsOf } from '../../advisories/csaf/validate.ts'

const hour = 3_600_000

describe('the CSAF provider', () => {
  let x: Exchange
  let key: string
  let strict: string
  beforeAll(async () => {
    x = await openExchange()
    const { stage } = x
    await stage.published({
      tlp: 'CLEAR',
      audience: 'public',
      refs: 'https://pumpy.example/1 a CVE-2026-10001',
    })
    await stage.published({ tlp: 'GREEN' }, tuesday + 1)
    await stage.published({ tlp: 'AMBER', audience: 'organisations', orgs: [stage.jihlava.id] }, tuesday + 2)
    await stage.published(
      { tlp: 'AMBER+STRICT', audience: 'organisations', orgs: [stage.jihlava.id] },
      tuesday + 3,
    )
    await stage.published(
      {
        tlp: 'RED',
        audience: 'organisations',
        orgs: [stage.jihlava.id],
        named: [stage.jana.person, stage.kveta.person],
      },
      tuesday + 4,
    )
    await stage.published({ tlp: 'AMBER', audience: 'organisations', orgs: [stage.trest.id] }, tuesday + 5)
    key = await x.key(stage.jihlava, ['csaf'])
    strict = await x.key(stage.jihlava, ['csaf', 'strict'])
  }, 60_000)
  afterAll(() => x.close())

  const text = async (url: string, headers = {}) => {
    const answer = await x.get(url, headers)
    expect([url, answer.statusCode]).toEqual([url, 200])
    return answer.body
  }
  const paths = async (base: string, headers = {}) =>
    (await text(`${base}/index.txt`, headers))
      .split('\n')
      .filter(Boolean)
      .map((path) => `${base}/${path}`)
  const all = async (): Promise<[string, Record<string, string>][]> => [
    ...(await paths('/csaf/white')).map((path): [string, Record<string, string>] => [path, {}]),
    ...(await paths('/csaf/protected', bearer(strict))).map((path): [string, Record<string, string>] => [
      path,
      bearer(strict),
    ]),
  ]

  it('serves documents that keep the schema and all mandatory tests (1), under their own names (2)', async () => {
    const found = await all()
    expect(found.map(([path]) => path)).toEqual([
      '/csaf/white/2026/hsoc-2026-0001.json',
      '/csaf/protected/2026/hsoc-2026-0004.json',
      '/csaf/protected/2026/hsoc-2026-0003.json',
      '/csaf/protected/2026/hsoc-2026-0002.json',
    ])
    for (const [path, headers] of found) {
      const document = JSON.parse(await text(path, headers))
      expect([path, await faultsOf(document)]).toEqual([path, []])
      expect(path.endsWith(`/${document.document.tracking.id.toLowerCase()}.json`)).toBe(true)
    }
  })

  it('labels each as CSAF 2.0 can, and says the rest in words', async () => {
    const labels = await Promise.all(
      (await all()).map(
        async ([path, headers]) => JSON.parse(await text(path, headers)).document.distribution,
      ),
    )
    const url = 'https://www.first.org/tlp/'
    expect(labels).toEqual([
      { tlp: { label: 'WHITE', url } },
      { text: 'TLP:AMBER+STRICT', tlp: { label: 'AMBER', url } },
      { tlp: { label: 'AMBER', url } },
      { tlp: { label: 'GREEN', url } },
    ])
  })

  it('gives WHITE to everybody (4) and the rest to keys with the right (5), by Basic and Bearer', async () => {
    const path = '/csaf/protected/2026/hsoc-2026-0003.json'
    const refused = await x.get(path)
    expect(refused.statusCode).toBe(401)
    expect(refused.headers['www-authenticate']).toEqual([
      'Basic realm="hSOC", charset="UTF-8"',
      'Bearer realm="hSOC"',
    ])
    expect((await x.get(path, bearer('hsk_wrong'))).statusCode).toBe(401)
    expect((await x.get(path, { authorization: 'Basic ###' })).statusCode).toBe(401)
    const other = await x.key(x.stage.jihlava, ['warnings.read'])
    expect((await x.get(path, bearer(other))).statusCode).toBe(403)
    for (const headers of [bearer(key), basic(key)]) expect((await x.get(path, headers)).statusCode).toBe(200)
  })

  it('answers 404 for what a key may not see: narrower, another hospital, RED', async () => {
    const status = async (n: number, shown: string) =>
      (await x.get(`/csaf/protected/2026/hsoc-2026-000${n}.json`, bearer(shown))).statusCode
    expect(await Promise.all([2, 3, 4, 5, 6].map((n) => status(n, key)))).toEqual([200, 200, 404, 404, 404])
    expect(await Promise.all([2, 3, 4, 5, 6].map((n) => status(n, strict)))).toEqual([
      200, 200, 200, 404, 404,
    ])
    expect((await x.get('/csaf/white/2026/hsoc-2026-0002.json')).statusCode).toBe(404)
    // What is public is served once, on the open path.
    expect(await status(1, strict)).toBe(404)
  })

  it('redirects nowhere (6) and says who it is (7) at the well-known place (9) and by name (10)', async () => {
    const answer = await x.get('/.well-known/csaf/provider-metadata.json')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
    const metadata = JSON.parse(answer.body)
    expect(metadata).toMatchObject({
      canonical_url: `${x.base}/.well-known/csaf/provider-metadata.json`,
      list_on_CSAF_aggregators: true,
      mirror_on_CSAF_aggregators: true,
      metadata_version: '2.0',
      role: 'csaf_trusted_provider',
      publisher: { category: 'coordinator', name: 'hSOC', namespace: x.base },
    })
    expect(Number.isNaN(Date.parse(metadata.last_updated))).toBe(false)
    expect(metadata.distributions.map((one: { directory_url: string }) => one.directory_url)).toEqual([
      `${x.base}/csaf/white/`,
      `${x.base}/csaf/protected/`,
    ])
    const named = await x.app.inject({ url: '/', headers: { host: 'csaf.data.security.hsoc.example' } })
    expect([named.statusCode, JSON.parse(named.body)]).toEqual([200, metadata])
  })

  it('names itself in security.txt (8)', async () => {
    expect(await text('/.well-known/security.txt')).toContain('/.well-known/csaf/provider-metadata.json')
  })

  it('lays documents by the year of their first release (11), lists them (12) with their changes (13) and shows folders (14)', async () => {
    for (const [base, headers] of [
      ['/csaf/white', {}],
      ['/csaf/protected', bearer(strict)],
    ] as const) {
      const listed = await paths(base, headers)
      const changes = (await text(`${base}/changes.csv`, headers)).trim().split('\n')
      expect(changes.length).toBe(listed.length)
      for (const [i, path] of listed.entries()) {
        const { tracking } = JSON.parse(await text(path, headers)).document
        expect(path).toContain(`/${tracking.initial_release_date.slice(0, 4)}/`)
        expect(changes[i]).toBe(`"${path.slice(base.length + 1)}","${tracking.current_release_date}"`)
      }
      const dates = changes.map((line) => line.split('","')[1] ?? '')
      expect(dates).toEqual([...dates].sort().reverse())
      expect(await text(`${base}/`, headers)).toContain(`href="${base}/2026/"`)
      expect(await text(base, headers)).toContain('index.txt')
      const folder = await text(`${base}/2026/`, headers)
      for (const path of listed)
        for (const name of [path, `${path}.asc`, `${path}.sha256`, `${path}.sha512`])
          expect(folder).toContain(`href="${name}"`)
      expect(folder).not.toContain('<script')
      expect((await x.get(`${base}/2019/`, headers)).statusCode).toBe(404)
    }
  })

  it('feeds each label (15), with service (16) and category (17) documents', async () => {
    const metadata = JSON.parse(await text('/.well-known/csaf/provider-metadata.json'))
    const feeds = metadata.distributions.flatMap(
      (one: { rolie: { feeds: { tlp_label: string; url: string }[] } }) => one.rolie.feeds,
    )
    expect(feeds.map((one: { tlp_label: string }) => one.tlp_label)).toEqual(['WHITE', 'GREEN', 'AMBER'])
    for (const { tlp_label: label, url } of feeds) {
      const headers = label === 'WHITE' ? {} : bearer(strict)
      const { feed } = JSON.parse(await text(url.slice(x.base.length), headers))
      expect(feed.category).toEqual([
        { scheme: 'urn:ietf:params:rolie:category:information-type', term: 'csaf' },
      ])
      expect(feed.link[0]).toEqual({ rel: 'self', href: url })
      expect(feed.entry.length).toBeGreaterThan(0)
      expect(feed.updated).toBe(feed.entry[0].updated)
      for (const entry of feed.entry) {
        const { document } = JSON.parse(await text(entry.content.src.slice(x.base.length), headers))
        expect([entry.id, entry.title, entry.updated, entry.published]).toEqual([
          document.tracking.id,
          document.title,
          document.tracking.current_release_date,
          document.tracking.initial_release_date,
        ])
        expect(document.distribution.tlp.label).toBe(label)
        expect(document.references[0]).toMatchObject({ category: 'self', url: entry.content.src })
        expect(entry.link.map((one: { rel: string }) => one.rel)).toEqual([
          'self',
          'hash',
          'hash',
          'signature',
        ])
      }
    }
    const service = JSON.parse(await text('/csaf/white/service.json'))
    expect(service.service.workspace[0].collection[0].href).toBe(feeds[0].url)
    const { categories } = JSON.parse(await text('/csaf/white/category.json'))
    expect(categories.category.map((one: { term: string }) => one.term)).toContain('vulnerability')
    expect((await x.get('/csaf/white/csaf-feed-tlp-amber.json')).statusCode).toBe(404)
  })

  it('hashes (18) and signs (19) each document by a key that can be fetched and is the one that it names (20)', async () => {
    const { public_openpgp_keys: keys } = JSON.parse(await text('/.well-known/csaf/provider-metadata.json'))
    expect(keys.length).toBe(1)
    const armored = await text(keys[0].url.slice(x.base.length))
    const publicKey = await readKey({ armoredKey: armored })
    expect(publicKey.getFingerprint().toUpperCase()).toBe(keys[0].fingerprint)
    for (const [path, headers] of await all()) await expectProven(path, headers, armored)
  })

  async function expectProven(path: string, headers: Record<string, string>, armored: string) {
    const body = await text(path, headers)
    const name = path.slice(path.lastIndexOf('/') + 1)
    for (const algorithm of ['sha256', 'sha512'])
      expect(await text(`${path}.${algorithm}`, headers)).toBe(
        `${createHash(algorithm).update(body).digest('hex')}  ${name}\n`,
      )
    const { signatures } = await verify({
      message: await createMessage({ binary: Buffer.from(body) }),
      signature: await readSignature({ armoredSignature: await text(`${path}.asc`, headers) }),
      verificationKeys: await readKey({ armoredKey: armored }),
      date: new Date(tuesday + hour),
    })
    expect([path, await signatures[0]?.verified]).toEqual([path, true])
  }

  it('signs everything anew after the key was changed, and lists both', async () => {
    const path = '/csaf/white/2026/hsoc-2026-0001.json'
    const before = await text(path)
    const made = await rotateSigningKey(
      x.context.db,
      x.context.settings,
      { distrust: false },
      x.stage.karel,
      tuesday,
    )
    const { public_openpgp_keys: keys } = JSON.parse(await text('/.well-known/csaf/provider-metadata.json'))
    expect(keys.length).toBe(2)
    expect(keys[0].fingerprint).toBe(made.fingerprint)
    expect(await text(path)).toBe(before)
    for (const [one, headers] of await all()) await expectProven(one, headers, made.publicKey)
    expect((await x.get(`/openpgp/${'0'.repeat(40)}.asc`)).statusCode).toBe(404)
  })
})
