import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { projectRoot } from '../../../platform/content.ts'
import type { Tx } from '../../../platform/database.ts'
import { addVersion, sets } from '../memorandum.ts'
import { apply } from './apply.ts'
import { readList } from './lines.ts'
import { addressDoubts, figuresOf } from './outcome.ts'
import { acceptProposals, decide, type Preview, preview, type Said, takeIn } from './store.ts'

const bytes = readFileSync(join(projectRoot, 'test/fixtures/signatories-1250.csv'))
let db: TestDatabase
let vera: Actor
let list: number

const as = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => asActor(db, vera, tuesday, work)
const count = async (table: string): Promise<number> =>
  Number((await db.engine.query(`select count(*)::int as n from ${table}`)).rows[0]?.n)
const take = async (given: Buffer, fileName = 'signatari.csv') => {
  const file = await readList(given, fileName, 'cs')
  return as((tx) => takeIn(tx, { bytes: given, fileName, version: 1, file }, vera, tuesday))
}
/** The line of the file that reads so: "print 1, number 12". */
const at = ({ proposed }: Preview, institution: string, last = false) => {
  const found = proposed.filter((one) => one.line.institution === institution)
  const one = last ? found.at(-1) : found[0]
  if (!one) throw new Error(`no line of ${institution}`)
  return one
}

beforeAll(async () => {
  db = await createDatabase()
  vera = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
  await addHospital(db, 'Síťnet', [], { domains: ['sitnet.example'] })
  await addHospital(db, 'Nemocnice Pohádkov, a.s.', [])
  await as(async (tx) => {
    for (const [number, month] of [
      ['1', '2020-09'],
      ['2', '2021-08'],
    ] as const)
      await addVersion(
        tx,
        { number, month, language: 'cs', title: 'Memorandum', text: '', fileSha256: '', published: '' },
        vera,
        tuesday,
      )
  })
  list = (await take(bytes)).id
})
afterAll(() => db.drop())

