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

  it.each(['cs', 'en'] as const)('calls what was only proposed or used by its name (%s)', (lang) => {
    const zoned = { settings: { ...context.settings, zone: 'Europe/Prague' } } as Context
    const letterOf = (verb: string) =>
      accountLetter(
        zoned,
        delivery({ template: 'means-changed', verb, at: '2026-03-02T09:00:00.000Z' }),
        reader(lang),
        0,
      )
    const [changed, proposed, used] = ['add-passkey', 'propose-recovery', 'use-code'].map(letterOf)
    expect(new Set([changed?.subject, proposed?.subject, used?.subject]).size).toBe(3)
    // Nobody did this themselves: the question is whether the second factor was lost.
    expect(JSON.stringify(proposed?.blocks)).not.toContain(JSON.stringify(changed?.blocks[0]).slice(1, -1))
    expect(JSON.stringify(used?.blocks)).toContain(JSON.stringify(changed?.blocks[0]).slice(1, -1))
  })

  it.each(['cs', 'en'] as const)('tells of break-glass access: who, why, how it was judged (%s)', (lang) => {
    const detail = {
      glass: 7,
      organisation: 'Nemocnice Lipová',
      by: 'Věra Klidná',
      reason: 'Nikdo nebere telefon.',
      ends: '2026-03-02T09:00:00.000Z',
      due: '2026-03-03T08:00:00.000Z',
      verdict: 'unjustified',
      finding: 'Stačilo počkat.',
      reviewer: 'Olga Druhá',
    }
    for (const template of ['glass-opened', 'glass-reviewed', 'glass-unreviewed']) {
      const letter = accountLetter(context, delivery({ ...detail, template }), reader(lang), 0)
      const said = JSON.stringify(letter)
      for (const words of ['Nemocnice Lipová', 'Věra Klidná', 'Nikdo nebere telefon.', '/trail/glass/7'])
        expect([template, said.includes(words)]).toEqual([template, true])
      expect(said.includes('Stačilo počkat.')).toBe(template === 'glass-reviewed')
      expect(said).not.toMatch(/glass\.\w|\{\w+\}|Invalid/)
    }
  })

  it.each(['cs', 'en'] as const)(
    'tells both addresses that two accounts are one, or two again (%s)',
    (lang) => {
      const at = '2026-03-02T09:00:00.000Z'
      const said = (detail: object) =>
        JSON.stringify(accountLetter(zoned, delivery({ ...detail, at }), reader(lang), 0))
      const zoned = { settings: { ...context.settings, zone: 'Europe/Prague' } } as Context
      expect(said({ template: 'accounts-merged', kept: 'jana@lipova.example' })).toContain(
        'jana@lipova.example',
      )
      expect(said({ template: 'accounts-merged' })).not.toContain('undefined')
      for (const template of ['accounts-merged', 'accounts-parted'])
        expect(said({ template })).not.toMatch(/doubles\.\w|\{\w+\}|Invalid/)
    },
  )

  it('is none where the template is unknown or its token broken', () => {
    expect(accountLetter(context, delivery({ template: 'other' }), reader('cs'), 0)).toBeNull()
    expect(
      accountLetter(context, delivery({ template: 'password-reset', sealed: 'x' }), reader('cs'), 0),
    ).toBeNull()
  })
})
