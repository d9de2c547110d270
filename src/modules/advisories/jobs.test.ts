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
import { addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { openWatcher, type Watcher, waitMinutes } from './jobs.ts'
import { decide, waiting } from './quarantine.ts'
import { sources } from './sources.ts'

let db: TestDatabase
let coordinator: Actor
let key: Key
let provider: Provider
let watcher: Watcher
const limits = { bytes: 20 * 1_048_576, timeoutMs: 1_500 }
const log = { info: () => {}, warn: () => {}, error: () => {} }

beforeAll(async () => {
  db = await createDatabase()
  coordinator = await addPerson(db, 'Kateřina Koordinační', [['coordinator', null]])
  key = await makeKey()
  watcher = openWatcher({ db, log }, limits)
})
afterAll(async () => {
  await watcher.stop()
  await db.drop()
})
afterEach(async () => {
  await provider.close()
  await db.engine.query('update advisory_sources set enabled = false')
})

let named = 0

async function source(
  kind: string,
  url: string,
  options: { every?: number; key?: string; hosts?: string[] } = {},
): Promise<number> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into advisory_sources (kind, label, url, tlp, every_minutes, private_hosts, openpgp_key, created_at, changed_at, due_at)
     values ($1, $2, $3, 'CLEAR', $4, $5, $6, now(), now(), to_timestamp(0)) returning id`,
    [kind, `Zdroj ${++named}`, url, options.every ?? 60, options.hosts ?? [provider.host], options.key ?? null],
  )
  return rows[0]?.id as number
}

async function round(now = tuesday): Promise<number> {
  const begun = await watcher.work(now)
  await watcher.settled()
  return begun
}

const stateOf = async (id: number) => {
  const all = await asActor(db, coordinator, tuesday, sources)
  return all.find((one) => one.id === id)
}
const taken = async (id: number): Promise<object[]> =>
  (
    await db.engine.query(
      'select tracking_id as id, version, flags from advisories where source_id = $1 order by tracking_id',
      [id],
    )
  ).rows
const aside = async (id: number): Promise<string[]> =>
  (
    await db.engine.query<{ reason: string }>(
      'select reason from advisory_quarantine where source_id = $1 order by reason',
      [id],
    )
  ).rows.map(({ reason }) => reason)

/** Ids are told apart by test, so that no advisory belongs to a source of another one. */
const pump = (id: string, more: Parameters<typeof advisory>[0] = {}) => bytesOf(advisory({ id, ...more }))

describe('a trusted provider', () => {
  it('has its documents taken with hash and signature checked, and only what changed is fetched again', async () => {
    provider = await openProvider()
    await provider.publish('/2026/t-1.json', pump('T-1'), key)
    await provider.publish('/2026/t-2.json', pump('T-2'), key)
    provider.list(key)
    const id = await source('csaf-provider', `${provider.base}/provider-metadata.json`)
    expect(await round()).toBe(1)
    expect(await taken(id)).toEqual([
      { id: 'T-1', version: '1', flags: [] },
      { id: 'T-2', version: '1', flags: [] },
    ])
    expect(await stateOf(id)).toMatchObject({ failures: 0, failure: null, fingerprints: [key.fingerprint] })
    const { rows } = await db.engine.query(
      `select distinct v.signature, v.hash_checked from advisory_versions v join advisories a on a.id = v.advisory_id where a.source_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ signature: 'good', hash_checked: true }])

    // Nothing is due before its time, and then only the list is asked for.
    expect(await round(tuesday + 59 * 60_000)).toBe(0)
    provider.asked.length = 0
    await provider.publish('/2026/t-2.json', pump('T-2', { version: '2', base: 6.5, revisedAt: tuesday }), key)
    provider.list(key)
    expect(await round(tuesday + 61 * 60_000)).toBe(1)
    expect(provider.asked.filter((path) => path.startsWith('/2026/t-1'))).toEqual([])
    expect(await taken(id)).toMatchObject([{ id: 'T-1' }, { id: 'T-2', version: '2' }])
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
    await round()
    expect(await aside(id)).toEqual(['hash-wrong', 'signature-key', 'signature-wrong'])
    expect(await taken(id)).toEqual([{ id: 'S-4', version: '1', flags: ['unsigned'] }])

    const [wrong, other] = await asActor(db, coordinator, tuesday, async (tx) =>
      (await waiting(tx)).filter((one) => one.sourceId === id && one.reason !== 'signature-key'),
    )
    await asActor(db, coordinator, tuesday, async (tx) => {
      await decide(tx, wrong?.id as number, { decision: 'taken', tlp: '' }, coordinator, tuesday)
      await decide(tx, other?.id as number, { decision: 'discarded', tlp: '' }, coordinator, tuesday)
      await expect(
        decide(tx, other?.id as number, { decision: 'taken', tlp: '' }, coordinator, tuesday),
      ).rejects.toThrow(/decided/)
    })
    await round()
    expect(await taken(id)).toHaveLength(2)
    expect(await taken(id)).toContainEqual({ id: expect.stringMatching(/S-[13]/), version: '1', flags: ['taken-anyway'] })
  })

  it('that names a key which is not the one it gives out is not read at all', async () => {
    provider = await openProvider()
    await provider.publish('/k-1.json', pump('K-1'), key)
    provider.list({ ...key, fingerprint: '0'.repeat(40) })
    const id = await source('csaf-provider', `${provider.base}/provider-metadata.json`)
    await round()
    expect(await stateOf(id)).toMatchObject({ failure: 'key', failures: 1 })
    expect(await taken(id)).toEqual([])
  })

  it('gives out no advisory in the name of another publisher, or under the name of another document', async () => {
    provider = await openProvider()
    await provider.publish('/n-1.json', pump('N-1', { namespace: 'https://jiny.example' }), key)
    await provider.publish('/n-2.json', pump('N-3'), key)
    provider.list(key)
    const id = await source('csaf-provider', `${provider.base}/provider-metadata.json`)
    await round()
    expect(await aside(id)).toEqual(['foreign-namespace', 'other-name'])
    expect(await taken(id)).toEqual([])
  })
})

