import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { advisory, bytesOf, openProvider, type Provider } from '../../../test/advisory-provider.ts'
import { openWatchedSources } from '../../../test/advisory-stage.ts'
import { tuesday } from '../../../test/harness.ts'
import { waitMinutes } from './jobs.ts'

let at: Awaited<ReturnType<typeof openWatchedSources>>
let provider: Provider

beforeAll(async () => {
  at = await openWatchedSources()
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

const pump = (id: string) => bytesOf(advisory({ id }))

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
    await at.round()
    expect(await at.aside(id)).toEqual(['too-large', 'too-large'])
    expect(sent).toBeLessThan(40 * 1_048_576)
    const { rows } = await at.db.engine.query(
      'select document from advisory_quarantine where source_id = $1',
      [id],
    )
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
    expect(await at.watcher.work(tuesday)).toBe(2)
    // A second node, or the next look of this one, begins neither of them again.
    expect(await at.watcher.work(tuesday)).toBe(0)
    await at.watcher.settled()
    expect(await at.taken(quick)).toHaveLength(1)
    expect(await at.stateOf(slow)).toMatchObject({ failure: 'timeout', failures: 1, succeededAt: null })
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
    await at.round()
    const found = await Promise.all(
      [...ids].map(async ([path, id]) => [path, (await at.stateOf(id))?.failure]),
    )
    expect(Object.fromEntries(found)).toEqual({ ...expected, loopback: 'private' })
  })

  it('a name that resolves to the own network is refused like its address', async () => {
    provider = await openProvider()
    const id = await source('feed', 'https://localhost:1/feed.xml', { hosts: [] })
    await at.round()
    expect(await at.stateOf(id)).toMatchObject({ failure: 'private' })
  })

  it('after failures it is asked ever more seldom, a day at most, and at once when it works again', async () => {
    expect([0, 1, 3, 5, 20].map((failures) => waitMinutes(5, failures))).toEqual([5, 5, 8, 32, 1_440])
    provider = await openProvider()
    const id = await source('kev', `${provider.base}/kev.json`, { every: 5 })
    let now = tuesday
    for (let failures = 1; failures <= 4; failures++) {
      expect(await at.round(now)).toBe(1)
      expect(await at.stateOf(id)).toMatchObject({ failures, failure: 'status' })
      now += waitMinutes(5, failures) * 60_000
      expect(await at.round(now - 1000)).toBe(0)
    }
    const entry = { cveID: 'CVE-2026-40001', vendorProject: 'P', product: 'Q', dateAdded: '2026-01-01' }
    provider.files.set(
      '/kev.json',
      JSON.stringify({ catalogVersion: '2026.03.03', vulnerabilities: [entry] }),
    )
    await at.round(now)
    expect(await at.stateOf(id)).toMatchObject({
      failures: 0,
      failure: null,
      advisories: 1,
      dueAt: now + 300_000,
    })
    provider.asked.length = 0
    await at.round(now + 300_000)
    expect(provider.asked).toEqual(['/kev.json'])
  })
})
