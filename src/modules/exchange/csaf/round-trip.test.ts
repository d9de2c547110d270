/** Documents as others take them: while somebody publishes, by our own fetcher, and by GnuPG. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createMessage, readKey, readSignature, verify } from 'openpgp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Exchange, openExchange } from '../../../../test/exchange-stage.ts'
import { tuesday } from '../../../../test/harness.ts'
import { draftOf } from '../../../../test/writing.ts'
import { openWatcher } from '../../advisories/jobs.ts'
import type { Draft } from '../../warnings/written/types.ts'

const hour = 3_600_000
const open = { tlp: 'CLEAR', audience: 'public' } as const

describe('a document that others take', () => {
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
  const texts = (word: string): Partial<Draft> => ({
    texts: { ...draftOf().texts, cs: { ...draftOf().texts.cs, happened: `Stalo se: ${word}.` } },
  })

  it('agrees with its hash and signature while others publish, and lists only what is there', async () => {
    const id = await x.stage.published({ ...open, ...texts('v1') }, tuesday)
    let over = false
    const publishing = (async () => {
      for (let n = 2; n <= 8; n++)
        await x.stage.again(id, { ...open, ...texts(`v${n}`) }, tuesday + n * 60_000)
      over = true
    })()
    let agreed = 0
    const { public_openpgp_keys: keys } = JSON.parse(
      (await x.get('/.well-known/csaf/provider-metadata.json')).body,
    )
    const armoredKey = (await x.get(keys[0].url.slice(x.base.length))).body
    for (let last = false; !last; ) {
      last = over
      const url = `/csaf/white/${name}`
      const [before, sha256, sha512, asc, feed, after] = [
        await x.get(url),
        await x.get(`${url}.sha256`),
        await x.get(`${url}.sha512`),
        await x.get(`${url}.asc`),
        await x.get('/csaf/white/csaf-feed-tlp-white.json'),
        await x.get(url),
      ]
      const { tracking } = JSON.parse(before.body).document
      expect(tracking.revision_history.length).toBe(Number(tracking.version))
      // Somebody published in between: the next look is of one state again.
      if (before.body !== after.body) continue
      agreed++
      expect(sha256.body).toContain(createHash('sha256').update(before.body).digest('hex'))
      expect(sha512.body).toContain(createHash('sha512').update(before.body).digest('hex'))
      expect(JSON.parse(feed.body).feed.entry[0].updated).toBe(tracking.current_release_date)
      const { signatures } = await verify({
        message: await createMessage({ binary: Buffer.from(before.body) }),
        signature: await readSignature({ armoredSignature: asc.body }),
        verificationKeys: await readKey({ armoredKey }),
        date: new Date(tuesday + 9 * hour),
      })
      expect(await signatures[0]?.verified).toBe(true)
    }
    await publishing
    expect(agreed).toBeGreaterThan(0)
    const last = JSON.parse((await x.get(`/csaf/white/${name}`)).body)
    expect(last.document.tracking.version).toBe('8')
  })

  it('is taken in by our own fetcher with hash and signature, and its revocation after it', async () => {
    const { db } = x.stage
    await db.engine.query('update advisory_sources set enabled = false')
    const { rows } = await db.engine.query<{ id: number }>(
      `insert into advisory_sources (kind, label, url, tlp, every_minutes, private_hosts, created_at, changed_at, due_at)
       values ('csaf-provider', 'My sami', $1, 'CLEAR', 60, $2, now(), now(), to_timestamp(0)) returning id`,
      [`${x.base}/.well-known/csaf/provider-metadata.json`, [new URL(x.base).host]],
    )
    const source = rows[0]?.id
    const log = { info: () => {}, warn: () => {}, error: () => {} }
    const watcher = openWatcher({ db, log })
    const round = async (now: number) => {
      x.at(now)
      await db.engine.query('update advisory_sources set due_at = to_timestamp(0) where id = $1', [source])
      await watcher.work(now)
      await watcher.settled()
    }
    const taken = async () =>
      (
        await db.engine.query(
          'select tracking_id as id, version, title, flags, tlp from advisories where source_id = $1 order by 1',
          [source],
        )
      ).rows
    const id = await x.stage.published({ ...open, ...texts('pro všechny') }, tuesday)
    await x.stage.published({ tlp: 'GREEN', ...texts('pro členy') }, tuesday + 1)
    await round(tuesday + 10 * hour)
    const flags = expect.not.arrayContaining(['unsigned', 'unhashed', 'signature-unchecked'])
    expect(await taken()).toEqual([
      { id: 'HSOC-2026-0001', version: '1', title: 'Podvodné maily s fakturou', tlp: 'CLEAR', flags },
    ])
    await x.revoked(id, 'Plané varování.', tuesday + 11 * hour)
    await round(tuesday + 12 * hour)
    expect(await taken()).toEqual([
      {
        id: 'HSOC-2026-0001',
        version: '2',
        title: 'ZRUŠENO: Podvodné maily s fakturou',
        tlp: 'CLEAR',
        flags,
      },
    ])
    const { rows: aside } = await db.engine.query(
      'select reason, said from advisory_quarantine where source_id = $1',
      [source],
    )
    expect(aside).toEqual([])
    await watcher.stop()
  })

  it('is believed by GnuPG as downloaded', async (context) => {
    if (spawnSync('gpg', ['--version']).error) return context.skip('gpg is not on this machine')
    await x.stage.published(open, tuesday)
    const folder = mkdtempSync(path.join(tmpdir(), 'hsoc-csaf-'))
    const { public_openpgp_keys: keys } = JSON.parse(
      (await x.get('/.well-known/csaf/provider-metadata.json')).body,
    )
    const [key] = keys
    const files = {
      'key.asc': key.url.slice(x.base.length),
      'one.json': `/csaf/white/${name}`,
      'one.asc': `/csaf/white/${name}.asc`,
    }
    for (const [file, url] of Object.entries(files))
      writeFileSync(path.join(folder, file), (await x.get(url)).rawPayload)
    const when = new Date(tuesday + 10 * hour).toISOString().replace(/[-:]|\.\d+Z/g, '')
    const gpg = (...args: string[]) =>
      execFileSync(
        'gpg',
        ['--homedir', folder, '--batch', '--status-fd', '1', '--faked-system-time', when, ...args],
        { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      )
    gpg('--import', 'key.asc')
    expect(gpg('--verify', 'one.asc', 'one.json')).toContain(`VALIDSIG ${key.fingerprint}`)
    rmSync(folder, { recursive: true, force: true })
  })
})
