import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Account, likenessOf, looksOf, mailboxOf, pairsIn } from './proposals.ts'

const lipova = { id: 1, name: 'Nemocnice Lipová' }
const dub = { id: 2, name: 'Nemocnice Dub' }
let numbers = 0
const account = (name: string, email: string, orgs = [lipova], contacts: string[] = []): Account => ({
  id: ++numbers,
  name,
  email,
  orgs,
  contacts,
})

describe('two accounts may be one human’s', () => {
  it.each([
    [
      'the same mailbox behind a plus',
      'Jana',
      'jana+hsoc@lipova.example',
      'J. N.',
      'Jana@Lipova.example',
      ['mailbox'],
    ],
    [
      'titles and marks aside',
      'Ing. Čtírad Řečka, Ph.D.',
      'a@lipova.example',
      'Ctirad Recka',
      'b@lipova.example',
      ['name'],
    ],
    [
      'a slip of the pen',
      'Andrea Nováková',
      'a@lipova.example',
      'Anread Nováková',
      'b@lipova.example',
      ['slip'],
    ],
    ['a Cyrillic letter', 'Jana', 'jana@lipova.example', 'Jiná Osoba', 'j\u0430na@lipova.example', ['looks']],
    ['a figure for a letter', 'Olga', 'olga@lipova.example', 'Jiná Osoba', '0lga@lipova.example', ['looks']],
    ['nothing alike', 'Jana Nováková', 'jana@lipova.example', 'Petr Dub', 'petr@lipova.example', []],
  ])('%s', (_, aName, aMail, bName, bMail, why) => {
    expect(likenessOf(account(aName, aMail), account(bName, bMail))).toEqual(why)
  })

  it('namesakes at two organisations are not, unless their mail has one domain', () => {
    const at = (email: string, org: typeof dub) => account('Jan Novák', email, [org])
    expect(likenessOf(at('jan@lipova.example', lipova), at('jan@dub.example', dub))).toEqual([])
    expect(likenessOf(at('jan@gmail.com', lipova), at('honza@gmail.com', dub))).toEqual([])
    expect(likenessOf(at('jan@kraj.example', lipova), at('novak@kraj.example', dub))).toEqual(['name'])
  })

  it('an address that is a verified contact of the other', () => {
    const known = account('Jana Nováková', 'jana@lipova.example', [lipova], ['novakova@dub.example'])
    expect(likenessOf(known, account('J.', 'novakova@dub.example', [dub]))).toEqual(['contact'])
  })

  it('each pair is proposed once, the strongest reason first', () => {
    const [a, b, c, d] = [
      account('Jana Nováková', 'jana@lipova.example'),
      account('Jana Nováková', 'jana+2@lipova.example'),
      account('Petr Dub', 'petr@lipova.example'),
      account('Petr Dubb', 'dub@lipova.example'),
    ] as [Account, Account, Account, Account]
    expect(pairsIn([d, c, b, a]).map(({ both }) => both.map(({ id }) => id))).toEqual([
      [a.id, b.id],
      [c.id, d.id],
    ])
  })
})

it('compares whatever stands in the register, and a pair with itself the other way round', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(text, text, text, text, (aName, aMail, bName, bMail) => {
      const [a, b] = [account(aName, aMail), account(bName, bMail)]
      expect(likenessOf(a, b)).toEqual(likenessOf(b, a))
      expect(mailboxOf(mailboxOf(aMail))).toBe(mailboxOf(aMail))
      expect(looksOf(mailboxOf(aMail))).toBe(looksOf(aMail))
    }),
    { numRuns: 2_000 },
  )
})
