import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { projectRoot } from './content.ts'
import { keyIdIn, keyIdOf, seal, unseal } from './seal.ts'

const secret = 'a-secret-of-at-least-thirty-two-characters'
const later = 'a-later-secret-of-at-least-32-characters'

it('gives back any text under the same secret, and nothing under another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const sealed = seal(secret, text)
      expect(unseal(secret, sealed)).toBe(text)
      expect(unseal(`${secret}!`, sealed)).toBeNull()
      expect(unseal({ secret: later, earlierSecrets: [secret] }, sealed)).toBe(text)
      expect(unseal({ secret: later, earlierSecrets: [] }, sealed)).toBeNull()
    }),
    { numRuns: 200 },
  )
})

it('never looks the same twice and does not show the text', () => {
  const token = 'b6Jk0cQpYt3s5w8zA1d4f7h0'
  expect(seal(secret, token)).not.toBe(seal(secret, token))
  expect(Buffer.from(seal(secret, token), 'base64url').toString('latin1')).not.toContain(token)
})

it('says under which secret, and that says nothing of the secret', () => {
  expect(keyIdIn(seal(secret, 'token'))).toBe(keyIdOf(secret))
  expect(keyIdOf(secret)).toMatch(/^[\w-]{8}$/)
  expect(keyIdOf(later)).not.toBe(keyIdOf(secret))
})

it('opens what was sealed before secrets had names, under any of those given', () => {
  const nameless = seal(secret, 'token').slice(9)
  expect(keyIdIn(nameless)).toBeNull()
  expect(unseal(secret, nameless)).toBe('token')
  expect(unseal({ secret: later, earlierSecrets: ['x', secret] }, nameless)).toBe('token')
  expect(unseal(later, nameless)).toBeNull()
})

it('opens nothing that was changed, cut or invented', () => {
  const sealed = seal(secret, 'token')
  const name = `${keyIdOf(secret)}.`
  const bytes = Buffer.from(sealed.slice(name.length), 'base64url')
  for (let i = 0; i < bytes.length; i++) {
    const other = Buffer.from(bytes)
    other[i] = (other[i] ?? 0) ^ 1
    expect(unseal(secret, name + other.toString('base64url'))).toBeNull()
  }
  for (const invented of ['', 'x', '.', name, sealed.slice(0, 20), sealed.slice(0, -2), '?'.repeat(60)]) {
    expect(unseal(secret, invented)).toBeNull()
  }
})

it('is opened everywhere with the earlier secrets too', () => {
  const files = readdirSync(path.join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
  const forgetful = files
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
    .filter((file) =>
      /\b(unseal|readToken|isChallenge|useCode|takeCode|byCode)\(\s*[^,()]*\.secret\b/.test(
        readFileSync(path.join(projectRoot, 'src', file), 'utf8'),
      ),
    )
  expect(forgetful, 'give it the settings, not the present secret alone').toEqual([])
})
