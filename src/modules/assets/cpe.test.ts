import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpeOf, cpeWords } from './cpe.ts'

describe('names of products by CPE', () => {
  it.each([
    ['cpe:2.3:o:microsoft:windows_xp:*:sp3:*:*:*:*:*:*', 'cpe:2.3:o:microsoft:windows_xp:*:sp3:*:*:*:*:*:*'],
    ['cpe:/o:microsoft:windows_xp::sp3', 'cpe:2.3:o:microsoft:windows_xp:*:sp3:*:*:*:*:*:*'],
    ['cpe:/a:openbsd:openssh:8.9', 'cpe:2.3:a:openbsd:openssh:8\\.9:*:*:*:*:*:*:*'],
    ['cpe:/a:foo%7ebar:b%21g', 'cpe:2.3:a:foo\\~bar:b\\!g:*:*:*:*:*:*:*:*'],
  ])('%s', (given, kept) => {
    expect(cpeOf(given)).toBe(kept)
  })

  it.each([
    '',
    'cpe:/a',
    'cpe:/x:a:b',
    'cpe:2.3:a:b',
    'cpe:/a:b',
    'windows',
    'cpe:/a:b:c%zz',
    'cpe:/a:b:c%01',
    'cpe:/a:b:c%A0',
    'cpe:/a:b:c%20d',
    'cpe:/a:b:c%7f',
  ])('%j is none', (given) => {
    expect(cpeOf(given)).toBeNull()
  })

  it('has words to compare', () => {
    expect(cpeWords('cpe:2.3:o:microsoft:windows_server_2008:r2:sp1:*:*:*:*:*:*')).toEqual({
      ...{ vendor: 'microsoft', product: 'windows server 2008', version: 'r2 sp1' },
    })
    expect(cpeWords('cpe:2.3:a:openbsd:openssh:8\\.9:*:*:*:*:*:*:*').version).toBe('8.9')
  })

  it('what is kept is kept as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const kept = cpeOf(text) ?? cpeOf(`cpe:/a:${text}:b`)
        if (kept !== null) expect(cpeOf(kept)).toBe(kept)
      }),
    )
  })
})
