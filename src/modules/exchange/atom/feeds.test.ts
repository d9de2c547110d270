import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookieOf } from '../../../../test/belongings.ts'
import { basic, bearer, type Exchange, openExchange } from '../../../../test/exchange-stage.ts'
import { tuesday } from '../../../../test/harness.ts'
import { draftOf } from '../../../../test/writing.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Draft } from '../../warnings/written/types.ts'

const hour = 3_600_000
const open = { tlp: 'CLEAR', audience: 'public' } as const

interface Entry {
  id: string
  title: string
  summary: string
  content: string
  published: string
  updated: string
  terms: string[]
}

/** The entries of a feed that is well-formed; throws for one that is not. */
function entriesOf(xml: string): Entry[] {
  const entries: Entry[] = []
  let name = ''
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag) => {
    name = tag.name
    if (name === 'entry')
      entries.push({ id: '', title: '', summary: '', content: '', published: '', updated: '', terms: [] })
    if (name === 'category') entries.at(-1)?.terms.push(tag.attributes.term?.value ?? '')
  })
  parser.on('closetag', () => {
    name = ''
  })
  const add = (text: string) => {
    const entry = entries.at(-1)
    if (entry && name in entry && name !== 'terms') entry[name as 'title'] += text
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.write(xml).close()
  return entries
}

