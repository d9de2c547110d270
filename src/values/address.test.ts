import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contains,
  dotted,
  isPrivate,
  isSingle,
  isSpecial,
  isTooWide,
  isUncountable,
  net4,
  net6,
  parseNet,
} from './address.ts'

const runs = { numRuns: 10_000 }
const textOf = (text: string) => parseNet(text)?.text ?? null
const v4 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const v6 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })

describe('reading addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['192.0.2.1/24', '192.0.2.0/24'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.9-192.0.2.4', '192.0.2.4-192.0.2.9'],
    ['192.0.2.4-192.0.2.4', '192.0.2.4'],
    ['192.0.2.0-192.0.2.255', '192.0.2.0/24'],
    ['::', '::'],
    ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
    ['2001:DB8::00AB', '2001:db8::ab'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['2001:db8::5/32', '2001:db8::/32'],
    ['2001:db8::5/128', '2001:db8::5'],
    ['2001:db8::9-2001:db8::4', '2001:db8::4-2001:db8::9'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::ffff:192.0.2.9-::ffff:192.0.2.4', '192.0.2.4-192.0.2.9'],
    ['::/0', '::/0'],
  ])('%s is %s', (text, expected) => {
    expect(textOf(text)).toBe(expected)
  })

  it.each([
    '',
    '192.0.2',
    '192.0.2.01',
    '192.0.2.256',
    '192.0.2.1.',
    '.192.0.2.1',
    '192..2.1',
    '1.2.3.4.5',
    ' 192.0.2.1',
    '192.0.2.1/33',
    '192.0.2.1/024',
    '192.0.2.1/',
    '192.0.2.1 - 192.0.2.4',
    '192.0.2.0/24-192.0.2.9',
    '192.0.2.1-',
    '-192.0.2.1',
    '192.0.2.1-2001:db8::1',
    '2001:db8::1-192.0.2.1',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'fe80::1%eth0',
    '::/129',
    '::/048',
    '::1.2.3',
    '1.2.3.4::',
    ':1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:',
    'not an address',
    '::ffff:192.0.2.01',
    '192.0.2.1\n',
  ])('%j is no address', (text) => {
    expect(parseNet(text)).toBeNull()
  })

  it('finds every IPv4 address, prefix and range again by its own text', () => {
    fc.assert(
      fc.property(v4, v4, fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
        expect(parseNet(dotted(a))).toEqual({ v: 4, lo: a, hi: a, text: dotted(a) })
        const range = net4(Math.min(a, b), Math.max(a, b))
        expect(parseNet(range.text)).toEqual(range)
        expect(parseNet(`${dotted(b)}-${dotted(a)}`)).toEqual(range)
        const prefix = parseNet(`${dotted(a)}/${bits}`)
        expect(prefix && parseNet(prefix.text)).toEqual(prefix)
        expect(prefix && contains(prefix, net4(a, a))).toBe(true)
      }),
      runs,
    )
  })

  it('finds every IPv6 address, prefix and range again by its own text', () => {
    fc.assert(
      fc.property(v6, v6, fc.integer({ min: 0, max: 128 }), (a, b, bits) => {
        const long = a
          .toString(16)
          .padStart(32, '0')
          .replace(/(.{4})(?!$)/g, '$1:')
        expect(parseNet(long.toUpperCase())).toEqual(net6(a, a))
        const range = a < b ? net6(a, b) : net6(b, a)
        expect(parseNet(range.text)).toEqual(range)
        const prefix = parseNet(`${long}/${bits}`)
        expect(prefix && parseNet(prefix.text)).toEqual(prefix)
        expect(prefix && contains(prefix, net6(a, a))).toBe(true)
      }),
      runs,
    )
  })

  it('answers every text without throwing, and only with texts it knows again', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0123456789abcdfF.:/-% '), maxLength: 50 })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
        const net = parseNet(text)
        if (net) expect(parseNet(net.text)).toEqual(net)
      }),
      runs,
    )
  })

  it('reads a grouped IPv6 text with any run of zeros as the same number', () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    })
    fc.assert(
      fc.property(groups, (parts) => {
        const full = parts.map((part) => part.toString(16)).join(':')
        const net = parseNet(full)
        expect(net).not.toBeNull()
        expect(net && parseNet(net.text)).toEqual(net)
      }),
      runs,
    )
  })
})

describe('kinds of addresses', () => {
  const is = (question: (net: NonNullable<ReturnType<typeof parseNet>>) => boolean, text: string) => {
    const net = parseNet(text)
    return net !== null && question(net)
  }

  it.each([
    '0.0.0.0',
    '127.0.0.1',
    '127.0.0.0/8',
    '169.254.3.4',
    '224.0.0.251',
    '239.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'febf::1',
    'ff02::fb',
  ])('%s is special and never counted', (text) => {
    expect([is(isSpecial, text), is(isUncountable, text)]).toEqual([true, true])
  })

  it.each(['240.0.0.1', '255.255.255.255'])('%s matches nobody but counts', (text) => {
    expect([is(isSpecial, text), is(isUncountable, text)]).toEqual([true, false])
  })

  it.each([
    '0.0.0.1',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '223.255.255.255',
    '192.0.2.1',
    '10.0.0.1',
    '2001:db8::1',
    '::2',
    'fec0::1',
    'fe7f::1',
    '126.0.0.0-127.0.0.5',
  ])('%s is ordinary', (text) => {
    expect(is(isSpecial, text)).toBe(false)
  })

  it.each([
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0/12',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    'fc00::1',
    'fdff::1',
  ])('%s is private', (text) => {
    expect(is(isPrivate, text)).toBe(true)
  })

  it.each([
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '100.63.255.255',
    '100.128.0.0',
    'fbff::1',
    'fe00::1',
    '10.0.0.0-11.0.0.0',
  ])('%s is not private', (text) => {
    expect(is(isPrivate, text)).toBe(false)
  })

  it('calls nets wider than /16 and /32 too wide', () => {
    expect(['192.0.0.0/15', '2001::/31', '::/0'].map((text) => is(isTooWide, text))).toEqual([
      true,
      true,
      true,
    ])
    expect(['192.0.0.0/16', '2001:db8::/32', '192.0.2.1'].map((text) => is(isTooWide, text))).toEqual([
      false,
      false,
      false,
    ])
  })

  it('tells an address from a range', () => {
    expect([is(isSingle, '192.0.2.1/32'), is(isSingle, '192.0.2.0/31')]).toEqual([true, false])
  })
})
