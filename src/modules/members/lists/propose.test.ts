import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bareInstitution,
  bareName,
  beyond,
  hasLegalForm,
  isCutOff,
  isSlip,
  isWithin,
  ownDomain,
} from './alike.ts'
import { type ListLine, readList } from './lines.ts'
import { outcomeOf } from './outcome.ts'
import { propose } from './propose.ts'

const line = (n: number, more: Partial<ListLine>): ListLine => ({
  ...{
    line: n,
    number: '',
    institution: 'Nemocnice Lipová',
    ico: '',
    signatory: 'Jan Malý',
    day: '',
    email: '',
  },
  ...more,
})
const org = (id: number, name: string, more: object = {}) => ({
  id,
  name,
  names: [],
  ico: null,
  domains: [],
  ...more,
})
const one = (institution: Partial<ListLine>, organisations: ReturnType<typeof org>[]) =>
  propose([line(2, institution)], { organisations, signatories: [] }, new Map())[0]

describe('names that may mean the same', () => {
  it('are compared without titles, accents, case and dots', () => {
    for (const name of [
      'Ing. Čtirad Řečka, Ph.D.',
      'Ctirad Recka',
      'doc. MUDr. Čtírad  Řečka CSc.',
      'ČTIRAD ŘEČKA, MBA',
    ])
      expect(bareName(name)).toBe('ctirad recka')
    expect(bareName('Ingrid Doctorová')).toBe('ingrid doctorova')
    expect(bareName('Doc Drápal')).toBe('drapal')
    expect(bareInstitution('Nemocnice Lipová, a. s.')).toBe(bareInstitution('NEMOCNICE LIPOVÁ, a.s'))
  })

  it('differ by two letters at most, unless they are so short that two letters make another', () => {
    expect(isSlip('cesnet z.s', 'cesnet zs')).toBe(true)
    expect(isSlip('andrea mala', 'anread mala')).toBe(true)
    expect(isSlip('fn brno', 'fn plzen')).toBe(false)
    expect(isSlip('ikem', 'item')).toBe(false)
    expect(isSlip('stejne', 'stejne')).toBe(false)
  })

  it('are counted as a plain table of letters would count them', () => {
    const plain = (a: string, b: string): number => {
      if (a === '' || b === '') return a.length + b.length
      const [x, y] = [a.slice(1), b.slice(1)]
      return a[0] === b[0] ? plain(x, y) : 1 + Math.min(plain(x, y), plain(x, b), plain(a, y))
    }
    const word = fc.stringMatching(/^[ab]{0,7}$/)
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(isWithin(a, b, 2)).toBe(plain(a, b) <= 2)
      }),
    )
  })

  it('are found within a moment in a long list', () => {
    const name = (n: number) =>
      `Nemocnice ${['Horní', 'Dolní', 'Nová', 'Stará'][n % 4]} ${(n * 7919).toString(36)}ovice`
    const organisations = Array.from({ length: 1_000 }, (_, id) => org(id, name(id)))
    const lines = Array.from({ length: 500 }, (_, n) =>
      line(n, { institution: name(n + 5_000), signatory: `Jan ${n}` }),
    )
    expect(propose(lines, { organisations, signatories: [] }, new Map())).toHaveLength(500)
  }, 20_000)

  it('may be cut off, or go on after the whole of another', () => {
    expect(isCutOff('zachranna sluzba kraloveh', 'zachranna sluzba kralovehradeckeho kraje')).toBe(true)
    expect(isCutOff('nemocnice lipova', 'nemocnice lipova, pracoviste')).toBe(false)
    expect(beyond('cvut ciirc & fbmi', 'cvut')).toBe('ciirc & fbmi')
    expect(beyond('cvutka', 'cvut')).toBeNull()
    expect([
      hasLegalForm('fel kybertec s.r.o'),
      hasLegalForm('nemocnice, a. s'),
      hasLegalForm('ciirc'),
    ]).toEqual([true, true, false])
    expect([ownDomain('a@lipova.example'), ownDomain('a@seznam.cz'), ownDomain('')]).toEqual([
      'lipova.example',
      null,
      null,
    ])
  })
})

