import { describe, expect, it } from 'vitest'
import { hashPassword, isPassword, longest, weaknessOf } from './passwords.ts'

const email = 'jana.novakova@nemocnice-lipova.example'

describe('a password', () => {
  it.each([
    ['krátké1', 'short'],
    ['           ', 'short'],
    ['x'.repeat(longest + 1), 'long'],
    [email, 'email'],
    [email.toUpperCase(), 'email'],
    ['jana.novakova', 'email'],
    ['jana.novakova2026', 'email'],
    ['Nemocnice2026', 'common'],
    ['Heslo1234567!', 'common'],
    ['password1234', 'common'],
    ['123456789012', 'common'],
    ['210987654321', 'common'],
    ['aaaaaaaaaaaa', 'common'],
    ['abcabcabcabc', 'common'],
    ['qwertzuiopas', 'common'],
    ['hesloheslo12', 'common'],
  ])('%s is refused: %s', (password, weakness) => {
    expect(weaknessOf(password, email)).toBe(weakness)
  })

  it.each(['tři lípy nad potokem', 'kolo-most-sova-9', 'Zx7#pQw!m2Lk', '🌳🌳🐟🚲🎻⛵🍎🌧️🏔️🧵📎🕯️'])(
    '%s can be chosen',
    (password) => {
      expect(weaknessOf(password, email)).toBeNull()
    },
  )

  it('is kept as argon2id and recognised however its letters were typed', async () => {
    const stored = await hashPassword('žluťoučký kůň pěl')
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await isPassword(stored, 'žluťoučký kůň pěl'.normalize('NFD'))).toBe(true)
    expect(await isPassword(stored, 'žluťoučký kůň pel')).toBe(false)
    expect(await isPassword(stored, 'žluťoučký kůň pěl'.padEnd(5_000_000, 'x'))).toBe(false)
  })

  it('fits no account that has none, the empty one included', async () => {
    for (const guess of ['', 'anything at all', '\0']) expect(await isPassword(null, guess)).toBe(false)
  })

  it('is refused rather than queued without end', async () => {
    const flood = Array.from({ length: 60 }, () => isPassword(null, 'guess'))
    const settled = await Promise.allSettled(flood)
    expect(settled.filter((one) => one.status === 'rejected').length).toBe(60 - 32)
    expect(await isPassword(null, 'guess')).toBe(false)
  })
})
