import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  advisory,
  bytesOf,
  type Key,
  makeKey,
  openProvider,
  type Provider,
  signed,
} from '../../../test/advisory-provider.ts'
import { openWatchedSources } from '../../../test/advisory-stage.ts'
import { tuesday } from '../../../test/harness.ts'
import { asActor } from '../../platform/access.ts'
import { decide, waiting } from './quarantine.ts'

let at: Awaited<ReturnType<typeof openWatchedSources>>
let provider: Provider
let key: Key

beforeAll(async () => {
  at = await openWatchedSources()
  key = await makeKey()
})
afterAll(() => at.close())
afterEach(async () => {
  await provider.close()
  await at.rest()
})

const source = (
  kind: string,
  url: string,
  options: { every?: number; key?: string; hosts?: string[] } = {},
) => at.add(kind, url, { hosts: [provider.host], ...options })

/** Ids are told apart by test, so that no advisory belongs to a source of another one. */
const pump = (id: string, more: Parameters<typeof advisory>[0] = {}) => bytesOf(advisory({ id, ...more }))

describe('a trusted provider', () => {
  it('has its documents taken with hash and signature checked, and only what changed is fetched again', async () => {
    provider = await openProvider()
    await provider.publish('/2026/t-1.json', pump('T-1'), key)
    await provider.publish('/2026/t-2.json', pump('T-2'), key)
    provider.list(key)
    const id = await source('csaf-provider', `${provider.base}/provider-metadata.json`)
    expect(await at.round()).toBe(1)
    expect(await at.taken(id)).toEqual([
      { id: 'T-1', version: '1', flags: [] },
      { id: 'T-2', version: '1', flags: [] },
    ])
    expect(await at.stateOf(id)).toMatchObject({
      failures: 0,
      failure: null,
      fingerprints: [key.fingerprint],
    })
    const { rows } = await at.db.engine.query(
      `select distinct v.signature, v.hash_checked from advisory_versions v join advisories a on a.id = v.advisory_id where a.source_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ signature: 'good', hash_checked: true }])

    // Nothing is due before its time, and then only the list is asked for.
    expect(await at.round(tuesday + 59 * 60_000)).toBe(0)
    provider.asked.length = 0
    await provider.publish(
      '/2026/t-2.json',
      pump('T-2', { version: '2', base: 6.5, revisedAt: tuesday }),
      key,
    )
    provider.list(key)
    expect(await at.round(tuesday + 61 * 60_000)).toBe(1)
    expect(provider.asked.filter((path) => path.startsWith('/2026/t-1'))).toEqual([])
    expect(await at.taken(id)).toMatchObject([{ id: 'T-1' }, { id: 'T-2', version: '2' }])
  })

  it('whose signature or hash is wrong is not believed: the document is set aside until a coordinator decides', async () => {
    provider = await openProvider()
    const stranger = await makeKey()
    await provider.publish('/s-1.json', pump('S-1'), key)
    provider.files.set('/s-1.json.asc', await signed(pump('S-9'), key))
    await provider.publish('/s-2.json', pump('S-2'), stranger)
    await provider.publish('/s-3.json', pump('S-3'), key)
    provider.files.set('/s-3.json.sha512', `${'0'.repeat(128)}  s-3.json\n`)
    await provider.publish('/s-4.json', pump('S-4'))
    provider.list(key)
    const id = await source('csaf-provider', `${provider.base}/provider-metadata.json`)
    await at.round()
    expect(await at.aside(id)).toEqual(['hash-wrong', 'signature-key', 'signature-wrong'])
    expect(await at.taken(id)).toEqual([{ id: 'S-4', version: '1', flags: ['unsigned'] }])

    const [wrong, other] = await asActor(at.db, at.coordinator, tuesday, async (tx) =>
      (await waiting(tx)).filter((one) => one.sourceId === id && one.reason !== 'signature-key'),
    )
    await asActor(at.db, at.coordinator, tuesday, async (tx) => {
      await decide(tx, wrong?.id as number, { decision: 'taken', tlp: '' }, at.coordinator, tuesday)
      await decide(tx, other?.id as number, { decision: 'discarded', tlp: '' }, at.coordinator, tuesday)
      await expect(
        decide(tx, other?.id as number, { decision: 'taken', tlp: '' }, at.coordinator, tuesday),
      ).rejects.toThrow(/decided/)
    })
    await at.round()
    expect(await at.taken(id)).toHaveLength(2)
    expect(await at.taken(id)).toContainEqual({
      id: expect.stringMatching(/S-[13]/),
      version: '1',
      flags: ['taken-anyway'],
    })
  })

  it('that names a key which is not the one it gives out is not read at all', async () => {
    provider = await openProvider()
    await provider.publish('/k-1.json', pump('K-1'), key)
    provider.list({ ...key, fingerprint: '0'.repeat(40) })
    const id = await source('csaf-provider', `${provider.base}/provider-metadata.json`)
    await at.round()
    expect(await at.stateOf(id)).toMatchObject({ failure: 'key', failures: 1 })
    expect(await at.taken(id)).toEqual([])
  })

  it('gives out no advisory in the name of another publisher, or under the name of another document', async () => {
    provider = await openProvider()
    await provider.publish('/n-1.json', pump('N-1', { namespace: 'https://jiny.example' }), key)
    await provider.publish('/n-2.json', pump('N-3'), key)
    provider.list(key)
    const id = await source('csaf-provider', `${provider.base}/provider-metadata.json`)
    await at.round()
    expect(await at.aside(id)).toEqual(['foreign-namespace', 'other-name'])
    expect(await at.taken(id)).toEqual([])
  })
})

describe('a folder and a single file', () => {
  it('are read by changes.csv, by index.txt, and by their address', async () => {
    provider = await openProvider()
    await provider.publish('/csaf/2026/d-1.json', pump('D-1'), key)
    await provider.publish('/csaf/2026/d-2.json', pump('D-2'))
    await provider.publish('/plain/d-3.json', pump('D-3'))
    provider.files.set(
      '/csaf/changes.csv',
      '"2026/d-1.json","2026-03-01T10:00:00Z"\n"../../etc/d-2.json","2026-03-01T10:00:00Z"\n',
    )
    provider.files.set('/plain/index.txt', 'd-3.json\nhttps://elsewhere.example/d-4.json\n')
    const changes = await source('csaf-directory', `${provider.base}/csaf/`, { key: key.armored })
    const index = await source('csaf-directory', `${provider.base}/plain/index.txt`)
    const file = await source('csaf-file', `${provider.base}/csaf/2026/d-2.json`)
    expect(await at.round()).toBe(3)
    expect([await at.taken(changes), await at.taken(index), await at.taken(file)]).toEqual([
      [{ id: 'D-1', version: '1', flags: [] }],
      [{ id: 'D-3', version: '1', flags: [] }],
      [{ id: 'D-2', version: '1', flags: [] }],
    ])
    // Without times in the list each is asked for again, and has not changed.
    provider.asked.length = 0
    await at.round(tuesday + 3_700_000)
    expect(provider.asked).toContain('/plain/d-3.json')
    expect(provider.asked).not.toContain('/plain/d-3.json.sha512')
  })

  it('that holds broken rules, nonsense or another format has each set aside with its reason', async () => {
    provider = await openProvider()
    const broken = advisory({ id: 'X-1' })
    const otherTree = { full_product_names: [{ name: 'Somebody else', product_id: 'P9' }] }
    const documents = {
      'x-1.json': JSON.stringify({ ...broken, product_tree: otherTree }),
      'x-2.json': '{"document":',
      'x-3.json': JSON.stringify({ hello: 'world' }),
      'x-4.json': Buffer.from([0x7b, 0xff, 0xfe]),
      'x-5.json': `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      'x-6.json': JSON.stringify(advisory({ id: 'X-6' })).replace('"2.0"', '"2.1"'),
      'x-7.json': '',
    }
    for (const [name, file] of Object.entries(documents)) provider.files.set(`/x/${name}`, file)
    provider.files.set('/x/index.txt', Object.keys(documents).join('\n'))
    const id = await source('csaf-directory', `${provider.base}/x/`)
    await at.round()
    expect(await at.aside(id)).toEqual([
      'csaf-version',
      'invalid',
      'not-csaf',
      'not-json',
      'not-json',
      'not-utf8',
      'too-deep',
    ])
    const { rows } = await at.db.engine.query<{ said: string }>(
      `select said from advisory_quarantine where source_id = $1 and reason = 'invalid'`,
      [id],
    )
    expect(rows[0]?.said).toMatch(/^6\.1\.1 /)
  })
})

