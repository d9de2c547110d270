import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { fold } from './names.ts'
import { parseMembers } from './parse.ts'
import { planImport } from './plan.ts'

const data = process.env.HSOC_TEST_DATA ?? '../shared/data'
const isMissing = !existsSync(join(data, 'orgs')) || !existsSync(join(data, 'netblocks'))
if (isMissing) {
  console.error(
    `Skipped: no real organisations and address ranges in ${data}; set HSOC_TEST_DATA to their folder.`,
  )
}

function table(...path: string[]): Record<string, string>[] {
  return parse(readFileSync(join(data, ...path)), { columns: true })
}

const quoted = (text = '') => `"${text.replaceAll('"', '""')}"`

describe('real organisations and ranges', () => {
  it.skipIf(isMissing)(
    'all Czech sites of the register of 2020 arrive; repeated names are told',
    async () => {
      const sites = table('orgs', 'cz-hospitals-2020.csv')
      const lines = sites.map(
        (site) => `${quoted(site.hospital_name)};${quoted(site.facility_type)};${site.city}`,
      )
      const { rows, errors } = await parseMembers(
        Buffer.from(`název;druh;kraj\n${lines.join('\n')}\n`),
        'a.csv',
        'en',
      )
      const names = new Set(sites.map((site) => fold(site.hospital_name ?? '')))
      expect(rows).toHaveLength(names.size)
      expect(errors).toHaveLength(sites.length - names.size)
      expect(errors.every(({ problem }) => problem.includes('already'))).toBe(true)
      expect(rows.every(({ kind }) => kind === 'hospital')).toBe(true)
      expect(planImport(rows, []).created).toHaveLength(names.size)
    },
  )

  it.skipIf(isMissing)('all 58 public-sector ranges arrive as ranges and as networks', async () => {
    const ranges = table('netblocks', 'cz-public-sector-ranges.csv')
    expect(ranges).toHaveLength(58)
    const owners = Map.groupBy(ranges, (range) => range.as_name ?? '')
    const file = (prefixesOf: (range: Record<string, string>) => string) => {
      const lines = [...owners].map(
        ([name, held]) => `${quoted(name)},network,${held.map(prefixesOf).join(' ')}\n`,
      )
      return parseMembers(Buffer.from(`name,kind,prefixes\n${lines.join('')}`), 'a.csv', 'en')
    }
    const asRanges = await file(({ start, end }) => `${start}-${end}`)
    expect([asRanges.errors, asRanges.notes]).toEqual([[], []])
    const prefixes = asRanges.rows.flatMap((row) => row.prefixes)
    expect(prefixes).toHaveLength(58)
    const texts = prefixes.map(({ net }) => net.text)
    expect(texts).toContain('185.140.236.0-185.140.238.255')
    expect(texts).toContain('185.140.239.0/24')
    expect(texts).toContain('2001:718::/29')
    const asNetworks = await file(({ cidrs }) => cidrs ?? '')
    expect([asNetworks.errors, asNetworks.notes]).toEqual([[], []])
    const size = (rows: typeof asRanges.rows) =>
      rows
        .flatMap((row) => row.prefixes)
        .reduce((sum, { net }) => sum + BigInt(net.hi) - BigInt(net.lo) + 1n, 0n)
    expect(size(asNetworks.rows)).toBe(size(asRanges.rows))
  })
})