describe('a list of signatories as it really is', () => {
  it('is read line by line, in windows-1250, with the second print below the first', async () => {
    const { proposed, list: head } = await as((tx) => preview(tx, list))
    expect(proposed).toHaveLength(31)
    expect(proposed.filter((one) => one.line.number === '')).toHaveLength(3)
    expect(head.notes.map((note) => note.line)).toEqual([0])
    expect([head.hasSlashes, head.slashesProposed, head.slashes]).toEqual([true, 'mdy', null])
    expect(proposed[0]?.line).toMatchObject({ line: 2, signatory: 'Ing. Čtirad Lhotský', day: '9/22/20' })
    expect(proposed.at(-1)?.line).toMatchObject({
      line: 34,
      signatory: 'MUDr. Karel Oba',
      day: '',
      email: '',
    })
  })

  it('proposes with reasons, and takes nothing for the same that is not written alike', async () => {
    const found = await as((tx) => preview(tx, list))
    const org = (institution: string, last = false) => {
      const { decision, certain, reasons } = at(found, institution, last).org
      return [decision?.replace(/\d+/, 'N') ?? null, certain, reasons[0] ?? null]
    }
    expect(org('SÍŤNET')).toEqual(['org:N', false, 'name'])
    expect(org('Nemocnice Pohádkov, a. s')).toEqual(['org:N', false, 'name'])
    expect(org('BVUT')).toEqual(['new', true, null])
    expect(org('BVUT ÚROB & FBI')).toEqual(['part:line:N', false, 'part'])
    expect(org('BVUT FEL Kyberlab s.r.o.')).toEqual([null, false, 'legal'])
    expect(org('Zdravotnická záchranná služba Skalního kraje')).toEqual(['new', true, null])
    expect(org('Zdravotnická záchranná služba Mlžného kraje')).toEqual(['line:N', false, 'distance'])
    expect(org('Zdravotnická záchranná služba Královéhradského kraje')).toEqual(['line:N', false, 'cut'])
    expect(org('Nemocnice Dolní Výmysl', true)).toEqual(['line:N', true, 'same'])
    const person = (institution: string, last = false) => {
      const { decision, certain, reasons } = at(found, institution, last).person
      return [decision?.replace(/\d+/, 'N') ?? null, certain, reasons[0] ?? null]
    }
    expect(person('Zdravotnická záchranná služba Mlžného kraje')).toEqual(['line:N', false, 'distance'])
    expect(person('Fakultní nemocnice Brodek')).toEqual(['line:N', false, 'elsewhere'])
    expect(person('Krajská nemocnice Bájná Lhota', true)).toEqual(['line:N', true, 'same'])
    expect(found.outcome.undecided).toHaveLength(7)
    expect(found.outcome.needsSlashes).toBe(true)
  })

  it('is not applied while anything waits for a decision, and accepting proposals answers no question', async () => {
    await expect(as((tx) => apply(tx, list, vera, tuesday))).rejects.toThrow(/waits for a decision/)
    await as((tx) => acceptProposals(tx, list))
    const found = await as((tx) => preview(tx, list))
    expect(found.outcome.undecided).toEqual([at(found, 'BVUT FEL Kyberlab s.r.o.').line.line])
    expect(found.list.slashes).toBe('mdy')
    await expect(as((tx) => apply(tx, list, vera, tuesday))).rejects.toThrow(/waits for a decision/)
    expect([await count('signatures'), await count('organisations')]).toEqual([0, 2])
  })

  it('refuses decisions that point nowhere, and keeps the others', async () => {
    const { proposed } = await as((tx) => preview(tx, list))
    const first = proposed[0]?.line.line ?? 0
    const wrongs: Said[] = [
      { org: 'org:999' },
      { org: 'line:999' },
      { org: `line:${first + 5}` },
      { org: `line:${first}` },
      { org: 'part:new' },
      { org: `'; drop table people; --` },
      { person: 'skip' },
      { person: 'person:1' },
    ]
    for (const said of wrongs)
      await expect(
        as((tx) => decide(tx, list, { lines: new Map([[first, said]]) })),
        JSON.stringify(said),
      ).rejects.toThrow(/cannot be/)
    await expect(as((tx) => decide(tx, list, { lines: new Map([[999, { org: 'new' }]]) }))).rejects.toThrow(
      /no such line/,
    )
  })

  it('comes to 22 signatures of 21 institutions and 21 people, 19 dated, 20 with an address', async () => {
    const found = await as((tx) => preview(tx, list))
    const question = at(found, 'BVUT FEL Kyberlab s.r.o.').line.line
    await as((tx) => decide(tx, list, { lines: new Map([[question, { org: 'new' }]]) }))
    const { outcome } = await as((tx) => preview(tx, list))
    expect(figuresOf(outcome)).toEqual({
      signatures: 22,
      institutions: 21,
      persons: 21,
      dated: 19,
      undated: 3,
      withAddress: 20,
      withoutAddress: 2,
    })
    const doubts = (name: string) =>
      addressDoubts(outcome.signatures.find((one) => one.name === name) as never)
    expect(doubts('MUDr. Andrea Mlžná')).toEqual(['differs'])
    expect(doubts('Ing. Libor Vlnka')).toEqual(['other'])
    expect(doubts('Ing. Jiří Zámek')).toEqual([])
    const doubtsOf = (address: string) =>
      addressDoubts({ spellings: ['Ing. Karel Nový'], addresses: [address] } as never)
    expect(doubtsOf('karel@lipova.example')).toEqual([])
    expect(doubtsOf('karel.jiny@lipova.example')).toEqual(['other'])
    expect(outcome.differentDays).toEqual([])
    const report = await as((tx) => apply(tx, list, vera, tuesday))
    expect(report).toEqual({ organisations: 19, signatures: 22, known: 0, skipped: 0 })
    const { rows } = await db.engine.query(
      `select count(*)::int as signatures, count(distinct org_id)::int as institutions, count(distinct signatory_id)::int as persons,
         count(signed_on)::int as dated, count(*) filter (where state = 'declared')::int as declared,
         count(*) filter (where exists (select 1 from signature_contacts c where c.signature_id = s.id))::int as addressed,
         count(*) filter (where v.number = 2)::int as second
       from signatures s join memorandum_versions v on v.id = s.version_id`,
    )
    expect(rows).toEqual([
      { signatures: 22, institutions: 21, persons: 21, dated: 19, declared: 3, addressed: 20, second: 0 },
    ])
  })

  it('leaves every line with what became of it, aliases, both spellings and the part below its whole', async () => {
    const { rows } = await db.engine.query(
      'select count(*)::int as lines, count(distinct signature_id)::int as signatures from signature_list_lines where signature_id is not null',
    )
    expect(rows).toEqual([{ lines: 31, signatures: 22 }])
    const one = async (sql: string) => (await db.engine.query(sql)).rows
    expect(
      await one(
        `select o.name from organisation_names n join organisations o on o.id = n.org_id where n.name like '%Královéh'`,
      ),
    ).toEqual([{ name: 'Zdravotnická záchranná služba Královéhradského kraje' }])
    expect(
      await one(
        `select s.signatory_name, s.signed_on from signatures s where s.signatory_name like '%Mlžná'`,
      ),
    ).toEqual([{ signatory_name: 'MUDr. Andrea Mlžná', signed_on: '2020-10-12' }])
    expect(await one(`select n.name from signatory_names n where n.name like '%Mlžná' order by 1`)).toEqual([
      { name: 'MUDr. Andrea Mlžná' },
      { name: 'MUDr. Anread Mlžná' },
    ])
    expect(
      await one(
        'select o.name, p.name as above from organisations o join organisations p on p.id = o.parent_id',
      ),
    ).toEqual([{ name: 'BVUT ÚROB & FBI', above: 'BVUT' }])
    expect(await one(`select distinct status from organisations where kind = 'other'`)).toEqual([
      { status: 'prospect' },
    ])
    // Nobody of them can sign in, and none of them takes part by having signed.
    expect(await count('people')).toBe(1)
    expect(await as(sets)).toEqual({ involved: 2, signed: 21 })
  })

  it('changes nothing the second time, by the same bytes or by the same names in another file', async () => {
    expect(await take(bytes)).toEqual({ id: list, isNew: false })
    await expect(as((tx) => apply(tx, list, vera, tuesday))).rejects.toThrow(/applied already/)
    await expect(as((tx) => decide(tx, list, { lines: new Map() }))).rejects.toThrow(/applied already/)
    const before = await Promise.all(
      ['signatures', 'organisations', 'signatories', 'signature_contacts'].map(count),
    )
    const again = await take(Buffer.concat([bytes, Buffer.from('\r\n')]))
    expect(again.isNew).toBe(true)
    const found = await as((tx) => preview(tx, again.id))
    // All names are known now, each spelling as it stood: only whom one name at two places means was decided before.
    expect(found.outcome.undecided).toEqual([])
    await as((tx) => decide(tx, again.id, { slashes: 'mdy', lines: new Map() }))
    const report = await as((tx) => apply(tx, again.id, vera, tuesday))
    expect(report).toEqual({ organisations: 0, signatures: 0, known: 22, skipped: 0 })
    expect(
      await Promise.all(['signatures', 'organisations', 'signatories', 'signature_contacts'].map(count)),
    ).toEqual(before)
  })

  it('is nothing that anybody but coordinators sees or does', async () => {
    const jana = await addPerson(db, 'Jana Nováková', [['representative', { id: 1, name: 'Síťnet' }]])
    await expect(asActor(db, jana, tuesday, (tx) => preview(tx, list))).rejects.toThrow(/no such list/)
    await expect(asActor(db, jana, tuesday, (tx) => apply(tx, list, jana, tuesday))).rejects.toThrow(
      /no such list/,
    )
    const file = await readList(Buffer.from('instituce;signatář\nA;B\n'), 'x.csv', 'cs')
    await expect(
      asActor(db, jana, tuesday, (tx) =>
        takeIn(tx, { bytes: Buffer.from('x'), fileName: 'x.csv', version: 1, file }, jana, tuesday),
      ),
    ).rejects.toThrow(/row-level security/)
  })
})