describe('a feed', () => {
  it('is read entry by entry, as plain text, and again only where an entry changed', async () => {
    provider = await openProvider()
    const atom = (updated: string, title: string) =>
      `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Zprávy</title><entry><id>tag:x,1</id><title>${title}</title>
       <link rel="alternate" href="https://zpravy.example/1"/><updated>${updated}</updated>
       <summary type="html">&lt;p&gt;Opravte &lt;b&gt;CVE-2026-50001&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</summary></entry></feed>`
    provider.files.set('/feed', atom('2026-03-01T10:00:00Z', 'Díra v pumpách'))
    const id = await source('feed', `${provider.base}/feed`)
    await at.round()
    const { rows } = await at.db.engine.query(
      `select a.title, a.cves, v.content->'notes'->0->>'text' as text from advisories a join advisory_versions v on v.advisory_id = a.id where a.source_id = $1`,
      [id],
    )
    expect(rows).toEqual([
      { title: 'Díra v pumpách', cves: ['CVE-2026-50001'], text: 'Opravte CVE-2026-50001' },
    ])
    provider.files.set('/feed', atom('2026-03-02T10:00:00Z', 'Díra v pumpách opravena'))
    await at.round(tuesday + 3_700_000)
    expect(
      (await at.db.engine.query('select title, seq from advisories where source_id = $1', [id])).rows,
    ).toEqual([{ title: 'Díra v pumpách opravena', seq: 2 }])
  })
})