describe('feeds of warnings', () => {
  let x: Exchange
  let key: string
  beforeAll(async () => {
    x = await openExchange()
    key = await x.key(x.stage.jihlava, ['atom'])
  }, 60_000)
  afterAll(() => x.close())
  beforeEach(async () => {
    await x.stage.clear()
    x.at(tuesday + 9 * hour)
  })

  const fetched = async (url: string, headers = {}): Promise<Entry[]> => {
    const answer = await x.get(url, headers)
    expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([
      url,
      200,
      'application/atom+xml; charset=utf-8',
    ])
    return entriesOf(answer.body)
  }
  const everybody = (lang = 'cs') => fetched(`/feeds/public/${lang}.atom`)
  const mine = (shown = key) => fetched('/feeds/warnings.atom', basic(shown))
  const texts = (happened: string): Partial<Draft> => ({
    texts: { ...draftOf().texts, cs: { ...draftOf().texts.cs, happened } },
  })

  it('show everybody what is public, and each key what its organisation may read', async () => {
    const { stage } = x
    await stage.published({ ...open, ...texts('veřejné') }, tuesday)
    await stage.published({ tlp: 'GREEN', ...texts('zelené') }, tuesday + 1)
    await stage.published(
      { tlp: 'AMBER', audience: 'organisations', orgs: [stage.trest.id], ...texts('cizí') },
      tuesday + 2,
    )
    await stage.published({ tlp: 'AMBER+STRICT', ...texts('přísné') }, tuesday + 3)
    const named = [stage.jana.person, stage.kveta.person]
    await stage.published(
      { tlp: 'RED', audience: 'organisations', orgs: [stage.jihlava.id], named, ...texts('červené') },
      tuesday + 4,
    )
    const ids = (entries: Entry[]) => entries.map((one) => one.id.split('-').at(-1)?.replace(/^0+/, ''))
    const first = Number(ids(await everybody())[0])
    expect(ids(await everybody()).map(Number)).toEqual([first])
    expect(ids(await mine()).map(Number)).toEqual([first + 1, first])
    const strict = await x.key(stage.jihlava, ['atom', 'strict'])
    expect(ids(await mine(strict)).map(Number)).toEqual([first + 3, first + 1, first])
    expect(ids(await fetched(`/feeds/k/${key}/warnings.atom`)).map(Number)).toEqual([first + 1, first])
    const feed = (await x.get('/feeds/warnings.atom', bearer(strict))).body
    expect(feed).not.toMatch(/červené|cizí|TLP:RED/)
    // What lies in caches and logs of others shall not hold the key.
    expect((await x.get(`/feeds/k/${key}/warnings.atom`)).body).not.toContain(key)
  })

  it('keep the id of an entry over all versions, and say when it was revoked and why', async () => {
    const id = await x.stage.published({ ...open, ...texts('kanárek první') }, tuesday)
    const [first] = await everybody()
    expect(first).toMatchObject({ title: 'Podvodné maily s fakturou', published: '2026-03-03T08:00:00.000Z' })
    expect(first?.id).toMatch(/^tag:127\.0\.0\.1,2026:warning\/HSOC-2026-\d{4}$/)
    expect(first?.terms).toEqual(['campaign', 'medium', 'TLP:CLEAR'])
    await x.stage.again(id, { ...open, ...texts('kanárek druhý') }, tuesday + hour)
    const [second] = await everybody()
    expect(second).toMatchObject({
      id: first?.id,
      published: first?.published,
      updated: '2026-03-03T09:00:00.000Z',
    })
    await x.revoked(id, 'Byl to <omyl>.', tuesday + 2 * hour)
    for (const entries of [await everybody(), await mine(), await everybody('en')]) {
      expect(entries).toHaveLength(1)
      expect(entries[0]).toMatchObject({
        id: first?.id,
        title: 'ZRUŠENO: Podvodné maily s fakturou',
        updated: '2026-03-03T10:00:00.000Z',
      })
      expect(entries[0]?.summary).toContain('&lt;omyl&gt;')
      expect(entries[0]?.terms).toContain('revoked')
      expect(JSON.stringify(entries)).not.toContain('kanárek')
    }
  })

  it('tell those whom a narrower version no longer reaches, without its text', async () => {
    const id = await x.stage.published({ ...open, ...texts('veřejné') }, tuesday)
    await x.stage.again(id, { tlp: 'AMBER', ...texts('už jen pro členy') }, tuesday + hour)
    const [gone] = await everybody()
    expect(gone?.title).toBe('ZRUŠENO: Podvodné maily s fakturou')
    expect(JSON.stringify(gone)).not.toMatch(/veřejné|členy|AMBER/)
    expect((await mine())[0]?.content).toContain('už jen pro členy')
  })

  it('in the open never hold the words of another label, even where a text has them', async () => {
    const cs = {
      title: 'Co je TLP:RED',
      happened: 'tlp:amber+strict i TLP: GREEN',
      concerns: 'TLP:AMBER',
      todo: 'x',
    }
    await x.stage.published({ ...open, texts: { cs, en: draftOf().texts.en } }, tuesday)
    for (const lang of ['cs', 'en'])
      expect((await x.get(`/feeds/public/${lang}.atom`)).body).not.toMatch(/TLP\s*:\s*(RED|AMBER|GREEN)/i)
  })

  it('are well-formed whatever was written, and run nothing', async () => {
    const odd =
      '<script>alert(1)</script> ]]> &amp; & "\' \u0001\u000b <img src=https://x.example/a.png> \ud83d\ude00'
    const cs = { title: odd, happened: odd, concerns: odd, todo: odd }
    await x.stage.published({ ...open, texts: { cs, en: cs }, translated: true, refs: odd }, tuesday)
    for (const lang of ['cs', 'en']) {
      const [entry] = await everybody(lang)
      expect(entry?.content).not.toMatch(/<(script|img)/)
      expect(entry?.content).toContain('&lt;script&gt;')
      expect(entry?.title).toContain('\ud83d\ude00')
    }
  })

  it('speak English where there is a translation', async () => {
    const en = { title: 'Invoices', happened: 'Mails came.', concerns: 'All.', todo: 'Block.' }
    await x.stage.published({ ...open, texts: { ...draftOf().texts, en }, translated: true }, tuesday)
    expect((await everybody('en'))[0]).toMatchObject({ title: 'Invoices' })
    expect((await everybody('cs'))[0]).toMatchObject({ title: 'Podvodné maily s fakturou' })
  })

  it('hold the fifty that changed last, and nothing that is over', async () => {
    for (let n = 0; n < 51; n++) await x.stage.published(open, tuesday + n)
    await x.stage.published({ ...open, validUntil: tuesday + 8 * hour }, tuesday + 60)
    const entries = await everybody()
    expect(entries).toHaveLength(50)
    expect(new Set(entries.map((one) => one.id)).size).toBe(50)
    expect(entries.map((one) => one.updated)).toEqual(
      entries
        .map((one) => one.updated)
        .sort()
        .reverse(),
    )
  }, 60_000)

  it('are sent again only when something changed', async () => {
    await x.stage.published(open, tuesday)
    const first = await x.get('/feeds/public/cs.atom')
    expect(first.headers['cache-control']).toBe('public, max-age=300')
    const etag = { 'if-none-match': String(first.headers.etag) }
    expect((await x.get('/feeds/public/cs.atom', etag)).statusCode).toBe(304)
    const own = await x.get('/feeds/warnings.atom', bearer(key))
    expect(own.headers['cache-control']).toBe('private, max-age=300')
    await x.stage.published(open, tuesday + 1)
    expect((await x.get('/feeds/public/cs.atom', etag)).statusCode).toBe(200)
    const head = await x.app.inject({ method: 'HEAD', url: '/feeds/public/cs.atom' })
    expect([head.statusCode, head.body]).toEqual([200, ''])
  })

  it('are refused without a key, with a wrong one and with one of another right', async () => {
    const wrong = await x.key(x.stage.jihlava, ['csaf'])
    for (const [url, headers, status] of [
      ['/feeds/warnings.atom', {}, 401],
      ['/feeds/warnings.atom', bearer('hsk_x'), 401],
      ['/feeds/warnings.atom', basic(wrong), 403],
      [`/feeds/k/${wrong}/warnings.atom`, {}, 403],
      ['/feeds/k/hsk_x/warnings.atom', {}, 401],
      [`/feeds/k/${'x'.repeat(10_000)}/warnings.atom`, {}, 414],
      ['/feeds/k/..%2f..%2fx/warnings.atom', {}, 401],
      ['/feeds/k/%00/warnings.atom', {}, 401],
    ] as const) {
      const answer = await x.get(url, headers)
      expect([url.slice(0, 60), answer.statusCode]).toEqual([url.slice(0, 60), status])
      if (status === 401) expect(answer.headers['www-authenticate']).toHaveLength(2)
    }
  })

  it('of a group are for those who sit in it', async () => {
    const { db, jana, tomas, jihlava } = x.stage
    const { rows } = await db.engine.query<{ id: number }>(
      `insert into groups (slug, name, purpose_cs, joining, tlp_max, public, created_at, changed_at)
       values ('technici', 'Technici', 'x', 'closed', 'AMBER', true, $1, $1) returning id`,
      [new Date(tuesday)],
    )
    const group = Number(rows[0]?.id)
    await db.engine.query(
      `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at)
       values ($1, $2, $3, 'manual', 'held', 'x', $2, $4::timestamptz - interval '1 day', $4::timestamptz + interval '100 days')`,
      [group, jana.person, jihlava.id, new Date(tuesday)],
    )
    await x.stage.published({ tlp: 'AMBER', audience: 'group', group, ...texts('skupině') }, tuesday)
    await x.stage.published({ tlp: 'AMBER', ...texts('všem členům') }, tuesday + 1)
    const url = '/feeds/groups/technici/warnings.atom'
    const as = async (who: Actor) => ({ cookie: (await cookieOf(x.context, who)).cookie })
    const entries = await fetched(url, await as(jana))
    expect(entries.map((one) => one.content.includes('skupině'))).toEqual([true])
    expect((await x.get(url, await as(tomas))).statusCode).toBe(404)
    expect((await x.get(url)).statusCode).toBe(401)
    expect(JSON.stringify(await mine())).not.toContain('skupině')
    const page = await x.get('/feeds', { ...(await as(jana)), accept: 'text/html' })
    expect(page.body).toContain(url)
  })

  it('are explained on a page that leads programs to them', async () => {
    const page = await x.get('/feeds', { accept: 'text/html' })
    expect(page.statusCode).toBe(200)
    for (const said of [
      '/feeds/public/cs.atom',
      '/feeds/warnings.atom',
      '/.well-known/csaf/provider-metadata.json',
      '/csaf/white/',
    ])
      expect(page.body).toContain(said)
    const found = /<link[^>]*type="application\/atom\+xml"[^>]*href="([^"]+)"/.exec(
      (await x.get('/cs/aktuality', { accept: 'text/html' })).body,
    )
    expect(found?.[0]).toBeDefined()
    expect((await x.get('/cs', { accept: 'text/html' })).body).toContain('/feeds/public/cs.atom')
  })
})
