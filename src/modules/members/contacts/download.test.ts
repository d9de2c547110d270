import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieOf } from '../../../../test/belongings.ts'
import { bookDoor, contactFields } from '../../../../test/contact-book.ts'
import { type FrontDoor, minute, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Invalid } from '../../../platform/errors.ts'
import { encrypted, requirePassphrase, suggestPassphrase } from './download.ts'

const passphrase = 'k7mp-x2vq-9hnt-w4ru'

/** Opens the only file of an archive as WinZip's specification of AE-2 says, with none of the library that made it. */
function opened(zip: Buffer, by: string): { name: string; text: string } | null {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const central = zip.readUInt32LE(end + 16)
  expect(zip.toString('latin1', central, central + 4)).toBe('PK\x01\x02')
  // Encrypted, method 99; the strength and the true method stand in the extra field 0x9901.
  expect([zip.readUInt16LE(central + 8) & 1, zip.readUInt16LE(central + 10)]).toEqual([1, 99])
  const size = zip.readUInt32LE(central + 20)
  const nameLength = zip.readUInt16LE(central + 28)
  const extra = zip.subarray(
    central + 46 + nameLength,
    central + 46 + nameLength + zip.readUInt16LE(central + 30),
  )
  const aes = extra.indexOf(Buffer.from([0x01, 0x99, 0x07, 0x00]))
  expect([extra.readUInt16LE(aes + 4), extra.toString('latin1', aes + 6, aes + 8), extra[aes + 8]]).toEqual([
    2,
    'AE',
    3,
  ])
  const local = zip.readUInt32LE(central + 42)
  const at = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const salt = zip.subarray(at, at + 16)
  const keys = pbkdf2Sync(by, salt, 1_000, 66, 'sha1')
  if (!keys.subarray(64).equals(zip.subarray(at + 16, at + 18))) return null
  const body = zip.subarray(at + 18, at + size - 10)
  const mac = createHmac('sha1', keys.subarray(32, 64)).update(body).digest().subarray(0, 10)
  if (!mac.equals(zip.subarray(at + size - 10, at + size))) return null
  const plain = counted(body, keys.subarray(0, 32))
  const text = extra.readUInt16LE(aes + 9) === 8 ? inflateRawSync(plain) : plain
  return { name: zip.toString('utf8', central + 46, central + 46 + nameLength), text: text.toString('utf8') }
}

/** AES in counter mode with a little-endian counter from 1. */
function counted(body: Buffer, key: Buffer): Buffer {
  const blocks = Buffer.alloc(Math.ceil(body.length / 16) * 16)
  for (let i = 0; i * 16 < blocks.length; i++) blocks.writeUInt32LE(i + 1, i * 16)
  const stream = createCipheriv('aes-256-ecb', key, null).update(blocks)
  return Buffer.from(body.map((byte, i) => byte ^ (stream[i] ?? 0)))
}

describe('the encrypted file', () => {
  it('is opened by its passphrase as the format says, and by no other', async () => {
    const zip = await encrypted('kontakty.html', 'Příliš žluťoučký kůň', passphrase, Date.UTC(2026, 2, 3))
    expect(opened(zip, passphrase)).toEqual({ name: 'kontakty.html', text: 'Příliš žluťoučký kůň' })
    expect(opened(zip, `${passphrase}x`)).toBeNull()
    expect(zip.includes('žluťoučký')).toBe(false)
  })

  it('comes out as it went in, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 2_000 }), async (text) => {
        const sound = text.toWellFormed()
        expect(opened(await encrypted('x', sound, passphrase, Date.UTC(2026, 2, 3)), passphrase)?.text).toBe(
          sound,
        )
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    ['', 'short'],
    ['krátké', 'short'],
    ['fifteen letters', 'short'],
    ['x'.repeat(201), 'long'],
    ['čtyři tiché zelené lampy', 'letters'],
    ['aaaaaaaaaaaaaaaaaaaa', 'same'],
  ])('is not made with the passphrase %j', (given, why) => {
    try {
      requirePassphrase(given)
      expect.unreachable()
    } catch (error) {
      expect((error as Invalid).fields).toEqual({ passphrase: why })
    }
  })

  it('is offered a random passphrase that is good', () => {
    const many = Array.from({ length: 50 }, suggestPassphrase)
    expect(new Set(many).size).toBe(50)
    for (const one of many) expect(() => requirePassphrase(one)).not.toThrow()
  })
})

