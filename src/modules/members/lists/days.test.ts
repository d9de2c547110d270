import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSigned, slashesOf } from './days.ts'

describe('a day beside a signature', () => {
  it.each([
    ['2020-09-22', '2020-09-22', 'day'],
    ['2020-09-22T00:00:00.000Z', '2020-09-22', 'day'],
    ['22. 9. 2020', '2020-09-22', 'day'],
    ['22.9.20', '2020-09-22', 'day'],
    ['22. září 2020', '2020-09-22', 'day'],
    ['1. července 2021', '2021-07-01', 'day'],
    ['1. června 2021', '2021-06-01', 'day'],
    ['červen 2021', '2021-06-01', 'month'],
    ['červenec 2021', '2021-07-01', 'month'],
    ['22 September 2020', '2020-09-22', 'day'],
    ['September 22nd, 2020', '2020-09-22', 'day'],
    ['srpen 2021', '2021-08-01', 'month'],
    ['9/2020', '2020-09-01', 'month'],
    ['2020-09', '2020-09-01', 'month'],
    ['2020', '2020-01-01', 'year'],
  ])('%s is read', (cell, day, precision) => {
    expect(readSigned(cell)).toEqual({ kind: 'known', day, precision })
  })

  it.each(['', ' ', '-', '?'])('"%s" says that none is given', (cell) => {
    expect(readSigned(cell)).toEqual({ kind: 'none' })
  })

  it.each(['31. 2. 2020', 'podzim', '22. 13. 2020', '99/99/20', '1. 1. 0001', 'xyz 2020', '9-22-20'])(
    '%s is not guessed at',
    (cell) => {
      expect(readSigned(cell)).toEqual({ kind: 'unread' })
    },
  )

  it('with slashes is read as a person says', () => {
    expect(readSigned('9/22/20')).toEqual({ kind: 'slashes', mdy: '2020-09-22', dmy: null })
    expect(readSigned('9/8/20')).toEqual({ kind: 'slashes', mdy: '2020-09-08', dmy: '2020-08-09' })
    expect(readSigned('9/8/20', 'mdy')).toEqual({ kind: 'known', day: '2020-09-08', precision: 'day' })
    expect(readSigned('9/8/20', 'dmy')).toEqual({ kind: 'known', day: '2020-08-09', precision: 'day' })
    expect(readSigned('9/22/20', 'dmy')).toEqual({ kind: 'unread' })
  })

  it('of a whole list tells the order where one of them allows only one', () => {
    expect(slashesOf(['9/22/20', '9/8/20', ''])).toEqual({ any: true, proposal: 'mdy' })
    expect(slashesOf(['22/9/20'])).toEqual({ any: true, proposal: 'dmy' })
    expect(slashesOf(['9/8/20'])).toEqual({ any: true, proposal: null })
    expect(slashesOf(['9/22/20', '22/9/20'])).toEqual({ any: true, proposal: null })
    expect(slashesOf(['22. 9. 2020'])).toEqual({ any: false, proposal: null })
  })

  it('never throws, and what it reads is a day', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d./ -]{1,12}$/)), (cell) => {
        const read = readSigned(cell)
        if (read.kind === 'known') expect(new Date(`${read.day}T00:00:00Z`).toISOString()).toContain(read.day)
      }),
    )
  })
})
