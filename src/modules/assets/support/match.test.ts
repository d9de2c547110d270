import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blank } from '../asset.ts'
import { matcherOf } from './match.ts'
import { standingOf } from './standing.ts'
import { lastDay, shippedTable } from './table.ts'

const match = matcherOf(shippedTable().rows)
const idsOf = (vendor: string, product: string, version: string | null = null, more = {}): string[] =>
  match({ ...blank, vendor, product, version, ...more }).map(({ row, via }) =>
    via === 'name' ? row.id : `${row.id} ${via}`,
  )

describe('the table of dates', () => {
  it('gives every row a source that can be looked up, and each id once', () => {
    const { rows } = shippedTable()
    expect(rows.length).toBeGreaterThan(40)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    for (const row of rows) {
      expect(row.url).toMatch(/^https:\/\//)
      expect(row.source.length).toBeGreaterThan(10)
    }
  })

  it('finds each of its own products by its own name, and no other product by it', () => {
    for (const row of shippedTable().rows) {
      const { below, upTo, is } = row.versions ?? {}
      const version = below ? '1.0' : (upTo ?? is ?? null)
      expect([row.id, idsOf(row.vendor, row.product, version)]).toEqual([row.id, [row.id]])
    }
  })

  it('knows the last day of a month and of a year', () => {
    expect(['2014-04-08', '2017-11', '2020-02', '2011'].map(lastDay)).toEqual([
      '2014-04-08',
      '2017-11-30',
      '2020-02-29',
      '2011-12-31',
    ])
  })
})

describe('an asset in the table', () => {
  it.each([
    ['Microsoft', 'Windows XP', null, ['microsoft-windows-xp']],
    ['Microsoft Corporation', 'Windows XP Professional', 'SP3', ['microsoft-windows-xp']],
    ['Microsoft', 'Windows', 'XP SP3', ['microsoft-windows-xp']],
    ['', 'Microsoft Windows XP', '5.1.2600', ['microsoft-windows-xp']],
    ['Microsoft', 'Windows® 7 Professional', 'SP1', ['microsoft-windows-7']],
    ['Microsoft', 'Windows Server 2012 R2 Standard', null, ['microsoft-windows-server-2012-r2']],
    ['Microsoft', 'Windows Server 2012', 'R2', ['microsoft-windows-server-2012-r2']],
    ['Microsoft', 'Windows Server 2008 Standard x64', 'SP2', ['microsoft-windows-server-2008']],
    ['Microsoft', 'Windows XP Embedded', null, ['microsoft-windows-xp-embedded']],
    ['Microsoft', 'Office 2016', '16.0.4266', ['microsoft-office-2016']],
    ['D-Link', 'DNS-320L', null, ['dlink-dns-320l']],
    ['Medtronic', 'CareLink 9790', null, ['medtronic-carelink-9790']],
    ['BD', 'Alaris System', '9.7', ['bd-alaris-system']],
    ['Ivanti', 'Cloud Services Appliance', '4.6.3', ['ivanti-csa-4-6']],
    ['Philips', 'iSite PACS', '3.6.1', ['philips-isite-3-6']],
  ])('%s %s %s', (vendor, product, version, ids) => {
    expect(idsOf(vendor, product, version)).toEqual(ids)
  })

  it.each([
    ['Microsoft', 'Windows 11', null],
    ['Microsoft', 'Windows', null],
    ['Microsoft', 'Windows 10 Enterprise LTSC 2021', null],
    ['Microsoft', 'Windows Server 2025', null],
    ['Microsoft', 'Windows 7 Security Toolkit', null],
    ['Nobody', 'Windows XP', null],
    ['', 'Windows XP', null],
    ['BD', 'Alaris System', '9.33'],
    ['BD', 'Alaris System', null],
    ['Ivanti', 'Cloud Services Appliance', '5.0.1'],
    ['Philips', 'iSite PACS', '4.4'],
    ['D-Link', 'DNS-320LW', null],
    ['Silex', 'SD-320AN', '2.02'],
  ])('is not taken for another: %s %s %s', (vendor, product, version) => {
    expect(idsOf(vendor, product, version)).toEqual([])
  })

  it('is found by its CPE and by the platform under it', () => {
    const cpe = 'cpe:2.3:o:microsoft:windows_xp:*:sp3:*:*:*:*:*:*'
    expect(idsOf('', 'Stanice u CT', null, { cpe })).toEqual(['microsoft-windows-xp cpe'])
    expect(idsOf('Siemens', 'SPECT/CT', null, { runsOn: 'Windows XP' })).toEqual([
      'microsoft-windows-xp platform',
    ])
    expect(idsOf('Siemens', 'SPECT/CT', null, { runsOn: 'Microsoft Windows 7 SP1' })).toEqual([
      'microsoft-windows-7 platform',
    ])
    expect(idsOf('Siemens', 'SPECT/CT', null, { runsOn: 'Linux' })).toEqual([])
  })

  it('never fails on any name', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string()), fc.string(), (v, p, n, r) => {
        expect(Array.isArray(match({ vendor: v, product: p, version: n, cpe: null, runsOn: r }))).toBe(true)
      }),
    )
  })
})

describe('whether somebody still looks after it', () => {
  const xp = { ...blank, vendor: 'Microsoft', product: 'Windows XP' }
  it('by the table', () => {
    const standing = standingOf(xp, match, '2026-03-03')
    expect([standing.state, standing.on, standing.found?.row.id]).toEqual([
      'ended',
      '2014-04-08',
      'microsoft-windows-xp',
    ])
    const soon = standingOf({ ...xp, product: 'Windows Server 2016' }, match, '2026-03-03')
    expect([soon.state, soon.on]).toEqual(['soon', '2027-01-12'])
    expect(standingOf({ ...xp, product: 'Windows Server 2019' }, match, '2026-03-03').state).toBe('later')
    expect(standingOf({ ...xp, product: 'Windows 11' }, match, '2026-03-03').state).toBe('unknown')
  })

  it('on its last day still, and no longer on the next', () => {
    expect(standingOf(xp, match, '2014-04-08').state).toBe('soon')
    expect(standingOf(xp, match, '2014-04-09').state).toBe('ended')
  })

  it("by the organisation's own date before the table", () => {
    const standing = standingOf({ ...xp, supportEndsOn: '2030-01-01' }, match, '2026-03-03')
    expect([standing.state, standing.on, standing.found]).toEqual(['later', '2030-01-01', null])
  })

  it('a device ends with what it stands on', () => {
    const device = { ...blank, vendor: 'BD', product: 'Alaris System', version: '9.7', runsOn: 'Windows XP' }
    expect(standingOf(device, match, '2026-03-03').found?.via).toBe('platform')
  })
})
