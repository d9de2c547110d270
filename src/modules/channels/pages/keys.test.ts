import { generateKey, readKey, revokeKey } from 'openpgp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type App, openApp } from '../../../platform/http.ts'
import { unseal } from '../../../platform/seal.ts'
import { rotateSigningKey, signingKey } from '../../../platform/signing-key.ts'
import { errorPage } from '../../../refusals.tsx'
import { mountHome } from '../../home/pages.ts'
import { usable } from '../pgp/parse.ts'
import { mountChannels } from '../routes.ts'

describe('the page of keys for mail', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let contact: string
  let [jana, adam, pavel, karel]: Actor[] = []
  let key: string

  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db))
    app = await openApp(context, errorPage)
    await mountChannels(app, context)
    mountHome(app, context, async (_request, reply) => reply.send(''))
    await app.ready()
    const lipova = await addHospital(db, 'Nemocnice Lipová', [])
    contact = 'it@nemocnice-lipova.example'
    jana = await addPerson(db, 'Jana Lipová', [['duty', lipova]])
    adam = await addPerson(db, 'Adam Lipový', [['admin', lipova]])
    pavel = await addPerson(db, 'Pavel Cizí', [['admin', await addHospital(db, 'Nemocnice Jinde', [])]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    key = (
      await generateKey({
        type: 'ecc',
        curve: 'curve25519Legacy',
        userIDs: [{ name: '<b>Jana</b>' }],
        date: new Date(tuesday - 1000),
        keyExpirationTime: 86_400 * 365,
        format: 'armored',
      })
    ).publicKey
    await db.engine.query(`update organisations set contact_email = $1 where name = 'Nemocnice Lipová'`, [
      contact,
    ])
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })
  beforeEach(() => db.engine.query('delete from mail_keys; delete from deliveries'))

  const get = async (by: Actor | undefined, url = '/mail-keys') =>
    app.inject({ url, headers: { accept: 'text/html', ...(by ? await cookieOf(context, by) : {}) } })
  const post = async (by: Actor | undefined, url: string, form: Record<string, string> = {}) => {
    const { cookie, csrf } = by ? await cookieOf(context, by) : { cookie: '', csrf: '' }
    return app.inject({
      method: 'POST',
      url,
      headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _csrf: csrf, ...form }).toString(),
    })
  }
  const linkOf = async (): Promise<string> => {
    const { rows } = await db.engine.query<{ sealed: string }>(
      `select detail->>'sealed' as sealed from deliveries where detail->>'template' = 'mail-key-proof' order by id desc limit 1`,
    )
    return `/mail-key-proof/${unseal(context.settings, rows[0]?.sealed ?? '')}`
  }
  const states = async () =>
    (
      await db.engine.query<{ address: string; proved: boolean }>(
        'select address, proved_at is not null as proved from mail_keys order by id',
      )
    ).rows

  it('takes a key for the own address, and uses it after the button behind the link, not after looking', async () => {
    expect((await get(jana)).body).toContain('Bez klíče')
    const given = await post(jana, '/mail-keys', { address: jana?.email ?? '', key })
    expect([given.statusCode, given.headers.location]).toEqual([303, '/mail-keys?done=asked'])
    expect((await get(jana)).body).toContain('čeká na potvrzení')
    const link = await linkOf()
    const looked = await get(undefined, link)
    expect([looked.statusCode, looked.headers['cache-control'], looked.headers['referrer-policy']]).toEqual([
      200,
      'no-store',
      'no-referrer',
    ])
    expect(await states()).toEqual([{ address: jana?.email, proved: false }])
    expect((await post(undefined, link)).statusCode).toBe(200)
    expect(await states()).toEqual([{ address: jana?.email, proved: true }])
    expect((await post(undefined, link)).statusCode).toBe(410)
    expect((await get(undefined, '/mail-key-proof/guessed')).statusCode).toBe(410)
    const page = (await get(jana)).body
    expect(page).toMatch(/[0-9A-F]{4} [0-9A-F]{4}/)
    expect(page).not.toContain('<b>Jana</b>')
  })

  it('keeps the one in use until another is proved', async () => {
    await post(jana, '/mail-keys', { address: jana?.email ?? '', key })
    await post(undefined, await linkOf())
    await post(jana, '/mail-keys', { address: jana?.email ?? '', key })
    expect((await states()).map(({ proved }) => proved)).toEqual([true, false])
    expect((await post(jana, '/mail-keys', { address: jana?.email ?? '', key })).statusCode).toBe(409)
    await post(undefined, await linkOf())
    expect(await states()).toEqual([{ address: jana?.email, proved: true }])
  })

  it('takes one for the address of an organisation from who keeps its contacts, and from nobody else', async () => {
    for (const by of [jana, pavel, karel])
      expect((await post(by, '/mail-keys', { address: contact, key })).statusCode).toBe(404)
    expect((await post(adam, '/mail-keys', { address: jana?.email ?? '', key })).statusCode).toBe(404)
    expect((await post(undefined, '/mail-keys', { address: contact, key })).headers.location).toMatch(
      /^\/sign-in/,
    )
    expect((await post(adam, '/mail-keys', { address: contact.toUpperCase(), key })).statusCode).toBe(303)
    const { rows } = await db.engine.query(
      'select person_id, address, detail->>\'as\' as "as" from deliveries',
    )
    expect(rows).toEqual([{ person_id: null, address: contact, as: 'contact' }])
  })

  it('says what is wrong with a key and how to put it right, and shows a private one to nobody again', async () => {
    const refused = await post(jana, '/mail-keys', { address: jana?.email ?? '', key: 'můj klíč' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Tady není veřejný klíč OpenPGP')
    expect(refused.body).toContain('můj klíč</textarea>')
    const secret = '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQdGBGx\n-----END PGP PRIVATE KEY BLOCK-----'
    const leaked = await post(jana, '/mail-keys', { address: jana?.email ?? '', key: secret })
    expect(leaked.statusCode).toBe(422)
    expect(leaked.body).toContain('Vložili jste soukromý klíč')
    expect(leaked.body).not.toContain('lQdGBGx')
    expect(
      (await post(jana, '/mail-keys', { address: jana?.email ?? '', key: 'x'.repeat(100_000) })).statusCode,
    ).toBe(422)
    expect(
      (await post(jana, '/mail-keys', { address: jana?.email ?? '', key: 'x'.repeat(1_000_000) })).statusCode,
    ).toBe(413)
    expect(await states()).toEqual([])
  })

  it('lets its keeper or a coordinator take it away, tells the address, and hides it from strangers', async () => {
    const give = async (): Promise<number> => {
      await post(jana, '/mail-keys', { address: jana?.email ?? '', key })
      await post(undefined, await linkOf())
      await db.engine.query('delete from deliveries')
      const { rows } = await db.engine.query<{ id: number }>('select id from mail_keys')
      return rows[0]?.id ?? 0
    }
    const id = await give()
    expect((await get(karel)).body).toContain(jana?.email)
    expect((await get(pavel)).body).not.toContain(jana?.email)
    expect((await post(pavel, `/mail-keys/${id}/removal`)).statusCode).toBe(404)
    expect((await post(adam, `/mail-keys/${id}/removal`)).statusCode).toBe(403)
    expect((await post(undefined, `/mail-keys/${id}/removal`)).headers.location).toMatch(/^\/sign-in/)
    expect((await post(jana, `/mail-keys/${id}/removal`)).headers.location).toBe('/mail-keys?done=removed')
    expect(await states()).toEqual([])
    const { rows } = await db.engine.query(`select address, detail->>'template' as template from deliveries`)
    expect(rows).toEqual([{ address: jana?.email, template: 'mail-key-removed' }])
    expect((await post(karel, `/mail-keys/${await give()}/removal`)).statusCode).toBe(303)
  })

  it('a revocation given later ends the use of the very key, and no mail is encrypted to it any more', async () => {
    const made = await generateKey({
      type: 'ecc',
      curve: 'curve25519Legacy',
      userIDs: [{ name: 'Jana' }],
      date: new Date(tuesday - 1000),
      format: 'armored',
    })
    await post(jana, '/mail-keys', { address: jana?.email ?? '', key: made.publicKey })
    await post(undefined, await linkOf())
    const { publicKey } = await revokeKey({
      key: await readKey({ armoredKey: made.publicKey }),
      revocationCertificate: made.revocationCertificate,
      format: 'armored',
    })
    expect((await post(adam, '/mail-keys', { address: adam?.email ?? '', key: publicKey })).statusCode).toBe(
      422,
    )
    const kept = async () => {
      const { rows } = await db.engine.query<{ key: string }>('select public_key as key from mail_keys')
      return usable(rows[0]?.key ?? '', tuesday)
    }
    expect(await kept()).not.toBeNull()
    const answer = await post(jana, '/mail-keys', { address: jana?.email ?? '', key: publicKey })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('Klíč je odvolaný')
    expect(await kept()).toBeNull()
    expect((await get(jana)).body).toContain('Tímto klíčem už nejde šifrovat')
  })

  it('is pointed to on the first page when a key cannot be used', async () => {
    expect((await get(karel, '/')).body).not.toContain('href="/mail-keys"')
    await post(jana, '/mail-keys', { address: jana?.email ?? '', key })
    await post(undefined, await linkOf())
    await db.engine.query('update mail_keys set expires_at = $1', [new Date(tuesday - 1)])
    for (const by of [jana, karel]) expect((await get(by, '/')).body).toContain('href="/mail-keys"')
    expect((await get(pavel, '/')).body).not.toContain('href="/mail-keys"')
  })

  it("gives the installation's own keys to anybody, the earlier one too, and never a private half", async () => {
    const by = await addPerson(db, 'Olga Operátorka', [['operator', null]])
    const first = await signingKey(db.engine, context.settings, tuesday)
    const second = await rotateSigningKey(context.db, context.settings, { distrust: false }, by, tuesday)
    for (const { fingerprint, publicKey } of [first, second]) {
      const answer = await get(undefined, `/openpgp/${fingerprint}.asc`)
      expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
        200,
        'application/pgp-keys',
        publicKey,
      ])
      expect(answer.body).toContain('BEGIN PGP PUBLIC KEY BLOCK')
    }
    expect((await get(jana)).body).toContain(`href="/openpgp/${second.fingerprint}.asc"`)
    await rotateSigningKey(context.db, context.settings, { distrust: true }, by, tuesday)
    expect((await get(undefined, `/openpgp/${second.fingerprint}.asc`)).statusCode).toBe(404)
    expect((await get(undefined, `/openpgp/${'0'.repeat(40)}.asc`)).statusCode).toBe(404)
  })
})
