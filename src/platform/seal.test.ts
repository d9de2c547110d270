import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seal, unseal } from './seal.ts'

const secret = 'a-secret-of-at-least-thirty-two-characters'

it('gives back any text under the same secret, and nothing under another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const sealed = seal(secret, text)
      expect(unseal(secret, sealed)).toBe(text)
      expect(unseal(`${secret}!`, sealed)).toBeNull()
    }),
    { numRuns: 200 },
  )
})

it('never looks the same twice and does not show the text', () => {
  const token = 'b6Jk0cQpYt3s5w8zA1d4f7h0'
  expect(seal(secret, token)).not.toBe(seal(secret, token))
  expect(Buffer.from(seal(secret, token), 'base64url').toString('latin1')).not.toContain(token)
})

it('opens nothing that was changed, cut or invented', () => {
  const sealed = seal(secret, 'token')
  const bytes = Buffer.from(sealed, 'base64url')
  for (let i = 0; i < bytes.length; i++) {
    const other = Buffer.from(bytes)
    other[i] = (other[i] ?? 0) ^ 1
    expect(unseal(secret, other.toString('base64url'))).toBeNull()
  }
  for (const invented of ['', 'x', sealed.slice(0, 20), sealed.slice(0, -2), '?'.repeat(60)]) {
    expect(unseal(secret, invented)).toBeNull()
  }
})
