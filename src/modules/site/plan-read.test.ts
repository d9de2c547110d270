import { describe, expect, it } from 'vitest'
import { isLink, type Status } from './plan.ts'
import { dueSoon } from './plan-read.ts'

describe('the plan', () => {
  it('reminds two weeks before and on the day', () => {
    const due = (status: Status, today: string) => dueSoon({ status, dueOn: '2026-06-30' }, today)
    expect([
      due('running', '2026-06-15'),
      due('running', '2026-06-16'),
      due('planned', '2026-06-30'),
    ]).toEqual([null, 14, 0])
    expect([due('running', '2026-07-01'), due('done', '2026-06-30'), due('stopped', '2026-06-30')]).toEqual([
      null,
      null,
      null,
    ])
  })

  it('takes as evidence only links that lead somewhere harmless', () => {
    for (const good of ['https://hsoc.example/a?b=c#d', 'http://hsoc.example', '/cs/cisla'])
      expect(isLink(good)).toBe(true)
    for (const bad of [
      '',
      'javascript:x',
      '//foreign.example',
      '/\\foreign.example',
      'https://',
      'https://a b',
      'ftp://x',
      'data:x',
      `https://${'a'.repeat(500)}`,
    ])
      expect([bad, isLink(bad)]).toEqual([bad, false])
  })
})
