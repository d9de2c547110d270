/** What becomes of a document: new versions, revoking, narrowing, the end of its time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { advisory, bytesOf } from '../../../../test/advisory-provider.ts'
import { bearer, type Exchange, openExchange } from '../../../../test/exchange-stage.ts'
import { tuesday } from '../../../../test/harness.ts'
import { draftOf } from '../../../../test/writing.ts'
import { asEngine } from '../../../platform/database.ts'
import { jsonOf, understand } from '../../advisories/csaf/read.ts'
import { faultsOf } from '../../advisories/csaf/validate.ts'
import { take } from '../../advisories/take.ts'
import type { Draft } from '../../warnings/written/types.ts'

const hour = 3_600_000
const open = { tlp: 'CLEAR', audience: 'public' } as const

interface Csaf {
  document: {
    category: string
    title: string
    distribution: { tlp: { label: string }; text?: string }
    notes: { text: string }[]
    tracking: {
      version: string
      status: string
      revision_history: { number: string; date: string; summary: string }[]
    }
  }
  vulnerabilities?: { cve: string; product_status: Record<string, string[]> }[]
  product_tree?: { full_product_names: { name: string; product_id: string }[] }
}

describe('what becomes of a document', () => {
  let x: Exchange
  beforeAll(async () => {
    x = await openExchange()
  }, 60_000)
  afterAll(() => x.close())
  beforeEach(async () => {
    await x.stage.clear()
    await x.stage.db.engine.query('delete from written_numbers')
    x.at(tuesday + 9 * hour)
  })

  const name = '2026/hsoc-2026-0001.json'
  const fetched = async (url: string, headers = {}): Promise<Csaf | null> => {
    const answer = await x.get(url, headers)
    if (answer.statusCode === 404) return null
    const document = JSON.parse(answer.body)
    expect([url, await faultsOf(document)]).toEqual([url, []])
    return document
  }
  const white = () => fetched(`/csaf/white/${name}`)
  const texts = (word: string): Partial<Draft> => ({
    texts: { ...draftOf().texts, cs: { ...draftOf().texts.cs, happened: `Stalo se: ${word}.` } },
  })

  it('has a new version with each new text, whose note says what changed', async () => {
    const id = await x.stage.published(open, tuesday)
    expect((await white())?.document.tracking.version).toBe('1')
    await x.stage.again(id, { ...open, ...texts('druhé') }, tuesday + hour)
    const { document } = (await white()) as Csaf
    expect(document.tracking).toMatchObject({ version: '2', status: 'final' })
    expect(document.tracking.revision_history.map((one) => one.summary)).toEqual([
      'První vydání',
      'Zpřesněno.',
    ])
    expect(document.notes[0]?.text).toContain('druhé')
  })

  it('says that it was revoked and why, and nothing of what it said', async () => {
    const id = await x.stage.published({ ...open, ...texts('kanárek') }, tuesday)
    expect(JSON.stringify(await white())).toContain('kanárek')
    await x.revoked(id, 'Plané varování.', tuesday + hour)
    const gone = (await white()) as Csaf
    expect(gone.document).toMatchObject({
      category: 'csaf_informational_advisory',
      title: 'ZRUŠENO: Podvodné maily s fakturou',
      tracking: { version: '2' },
    })
    expect(gone.document.tracking.revision_history[1]?.summary).toBe('Zrušeno. Důvod: Plané varování.')
    expect(JSON.stringify(gone)).not.toContain('kanárek')
    const { feed } = JSON.parse((await x.get('/csaf/white/csaf-feed-tlp-white.json')).body)
    expect(feed.entry[0].updated).toBe(gone.document.tracking.revision_history[1]?.date)
    expect((await x.get('/csaf/white/changes.csv')).body).toContain(feed.entry[0].updated)
  })

  it('is withdrawn from those whom a narrower version no longer reaches, and goes on for the others', async () => {
    const [jihlava, trest] = await Promise.all([
      x.key(x.stage.jihlava, ['csaf']),
      x.key(x.stage.trest, ['csaf']),
    ])
    const id = await x.stage.published({ ...open, ...texts('veřejné') }, tuesday)
    const locked = (key: string) => fetched(`/csaf/protected/${name}`, bearer(key))
    expect(await locked(jihlava)).toBeNull()
    await x.stage.again(id, { tlp: 'GREEN', ...texts('členům') }, tuesday + hour)
    const [everybody, member] = [(await white()) as Csaf, (await locked(trest)) as Csaf]
    expect(everybody.document).toMatchObject({
      title: 'ZRUŠENO: Podvodné maily s fakturou',
      tracking: { version: '2' },
      distribution: { tlp: { label: 'WHITE' } },
    })
    expect(member.document).toMatchObject({
      title: 'Podvodné maily s fakturou',
      tracking: { version: '3' },
      distribution: { tlp: { label: 'GREEN' } },
    })
    expect(JSON.stringify(everybody)).not.toMatch(/členům|Zpřesněno/)
    await x.stage.again(
      id,
      { tlp: 'AMBER', audience: 'organisations', orgs: [x.stage.jihlava.id], ...texts('jedné') },
      tuesday + 2 * hour,
    )
    const versions = [await white(), await locked(trest), await locked(jihlava)].map((one) => [
      one?.document.tracking.version,
      one?.document.distribution.tlp.label,
      one?.document.title.startsWith('ZRUŠENO:'),
    ])
    expect(versions).toEqual([
      ['2', 'WHITE', true],
      ['4', 'GREEN', true],
      ['5', 'AMBER', false],
    ])
    expect(JSON.stringify(await locked(trest))).not.toMatch(/jedné|členům/)
    await x.revoked(id, 'Omyl.', tuesday + 3 * hour)
    expect((await white())?.document.tracking.version).toBe('2')
    expect((await locked(jihlava))?.document.tracking.version).toBe('6')
    expect(JSON.stringify(await white())).not.toContain('Omyl')
  })

  it('told to all who had it that it is for nobody here any more, when it became TLP:RED', async () => {
    const id = await x.stage.published({ tlp: 'AMBER', ...texts('jantarové') }, tuesday)
    const key = await x.key(x.stage.jihlava, ['csaf', 'strict'])
    const named = [x.stage.jana.person, x.stage.karel.person, x.stage.kveta.person]
    await x.stage.again(
      id,
      { tlp: 'RED', audience: 'organisations', orgs: [x.stage.jihlava.id], named, ...texts('červené') },
      tuesday + hour,
    )
    const gone = await fetched(`/csaf/protected/${name}`, bearer(key))
    expect([gone?.document.tracking.version, gone?.document.distribution.tlp.label]).toEqual(['2', 'AMBER'])
    expect(JSON.stringify(gone)).not.toMatch(/červené|jantarové|RED/)
  })

  it('is nowhere once its time is over', async () => {
    await x.stage.published({ ...open, validUntil: tuesday + 10 * hour }, tuesday)
    expect(await white()).not.toBeNull()
    x.at(tuesday + 10 * hour)
    expect(await white()).toBeNull()
    expect((await x.get('/csaf/white/index.txt')).body).toBe('')
    expect(JSON.parse((await x.get('/csaf/white/csaf-feed-tlp-white.json')).body).feed.entry).toEqual([])
  })

  it('was made once and stays the same, whatever changes around it', async () => {
    await x.stage.published({ ...open, refs: 'CVE-2026-10001' }, tuesday)
    const both = await Promise.all([1, 2, 3].map(() => x.get(`/csaf/white/${name}`)))
    expect(new Set(both.map((one) => one.body)).size).toBe(1)
    x.context.settings.contacts = ['mailto:other@hsoc.example']
    expect((await x.get(`/csaf/white/${name}`)).body).toBe(both[0]?.body)
  })

  it('names products that vendors say are affected, and stays informational without any', async () => {
    const { rows } = await x.stage.db.engine.query<{ id: number }>(
      `insert into advisory_sources (kind, label, tlp, every_minutes, created_at, changed_at, due_at)
       values ('csaf-file', 'Soubory', 'CLEAR', 60, now(), now(), now()) returning id`,
    )
    const document = bytesOf(advisory({ cve: 'CVE-2026-10001' }))
    const given = {
      source: { id: Number(rows[0]?.id), tlp: 'CLEAR' as const },
      url: 'https://pumpy.example/x.json',
      document,
      signature: 'good' as const,
      hashChecked: true,
      flags: [],
      by: null,
    }
    await asEngine(x.stage.db, (tx) => take(tx, understand(jsonOf(document), tuesday), given, tuesday))
    await x.stage.published(
      { ...open, kind: 'vulnerability', ...texts('cve-2026-10001 a CVE-2026-77777') },
      tuesday,
    )
    const one = (await white()) as Csaf
    expect(one.document.category).toBe('csaf_security_advisory')
    expect(one.vulnerabilities?.map((each) => [each.cve, each.product_status])).toEqual([
      ['CVE-2026-10001', { known_affected: ['P1'], fixed: ['P2'] }],
    ])
    expect(one.product_tree?.full_product_names.map((each) => each.name)).toEqual([
      'Pumpy Infusion 3 <2.3',
      'Pumpy Infusion 3 2.4',
    ])
    expect(JSON.stringify(one)).toContain('CVERecord?id=CVE-2026-77777')
    await x.stage.published({ ...open, ...texts('CVE-2026-77777') }, tuesday + 1)
    expect((await fetched('/csaf/white/2026/hsoc-2026-0002.json'))?.document.category).toBe(
      'csaf_informational_advisory',
    )
  })

  it('keeps the rules of CSAF whatever its author wrote', async () => {
    const odd =
      '<script>alert(1)</script> "uvozovky" \\ \u2028 https://x.example/%zz http://[bad https://ok.example/a?b=c). CVE-2026-1 CVE-2026-99999'
    const cs = {
      title: odd.slice(0, 100),
      happened: odd,
      concerns: odd.repeat(40).slice(0, 7_000),
      todo: odd,
    }
    await x.stage.published(
      { ...open, texts: { cs, en: cs }, translated: true, refs: odd, actionBy: '2026-04-01' },
      tuesday,
    )
    const one = (await white()) as Csaf
    expect(one.document.title).toBe(cs.title)
    expect(one.document.notes[0]?.text).toBe(odd)
    expect((await x.get('/csaf/white/2026/')).body).not.toContain('script')
  })
})
