import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkOf, oddityOf, readable, readValue } from './values.ts'
import { type Channel, channels } from './words.ts'

describe('a telephone number', () => {
  it.each([
    ['555 010 000', '+420555010000', '+420 555 010 000'],
    ['+420 555 010 000', '+420555010000', '+420 555 010 000'],
    ['00420555010000', '+420555010000', '+420 555 010 000'],
    ['+420 (555) 010-000', '+420555010000', '+420 555 010 000'],
    ['555 010 000 linka 12', '+420555010000;ext=12', '+420 555 010 000 / 12'],
    ['555 010 000 ext. 12', '+420555010000;ext=12', '+420 555 010 000 / 12'],
    ['+421 2 5555 0000', '+421255550000', '+421 2 555 500 00'],
  ])('%s is kept as %s', (written, kept, shown) => {
    const value = readValue('phone', written)
    expect(value).toBe(kept)
    if (value) expect(readable('phone', value)).toBe(shown)
  })
  it.each([
    '',
    '112 nebo 155',
    '12',
    'dispečink',
    '5550100001234567',
    '+999 1234567',
    '555010000\n555010001',
  ])('%j is none', (written) => expect(readValue('phone', written)).toBeNull())
  it('opens the telephone, or a message', () => {
    expect(linkOf('phone', '+420555010000;ext=12')).toBe('tel:+420555010000;ext=12')
    expect(linkOf('sms', '+420555010000')).toBe('sms:+420555010000')
    expect(linkOf('other', 'Signal: dispečink')).toBeNull()
  })
})

describe('an address', () => {
  it('is kept with its domain lowered', () => {
    expect(readValue('mail', ' Dispecink@Nemocnice-Lipova.EXAMPLE ')).toBe(
      'Dispecink@nemocnice-lipova.example',
    )
    expect(linkOf('mail', 'a?cc=b@x.example')).toBe('mailto:a%3Fcc%3Db@x.example')
  })
  it.each([
    '',
    'bez zavináče',
    'a@b',
    'a@b@c.example',
    'a b@c.example',
    `${'a'.repeat(250)}@c.example`,
    'a@c.example\r\nBcc: x@y.example',
  ])('%j is none', (written) => expect(readValue('mail', written)).toBeNull())
  const own = ['nemocnice-lipova.example']
  it.each([
    // The first letter is Cyrillic.
    ['аdmin@nemocnice-lipova.example', 'letters'],
    ['it@nemocnice-lipovа.example', 'letters'],
    ['it@nemocnice-lipova.example', null],
    ['it@oddeleni.nemocnice-lipova.example', null],
    ['it@nemocnice-lipava.example', 'near'],
    ['it@nemocnicelipova.example', 'near'],
    ['jan.novak@jinde.example', null],
  ])('%s is odd as %s', (written, oddity) => {
    const value = readValue('mail', written)
    expect(value).not.toBeNull()
    expect(oddityOf('mail', value ?? '', own)).toBe(oddity)
  })
})

it('another channel is one line of text that a person understands', () => {
  expect(readValue('other', ' Matra:   kanál 3 ')).toBe('Matra: kanál 3')
  expect(readValue('other', 'a\u202eb')).toBeNull()
  expect(readValue('other', 'x'.repeat(201))).toBeNull()
})

it('whatever is written, what is kept is short, one line, reads back the same and can be shown', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Channel>(...channels),
      fc.string({ unit: 'binary', maxLength: 300 }),
      (channel, written) => {
        const value = readValue(channel, written)
        if (value === null) return
        expect(value.length).toBeLessThanOrEqual(254)
        expect(value).not.toMatch(/[\r\n\0]/)
        expect(readValue(channel, value)).toBe(value)
        expect(readable(channel, value)).not.toBe('')
      },
    ),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 3, maxLength: 16 }), (digits) => {
      const value = readValue('phone', digits.join(''))
      if (value !== null)
        expect([readValue('phone', value), readValue('phone', readable('phone', value))]).toEqual([
          value,
          value,
        ])
    }),
  )
})
