import { expect, it } from 'vitest'
import { type Answer, usualAnswers } from '../types.ts'
import { lookOf, mostUrgentFirst } from './board-map.tsx'

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

it('the board begins with who asks for help, then the gaps, and ends with who needs nobody', () => {
  const call = { class: 'emergency' as const, answers: usualAnswers }
  const excused = { state: 'pending' as const, answer: null, excused: 'Stěhování' }
  const answers = ['1', '2', '3'].map((code) => line('answered', code))
  const seen = line('acknowledged', 'seen')
  const silent = line('pending')
  const [fine, affected, help] = answers
  expect(mostUrgentFirst(call, [excused, seen, ...answers, silent])).toEqual([
    help,
    silent,
    seen,
    affected,
    fine,
    excused,
  ])
})
