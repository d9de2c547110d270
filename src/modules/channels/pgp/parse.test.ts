import { enums, generateKey, revokeKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { Invalid } from '../../../platform/errors.ts'
import { type KeyFault, readPublicKey, usable } from './parse.ts'

const day = 86_400_000
const made = async (more: object = {}) =>
  generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'Jana', email: 'jana@nemocnice.example' }],
    date: new Date(tuesday),
    format: 'armored',
    ...more,
  } as Parameters<typeof generateKey>[0] & { format: 'armored' })

const faultOf = async (text: string, now = tuesday + day): Promise<KeyFault | null> =>
  readPublicKey(text, now).then(
    () => null,
    (error: unknown) => {
      if (error instanceof Invalid) return error.fields.key as KeyFault // the code of the field
      throw error
    },
  )

describe('a key that somebody pastes', () => {
  it('is taken with its fingerprint and its end', async () => {
    const { publicKey } = await made({ keyExpirationTime: 100 * (day / 1000) })
    const key = await readPublicKey(`\n  ${publicKey}\n`, tuesday + day)
    expect(key.fingerprint).toMatch(/^[0-9A-F]{40}$/)
    expect(key.expiresAt).toBe(tuesday + 100 * day)
    const endless = await readPublicKey((await made()).publicKey, tuesday + day)
    expect(endless.expiresAt).toBeNull()
    expect(await usable(endless.armored, tuesday + 10_000 * day)).not.toBeNull()
    expect(await usable(key.armored, tuesday + 99 * day)).not.toBeNull()
    expect(await usable(key.armored, tuesday + 101 * day)).toBeNull()
  })

  it('is refused when it is private, and nothing of it is kept', async () => {
    const { privateKey, publicKey } = await made()
    expect(await faultOf(privateKey)).toBe('private')
    expect(await faultOf(`${publicKey}\n${privateKey}`)).toBe('private')
    expect(await faultOf(privateKey.replaceAll('PRIVATE KEY BLOCK', 'PUBLIC KEY BLOCK'))).toBe('private')
    expect(await faultOf('-----BEGIN OPENSSH PRIVATE KEY-----\nx')).toBe('private')
  })

  it('is refused when it is none, broken, half, or several', async () => {
    const { publicKey } = await made()
    expect(await faultOf('  ')).toBe('empty')
    expect(await faultOf('můj klíč')).toBe('none')
    expect(await faultOf(publicKey.slice(0, 300))).toBe('broken')
    expect(await faultOf(publicKey.replace(/^[\w+/=]{20}/m, 'A'.repeat(20)))).toBe('broken')
    expect(
      await faultOf('-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n\u0000\n-----END PGP PUBLIC KEY BLOCK-----'),
    ).toBe('broken')
    expect(await faultOf(`${publicKey}\n${(await made()).publicKey}`)).toBe('several')
  })

  it('is refused when it is huge or has a thousand names, before anything costs', async () => {
    const { publicKey } = await made()
    expect(await faultOf(publicKey + 'A'.repeat(70_000))).toBe('large')
    expect(await faultOf('-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n'.repeat(2_000))).toBe('large')
    const many = Array.from({ length: 40 }, (_, n) => ({ name: `Jana ${n}` }))
    expect(await faultOf((await made({ userIDs: many })).publicKey)).toBe('users')
    expect(await faultOf((await made({ subkeys: Array.from({ length: 12 }, () => ({})) })).publicKey)).toBe(
      'subkeys',
    )
  })

  it('is refused when it has expired, was revoked, or cannot encrypt', async () => {
    expect(await faultOf((await made({ keyExpirationTime: 3600 })).publicKey)).toBe('expired')
    expect(await faultOf((await made({ subkeys: [{ keyExpirationTime: 3600 }] })).publicKey)).toBe('expired')
    expect(await faultOf((await made({ subkeys: [] })).publicKey)).toBe('unfit')
    expect(await faultOf((await made({ subkeys: [{ sign: true }] })).publicKey)).toBe('unfit')
    const { privateKey } = await made({ format: 'object' })
    const revoked = await revokeKey({
      key: privateKey as never, // made as an object above
      reasonForRevocation: { flag: enums.reasonForRevocation.keyCompromised },
      date: new Date(tuesday + 1000),
      format: 'armored',
    })
    expect(await faultOf(revoked.publicKey)).toBe('revoked')
  })

  it('is refused when its algorithm no longer holds', async () => {
    const small = await made({ type: 'rsa', rsaBits: 1024, config: { minRSABits: 1024 } })
    expect(await faultOf(small.publicKey)).toBe('weak')
  })
})
