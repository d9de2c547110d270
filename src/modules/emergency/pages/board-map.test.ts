import { expect, it } from 'vitest'
import { type Answer, usualAnswers } from '../types.ts'
import { lookOf } from './board-map.tsx'

const line = (
  state: 'pending' | 'delivered' | 'acknowledged' | 'answered',
  answer: string | null = null,
) => ({
  ...{ state, answer, excused: null },
})

it('a line of the board is drawn by what it says, and by how far it is before that', () => {
  const call = { class: 'emergency' as const, answers: usualAnswers }
  expect(lookOf(call, line('pending'))).toBe('waiting')
  expect(lookOf(call, line('acknowledged', 'seen'))).toBe('underway')
  expect(['1', '2', '3', '4'].map((code) => lookOf(call, line('answered', code)))).toEqual([
    'good',
    'affected',
    'help',
    'good',
  ])
  expect(lookOf(call, { state: 'no_contact', answer: null, excused: null })).toBe('lost')
  expect(lookOf(call, { state: 'pending', answer: null, excused: 'Stěhování' })).toBeNull()
  expect(lookOf({ ...call, class: 'test' }, line('delivered'))).toBe('good')
})

it('of answers that an author worded only that they were given is known', () => {
  const own: Answer[] = [{ code: '3', cs: 'Ne', en: 'No', needsNote: false }]
  expect(lookOf({ class: 'emergency', answers: own }, line('answered', '3'))).toBe('good')
})