describe('downloading', () => {
  let door: FrontDoor
  let at: ReturnType<typeof bookDoor>
  let lipova: Hospital
  let habrova: Hospital
  let renata: Actor
  let hana: Actor
  let karel: Actor
  let olga: Actor

  beforeAll(async () => {
    door = await openFrontDoor()
    at = bookDoor(door)
    lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
    renata = await door.person('Renata Zástupná', [['representative', lipova]])
    hana = await door.person('Hana Cizí', [['representative', habrova]])
    karel = await door.person('Karel Koordinátor', [['coordinator', null]])
    olga = await door.person('Olga Provozní', [['operator', null]])
    const name = (text: string) => ({ name: `<b>${text}</b>` })
    await at.add(renata, lipova, contactFields('555 010 001', { security: 'own' }, name('own')))
    await at.add(
      renata,
      lipova,
      contactFields('555 010 002', { security: 'coordinators' }, name('coordinators')),
    )
    await at.add(renata, lipova, contactFields('555 010 003', { security: 'members' }, name('members')))
    await at.add(hana, habrova, contactFields('555 010 004', { security: 'own' }))
  })
  afterAll(() => door.close())

  async function taken(who: Actor): Promise<string> {
    const { cookie, csrf } = await door.signedIn(who)
    const answer = await door.post(
      '/contacts/download',
      { passphrase, _csrf: csrf },
      { cookie: `lang=en; ${cookie}` },
    )
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-disposition']).toBe('attachment; filename="hsoc-contacts-2026-03-03.zip"')
    expect(answer.headers['content-type']).toBe('application/zip')
    return opened(answer.rawPayload, passphrase)?.text ?? ''
  }
  const numbers = (text: string): string[] =>
    [...text.matchAll(/tel:\+420555010(\d+)"/g)].map((m) => m[1] ?? '')

  it('gives each what they may see, as a page that needs nothing from outside', async () => {
    const page = await taken(renata)
    expect(numbers(page)).toEqual(['001', '002', '003'])
    expect(page).toContain('&lt;b>own&lt;/b>')
    expect(page).toContain('not verified')
    expect(page).not.toMatch(/<script|<link|src=|url\(|@import|https?:/)
    expect(numbers(await taken(hana)).sort()).toEqual(['003', '004'])
    expect(numbers(await taken(karel))).toEqual(['002', '003'])
  })

  it('needs a fresh proof, leaves a line in the trail, and is refused to operators and visitors', async () => {
    const { cookie, csrf } = await door.signedIn(renata)
    door.now += 15 * minute
    const asked = await door.post('/contacts/download', { passphrase, _csrf: csrf }, { cookie })
    expect([asked.statusCode, asked.body.includes('_again_password')]).toEqual([403, true])
    await taken(renata)
    const { rows } = await door.db.engine.query(
      `select actor, detail from audit where verb = 'members.download-contacts' order by id desc limit 1`,
    )
    expect(rows).toEqual([{ actor: renata.email, detail: { organisations: 1, contacts: 3 } }])
    const operator = await door.signedIn(olga)
    const refused = await door.post(
      '/contacts/download',
      { passphrase, _csrf: operator.csrf },
      { cookie: operator.cookie },
    )
    expect(refused.statusCode).toBe(403)
    expect((await door.post('/contacts/download', { passphrase })).statusCode).not.toBe(200)
  })

  it('leaves a line in the read ledger of each organisation when a coordinator takes it', async () => {
    const app = await openPages(door.context)
    const { cookie, csrf } = await cookieOf(door.context, karel)
    const answer = await app.inject({
      method: 'POST',
      url: '/contacts/download',
      payload: new URLSearchParams({ passphrase, _csrf: csrf }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
    })
    expect(answer.statusCode).toBe(200)
    const { rows } = await door.db.engine.query(
      `select org_id as org, way, place from trail_reads where person_id = $1`,
      [karel.person],
    )
    expect(rows).toEqual([{ org: lipova.id, way: 'file', place: '/contacts/download' }])
    await app.close()
  })

  it('says what is wrong with a passphrase and keeps what was typed', async () => {
    const answer = await at.post(renata, '/contacts/download', { passphrase: 'short' })
    expect([
      answer.statusCode,
      answer.body.includes('At least 16 characters'),
      answer.body.includes('value="short"'),
    ]).toEqual([422, true, true])
    expect(
      (await at.post(renata, '/contacts/download', { passphrase: 'x'.repeat(100_000) })).statusCode,
    ).toBe(422)
    expect((await at.post(renata, '/contacts/download')).statusCode).toBe(422)
    expect((await at.get(renata, '/contacts/download')).body).toMatch(/value="[2-9a-z]{4}(-[2-9a-z]{4}){4}"/)
  })
})
