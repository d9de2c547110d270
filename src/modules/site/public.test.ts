import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf, seedBelongings } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { openPublicWeb, type PublicWeb } from '../../../test/public-web.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import { projectRoot } from '../../platform/content.ts'
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { publish } from './publishing.ts'
import { loadStarting } from './starting.ts'
import { create } from './texts.ts'

const hour = 3_600_000

describe('the public web', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let now = tuesday
  let stop: () => Promise<void>
  let made: PublicWeb
  const people: Record<string, Actor | null> = { visitor: null }
  beforeAll(async () => {
    db = await createDatabase()
    const hospital = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
    people.coordinator = await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]])
    people.operator = await addPerson(db, 'Provozovatel Strojový', [['operator', null]])
    people.member = await addPerson(db, 'Zástupce Zkušební', [['representative', hospital]])
    made = await openPublicWeb(db, people.coordinator, tuesday)
    await seedBelongings(db, hospital, 'theirs')
    const opened = contextOf(db, () => now)
    context = opened.context
    stop = opened.stop
    app = await openPages(context)
  })
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await db.drop()
  })

  async function get(url: string, who: Actor | null = null, headers: Record<string, string> = {}) {
    const cookie = who ? (await cookieOf(context, who)).cookie : ''
    return app.inject({ url, headers: { accept: 'text/html', cookie, ...headers } })
  }

  /** Addresses of everything public, from the route table itself with every public text put in. */
  function addresses(): string[] {
    const slugs: Record<string, string[]> = {
      site_page: ['co-je-hsoc', 'what-hsoc-is', 'kontakt', 'contact', 'caste-otazky', 'privacy'],
      site_news: ['prvni-cviceni'],
      site_occasion: ['skoleni-spravcu'],
    }
    return app.routed
      .filter(({ method, url, access }) => method === 'GET' && access.who === 'anyone' && isSite(url))
      .flatMap(({ url, access }) => {
        const kind = access.objects?.slug
        return kind
          ? (slugs[kind] ?? []).map((slug) => url.replace(':slug', slug))
          : [url.replace(':number', '1')]
      })
  }
  const isSite = (url: string): boolean => /^\/((cs|en)(\/|$)|sitemap|robots|\.well-known|$)/.test(url)
  const isPage = (body: string): boolean => body.startsWith('<!doctype html>')

  it('has a page for every place in both languages', async () => {
    expect(addresses().length).toBeGreaterThan(35)
    const answers = await Promise.all(addresses().map(async (url) => [url, (await get(url)).statusCode]))
    // A page of one language has no address in the other.
    expect(answers.filter(([, status]) => status !== 200).map(([url]) => url)).toEqual([
      '/cs/what-hsoc-is',
      '/cs/contact',
      '/cs/privacy',
      '/en/co-je-hsoc',
      '/en/kontakt',
    ])
  })

  it('shows to nobody, whoever asks, what is a draft or an address of a person', async () => {
    const emails = (await db.engine.query<{ email: string }>('select email from people')).rows
    const known = [...emails.map((row) => row.email), 'theirs-canary', '@people.example', 'it@']
    const found: string[] = []
    for (const [name, who] of Object.entries(people))
      for (const url of addresses()) {
        const { body, statusCode } = await get(url, who)
        if (who && (url === '/' || statusCode === 404)) continue // in one's own frame
        for (const text of known) if (body.includes(text)) found.push(`${url} as ${name}: ${text}`)
        for (const [mail] of body.matchAll(/[\w.+-]+@[\w-]+\.[\w.]+/g))
          if (!/^(csirt@hsoc\.example|occasion-\d+@hsoc\.example)$/.test(mail)) found.push(`${url}: ${mail}`)
      }
    expect(found).toEqual([])
  })

  it('marks one place of the menu, though a text bears the name of a page of the program', async () => {
    const fresh = await createDatabase()
    await loadStarting(fresh, tuesday)
    const opened = contextOf(fresh, () => tuesday)
    const web = await openPages(opened.context)
    for (const [url, label] of [
      ['/cs/jak-se-zapojit', 'Jak se zapojit'],
      ['/cs/prihlaska', 'Přihláška'],
      ['/en/how-to-join', 'How to join'],
    ] as const) {
      const { body } = await web.inject({ url, headers: { accept: 'text/html' } })
      const marked = [...body.matchAll(/<a [^>]*aria-current="page"[^>]*>([^<]*)/g)].map(([, text]) => text)
      expect([url, new Set(marked)]).toEqual([url, new Set([label])])
    }
    await web.close()
    await opened.stop()
    await fresh.drop()
  })

  it('is the same for everybody but the way in', async () => {
    const bare = (body: string): string =>
      body
        .replace(/nonce="[^"]*"/g, '')
        .replace(/name="csp-nonce" content="[^"]*"/, '')
        .replace(/<input type="hidden" name="_csrf"[^>]*>/g, '')
        .replace(/<a href="[^"]*" class="site-enter">[^<]*<\/a>/, '')
    const anonymous = bare((await get('/cs/akcni-plan')).body)
    for (const who of [people.member, people.coordinator, people.operator])
      expect(bare((await get('/cs/akcni-plan', who)).body)).toBe(anonymous)
  })

  it('greets a visitor of / in his language, and shows the signed-in their own page', async () => {
    const czech = await get('/', null, { 'accept-language': 'cs' })
    expect(czech.body).toContain('<html lang="cs"')
    expect(czech.body).toContain('není to úplné řešení kybernetické bezpečnosti ani dohledové centrum')
    expect(czech.body).toContain('href="/sign-in"')
    const english = await get('/', null, { 'accept-language': 'en' })
    expect(english.body).toContain('neither a complete solution of cyber security nor a surveillance centre')
    expect((await get('/', people.coordinator ?? null)).body).toContain('Co dnes potřebuje koordinátora')
    expect((await get('/warnings')).headers.location).toBe('/sign-in?back=%2Fwarnings')
    expect((await get('/site')).headers.location).toBe('/sign-in?back=%2Fsite')
  })

  it('tells search engines and other sites what a page is and where its other language is', async () => {
    const { body } = await get('/cs/aktuality/prvni-cviceni')
    for (const part of [
      '<link rel="canonical" href="https://hsoc.example/cs/aktuality/prvni-cviceni"/>',
      '<link rel="alternate" hreflang="en" href="https://hsoc.example/en/news/prvni-cviceni"/>',
      '<meta property="og:title" content="První společné cvičení je za námi"/>',
      '<meta property="og:type" content="article"/>',
      '<meta property="og:locale" content="cs_CZ"/>',
    ])
      expect(body).toContain(part)
    expect((await get('/en/news/prvni-cviceni')).body).toContain('The first exercise together is over')
  })

  it('says on the page that a text is not translated, and in which language it is', async () => {
    const { body } = await get('/en/caste-otazky')
    expect(body).toContain('This page is not translated into English yet')
    expect(body).toContain('<h1 lang="cs">Časté otázky</h1>')
    expect(body).toContain('<div class="prose" lang="cs">')
  })

  it('asks no third party for anything, runs no script, and stays under 50 kB with its style', async () => {
    const manifest = join(projectRoot, 'dist', 'assets', 'manifest.json')
    if (!existsSync(manifest)) throw new Error('Run bin/build first: the style is part of what is measured')
    const names: Record<string, string> = JSON.parse(readFileSync(manifest, 'utf8'))
    const style = readFileSync(join(projectRoot, 'dist', 'assets', names['site.css'] ?? '')).length
    const answers = await Promise.all(addresses().map(async (url) => ({ url, body: (await get(url)).body })))
    const pages = answers.filter(({ body }) => isPage(body) && !body.includes('class="empty empty-wrong"'))
    expect(pages.length).toBeGreaterThan(20)
    for (const { url, body } of pages) {
      expect(body).not.toMatch(/<(script|iframe|img|object|embed)\b/)
      expect(body).not.toMatch(/<link rel="(?:stylesheet|icon)" href="(?!\/assets\/)/)
      expect([url, Buffer.byteLength(body) + style < 50_000]).toEqual([url, true])
    }
  })

  it('keeps the longest text that can be saved under 50 kB too', async () => {
    const names: Record<string, string> = JSON.parse(
      readFileSync(join(projectRoot, 'dist', 'assets', 'manifest.json'), 'utf8'),
    )
    const style = readFileSync(join(projectRoot, 'dist', 'assets', names['site.css'] ?? '')).length
    const coordinator = people.coordinator as Actor
    const words = {
      title: 'Dlouhá stránka',
      summary: 'á'.repeat(400),
      body: 'slovo a &'.repeat(1_000).slice(0, 8_100),
    }
    const wanted = { kind: 'page' as const, lang: 'cs' as const, slugs: { cs: 'dlouha', en: '' }, ...words }
    const id = await create(db, coordinator, wanted, now)
    const { rows } = await db.engine.query<{ id: number }>(
      'select id from site_versions where page_id = $1',
      [id],
    )
    await publish(db, coordinator, rows[0]?.id as number, now, now)
    const { body } = await get('/cs/dlouha')
    expect(Buffer.byteLength(body)).toBeGreaterThan(14_000)
    expect(Buffer.byteLength(body) + style).toBeLessThan(50_000)
  })

  it('lists in the sitemap every public page, each with its other language, and nothing else', async () => {
    const { body, headers } = await get('/sitemap.xml')
    expect(headers['content-type']).toBe('application/xml; charset=utf-8')
    const places = [...body.matchAll(/<loc>https:\/\/hsoc\.example([^<]+)<\/loc>/g)].map(
      (match) => match[1] ?? '',
    )
    expect(places).toEqual(
      expect.arrayContaining([
        '/cs',
        '/en/what-hsoc-is',
        '/cs/aktuality/prvni-cviceni',
        '/en/events/skoleni-spravcu',
      ]),
    )
    for (const url of places) expect([url, (await get(url)).statusCode]).toEqual([url, 200])
    expect(body.match(/hreflang=/g)?.length).toBe(places.length * 2)
    const robots = (await get('/robots.txt')).body
    expect(robots).toContain('Disallow: /\n')
    expect(robots).toContain('Allow: /cs\n')
    expect(robots).toContain('Sitemap: https://hsoc.example/sitemap.xml')
  })

  it('publishes news at the planned hour, on the page and in the feed', async () => {
    const coordinator = people.coordinator as Actor
    const words = { title: 'Zítřejší zpráva <b> & "ano"', summary: 'a < b', body: '**tučně** ]]> <i>' }
    const wanted = { kind: 'news' as const, lang: 'cs' as const, slugs: { cs: 'zitra', en: '' }, ...words }
    const id = await create(db, coordinator, wanted, now)
    const { rows } = await db.engine.query<{ id: number }>(
      'select id from site_versions where page_id = $1',
      [id],
    )
    await publish(db, coordinator, rows[0]?.id as number, tuesday + hour, now)
    const urls = ['/cs', '/cs/aktuality', '/cs/aktuality.atom', '/sitemap.xml']
    for (const url of urls) expect((await get(url)).body).not.toMatch(/Zítřejší|zitra/)
    expect((await get('/cs/aktuality/zitra')).statusCode).toBe(404)
    now = tuesday + hour
    for (const url of urls) expect((await get(url)).body).toMatch(/Zítřejší|zitra/)
    expect((await get('/cs/aktuality/zitra')).statusCode).toBe(200)
    now = tuesday
  })

  it('pages through old news', async () => {
    await db.engine.query(
      `insert into site_pages (kind, slug_cs, slug_en, first_published_at, created_at)
       select 'news', 'zprava-' || n, 'zprava-' || n, to_timestamp($1 / 1000.0) - make_interval(days => n), now() from generate_series(100, 150) n`,
      [tuesday],
    )
    await db.engine.query(
      `insert into site_versions (page_id, lang, no, title, summary, body, saved_at, publish_at)
       select id, 'cs', 1, slug_cs, '', '', first_published_at, first_published_at from site_pages where slug_cs like 'zprava-%'`,
    )
    const seen: string[] = []
    let url: string | undefined = '/cs/aktuality'
    for (let pages = 0; url && pages < 5; pages++) {
      const { body } = await get(url)
      seen.push(...[...body.matchAll(/href="\/cs\/aktuality\/([^"]+)"/g)].map((match) => match[1] ?? ''))
      url = /href="(\/cs\/aktuality\?before=[^"]+)"/.exec(body)?.[1]
    }
    expect(seen.length).toBe(52)
    expect(new Set(seen).size).toBe(52)
    for (const wrong of ['x', '1-', '99999999999999999999-1', "1'-2"])
      expect((await get(`/cs/aktuality?before=${encodeURIComponent(wrong)}`)).statusCode).toBe(200)
  })

  it('names where to report a vulnerability', async () => {
    const { body, headers } = await get('/.well-known/security.txt')
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(body.split('\r\n')).toEqual([
      'Contact: mailto:csirt@hsoc.example',
      'Contact: https://hsoc.example/cs/kontakt',
      'Expires: 2026-06-01T00:00:00Z',
      'Encryption: https://hsoc.example/.well-known/hsoc-pgp.asc',
      'Preferred-Languages: cs, en',
      'Canonical: https://hsoc.example/.well-known/security.txt',
      'CSAF: https://hsoc.example/.well-known/csaf/provider-metadata.json',
      '',
    ])
    const key = await get('/.well-known/hsoc-pgp.asc')
    expect(key.headers['content-type']).toBe('application/pgp-keys')
    expect(key.body).toContain('BEGIN PGP PUBLIC KEY BLOCK')
    const contact = (await get('/cs/kontakt')).body
    for (const part of [
      'href="mailto:csirt@hsoc.example"',
      '+420 555 010 000',
      'href="/.well-known/security.txt"',
    ])
      expect(contact).toContain(part)
  })

  it('refuses what is no page without a trace', async () => {
    for (const url of [
      '/cs/neni',
      '/cs/uvod',
      '/en/home',
      '/cs/akce/neni/akce.ics',
      `/cs/${'a'.repeat(400)}`,
      '/cs/%00',
      '/cs/..%2fx',
    ])
      expect([url, (await get(url)).statusCode]).toEqual([url, 404])
    expect(made.page).toBeGreaterThan(0)
  })
})
