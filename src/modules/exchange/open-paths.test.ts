/** What no label permits never shows on a path that is open to everybody, whatever way leads there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, type Exchange, openExchange } from '../../../test/exchange-stage.ts'
import { tuesday } from '../../../test/harness.ts'
import { draftOf } from '../../../test/writing.ts'
import { submit } from '../warnings/written/edit.ts'
import type { Draft } from '../warnings/written/types.ts'

const hour = 3_600_000

describe('open paths', () => {
  let x: Exchange
  const canary = (name: string): Partial<Draft> => {
    const said = `kanárek-${name}`
    const text = { title: said, happened: said, concerns: said, todo: said }
    return { texts: { cs: text, en: text }, translated: true, refs: said, changeNote: said }
  }
  beforeAll(async () => {
    x = await openExchange()
    x.at(tuesday + 9 * hour)
    const { stage } = x
    const own: Partial<Draft> = { audience: 'organisations', orgs: [stage.jihlava.id] }
    await stage.published({ tlp: 'CLEAR', audience: 'public', ...canary('veřejný') }, tuesday)
    await stage.published({ tlp: 'CLEAR', audience: 'all_members', ...canary('čistý-členům') }, tuesday)
    await stage.published({ tlp: 'GREEN', ...canary('zelený') }, tuesday)
    await stage.published({ tlp: 'AMBER', ...own, ...canary('jantarový') }, tuesday)
    await stage.published({ tlp: 'AMBER+STRICT', ...own, ...canary('přísný') }, tuesday)
    await stage.published(
      { tlp: 'RED', ...own, named: [stage.jana.person, stage.kveta.person], ...canary('červený') },
      tuesday,
    )
    await stage.published({ tlp: 'GREEN', audience: 'coordinators', ...canary('koordinátorům') }, tuesday)
    await stage.written({ tlp: 'CLEAR', audience: 'public', ...canary('rozepsaný') })
    const review = await stage.written({ tlp: 'CLEAR', audience: 'public', ...canary('k-posouzení') })
    await submit(stage.db, review, stage.karel, tuesday)
    await stage.published(
      { tlp: 'CLEAR', audience: 'public', validUntil: tuesday + hour, ...canary('skončený') },
      tuesday,
    )
    // Of what was public once its title stays, and of what came after nothing.
    const open = { tlp: 'CLEAR', audience: 'public' } as const
    const title = { ...draftOf().texts, cs: { ...draftOf().texts.cs, happened: 'kanárek-zúžený' } }
    const narrowed = await stage.published({ ...open, texts: title }, tuesday)
    await stage.again(narrowed, { tlp: 'AMBER', ...canary('po-zúžení') }, tuesday + 1)
    const revoked = await stage.published(
      { ...open, texts: { ...title, cs: { ...title.cs, happened: 'kanárek-zrušený' } } },
      tuesday,
    )
    await x.revoked(revoked, 'Omyl.', tuesday + 2)
  }, 60_000)
  afterAll(() => x.close())

  /** Everything that links, lists and feeds lead to from where programs begin. */
  async function crawl(from: string[], headers = {}): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    const waiting = [...from]
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      if (found.has(url)) continue
      const answer = await x.get(url, { accept: '*/*', ...headers })
      found.set(url, answer.statusCode === 200 ? answer.body : '')
      const named =
        answer.body.match(/(?:(?<=href=")|(?<=": ")|(?<=>))(?:https?:\/\/[^"<\s]+|\/[^"<\s]+)/g) ?? []
      const listed = url.endsWith('index.txt')
        ? answer.body
            .trim()
            .split('\n')
            .map((path) => url.replace('index.txt', path))
        : []
      for (const one of [...named, ...listed]) {
        const path = one.startsWith(x.base) ? one.slice(x.base.length) : one
        if (/^\/(csaf|feeds|\.well-known)(\/|$)/.test(path)) waiting.push(path)
      }
    }
    return found
  }
  const beginnings = [
    '/feeds',
    '/.well-known/security.txt',
    '/.well-known/csaf/provider-metadata.json',
    '/csaf/white/index.txt',
    '/csaf/white/changes.csv',
    '/feeds/public/en.atom',
    '/cs',
    '/sitemap.xml',
  ]
  const canariesIn = (found: Map<string, string>): string[] =>
    [...new Set([...found.values()].flatMap((body) => body.match(/kanárek-[\p{L}-]+/gu) ?? []))].sort()

  it('show what is public and nothing else', async () => {
    const found = await crawl(beginnings)
    expect(found.size).toBeGreaterThan(25)
    expect(canariesIn(found)).toEqual(['kanárek-veřejný'])
    // Not by their names either.
    for (const n of [2, 3, 4, 5, 6, 7, 8])
      for (const end of ['', '.sha256', '.asc'])
        expect((await x.get(`/csaf/white/2026/hsoc-2026-000${n}.json${end}`)).statusCode).toBe(404)
  })

  it('show the same to whoever has a key or a cookie beside it', async () => {
    const strict = await x.key(x.stage.jihlava, ['csaf', 'atom', 'strict'])
    const open = (await crawl(beginnings, bearer(strict))).entries()
    expect(
      canariesIn(new Map([...open].filter(([url]) => !/^\/(csaf\/protected|feeds\/warnings)/.test(url)))),
    ).toEqual(['kanárek-veřejný'])
  })

  it('behind a key show what its organisation may read, as far as the key is for it', async () => {
    const doors = ['/csaf/protected/', '/csaf/protected/index.txt', '/feeds/warnings.atom']
    const seen = async (org: Parameters<Exchange['key']>[0], scopes: string[]) =>
      canariesIn(await crawl(doors, bearer(await x.key(org, scopes)))).map((one) =>
        one.slice('kanárek-'.length),
      )
    const members = ['po-zúžení', 'veřejný', 'zelený', 'čistý-členům']
    expect(await seen(x.stage.trest, ['csaf', 'atom'])).toEqual(members)
    expect(await seen(x.stage.jihlava, ['csaf', 'atom'])).toEqual(['jantarový', ...members].sort())
    expect(await seen(x.stage.jihlava, ['csaf', 'atom', 'strict'])).toEqual(
      ['jantarový', 'přísný', ...members].sort(),
    )
    expect(await seen(null, ['csaf', 'atom'])).toContain('koordinátorům')
    await x.stage.db.engine.query('update organisations set rules_accepted_at = null where id = $1', [
      x.stage.trest.id,
    ])
    expect(await seen(x.stage.trest, ['csaf', 'atom'])).toEqual(['veřejný'])
  })
})
