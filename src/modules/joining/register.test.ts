/** The register file: what is understood, what is left out, and that nothing makes it fall. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { asReader } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { Invalid } from '../../platform/errors.ts'
import { lastLoad, loadEntries, readRegister, registerMatches } from './register.ts'

const heading = 'ico,name,address,region,kind\n'
const read = (text: string) => readRegister(Buffer.from(text))

describe('a register file', () => {
  it('is read with Czech or English headings, any separator, and either encoding', () => {
    const expected = {
      ico: '00023001',
      name: 'Nemocnice Vzorov, p. o.',
      address: 'Dlouhá 1, Vzorov',
      nuts3: 'CZ063',
      kind: 'hospital',
    }
    expect(
      read(`${heading}23001,"Nemocnice  Vzorov, p. o.","Dlouhá 1, Vzorov",Kraj Vysočina,hospital\n`).entries,
    ).toEqual([expected])
    const czech =
      'IČO;Obchodní firma;Sídlo;Kraj;Druh;Jiné\n00023001;Nemocnice Vzorov, p. o.;Dlouhá 1, Vzorov;vysočina;Nemocnice;x\n'
    expect(read(czech).entries).toEqual([expected])
    expect(read(czech.replaceAll(';', '\t')).entries).toEqual([expected])
    // windows-1250: Č is C8, í ED, á E1, č E8
    const old = Buffer.from(czech.normalize('NFC'), 'latin1')
    const bytes = Buffer.from(
      [...czech].map((c) => ({ Č: 0xc8, í: 0xed, á: 0xe1, č: 0xe8, é: 0xe9 })[c] ?? c.charCodeAt(0)),
    )
    expect(bytes.length).toBe(old.length)
    expect(readRegister(bytes).entries).toEqual([expected])
  })

  it('leaves out single lines and tells which, keeps unknown words as unknown', () => {
    const file = read(`${heading}1,x,,,\nabc,Bez čísla,,,\n25596641,,,,\n25596641,Něco,,Bavorsko,hrad\n`)
    expect(file.left).toEqual([
      { line: 2, why: 'ico' },
      { line: 3, why: 'ico' },
      { line: 4, why: 'name' },
    ])
    expect(file.entries).toEqual([{ ico: '25596641', name: 'Něco', address: '', nuts3: null, kind: null }])
  })

  it('is refused with a sentence when it is none', () => {
    for (const [text, said] of [
      ['', /first line has to name|no organisation/],
      ['a,b\n1,2\n', /first line has to name/],
      [heading, /no organisation/],
      [`${heading}x,y,,,\n`, /no organisation/],
    ] as const)
      expect(() => read(text)).toThrow(said)
    expect(() => readRegister(Buffer.from([0, 1, 2]))).toThrow(/neither UTF-8/)
    expect(() => readRegister(Buffer.alloc(65 * 1024 * 1024, 32))).toThrow(/larger than 64 MB/)
  })

  it('never makes the reader fall, whatever it holds', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('25596641', '"', '""', ';', '\n', '\0', 'kraj', '=1+1'),
    )
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 6 }), (rows) => {
        const text = heading + rows.map((row) => row.join(',')).join('\n')
        try {
          for (const entry of read(text).entries) {
            expect(entry.ico).toMatch(/^\d{8}$/)
            expect(entry.name.length).toBeGreaterThan(0)
            expect(JSON.stringify(entry)).not.toContain('\\u0000')
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Invalid)
        }
      }),
    )
  })
})

describe('a loaded register', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase()
  })
  afterAll(() => db.drop())

  const load = (text: string, fileName: string) =>
    asEngine(db, (tx) =>
      loadEntries(tx, { ...read(text), fileName, bytes: Buffer.from(text) }, null, tuesday),
    )

  it('counts whole, in the place of the one before, and is read by coordinators alone', async () => {
    const vera = await addPerson(db, 'Věra Dohledová', [['coordinator', null]])
    const olga = await addPerson(db, 'Olga Provozní', [['operator', null]])
    await load(`${heading}25596641,Stará,,,\n00000019,Jiná,,,\n`, 'stary.csv')
    await load(`${heading}25596641,Nemocnice Vzorov,,,\n25596641,Nemocnice Vzorov - LDN,,,\n`, 'novy.csv')
    const ask = (asked: { name: string; ico: string | null }, who = vera) =>
      asReader(db, who, tuesday, (tx) => registerMatches(tx, asked))
    expect(await ask({ name: 'nemocnice vzorov', ico: '25596641' })).toMatchObject([
      { name: 'Nemocnice Vzorov', by: 'ico', differs: false },
      { name: 'Nemocnice Vzorov - LDN', differs: false },
    ])
    expect(await ask({ name: 'Klinika', ico: '25596641' })).toMatchObject([
      { differs: true },
      { differs: true },
    ])
    expect(await ask({ name: 'NEMOCNICE VZOROV', ico: null })).toMatchObject([{ by: 'name', differs: false }])
    expect(await ask({ name: 'Nemocnice Vzorov', ico: '00000019' })).toMatchObject([
      { by: 'name', differs: true },
    ])
    expect(await ask({ name: 'Stará', ico: null })).toEqual([])
    expect(await ask({ name: 'Nemocnice Vzorov', ico: '25596641' }, olga)).toEqual([])
    expect(await asReader(db, vera, tuesday, lastLoad)).toEqual({
      fileName: 'novy.csv',
      entries: 2,
      loadedAt: tuesday,
    })
  })
})
