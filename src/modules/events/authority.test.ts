import { execFileSync, spawnSync } from 'node:child_process'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { certifyNewKey, makeAuthority } from '../../platform/certificates.ts'
import { authoritiesTrusted, authorityOf } from './authority.ts'

const secret = 'test-secret-of-at-least-32-characters'

describe("the sensors' authority", () => {
  let db: TestDatabase
  let dataDir: string
  beforeEach(async () => {
    db = await createDatabase()
    dataDir = mkdtempSync(path.join(tmpdir(), 'hsoc-authority-'))
  })
  afterEach(async () => {
    await db.drop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const config = (more: object = {}) => ({ dataDir, secret, sensorAuthority: null, sensorCa: null, ...more })
  const file = (name: string) => path.join(dataDir, 'tls', name)

  it('is made once for all nodes that come at once, its key sealed', async () => {
    const all = await Promise.all([1, 2, 3].map(() => authorityOf(db.engine, { secret }, tuesday)))
    expect(new Set(all.map((one) => one.cert)).size).toBe(1)
    const { rows } = await db.engine.query<{ sealed_key: string }>('select * from sensor_authority')
    expect(rows.length).toBe(1)
    expect(JSON.stringify(rows)).not.toContain('PRIVATE KEY')
    expect(new X509Certificate(String(all[0]?.cert)).ca).toBe(true)
    // The role that serves people reads nothing of it.
    await expect(db.app.query('select * from sensor_authority')).rejects.toThrow(/permission denied/)
  })

  it('signs nothing under another secret, and is still trusted', async () => {
    const { cert } = await authorityOf(db.engine, { secret }, tuesday)
    const other = 'another-secret-of-at-least-32-characters'
    await expect(authorityOf(db.engine, { secret: other }, tuesday)).rejects.toThrow(/another HSOC_SECRET/)
    expect(await authoritiesTrusted(db.engine, config({ secret: other }), tuesday)).toEqual([cert])
  })

  it('of an earlier version goes on, and its key lies no longer in a file', async () => {
    const before = await makeAuthority('hSOC sensors', tuesday)
    mkdirSync(path.join(dataDir, 'tls'))
    writeFileSync(file('sensors-ca.pem'), before.cert)
    writeFileSync(file('sensors-ca.key'), before.key)
    expect(await authoritiesTrusted(db.engine, config(), tuesday)).toEqual([before.cert])
    expect(existsSync(file('sensors-ca.key'))).toBe(false)
    expect(await authorityOf(db.engine, { secret }, tuesday)).toEqual(before)
  })

  it('is trusted from its copy while the database is away', async () => {
    const [cert] = await authoritiesTrusted(db.engine, config(), tuesday)
    expect(readFileSync(file('sensors-ca.pem'), 'utf8')).toBe(cert)
    const away = { query: () => Promise.reject(new Error('away')) }
    expect(await authoritiesTrusted(away, config(), tuesday)).toEqual([cert])
    await expect(authoritiesTrusted(away, config({ dataDir: `${dataDir}-new` }), tuesday)).rejects.toThrow(
      'away',
    )
  })

  it("is the operator's own where files name one, and a further one is trusted besides", async () => {
    const own = await makeAuthority('Regional authority', tuesday)
    const further = await makeAuthority('Former authority', tuesday)
    const files = { cert: path.join(dataDir, 'own.pem'), key: path.join(dataDir, 'own.key') }
    const sensorCa = path.join(dataDir, 'further.pem')
    // With the rest of its chain behind it.
    writeFileSync(files.cert, own.cert + further.cert)
    writeFileSync(files.key, own.key)
    writeFileSync(sensorCa, further.cert)
    expect(await authorityOf(db.engine, { secret, sensorAuthority: files }, tuesday)).toEqual(own)
    const trusted = await authoritiesTrusted(db.engine, config({ sensorAuthority: files, sensorCa }), tuesday)
    expect(trusted).toEqual([own.cert, further.cert])
  })
})

describe('an authority of the operator', () => {
  const missing = spawnSync('openssl', ['version']).error
  const ways: Record<string, string[]> = {
    'RSA 3072': ['-newkey', 'rsa:3072'],
    'P-384': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
    Ed25519: ['-newkey', 'ed25519'],
  }
  for (const [kind, args] of Object.entries(ways))
    it(`with a key of ${kind} signs, for no longer than it lasts itself`, async (context) => {
      if (missing) return context.skip('openssl is not on this machine')
      const folder = mkdtempSync(path.join(tmpdir(), 'hsoc-operators-'))
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          ...args,
          '-nodes',
          '-days',
          '90',
          '-subj',
          '/CN=Regional',
          '-keyout',
          'ca.key',
          '-out',
          'ca.pem',
        ],
        { cwd: folder, stdio: 'ignore' },
      )
      const [cert = '', key = ''] = ['ca.pem', 'ca.key'].map((name) =>
        readFileSync(path.join(folder, name), 'utf8'),
      )
      const issued = await certifyNewKey({ cert, key }, { cn: 'cz.lipova.ids', days: 365 }, Date.now())
      const found = new X509Certificate(issued.cert)
      expect(found.verify(createPublicKey(cert))).toBe(true)
      expect(issued.notAfter).toBe(new X509Certificate(cert).validToDate.getTime())
      rmSync(folder, { recursive: true, force: true })
    })
})
