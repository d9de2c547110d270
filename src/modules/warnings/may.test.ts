import { describe, expect, it } from 'vitest'
import type { Actor, Role } from '../../platform/access.ts'
import { mayAnswer, maySpeakFor, needsNote, transitions } from './may.ts'
import { type AnswerWord, answerWords, type Standing } from './types.ts'

const actor = (...engagements: [Role, number | null][]): Actor => ({
  person: 1,
  name: 'Eva Zkušební',
  email: 'eva@people.example',
  language: 'cs',
  engagements: engagements.map(([role, org]) => ({ role, org, orgName: org === null ? null : 'Nemocnice' })),
})
const refused = (who: Actor, org: number | null): AnswerWord[] =>
  answerWords.filter((word) => !mayAnswer(who, { org }, word))
const everything = [...answerWords]
const allButSeen = everything.filter((word) => word !== 'seen')

describe('who may not answer', () => {
  it.each<[string, Actor, number | null, AnswerWord[]]>([
    ['a manager: seen only', actor(['manager', 7]), 7, allButSeen],
    ['a data protection officer: seen only', actor(['dpo', 7]), 7, allButSeen],
    ['representative', actor(['representative', 7]), 7, []],
    ['security manager', actor(['security_manager', 7]), 7, []],
    ['admin', actor(['admin', 7]), 7, []],
    ['duty', actor(['duty', 7]), 7, []],
    ['an admin who is manager elsewhere, there', actor(['admin', 7], ['manager', 8]), 8, allButSeen],
    ['an admin of another member', actor(['admin', 8]), 7, everything],
    ['an operator', actor(['operator', null]), 7, everything],
    ['nobody', actor(), 7, everything],
    ['an admin, the coordinators’ own', actor(['admin', 7]), null, everything],
    ['a coordinator on behalf of a member', actor(['coordinator', null]), 7, []],
    ['a coordinator, their own', actor(['coordinator', null]), null, []],
  ])('%s', (_, who, org, words) => {
    expect(refused(who, org)).toEqual(words)
  })
  it('managers, operators and coordinators announce no member’s test', () => {
    for (const role of ['manager', 'dpo'] as const) expect(maySpeakFor(actor([role, 7]), 7)).toBe(false)
    expect(maySpeakFor(actor(['coordinator', null]), 7)).toBe(false)
    expect(maySpeakFor(actor(['duty', 8]), 7)).toBe(false)
    expect(maySpeakFor(actor(['duty', 7]), 7)).toBe(true)
  })
})

describe('what changes nothing', () => {
  it.each<[Standing, AnswerWord[]]>([
    ['pending', []],
    ['seen', ['seen']],
    ['working', ['seen', 'working']],
    ['done', ['seen', 'done', 'not_affected']],
    ['not_affected', ['seen', 'done', 'not_affected', 'false_alarm']],
  ])('after %s', (standing, words) => {
    expect(answerWords.filter((word) => !transitions[standing].includes(word))).toEqual(words)
  })
  it('going back needs a note', () => {
    expect([
      needsNote('done', 'working'),
      needsNote('not_affected', 'working'),
      needsNote('working', 'not_affected'),
      needsNote('pending', 'done'),
    ]).toEqual([true, true, true, false])
  })
})
