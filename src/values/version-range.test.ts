import { describe, expect, it } from 'vitest'
import { isEveryVersion, rangeText } from './version-range.ts'

describe('a range of versions', () => {
  it.each([
    ['>=4.0|<4.6.2', '≥ 4.0, < 4.6.2'],
    ['vers:generic/<2.3', '< 2.3'],
    ['vers:deb/>1.0-2|<=3', '> 1.0-2, ≤ 3'],
    ['<=2.3', '≤ 2.3'],
    ['2.1', '2.1'],
    ['versions before 3', 'versions before 3'],
    ['a|b', 'a, b'],
    ['', ''],
    ['|', ''],
    ['vers:all/*', ''],
    ['*', ''],
  ])('%s is read as %s', (written, read) => {
    expect(rangeText(written)).toBe(read)
  })

  it('of all of them is told from none said', () => {
    expect(['*', 'vers:all/*', '', '<2'].map(isEveryVersion)).toEqual([true, true, false, false])
  })
})
