import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Desk, hasGpg, openDesk } from '../../../../test/gpg.ts'
import { tuesday } from '../../../../test/harness.ts'
import { openPostOffice } from '../../../../test/post-office.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { seal } from '../../../platform/seal.ts'
import { publicKeys } from '../../../platform/signing-key.ts'
import { type Mailer, openMailer, tidyChannels, work } from '../../channels/index.ts'
import { giveKey, proveKey } from '../../channels/pgp/keys.ts'
import { mailWriters } from '../mails.ts'
import { reachOf } from './reach.ts'
import { versionOf } from './read.ts'

const minute = 60_000
const day = 24 * 60 * minute
const text = 'Několika nemocnicím přišly maily s přílohou faktura.zip.'

// Opened by GnuPG itself, where the machine has it.
describe.skipIf(!hasGpg)('mails to somebody with a key', () => {
  let stage: Writing
  let db: Writing['db']
  let desk: Desk
  let jana: Actor
  let mailer: Mailer
  let folder: string
  let dkimKey: string
  let now = tuesday + day

  beforeAll(async () => {
    stage = await openWriting()
    ;({ db, jana } = stage)
    folder = mkdtempSync(join(tmpdir(), 'hsoc-pgp-'))
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    writeFileSync(join(folder, 'dkim.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    dkimKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    mailer = mailerTo(stage.office.url)
  })
  afterAll(async () => {
    await mailer.close()
    rmSync(folder, { recursive: true })
    await stage.close()
  })
  beforeEach(async () => {
    await stage.clear()
    await db.engine.query('delete from mail_keys')
    desk = openDesk(tuesday + day)
    now = tuesday + day
    stage.context.at(now)
  })
  afterEach(() => desk.close())

  const mailerTo = (url: string, mailSigned = false): Mailer =>
    openMailer(
      {
        smtpUrl: url,
        mailFrom: 'hSOC <hsoc@hsoc.example>',
        dkim: { domain: 'hsoc.example', selector: 's1', keyFile: join(folder, 'dkim.pem') },
        bounces: 'bounces@hsoc.example',
        mailSigned,
      },
      mailWriters,
    )
  const send = async (at = now, way = mailer): Promise<number> => {
    stage.context.at(at)
    return work(stage.context, way, at)
  }
  const rawTo = (person: Actor): string[] =>
    stage.office.raw.filter((raw) => raw.includes(`To: `) && raw.includes(person.email))
  const armorIn = (raw: string): string =>
    /-----BEGIN PGP MESSAGE-----[\s\S]+-----END PGP MESSAGE-----/.exec(raw)?.[0] ?? ''
  const linkIn = (opened: string): string =>
    /mail-key-proof\/([\w-]+)/.exec(opened.replace(/=\r?\n/g, ''))?.[1] ?? ''
  const learnSigner = async (): Promise<string> => {
    const [key] = await publicKeys(db.engine)
    desk.learn(key?.publicKey ?? '')
    return key?.fingerprint ?? ''
  }
  /** Jana gives a key and proves it by the mail that comes. */
  const withKey = async (expire = '0'): Promise<void> => {
    const key = desk.makeKey(jana.email, expire)
    await giveKey(stage.context, { address: jana.email, key }, jana, now)
    await send()
    const [raw] = rawTo(jana)
    await proveKey(stage.context, linkIn(desk.open(armorIn(raw ?? '')).text), now)
    stage.office.clear()
  }

  it('are encrypted once the link in an encrypted mail was confirmed, signed by us, and opened by GnuPG', async () => {
    await withKey()
    await stage.published({ severity: 3 }, now)
    await send()
    const [raw] = rawTo(jana)
    expect(raw).toBeDefined()
    const mail = await simpleParser(raw ?? '')
    expect(mail.headers.get('content-type')).toMatchObject({
      value: 'multipart/encrypted',
      params: { protocol: 'application/pgp-encrypted' },
    })
    expect(mail.subject).toMatch(/^HSOC-2026-\d{4}$/)
    expect(raw).not.toMatch(/faktura|Podvodn|TLP:/i)
    const signer = await learnSigner()
    const opened = desk.open(armorIn(raw ?? ''))
    expect(opened.signedBy).toBe(signer)
    const inner = await simpleParser(opened.text)
    expect(inner.subject).toContain('[TLP:GREEN] HSOC-2026-')
    expect(inner.subject).toContain('Podvodné maily s fakturou')
    expect(inner.text).toContain(text)
    expect(inner.html).toContain(text)
    expect(inner.messageId).toBe(mail.messageId)
    // Who has no key gets it as before.
    expect(stage.to(stage.tomas)[0]?.text).toContain('There is no English translation yet')
  })

  it('keep what lists and returns need: DKIM, the return path, one click to leave, and where our key is', async () => {
    const returned: string[] = []
    const office = await openPostOffice({
      onMailFrom: (address, _session, done) => {
        returned.push(address.address)
        done()
      },
    })
    const way = mailerTo(office.url)
    try {
      const key = desk.makeKey(jana.email)
      await giveKey(stage.context, { address: jana.email, key }, jana, now)
      await send(now, way)
      await proveKey(stage.context, linkIn(desk.open(armorIn(office.raw[0] ?? '')).text), now)
      office.clear()
      await stage.published({ severity: 2 }, now)
      await send(now, way)
      const raw = office.raw.find((one) => one.includes(jana.email)) ?? ''
      expect(armorIn(raw)).not.toBe('')
      expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/hsoc\.example\/u\/s/m)
      expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m)
      expect(raw).toMatch(/^Autocrypt: addr=hsoc@hsoc\.example;/m)
      expect(raw).toMatch(
        /^OpenPGP: id=[0-9A-F]{40}; url="https:\/\/hsoc\.example\/openpgp\/[0-9A-F]{40}\.asc"/im,
      )
      expect(returned.at(-1)).toMatch(/^bounces\+b-[a-z2-7]+@hsoc\.example$/)
      const checked = await dkimVerify(Buffer.from(raw), {
        resolver: async (name: string) => {
          if (name === 's1._domainkey.hsoc.example') return [[`v=DKIM1; k=rsa; p=${dkimKey}`]]
          throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
        },
      })
      expect(checked.results[0]?.status.result).toBe('pass')
      // Autocrypt holds the very key that signs.
      const keydata = /keydata=([\s\S]*?)\r?\n(?!\s)/.exec(raw)?.[1]?.replace(/\s/g, '') ?? ''
      const { readKey } = await import('openpgp')
      const known = await readKey({ binaryKey: new Uint8Array(Buffer.from(keydata, 'base64')) })
      expect(raw).toContain(known.getFingerprint().toUpperCase())
    } finally {
      await way.close()
      await office.close()
    }
  })

  it('hold the whole text of TLP:RED and AMBER+STRICT, which without a key stays on the portal', async () => {
    await withKey()
    await learnSigner()
    for (const more of [
      { tlp: 'AMBER+STRICT' as const },
      {
        tlp: 'RED' as const,
        audience: 'organisations' as const,
        orgs: [stage.jihlava.id, stage.trest.id],
        named: [jana.person, stage.tomas.person, stage.kveta.person],
      },
    ]) {
      stage.office.clear()
      await stage.published({ severity: 3, ...more }, now)
      await send()
      const [raw] = rawTo(jana)
      expect(raw).not.toMatch(/faktura|Podvodn/i)
      expect((await simpleParser(desk.open(armorIn(raw ?? '')).text)).text).toContain(text)
      const [bare] = stage.to(stage.tomas)
      expect(bare?.text).not.toMatch(/faktura|Podvodn/i)
    }
  })

  it('the preview counts them, for a label that keeps the text from others', async () => {
    const count = async (): Promise<number> => {
      const id = await stage.written({ tlp: 'AMBER' })
      return asActor(db, stage.karel, now, async (tx) => {
        const version = await versionOf(tx, id, 'working')
        return version ? (await reachOf(tx, version, now)).keyed : -1
      })
    }
    expect(await count()).toBe(0)
    await withKey('10d')
    expect(await count()).toBe(1)
    now += 11 * day
    expect(await count()).toBe(0)
  })

  it('an expired key leaves a notice without content, a task, and nothing in clear; the link to a new password still comes', async () => {
    await withKey('40d')
    await tidyChannels(db, now)
    expect(stage.office.mails).toHaveLength(0)
    const ends = now + 40 * day
    now = ends - 20 * day
    await tidyChannels(db, now)
    await tidyChannels(db, now + minute)
    await send(now)
    expect(rawTo(jana)).toHaveLength(1)
    stage.office.clear()

    now = ends + day
    stage.context.at(now)
    await stage.published({ severity: 3 }, now)
    await db.engine.query(
      `insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
       values ('account', 'x', $1, $2, $3, $4, $4, '{2}')`,
      [
        jana.person,
        jana.email,
        {
          template: 'password-reset',
          sealed: seal(stage.context.settings.secret, 'a-token'),
          until: new Date(now + day).toISOString(),
        },
        new Date(now),
      ],
    )
    await send(now)
    const mails = stage.to(jana)
    expect(mails).toHaveLength(2)
    for (const raw of rawTo(jana)) expect(raw).not.toMatch(/faktura|Podvodn|TLP:/i)
    const notice = mails.find((mail) => /^HSOC-/.test(mail.subject ?? ''))
    expect(mails.map((mail) => mail.text?.includes('/new-password/a-token'))).toContain(true)
    expect(notice?.text).toContain('Zpráva čeká na portálu, váš klíč nejde použít.')
    expect(notice?.text).toContain('https://hsoc.example/mail-keys')
    const { rows } = await db.engine.query('select unusable_at from mail_keys')
    expect(rows[0]?.unusable_at).toEqual(new Date(now))
    expect(await db.engine.query(`select 1 from deliveries where reason = 'key-unusable'`)).toMatchObject({
      rowCount: 1,
    })
  })

  it('a mail that is tried again keeps its Message-ID, and after sending no table holds its words', async () => {
    await withKey()
    await db.engine.query('delete from deliveries')
    await stage.published(
      {
        severity: 3,
        tlp: 'RED',
        audience: 'organisations',
        orgs: [stage.jihlava.id],
        named: [jana.person, stage.kveta.person],
      },
      now,
    )
    const away = mailerTo('smtp://127.0.0.1:1')
    await send(now, away)
    await away.close()
    const before = await db.engine.query<{ message_id: string }>(
      'select message_id from deliveries where person_id = $1',
      [jana.person],
    )
    await send(now + 5 * minute)
    const [raw] = rawTo(jana)
    expect((await simpleParser(raw ?? '')).messageId).toBe(before.rows[0]?.message_id)
    const { rows } = await db.engine.query<{ row: string }>('select d::text as row from deliveries d')
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toMatch(/faktura|Podvodn/i)
  })

  it('where the setting says so, mails in clear are signed, and GnuPG finds the signature good', async () => {
    const signing = mailerTo(stage.office.url, true)
    await stage.published({ severity: 3 }, now)
    await send(now, signing)
    await signing.close()
    const signer = await learnSigner()
    for (const person of [jana, stage.tomas]) {
      const raw = rawTo(person)[0] ?? ''
      const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? ''
      const [, part, signature] = raw.split(`--${boundary}`)
      expect(part).not.toMatch(/[ \t]\r\n/)
      const signed = Buffer.from((part ?? '').replace(/^\r\n/, '').replace(/\r\n$/, ''))
      const asc = (signature ?? '').slice((signature ?? '').indexOf('-----BEGIN'))
      expect(desk.check(signed, asc)).toBe(signer)
      expect(desk.check(Buffer.concat([signed, Buffer.from(' ')]), asc)).toBeNull()
    }
    expect((await simpleParser(rawTo(jana)[0] ?? '')).text).toContain(text)
  })
})
