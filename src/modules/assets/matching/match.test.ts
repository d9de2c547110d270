/** What the matcher says of single pairs, and that nothing which people type or advisories hold upsets it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AffectedProduct, ProductName } from '../../../values/product.ts'
import { dictionary } from './dictionary.ts'
import { keysOf, keysOfAffected } from './keys.ts'
import { likely, matchOf } from './match.ts'
import { fold } from './text.ts'

const asset = (vendor: string, product: string, version: string | null = null, more = {}): ProductName => ({
  ...{ vendor, product, version, cpe: null, purl: null },
  ...more,
})
const affected = (vendor: string, product: string, versions = 'vers:all/*', more = {}): AffectedProduct => ({
  ...{ vendor, product, versions, cpe: null, purl: null },
  ...more,
})
const sure = (one: ProductName, other: AffectedProduct): number => matchOf(one, other)?.sure ?? 0

const monitor = affected('Philips', 'IntelliVue MX40 Patient Worn Monitor (WLAN only)', '< B.06.18')

describe('a match says why', () => {
  it('vendor, words, model and version', () => {
    expect(matchOf(asset('Phillips', 'Intellivue MX-40', 'B.05'), monitor)?.why).toEqual([
      { about: 'vendor', how: 'alias', asset: 'Phillips', affected: 'Philips' },
      { about: 'words', words: ['intellivue', 'mx40'] },
      { about: 'model', words: ['mx40'] },
      { about: 'version', how: 'inside', asset: 'B.05', affected: '< B.06.18' },
    ])
  })
  it('and is less sure of a version that is not known', () => {
    const known = sure(asset('Philips', 'IntelliVue MX40', 'B.05'), monitor)
    const unknown = sure(asset('Philips', 'IntelliVue MX40'), monitor)
    expect(unknown).toBeLessThan(known)
    expect(unknown).toBeGreaterThanOrEqual(likely)
  })
  it('of a maker that is spelt wrong, less than of a known other name', () => {
    const product = affected('Spacelabs', 'Xhibit Telemetry Receiver (XTR) Model number 96280')
    const misspelt = matchOf(asset('Spacelasb', 'Xhibit XTR 96280'), product)
    expect(misspelt?.why[0]).toMatchObject({ how: 'alike' })
    expect(misspelt?.sure).toBeGreaterThanOrEqual(likely)
  })
})

describe('a name is found', () => {
  const cases: [ProductName, AffectedProduct][] = [
    [asset('Cisco', 'ASA 5506'), affected('Cisco', 'Adaptive Security Appliance (ASA)', '')],
    [asset('Microsoft', 'Windows Server 2016'), affected('Microsoft', 'Windows', '')],
    [asset('Microsoft', 'Windows XP', 'SP3'), affected('Microsoft', 'Windows XP', '')],
    [
      asset('Philips', 'Pacientský monitor MX 550', 'M.1'),
      affected('Philips', 'IntelliVue patient monitor MX400-MX850', '<=N'),
    ],
    [asset('GE', 'LOGIQ E9'), affected('GE Healthcare', 'LOGIQ, not including LOGIQ 100 Pro')],
    [asset('Rockwell', 'Micro 870'), affected('Rockwell Automation', 'PLC - Micro850/870')],
  ]
  for (const [one, other] of cases)
    it(`${one.product} in ${other.product}`, () => expect(sure(one, other)).toBeGreaterThanOrEqual(likely))
  const others: [ProductName, AffectedProduct][] = [
    [asset('Microsoft', 'Windows Server 2016'), affected('Microsoft', 'Windows Server 2012 R2', '')],
    [asset('Microsoft', 'Windows 10'), affected('Microsoft', 'Windows 7', '')],
    [
      asset('Philips', 'IntelliVue MX900'),
      affected('Philips', 'IntelliVue patient monitor MX400-MX850', '<=N'),
    ],
    [asset('GE', 'LOGIQ 100 Pro'), affected('GE Healthcare', 'LOGIQ, not including LOGIQ 100 Pro')],
    [asset('Spacelabs', 'Windows XP'), affected('Microsoft', 'Windows', '')],
  ]
  for (const [one, other] of others)
    it(`${one.product} of ${one.vendor} not in ${other.product}`, () =>
      expect(sure(one, other)).toBeLessThan(likely))
})

describe('there is no match', () => {
  it('with the mended version', () =>
    expect(matchOf(asset('Philips', 'IntelliVue MX40', 'B.06.18'), monitor)).toBeNull())
  it('with another model', () =>
    expect(sure(asset('Philips', 'IntelliVue MX450', 'B.05'), monitor)).toBeLessThan(likely))
  it('between another maker and a name of plain words', () =>
    expect(
      sure(asset('Epic', 'Patient Portal'), affected('LifePoint Informatics', 'Patient Portal')),
    ).toBeLessThan(likely))

  const nameless = [
    '',
    '*',
    '*:*',
    '-',
    'System',
    'Systems',
    'all products',
    'Server',
    'software',
    'Version',
    '?',
    '%',
    'vers:all/*',
  ]
  const owned = [
    asset('Philips', 'IntelliVue MX40'),
    asset('Siemens', 'Systém'),
    asset('Philips', 'Server'),
    asset('', ''),
    asset('*', '*'),
    asset('Philips', 'Monitor', null, { cpe: 'cpe:2.3:*:*:*:*:*:*:*:*:*:*:*' }),
    asset('Philips', 'Informační systém EPIQ'),
  ]
  for (const product of nameless)
    it(`for a product that would match everything: "${product}"`, () => {
      for (const vendor of ['', '*', 'Siemens Healthineers AG']) {
        const all = affected(vendor, product, '*', { cpe: 'cpe:2.3:a:*:*:*:*:*:*:*:*:*:*' })
        const matched = owned.filter((one) => sure(one, all) >= likely)
        // "System" of Siemens is what the hospital itself wrote for something of Siemens, and nothing else.
        expect(
          matched.filter(({ vendor: own }) => own !== 'Siemens' || !vendor.startsWith('Siemens')),
        ).toEqual([])
      }
    })
})

describe('identifiers', () => {
  const cpe = 'cpe:2.3:a:offis:dcmtk:*:*:*:*:*:*:*:*'
  it('tell the product whatever the names say', () => {
    const match = matchOf(
      asset('', 'dicom nástroje', null, { cpe: 'cpe:2.3:a:offis:dcmtk:3.6.5:*:*:*:*:*:*:*' }),
      affected('OFFIS', 'DCMTK', '< 3.6.7', { cpe }),
    )
    expect(match).toMatchObject({ sure: 1, why: [{ about: 'identifier', kind: 'cpe' }, { how: 'inside' }] })
  })
  it('in the older form too, and their version counts', () => {
    const mended = asset('', 'x', null, { cpe: 'cpe:/a:offis:dcmtk:3.6.7' })
    expect(matchOf(mended, affected('OFFIS', 'DCMTK', '< 3.6.7', { cpe }))).toBeNull()
  })
  it('of packages', () => {
    const owned = asset('', 'left pad', null, { purl: 'pkg:npm/%40scope/left-pad@1.0.0' })
    const said = affected('npm', 'left-pad', 'vers:npm/<1.1.0', { purl: 'pkg:npm/@scope/left-pad' })
    expect(matchOf(owned, said)).toMatchObject({ sure: 1, why: [{ kind: 'purl' }, { how: 'inside' }] })
    expect(matchOf({ ...owned, purl: 'pkg:npm/%40scope/left-pad@1.1.0' }, said)).toBeNull()
  })
})

const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('Philips', 'MX40', '<= 2.3', '('),
)
const anyAsset = fc.record({
  vendor: text,
  product: text,
  version: fc.option(text),
  cpe: fc.option(text.map((part) => `cpe:2.3:a:${part}:${part}`)),
  purl: fc.option(text.map((part) => `pkg:npm/${part}`)),
})
const anyAffected = fc.record({
  vendor: text,
  product: text,
  versions: text,
  cpe: fc.option(text.map((part) => `cpe:/a:${part}:${part}`)),
  purl: fc.option(text.map((part) => `pkg:npm/${part}`)),
})

describe('whatever stands there', () => {
  it('is compared without throwing, as sure as 0 to 1, and found by its keys', () => {
    fc.assert(
      fc.property(anyAsset, anyAffected, (one, other) => {
        const found = sure(one, other)
        expect(found >= 0 && found <= 1).toBe(true)
        const keys = new Set(keysOf(one).productKeys)
        if (found >= likely) expect(keysOfAffected(other).some((key) => keys.has(key))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('case, accents and blanks change nothing', () => {
    const words = fc.array(
      fc.constantFrom(
        'Philips',
        'Dräger',
        'infuzní',
        'pumpa',
        'IntelliVue',
        'MX40',
        'B.Braun',
        'Space',
        'čtečka',
      ),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    const changes: ((said: string) => string)[] = [
      (said) => said.toUpperCase(),
      (said) => said.toLowerCase(),
      (said) => said.normalize('NFD').replace(/\p{M}/gu, ''),
      (said) => said.normalize('NFD'),
      (said) => `  ${said.replaceAll(' ', ' \u00a0\t ')}\n`,
    ]
    fc.assert(
      fc.property(words, words, words, fc.constantFrom(...changes), (vendor, product, other, change) => {
        const one = asset(vendor.join(' '), product.join(' '), '2.1')
        const said = affected('Philips', other.join(' '), '<= 2.1')
        expect(sure({ ...one, vendor: change(one.vendor), product: change(one.product) }, said)).toBe(
          sure(one, said),
        )
        expect(sure(one, { ...said, vendor: change(said.vendor), product: change(said.product) })).toBe(
          sure(one, said),
        )
      }),
    )
  })

  it('very long and hostile names take no longer than others', () => {
    const hostile = [
      'a',
      'a1',
      '((((',
      '//',
      '1.',
      'x-',
      ' and ',
      '<=',
      '|',
      'ab-',
      'MX1-MX',
      '\u0301',
      'Ã¤',
      '+ ',
      'pkg:/',
      '(a',
      'v1 ',
    ].map((piece) => piece.repeat(100_000))
    const from = process.cpuUsage()
    for (const long of hostile) {
      const one = asset(long, long, long, { cpe: `cpe:2.3:${long}`, purl: `pkg:${long}` })
      matchOf(one, affected(long, long, long, { cpe: `cpe:/${long}`, purl: `pkg:${long}` }))
      keysOf(one)
      keysOfAffected(affected('Philips', long, long))
    }
    expect(process.cpuUsage(from).user / 1000 / hostile.length).toBeLessThan(250)
  })
})

describe('the word lists', () => {
  it('are written as names are folded', () => {
    const { legal, kind, weak, ofVendors } = dictionary()
    for (const word of [...legal, ...kind, ...weak, ...ofVendors]) expect(fold(word)).toBe(word)
  })
})
