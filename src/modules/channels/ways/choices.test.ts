import { expect, it } from 'vitest'
import { afterQuiet, choiceForm, choiceIn } from './choices.ts'

const at = (text: string): number => Date.parse(text)
const night = { quietFrom: 22, quietTo: 6 }

it.each([
  ['2026-03-03T12:00:00+01:00', night, 2, '2026-03-03T12:00:00+01:00'],
  ['2026-03-03T23:30:00+01:00', night, 2, '2026-03-04T06:00:00+01:00'],
  ['2026-03-04T05:59:00+01:00', night, 1, '2026-03-04T06:00:00+01:00'],
  ['2026-03-04T06:00:00+01:00', night, 1, '2026-03-04T06:00:00+01:00'],
  ['2026-03-03T13:00:00+01:00', { quietFrom: 12, quietTo: 14 }, 2, '2026-03-03T14:00:00+01:00'],
  // The clock goes forward in this night: six is still six.
  ['2026-03-28T23:00:00+01:00', night, 2, '2026-03-29T06:00:00+02:00'],
  ['2026-10-24T23:00:00+02:00', night, 2, '2026-10-25T06:00:00+01:00'],
  ['2026-03-03T23:30:00+01:00', { quietFrom: null, quietTo: null }, 2, '2026-03-03T23:30:00+01:00'],
])('at %s with %o a message of severity %i goes at %s', (now, quiet, severity, goes) => {
  expect(afterQuiet(quiet, severity, at(now))).toBe(at(goes))
})

it('high and critical ones come at any hour', () => {
  for (const severity of [3, 4])
    expect(afterQuiet(night, severity, at('2026-03-03T23:30:00+01:00'))).toBe(at('2026-03-03T23:30:00+01:00'))
})

it('reads what the form says, and takes one hour alone for none', () => {
  const read = (given: object) => {
    const form = choiceForm.safeParse(given)
    return form.success ? choiceIn(form.data) : 'wrong'
  }
  expect(read({ least: '3', quiet_from: '22', quiet_to: '6' })).toEqual({ least: 3, ...night })
  expect(read({ least: '4', quiet_from: '22' })).toEqual({ least: 4, quietFrom: null, quietTo: null })
  expect(read({ least: '' })).toBeNull()
  for (const wrong of [
    {},
    { least: '5' },
    { least: '3', quiet_from: '24' },
    { least: '3', quiet_from: '-1' },
  ])
    expect(read(wrong)).toBe('wrong')
})
