import { describe, expect, it } from 'vitest'
import { advisory, bytesOf, type Wanted } from '../../../test/advisory-provider.ts'
import { tuesday } from '../../../test/harness.ts'
import type { Content } from './content.ts'
import { jsonOf, understand } from './csaf/read.ts'
import { differencesOf, isSame } from './differences.ts'
import { compareVersions } from './versions.ts'

const content = (wanted: Wanted): Content => understand(jsonOf(bytesOf(advisory(wanted))), tuesday).content

describe('what changed between two versions', () => {
  it('is severity, exploitation, products by status, CVE and words', () => {
    const exploited = [{ category: 'exploit_status', details: 'It is actively exploited.' }]
    const found = differencesOf(
      content({ versions: '<2.3' }),
      content({
        version: '2',
        versions: '<2.4',
        base: 6.5,
        fixed: false,
        cve: 'CVE-2026-10002',
        threats: exploited,
      }),
    )
    expect(found.severity).toEqual({ before: 4, after: 3, from: 9.8, to: 6.5 })
    expect(found.exploited).toEqual({ before: false, after: true })
    expect(found.cves).toEqual({ added: ['CVE-2026-10002'], removed: ['CVE-2026-10001'] })
    expect(found.products).toEqual([
      { status: 'known_affected', added: ['Pumpy Infusion 3 < 2.4'], removed: ['Pumpy Infusion 3 < 2.3'] },
      { status: 'fixed', added: [], removed: ['Pumpy Infusion 3 2.4'] },
    ])
    expect(isSame(found)).toBe(false)
  })

  it('is nothing where only the document about the document changed', () => {
    expect(isSame(differencesOf(content({}), content({ version: '2', revisedAt: tuesday })))).toBe(true)
  })

  it('marks changed words alone', () => {
    const notes = (text: string) => [{ category: 'summary', title: 'Summary', text }]
    const found = differencesOf(
      content({ notes: notes('The pump stops.') }),
      content({ version: '2', notes: notes('The pump starts.') }),
    )
    expect(found.texts).toEqual([
      {
        title: 'Summary',
        pieces: [
          { kind: 'same', text: 'The pump ' },
          { kind: 'removed', text: 'stops' },
          { kind: 'added', text: 'starts' },
          { kind: 'same', text: '.' },
        ],
      },
    ])
  })
})

describe('the later of two versions', () => {
  it('is found among whole numbers, three numbers and what comes before a release', () => {
    const order = ['0', '1', '2', '10']
    const semantic = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.10.0',
    ]
    for (const list of [order, semantic])
      for (const [i, a] of list.entries())
        for (const [j, b] of list.entries())
          expect([a, b, Math.sign(compareVersions(a, b))]).toEqual([a, b, Math.sign(i - j)])
    expect(compareVersions('1.0.0+build.1', '1.0.0+build.2')).toBe(0)
    expect(compareVersions('2026.02.01', '2025.08.25')).toBeGreaterThan(0)
  })
})
