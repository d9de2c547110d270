import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createMessage, decrypt, readKey, readMessage, readSignature, verify } from 'openpgp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../test/harness.ts'
import type { Actor } from './access.ts'
import { publicKeys, rotateSigningKey, signDetached, signingKey } from './signing-key.ts'

const secret = 'test-secret-of-at-least-32-characters'
const settings = { secret, baseUrl: 'https://hsoc.example', mailFrom: 'hSOC sektoru <hsoc@hsoc.example>' }
const text = Buffer.from('{"title":"Příliš žluťoučký kůň"}\n')

describe("the installation's signing key", () => {
  let db: TestDatabase
  let petr: Actor
  beforeAll(async () => {
    db = await createDatabase()
    const lipova = await addHospital(db, 'Nemocnice Lipová', [])
    petr = await addPerson(db, 'Petr Jedlička', [['admin', lipova]])
  })
  afterAll(() => db.drop())

  async function isGood(signature: string, publicKey: string, bytes: Uint8Array = text): Promise<boolean> {
    const { signatures } = await verify({
      message: await createMessage({ binary: bytes }),
      signature: await readSignature({ armoredSignature: signature }),
      verificationKeys: await readKey({ armoredKey: publicKey }),
      date: new Date(tuesday),
    })
    return signatures[0]?.verified.catch(() => false) ?? false
  }

  it('is made once for nodes that come at once, and its private part is sealed', async () => {
    expect(await publicKeys(db.engine)).toEqual([])
    const all = await Promise.all([1, 2, 3].map(() => signingKey(db.engine, settings, tuesday)))
    expect(new Set(all.map((one) => one.fingerprint)).size).toBe(1)
    const { rows } = await db.engine.query('select * from signing_keys')
    expect(rows.length).toBe(1)
    expect(JSON.stringify(rows)).not.toContain('PRIVATE KEY')
    await expect(db.app.query('select * from signing_keys')).rejects.toThrow(/permission denied/)
    const key = await readKey({ armoredKey: String(all[0]?.publicKey) })
    expect(key.getUserIDs()).toEqual(['hSOC sektoru <hsoc@hsoc.example>'])
  })

  it('signs bytes so that anybody can check them, and not other bytes', async () => {
    const key = await signingKey(db.engine, settings, tuesday)
    const signature = await signDetached(key, text, tuesday)
    expect(signature).toMatch(/^-----BEGIN PGP SIGNATURE-----/)
    expect(await isGood(signature, key.publicKey)).toBe(true)
    expect(await isGood(signature, key.publicKey, Buffer.from('other'))).toBe(false)
  })

  it('is believed by GnuPG, which can encrypt to it, too', async (context) => {
    if (spawnSync('gpg', ['--version']).error) return context.skip('gpg is not on this machine')
    const key = await signingKey(db.engine, settings, tuesday)
    const folder = mkdtempSync(path.join(tmpdir(), 'hsoc-gpg-'))
    writeFileSync(path.join(folder, 'key.asc'), key.publicKey)
    writeFileSync(path.join(folder, 'text'), text)
    writeFileSync(path.join(folder, 'text.asc'), await signDetached(key, text, tuesday))
    const when = new Date(tuesday).toISOString().replace(/[-:]|\.\d+Z/g, '')
    const gpg = (...args: string[]) =>
      execFileSync(
        'gpg',
        ['--homedir', folder, '--batch', '--status-fd', '1', '--faked-system-time', when, ...args],
        {
          cwd: folder,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      )
    gpg('--import', 'key.asc')
    expect(gpg('--verify', 'text.asc', 'text')).toContain(`VALIDSIG ${key.fingerprint}`)
    // As a mail program does that took it from the field Autocrypt.
    const to = ['--trust-model', 'always', '--recipient', key.fingerprint]
    gpg(...to, '--output', 'closed', '--encrypt', 'text')
    const { data } = await decrypt({
      message: await readMessage({ binaryMessage: readFileSync(path.join(folder, 'closed')) }),
      decryptionKeys: key.privateKey,
      format: 'binary',
    })
    expect(Buffer.from(data as Uint8Array)).toEqual(text) // binary was asked for
    rmSync(folder, { recursive: true, force: true })
  })

  it('signs nothing under another secret', async () => {
    const other = { ...settings, secret: 'another-secret-of-at-least-32-characters' }
    await expect(signingKey(db.engine, other, tuesday)).rejects.toThrow(/another HSOC_SECRET/)
    const earlier = { ...other, earlierSecrets: [secret] }
    expect((await signingKey(db.engine, earlier, tuesday)).fingerprint).toHaveLength(40)
  })

  it('gives way to another, and stays listed unless somebody else may have it', async () => {
    const first = await signingKey(db.engine, settings, tuesday)
    const signature = await signDetached(first, text, tuesday)
    const second = await rotateSigningKey(db, settings, { distrust: false }, petr, tuesday)
    expect((await signingKey(db.engine, settings, tuesday)).fingerprint).toBe(second.fingerprint)
    const listed = await publicKeys(db.engine)
    expect(listed.map((one) => one.fingerprint)).toEqual([second.fingerprint, first.fingerprint])
    expect(await isGood(signature, String(listed[1]?.publicKey))).toBe(true)
    const third = await rotateSigningKey(db, settings, { distrust: true }, petr, tuesday)
    expect((await publicKeys(db.engine)).map((one) => one.fingerprint)).toEqual([
      third.fingerprint,
      first.fingerprint,
    ])
    const { rows } = await db.engine.query(
      `select detail from audit where verb = 'platform.new-signing-key' order by id`,
    )
    expect(rows.map(({ detail }) => detail.distrusted)).toEqual([false, true])
  })

  it('is changed by one of two who do it at once', async () => {
    const both = await Promise.allSettled(
      [1, 2].map(() => rotateSigningKey(db, settings, { distrust: false }, petr, tuesday)),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { rows } = await db.engine.query('select 1 from signing_keys where retired_at is null')
    expect(rows.length).toBe(1)
  })
})
