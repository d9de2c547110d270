import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readContent } from '../../../platform/content.ts'
import { parseNet } from '../../../values/address.ts'
import { domainName, indicatorOf } from '../../../values/indicators.ts'
import { criticalServices, neverListOf } from './never.ts'

const entries = [
  { value: '198.51.100.16/28', list: 'member' as const },
  { value: 'nemocnice.example.org', list: 'member' as const },
  ...criticalServices().map(({ value }) => ({ value, list: 'critical' as const })),
]
const listsOf = (text: string, production = false): string[] => {
  const indicator = indicatorOf(text)
  if (!indicator) throw new Error(`${text} is no indicator`)
  return neverListOf({ entries, publicLists: () => [], production })
    .hits(indicator)
    .map(({ list, what }) => `${list} ${what}`)
}

describe('the never-list', () => {
  it.each([
    ['10.1.2.0/24', ['reserved 10.0.0.0/8']],
    ['198.51.100.0/24', ['member 198.51.100.16/28']],
    ['198.51.100.20', ['member 198.51.100.16/28']],
    ['198.51.100.32', []],
    ['0.1.2.3', ['reserved 0.0.0.0/8']],
    ['255.255.255.255', ['reserved 240.0.0.0/4']],
    ['100.64.0.1', ['reserved 100.64.0.0/10']],
    ['fd00::1', ['reserved fc00::/7']],
    ['::1', ['reserved ::1']],
    ['198.41.0.4', ['critical 198.41.0.4']],
    ['198.41.0.0/24', ['critical 198.41.0.4']],
    ['2001:4860:4860::8888', ['critical 2001:4860:4860::8888']],
    ['http://198.51.100.20/x', ['member 198.51.100.16/28']],
    ['www.nemocnice.example.org', ['member nemocnice.example.org']],
    ['example.org', ['member nemocnice.example.org']],
    ['notnemocnice.example.org', []],
    ['https://nemocnice.example.org/x', ['member nemocnice.example.org']],
    ['https://example.org/x', []],
    ['erecept.sukl.cz', ['critical sukl.cz']],
    ['printer.local', ['reserved printer.local']],
    ['ab'.repeat(32), []],
  ])('%s meets %j', (text, expected) => {
    expect(listsOf(text)).toEqual(expected)
  })

  it('holds ranges for examples in production alone', () => {
    expect(listsOf('203.0.113.7')).toEqual([])
    expect(listsOf('203.0.113.7', true)).toEqual(['documentation 203.0.113.0/24'])
    expect(listsOf('192.0.0.0/16', true)).toContain('documentation 192.0.2.0/24')
  })

  it('refuses whatever touches a range of it, from inside and from outside', () => {
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(address, fc.integer({ min: 16, max: 32 }), (lo, bits) => {
        const net = parseNet(`${[24, 16, 8, 0].map((shift) => (lo >>> shift) & 255).join('.')}/${bits}`)
        const own = parseNet('198.51.100.16/28')
        if (net?.v !== 4 || own?.v !== 4) return
        const touches = net.lo <= own.hi && own.lo <= net.hi
        expect(listsOf(net.text).includes('member 198.51.100.16/28')).toBe(touches)
      }),
    )
  })

  it('comes with entries that each have a reason and a source', () => {
    const entry = z.strictObject({
      value: z.string(),
      reason: z.strictObject({ cs: z.string().min(5), en: z.string().min(5) }),
      source: z.url({ protocol: /^https$/ }),
    })
    const shape = z.strictObject({
      version: z.int(),
      about: z.string(),
      groups: z.record(z.string(), z.array(entry).min(1)),
    })
    shape.parse(readContent('never-list.json'))
    for (const { value } of criticalServices())
      expect([value, parseNet(value)?.text ?? domainName(value)]).toEqual([value, value])
  })
})