describe('a folder and a single file', () => {
  it('are read by changes.csv, by index.txt, and by their address', async () => {
    provider = await openProvider()
    await provider.publish('/csaf/2026/d-1.json', pump('D-1'), key)
    await provider.publish('/csaf/2026/d-2.json', pump('D-2'))
    await provider.publish('/plain/d-3.json', pump('D-3'))
    provider.files.set('/csaf/changes.csv', '"2026/d-1.json","2026-03-01T10:00:00Z"\n"../../etc/d-2.json","2026-03-01T10:00:00Z"\n')
    provider.files.set('/plain/index.txt', 'd-3.json\nhttps://elsewhere.example/d-4.json\n')
    const changes = await source('csaf-directory', `${provider.base}/csaf/`, { key: key.armored })
    const index = await source('csaf-directory', `${provider.base}/plain/index.txt`)
    const file = await source('csaf-file', `${provider.base}/csaf/2026/d-2.json`)
    expect(await round()).toBe(3)
    expect([await taken(changes), await taken(index), await taken(file)]).toEqual([
      [{ id: 'D-1', version: '1', flags: [] }],
      [{ id: 'D-3', version: '1', flags: [] }],
      [{ id: 'D-2', version: '1', flags: [] }],
    ])
    // Without times in the list each is asked for again, and has not changed.
    provider.asked.length = 0
    await round(tuesday + 3_700_000)
    expect(provider.asked).toContain('/plain/d-3.json')
    expect(provider.asked).not.toContain('/plain/d-3.json.sha512')
  })

  it('that holds broken rules, nonsense or another format has each set aside with its reason', async () => {
    provider = await openProvider()
    const broken = advisory({ id: 'X-1' }) as { product_tree: object }
    const documents = {
      'x-1.json': JSON.stringify({ ...broken, product_tree: {} }),
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
    await round()
    expect(await aside(id)).toEqual(
      ['csaf-version', 'invalid', 'not-csaf', 'not-json', 'not-json', 'not-utf8', 'too-deep'],
    )
    const { rows } = await db.engine.query<{ said: string }>(
      `select said from advisory_quarantine where source_id = $1 and reason = 'invalid'`,
      [id],
    )
    expect(rows[0]?.said).toMatch(/^6\.1\.1 /)
  })
})

describe('what a source must not do', () => {
  it('send a hundred megabytes: the document is refused while it streams', async () => {
    provider = await openProvider()
    let sent = 0
    provider.files.set('/big/big.json', (request, response) => {
      const part = Buffer.alloc(1_048_576, 0x20)
      const more = (): void => {
        while (sent < 100 * part.length && !request.destroyed) {
          sent += part.length
          if (!response.write(part)) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    provider.files.set('/big/announced.json', (_request, response) => {
      response.writeHead(200, { 'content-length': String(100 * 1_048_576) })
      response.write('{')
    })
    provider.files.set('/big/index.txt', 'big.json\nannounced.json\n')
    const id = await source('csaf-directory', `${provider.base}/big/`)
    await round()
    expect(await aside(id)).toEqual(['too-large', 'too-large'])
    expect(sent).toBeLessThan(40 * 1_048_576)
    const { rows } = await db.engine.query('select document from advisory_quarantine where source_id = $1', [id])
    expect(rows).toEqual([{ document: null }, { document: null }])
  })

  it('keep others waiting: a slow one fails in its time, the others are read meanwhile', async () => {
    provider = await openProvider()
    provider.files.set('/slow.json', (_request, response) => {
      response.writeHead(200)
      response.write('{')
    })
    await provider.publish('/quick.json', pump('Q-1'))
    const slow = await source('kev', `${provider.base}/slow.json`)
    const quick = await source('csaf-file', `${provider.base}/quick.json`)
    expect(await watcher.work(tuesday)).toBe(2)
    // A second node, or the next look of this one, begins neither of them again.
    expect(await watcher.work(tuesday)).toBe(0)
    await watcher.settled()
    expect(await taken(quick)).toHaveLength(1)
    expect(await stateOf(slow)).toMatchObject({ failure: 'timeout', failures: 1, succeededAt: null })
  })

  it('lead into a private network, to plain text, round in circles, or break off in the middle', async () => {
    provider = await openProvider()
    const to = (place: string) => (_request: unknown, response: import('node:http').ServerResponse) =>
      void response.writeHead(302, { location: place }).end()
    provider.files.set('/private', to('https://10.0.0.1/x.json'))
    provider.files.set('/other-port', to('http://127.0.0.1:1/x.json'))
    provider.files.set('/metadata', to('https://[::ffff:169.254.169.254]/latest'))
    provider.files.set('/circle', to('/circle'))
    provider.files.set('/cut', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"a":')
      setTimeout(() => response.destroy(), 50)
    })
    provider.files.set('/gone', (_request, response) => void response.writeHead(500).end())
    const expected = {
      private: 'private',
      'other-port': 'scheme',
      metadata: 'private',
      circle: 'redirects',
      cut: 'truncated',
      gone: 'status',
    }
    const ids = new Map<string, number>()
    for (const path of Object.keys(expected)) ids.set(path, await source('kev', `${provider.base}/${path}`))
    ids.set('loopback', await source('kev', 'https://127.0.0.1:1/x', { hosts: [] }))
    await round()
    const found = await Promise.all([...ids].map(async ([path, id]) => [path, (await stateOf(id))?.failure]))
    expect(Object.fromEntries(found)).toEqual({ ...expected, loopback: 'private' })
  })

  it('a name that resolves to the own network is refused like its address', async () => {
    provider = await openProvider()
    const id = await source('feed', 'https://localhost:1/feed.xml', { hosts: [] })
    await round()
    expect(await stateOf(id)).toMatchObject({ failure: 'private' })
  })

  it('after failures it is asked ever more seldom, a day at most, and at once when it works again', async () => {
    expect([0, 1, 3, 5, 20].map((failures) => waitMinutes(5, failures))).toEqual([5, 5, 8, 32, 1_440])
    provider = await openProvider()
    const id = await source('kev', `${provider.base}/kev.json`, { every: 5 })
    let now = tuesday
    for (let failures = 1; failures <= 4; failures++) {
      expect(await round(now)).toBe(1)
      expect(await stateOf(id)).toMatchObject({ failures, failure: 'status' })
      now += waitMinutes(5, failures) * 60_000
      expect(await round(now - 1000)).toBe(0)
    }
    const entry = { cveID: 'CVE-2026-40001', vendorProject: 'P', product: 'Q', dateAdded: '2026-01-01' }
    provider.files.set('/kev.json', JSON.stringify({ catalogVersion: '2026.03.03', vulnerabilities: [entry] }))
    await round(now)
    expect(await stateOf(id)).toMatchObject({ failures: 0, failure: null, advisories: 1, dueAt: now + 300_000 })
    provider.asked.length = 0
    await round(now + 300_000)
    expect(provider.asked).toEqual(['/kev.json'])
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
    await round()
    const { rows } = await db.engine.query(
      `select a.title, a.cves, v.content->'notes'->0->>'text' as text from advisories a join advisory_versions v on v.advisory_id = a.id where a.source_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ title: 'Díra v pumpách', cves: ['CVE-2026-50001'], text: 'Opravte CVE-2026-50001' }])
    provider.files.set('/feed', atom('2026-03-02T10:00:00Z', 'Díra v pumpách opravena'))
    await round(tuesday + 3_700_000)
    expect((await db.engine.query('select title, seq from advisories where source_id = $1', [id])).rows).toEqual([
      { title: 'Díra v pumpách opravena', seq: 2 },
    ])
  })
})
