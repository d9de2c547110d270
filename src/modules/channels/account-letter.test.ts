import { describe, expect, it } from 'vitest'
import type { Context } from '../../platform/context.ts'
import { accountLetter } from './account-mail.ts'
import type { Delivery } from './post.ts'
import type { Reader } from './recipients.ts'

const context = {
  settings: { secret: 's', baseUrl: 'https://hsoc.example', coordinatorPhone: null },
} as Context
const reader = (language: 'cs' | 'en') => ({ actor: { language } }) as Reader
const delivery = (detail: object) => ({ detail }) as Delivery

describe('a mail to a person as such', () => {
  it.each(['cs', 'en'] as const)('carries the end of the trail’s chain, ready to be checked (%s)', (lang) => {
    const head = { template: 'trail-head', day: '2026-03-02', seq: 12_345, link: 'ab'.repeat(32) }
    const letter = accountLetter(context, delivery(head), reader(lang), 0)
    expect(letter?.subject).toContain('2026-03-02')
    const said = JSON.stringify(letter?.blocks)
    expect(said).toContain(`hsoc audit verify --head 12345:${head.link}`)
    expect(said).not.toMatch(/mails\./)
  })

  it('is none where the template is unknown or its token broken', () => {
    expect(accountLetter(context, delivery({ template: 'other' }), reader('cs'), 0)).toBeNull()
    expect(
      accountLetter(context, delivery({ template: 'password-reset', sealed: 'x' }), reader('cs'), 0),
    ).toBeNull()
  })
})
