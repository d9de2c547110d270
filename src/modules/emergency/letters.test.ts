import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { type Calling, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import { usualAnswers } from './types.ts'

const secret = 'Vyděračský útok na dodavatele'
const own = { code: '5', cs: 'Máme server dodavatele', en: 'We run the supplier’s server', needsNote: false }

describe('what a call says outside, by its label', () => {
  let stage: Calling
  let jana: Actor
  let lipova: Hospital
  const mail = async (more: object) => {
    await stage.released({ title: secret, body: 'Odpojte ho.', room: 'Linka 555', ...more })
    await stage.tick(tuesday)
    const [got] = stage.office.to(jana.email)
    return {
      subject: got?.subject ?? '',
      text: got?.text ?? '',
      html: String(got?.html),
      headers: got?.headers,
    }
  }
  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    jana = await stage.person('Jana Nováková', [['admin', lipova]], '+420555000002')
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  it('is all of it up to GREEN', async () => {
    const { subject, text } = await mail({ answers: [...usualAnswers, own] })
    expect(subject).toContain(secret)
    for (const word of [secret, 'Odpojte ho.', 'Linka 555', 'Bez dopadu', own.cs])
      expect(text).toContain(word)
  })

  for (const tlp of ['AMBER', 'AMBER+STRICT'] as const)
    it(`is number and link alone at TLP:${tlp}: neither title nor what was written for it, in no part of mail and text message`, async () => {
      const said = await mail({ tlp, answers: [...usualAnswers, own] })
      expect(said.subject).toBe(`[TLP:${tlp}] POPLACH 1/2026`)
      const sms = stage.smsc.taken[0]?.text ?? ''
      for (const part of [said.subject, said.text, said.html, sms])
        for (const word of ['dodavatel', 'Odpojte', 'Linka 555', 'server'])
          expect(part.toLowerCase()).not.toContain(word.toLowerCase())
      expect(said.text).toContain('https://hsoc.example/r/')
      expect(said.text).toContain('Bez dopadu')
      expect(said.text).toContain('odpověď 5')
      expect(sms).toContain('5 odpoved 5')
    })

  it('and the page behind the link says no more than the mail', async () => {
    const { text } = await mail({ tlp: 'AMBER', answers: [...usualAnswers, own] })
    const { context, stop } = contextOf(stage.db, () => tuesday)
    const app = await openPages(context)
    const url = /https:\/\/hsoc\.example(\/r\/[\w-]+)/.exec(text)?.[1] ?? ''
    const page = (await app.inject({ url, headers: { accept: 'text/html' } })).body
    expect(page).toContain('POPLACH 1/2026')
    expect(page).toContain('odpověď 5')
    expect(page).not.toContain('dodavatel')
    await app.close()
    await stop()
  })

  it('belongs to no list and is left nowhere, with the way to what the reader is told by (mail.md 1)', async () => {
    const { headers, text } = await mail({})
    expect(headers?.get('auto-submitted')).toBe('auto-generated')
    for (const field of ['list', 'list-id', 'list-unsubscribe']) expect(headers?.has(field)).toBe(false)
    expect(text).toContain('https://hsoc.example/account')
  })
})
