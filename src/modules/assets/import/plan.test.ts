import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asset, type AssetValues, blank } from '../asset.ts'
import type { Given } from '../understand.ts'
import type { Line } from './line.ts'
import { type Decision, freshValues, plan, together } from './plan.ts'

const line = (at: number, given: Given, id: number | null = null): Line => ({
  ...{ line: at, id, given, fresh: { kind: 'medical' }, what: given.product ?? '' },
})
const asset = (id: number, values: Partial<AssetValues>): Asset => ({
  ...{ ...blank, kind: 'medical', ...values, id, org: 1, source: 'table' },
  ...{ createdAt: 0, changedAt: 0, removedAt: null },
})
const kindsOf = (lines: Line[], assets: Asset[], said: [number, Decision][] = []) =>
  plan(lines, assets, new Map(said)).map((one) => [one.kind, one.why, one.decided])

const mx800 = { vendor: 'Philips', product: 'IntelliVue MX800', version: 'C.03', department: 'JIP' }

describe('lines of a file beside the inventory', () => {
  it('new ones are added, those that stand there already are left as they are', () => {
    expect(kindsOf([line(2, mx800), line(3, { product: 'Jiné' })], [asset(1, mx800)])).toEqual([
      ['same', 'identity', 'skip'],
      ['new', 'none', 'add'],
    ])
  })

  it('messy spellings of one thing are one thing, and nothing is changed without a word', () => {
    const messy = { ...mx800, vendor: 'PHILIPS, s.r.o.', product: 'Intellivue  MX800' }
    const [one] = plan([line(2, messy)], [asset(1, mx800)], new Map())
    expect([one?.kind, one?.why, one?.decided, one?.fields]).toEqual([
      'changed',
      'identity',
      null,
      ['vendor', 'product'],
    ])
  })

  it('a maker under its other names and misspelt is the same, which is proposed and never done unasked', () => {
    const named = (at: number, vendor: string) =>
      line(at, { vendor, product: 'IntelliVue MX800', version: 'B.06', quantity: '3', department: 'JIP' })
    const known = asset(1, { ...mx800, vendor: 'Philips', version: 'B.06', quantity: 2 })
    expect(kindsOf([named(2, 'Phillips'), named(3, 'PHILIPS Healthcare')], [known])).toEqual([
      ['changed', 'identity', null],
      ['double', 'identity', null],
    ])
    expect(kindsOf([named(2, 'Phillips'), named(3, 'PHILIPS Healthcare'), named(4, 'Mindray')], [])).toEqual([
      ['new', 'none', 'add'],
      ['double', 'identity', null],
      ['new', 'none', 'add'],
    ])
    expect(kindsOf([line(2, { ...mx800, vendor: '' })], [asset(1, mx800)])).toEqual([['new', 'none', 'add']])
  })

  it('ten thousand makers of one product are compared in a bounded way', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) =>
      line(i + 2, { ...mx800, vendor: `Výrobce${i}x${i}` }),
    )
    expect(plan(lines, [], new Map())).toHaveLength(10_000)
  })

  it('the same serial number is the same piece, under whatever name', () => {
    const known = asset(1, { ...mx800, serials: ['DE-1234 A'] })
    expect(kindsOf([line(2, { product: 'Monitor', serials: 'de1234a' })], [known])).toEqual([
      ['changed', 'serial', null],
    ])
  })

  it('another version of the only such thing there is a question, of several it is a new one', () => {
    const newer = line(2, { ...mx800, version: 'D.01' })
    expect(kindsOf([newer], [asset(1, mx800)])).toEqual([['version', 'product', null]])
    const two = [asset(1, mx800), asset(2, { ...mx800, version: 'B.02' })]
    expect(kindsOf([newer], two)).toEqual([['new', 'none', 'add']])
    // The old one is still in the file: the newer one is another.
    expect(kindsOf([line(2, mx800), line(3, { ...mx800, version: 'D.01' })], [asset(1, mx800)])).toEqual([
      ['same', 'identity', 'skip'],
      ['new', 'none', 'add'],
    ])
  })

  it('a line that repeats another is asked about', () => {
    expect(kindsOf([line(2, mx800), line(3, { ...mx800, quantity: '4' })], [])).toEqual([
      ['new', 'none', 'add'],
      ['double', 'identity', null],
    ])
  })

  it('a number that is none of the inventory is asked about, one that is means that item', () => {
    const given = { ...mx800, product: 'MX850' }
    expect(kindsOf([line(2, given, 9), line(3, given, 1)], [asset(1, mx800)])).toEqual([
      ['stranger', 'number', null],
      ['changed', 'number', null],
    ])
  })

  it('an empty cell says nothing, a cleared one clears', () => {
    const known = asset(1, { ...mx800, zone: 'VLAN 40', owner: 'OZT' })
    const [one] = plan([line(2, { ...mx800, zone: '' })], [known], new Map())
    expect([one?.fields, one?.values.owner]).toEqual([['zone'], 'OZT'])
  })

  it('equal twins in the inventory are taken one by one', () => {
    const twins = [asset(1, mx800), asset(2, mx800)]
    expect(kindsOf([line(2, mx800), line(3, mx800)], twins)).toEqual([
      ['same', 'identity', 'skip'],
      ['same', 'identity', 'skip'],
    ])
  })

  it('lines that were merged the first time change nothing the second time', () => {
    const file = [
      line(2, { ...mx800, quantity: '2', serials: 'A, B' }),
      line(3, { ...mx800, quantity: '3', serials: 'B, C' }),
    ]
    const sum = together(freshValues(file[0] as Line), freshValues(file[1] as Line))
    expect([sum.quantity, sum.serials]).toEqual([4, ['A', 'B', 'C']])
    expect(kindsOf(file, [asset(1, sum)]).map(([kind]) => kind)).toEqual(['same', 'same'])
  })

  it('a decision that a line does not offer counts for nothing', () => {
    expect(kindsOf([line(2, mx800)], [], [[2, 'merge']])).toEqual([['new', 'none', 'add']])
    expect(kindsOf([line(2, mx800)], [], [[2, 'skip']])).toEqual([['new', 'none', 'skip']])
  })

  it('whatever a file holds, what was added is there the next time', () => {
    const given = fc.record({
      vendor: fc.constantFrom('Philips', 'PHILIPS', 'BD'),
      product: fc.constantFrom('A', 'B', 'a'),
      version: fc.constantFrom('1', '2', ''),
      department: fc.constantFrom('', 'JIP'),
    })
    fc.assert(
      fc.property(fc.uniqueArray(given, { maxLength: 12, selector: (one) => JSON.stringify(one) }), (all) => {
        const file = all.map((one, at) => line(at + 2, one))
        const assets = file.map((one, at) => asset(at + 1, freshValues(one)))
        for (const one of plan(file, assets, new Map())) expect(one.kind).toBe('same')
      }),
    )
  })
})
