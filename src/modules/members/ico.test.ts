import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../platform/content.ts'
import { hasRightCheckDigit, readIco } from './ico.ts'
import { regionCodes, regionMap, regionName, regionNamed, regions } from './regions.ts'

const real = join(
  process.env.HSOC_TEST_DATA ?? join(projectRoot, '../shared/data'),
  'orgs/cz-hospitals-2020.csv',
)

describe('an identification number', () => {
  it('is read with the zeros that spreadsheets lose', () => {
    expect(readIco('00006947')).toBe('00006947')
    expect(readIco('6947')).toBe('00006947')
    expect(readIco('844 853')).toBe('00844853')
    for (const text of ['', 'abc', '123456789', '12', 'CZ00006947', '１２３４５６７８'])
      expect(readIco(text)).toBeNull()
  })

  it('has a last digit that the others give, also where the remainder is 0 or 1', () => {
    expect(['00006947', '25596641', '27074358'].map(hasRightCheckDigit)).toEqual([true, true, true])
    expect(hasRightCheckDigit('12345678')).toBe(false)
    expect(hasRightCheckDigit('00000001')).toBe(true)
  })

  it('is told from one with another last digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), (first) => {
        const seven = String(first).padStart(7, '0')
        const right = [...'0123456789'].filter((last) => hasRightCheckDigit(seven + last))
        expect(right).toHaveLength(1)
      }),
    )
  })

  it.skipIf(!existsSync(real))('of each real provider is right', () => {
    const rows = parse(readFileSync(real, 'utf8'), { columns: true }) as { ico: string }[] // its heading names the column
    const icos = new Set(rows.map((row) => row.ico))
    expect(icos.size).toBe(185)
    expect([...icos].filter((ico) => readIco(ico) !== ico || !hasRightCheckDigit(ico))).toEqual([])
  })
})

describe('a region', () => {
  it('is one of fourteen, however it is spelt', () => {
    expect(regionCodes).toHaveLength(14)
    for (const { nuts3, iso, name } of regionMap.regions)
      expect([nuts3, iso, name.cs, name.en, regions[nuts3] ?? ''].map(regionNamed)).toEqual(
        Array(5).fill(nuts3),
      )
    expect(
      ['Praha', 'vysocina', 'KRAJ VYSOČINA', 'Hl. m. Praha', 'Lipový kraj', 'kraj', '', 'Morava'].map(
        regionNamed,
      ),
    ).toEqual(['CZ010', 'CZ063', 'CZ063', 'CZ010', null, null, null, null])
    expect([' kraj vysočina ', 'cz-63', 'Vysočina?'].map(regionNamed)).toEqual(['CZ063', 'CZ063', null])
    expect(regionName('CZ010', 'en')).toBe('Prague')
    expect(regionName('CZ999', 'en')).toBeNull()
    expect(regionNamed(null)).toBeNull()
  })
})