describe('a proposal', () => {
  it('names its reason, the strongest first', () => {
    const lipova = org(1, 'Nemocnice Lipová, a.s.', {
      ico: '00006947',
      domains: ['lipova.example'],
      names: ['NL'],
    })
    expect(one({ institution: 'NL' }, [lipova])?.org).toMatchObject({ decision: 'org:1', certain: true })
    expect(one({ institution: 'Jinak', ico: '00006947' }, [lipova])?.org).toMatchObject({
      decision: 'org:1',
      certain: false,
      reasons: ['ico'],
    })
    expect(one({ institution: 'Nemocnice Lípová a.s.' }, [lipova])?.org.reasons).toEqual(['distance'])
    expect(one({ institution: 'Jinak', email: 'x@lipova.example' }, [lipova])?.org).toMatchObject({
      decision: null,
      certain: false,
      reasons: ['domain'],
      options: ['org:1'],
    })
    expect(one({ institution: 'Nemocnice Lipová' }, [lipova])?.org).toMatchObject({
      decision: 'org:1',
      certain: false,
      reasons: ['name'],
    })
    expect(one({ institution: 'Nemocnice Dubová, a. s' }, [org(1, 'Nemocnice Dubová')])?.org).toMatchObject({
      decision: 'org:1',
      certain: false,
      reasons: ['name'],
    })
    expect(one({ institution: 'Zcela jiná' }, [lipova])?.org).toMatchObject({
      decision: 'new',
      certain: true,
    })
  })

  it('is a question where several fit', () => {
    const two = [org(1, 'Nemocnice Lipová'), org(2, 'Nemocnice Lipova')]
    expect(one({ institution: 'NEMOCNICE LIPOVÁ' }, two)?.org).toMatchObject({
      decision: null,
      reasons: ['several'],
      options: ['org:1', 'org:2'],
    })
  })

  it('for a person is certain only at the same institution', () => {
    const known = {
      organisations: [org(1, 'A'), org(2, 'B')],
      signatories: [{ id: 5, names: ['Jan Malý'], orgs: [1] }],
    }
    const [here, there] = propose(
      [line(2, { institution: 'A' }), line(3, { institution: 'B' })],
      known,
      new Map(),
    )
    expect(here?.person).toMatchObject({ decision: 'person:5', certain: true })
    expect(there?.person).toMatchObject({ decision: 'person:5', certain: false, reasons: ['elsewhere'] })
  })

  it('comes to an outcome whatever was decided, also in a circle', () => {
    const word = fc.constantFrom(
      'new',
      'skip',
      'line:2',
      'line:3',
      'line:4',
      'org:1',
      'part:line:2',
      'part:org:1',
      null,
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 3, maxLength: 3 }), (words) => {
        const lines = words.map((_, i) => line(i + 2, { signatory: `Osoba ${i}` }))
        const decisions = new Map(
          words.map(([o, p], i) => [i + 2, { org: o, person: p === 'skip' ? 'new' : p }]),
        )
        const proposed = propose(lines, { organisations: [org(1, 'X')], signatories: [] }, decisions)
        const outcome = outcomeOf(proposed, null)
        const counted = outcome.signatures.reduce((n, one) => n + one.lines.length, 0)
        expect(counted + outcome.skipped.length).toBe(3)
      }),
    )
  })
})

describe('a file of signatories', () => {
  it('never makes reading throw', async () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('Instituce', 'Signatář', 'Datum', '"', ';', '9/22/20', '\n'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { maxLength: 30 }),
        fc.constantFrom(';', ',', '\t', '\n'),
        async (cells, by) => {
          const read = await readList(Buffer.from(cells.join(by)), 'x.csv', 'en')
          expect(read.errors.length > 0 || read.lines.length > 0).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })
})
