import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, type Net, net4, net6, parseNet } from './address.ts'
import { buildMatcher, buildTimeline } from './ranges.ts'

interface Record {
  net: Net
  value: string
}

function net(text: string): Net {
  const parsed = parseNet(text)
  if (!parsed) throw new Error(`no address: ${text}`)
  return parsed
}
const of = (...texts: string[]): Record[] => texts.map((text) => ({ net: net(text), value: text }))
const size = ({ lo, hi }: Net) => BigInt(hi) - BigInt(lo)

/** The definition itself: every record that contains the net, of these the smallest. */
function naive(records: Record[], wanted: Net): string[] {
  const holders = records.filter((record) => contains(record.net, wanted))
  const least = holders.map((record) => size(record.net)).reduce((a, b) => (a < b ? a : b), 2n ** 200n)
  return holders.filter((record) => size(record.net) === least).map((record) => record.value)
}

// A small space, so that random nets nest, cross and repeat.
const base = 0xc000_0200
const small4 = fc
  .tuple(fc.nat(120), fc.oneof(fc.constant(0), fc.nat(60)))
  .map(([lo, more]) => net4(base + lo, base + lo + more))
const base6 = 0x2001_0db8n << 96n
const small6 = fc
  .tuple(fc.nat(120), fc.oneof(fc.constant(0), fc.nat(60)))
  .map(([lo, more]) => net6(base6 + BigInt(lo), base6 + BigInt(lo + more)))
const anyNet = fc.oneof(small4, small6)
const registers = fc
  .array(anyNet, { maxLength: 24 })
  .map((nets) => nets.map((each, i): Record => ({ net: each, value: `${i} ${each.text}` })))

describe('who owns an address', () => {
  it('gives the clinic its /24 inside the region', () => {
    const matcher = buildMatcher(of('192.0.0.0/16', '192.0.2.0/24', '192.0.2.64/26'))
    expect(matcher.match(net('192.0.2.70'))).toEqual(['192.0.2.64/26'])
    expect(matcher.match(net('192.0.2.7'))).toEqual(['192.0.2.0/24'])
    expect(matcher.match(net('192.0.9.9'))).toEqual(['192.0.0.0/16'])
    expect(matcher.match(net('198.51.100.1'))).toEqual([])
  })

  it('names all records of one prefix', () => {
    const matcher = buildMatcher([
      { net: net('192.0.2.0/24'), value: 'owner' },
      { net: net('192.0.2.0/24'), value: 'provider' },
    ])
    expect(matcher.match(net('192.0.2.5'))).toEqual(['owner', 'provider'])
  })

  it('gives a range to the record that holds all of it, and lists all it touches', () => {
    const matcher = buildMatcher(of('192.0.2.0/25', '192.0.2.128/25', '2001:db8::/48'))
    expect(matcher.match(net('192.0.2.10-192.0.2.20'))).toEqual(['192.0.2.0/25'])
    expect(matcher.match(net('192.0.2.100-192.0.2.200'))).toEqual([])
    expect(matcher.overlapping(net('192.0.2.100-192.0.2.200'))).toEqual(['192.0.2.0/25', '192.0.2.128/25'])
    expect(matcher.match(net('2001:db8:0:1::/64'))).toEqual(['2001:db8::/48'])
  })

  it('knows nobody in an empty register', () => {
    const matcher = buildMatcher<string>([])
    expect([matcher.match(net('192.0.2.1')), matcher.overlapping(net('::/0'))]).toEqual([[], []])
  })

  it('covers the very first and last address', () => {
    const matcher = buildMatcher(of('0.0.0.0/0', '::/0', '255.255.255.255', 'ffff::/16'))
    expect(matcher.match(net('0.0.0.0'))).toEqual(['0.0.0.0/0'])
    expect(matcher.match(net('255.255.255.255'))).toEqual(['255.255.255.255'])
    expect(matcher.match(net('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'))).toEqual(['ffff::/16'])
    expect(matcher.match(net('::'))).toEqual(['::/0'])
  })

  it('agrees with the plain definition for any register', () => {
    fc.assert(
      fc.property(registers, fc.array(anyNet, { minLength: 1, maxLength: 12 }), (records, wanted) => {
        const matcher = buildMatcher(records)
        for (const each of wanted) {
          expect([...matcher.match(each)].sort()).toEqual(naive(records, each).sort())
          const touching = records.filter(
            (r) => r.net.v === each.v && r.net.lo <= each.hi && r.net.hi >= each.lo,
          )
          expect(matcher.overlapping(each).sort()).toEqual(touching.map((r) => r.value).sort())
        }
      }),
      { numRuns: 10_000 },
    )
  })

  it('takes a register of 10,000 nested and crossing ranges', () => {
    const records: Record[] = Array.from({ length: 10_000 }, (_, i) => {
      const bits = 8 + (i % 25)
      return { net: net(`${1 + (i % 200)}.${(i * 7) % 256}.${(i * 13) % 256}.0/${bits}`), value: String(i) }
    })
    const matcher = buildMatcher(records)
    for (let i = 0; i < 200; i++) {
      const wanted = net(`${1 + (i % 220)}.${(i * 49) % 256}.${(i * 91) % 256}.${i}`)
      expect([...matcher.match(wanted)].sort()).toEqual(naive(records, wanted).sort())
    }
  })
})

describe('validity in time', () => {
  const timeline = buildTimeline([
    { net: net('192.0.0.0/16'), value: 'region', fromMs: null, toMs: null },
    { net: net('192.0.2.0/24'), value: 'clinic', fromMs: 1000, toMs: 2000 },
    { net: net('192.0.2.0/24'), value: 'its successor', fromMs: 2000, toMs: null },
  ])

  it.each([
    [999, 'region'],
    [1000, 'clinic'],
    [1999, 'clinic'],
    [2000, 'its successor'],
  ])('at %d the address belongs to the %s', (ms, owner) => {
    expect(timeline.at(ms).match(net('192.0.2.1'))).toEqual([owner])
  })

  it('builds one matcher for one period and forgets old ones', () => {
    expect(timeline.at(1200)).toBe(timeline.at(1800))
    const many = buildTimeline(
      Array.from({ length: 40 }, (_, i) => ({
        net: net(`192.0.2.${i}`),
        value: i,
        fromMs: i * 10,
        toMs: i * 10 + 10,
      })),
    )
    for (let i = 0; i < 40; i++) expect(many.at(i * 10 + 3).match(net(`192.0.2.${i}`))).toEqual([i])
    expect(many.at(3).match(net('192.0.2.0'))).toEqual([0])
  })
})
