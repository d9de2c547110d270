import { describe, expect, it } from 'vitest'
import { parseMembers } from './parse.ts'
import { printFaults } from './print.ts'
import type { LineError } from './types.ts'

const heading = 'name,kind,region,prefixes,domains,contact_email,language'

async function read(text: string | Buffer, filename = 'members.csv') {
  return parseMembers(Buffer.from(text as string), filename, 'en')
}

function briefly({ line, column, value }: LineError) {
  return [line, column, value]
}

describe('a table of members', () => {
  it('is found below the lines that people write above it, and says that those are not read', async () => {
    const above = 'Členové k 1. 3. 2026;;\n"připravila Jana; kopie";;\n\n'
    const file = await read(`${above}název;kraj;druh\nNemocnice Lipová;Lipový kraj;nemocnice\n`)
    expect(file.errors).toEqual([])
    expect(file.rows.map(({ line, name, region }) => [line, name, region])).toEqual([
      [5, 'Nemocnice Lipová', 'Lipový kraj'],
    ])
    expect(printFaults(file.notes, 'en')).toContain('What stands above the heading is not read.')
    const none = await read('Členové\nNemocnice Lipová;nemocnice\n')
    expect(briefly(none.errors[0] as LineError)[0]).toBe(1)
    // A heading that has other columns of ours but no name is complained of, not skipped.
    expect((await read('kraj;druh\nnázev;kraj\n')).errors[0]?.line).toBe(1)
  })

  it('names accents that were broken before it came, in the heading and in names', async () => {
    const twice = (text: string) => Buffer.from(Buffer.from(text, 'utf8').toString('latin1'), 'utf8')
    const file = await read(twice('název;kraj\nNemocnice Lipová;\n'))
    expect(file.errors.map(({ line }) => line)).toContain(1)
    expect(printFaults(file.notes, 'en')).toContain('Accents look broken here.')
    const named = await read(twice('name;region\nNemocnice Krásná;\n'))
    expect(named.rows).toHaveLength(1)
    expect(printFaults(named.notes, 'en')).toContain('Accents look broken here.')
  })

  it('reads every column of the heading in any order, comma or semicolon, Czech or English', async () => {
    const english = await read(
      `${heading}\nNemocnice Lipová,hospital,Lipový kraj,192.0.2.0/24 2001:db8::/48,lipova.example www.LIPOVA.example,it@lipova.example,cs\n`,
    )
    const czech = await read(
      '\uFEFFjazyk;E-mail;domény;rozsahy;kraj;druh;název\r\ncs;it@lipova.example;lipova.example www.lipova.example;192.0.2.0/24 2001:DB8:0::/48;Lipový kraj;Nemocnice;Nemocnice Lipová\r\n',
    )
    expect(english.errors).toEqual([])
    expect(czech.errors).toEqual([])
    const { given, ...row } = english.rows[0] ?? { given: [] }
    expect(czech.rows[0]).toMatchObject(row)
    expect(czech.rows[0]?.given).toEqual(given)
    expect(row).toMatchObject({
      line: 2,
      kind: 'hospital',
      language: 'cs',
      contactEmail: 'it@lipova.example',
    })
    expect(row).toMatchObject({ phone: null, founder: null, visibleToParent: false, validFrom: null })
    expect(english.rows[0]?.prefixes.map(({ net }) => net.text)).toEqual(['192.0.2.0/24', '2001:db8::/48'])
    expect(english.rows[0]?.prefixes.map(({ role }) => role)).toEqual(['owner', 'owner'])
  })

  it('reads the later columns', async () => {
    const { rows, errors } = await read(
      'název;druh;rozsahy;telefon;zřizovatel;visible_to_parent;role;označení;platnost od;valid_to\n' +
        'Klinika Javor;klinika;"192.0.2.7\n192.0.2.16 – 192.0.2.40";+420  123 456 789;Kraj Javorový;ano;poskytovatel;PACS;1. 2. 2026;2026-12-31\n',
    )
    expect(errors).toEqual([])
    expect(rows[0]).toMatchObject({
      kind: 'clinic',
      phone: '+420 123 456 789',
      founder: 'Kraj Javorový',
      visibleToParent: true,
      validFrom: '2026-02-01',
      validTo: '2026-12-31',
    })
    const prefixes = rows[0]?.prefixes.map(({ net, role, label }) => [net.text, role, label])
    expect(prefixes).toEqual([
      ['192.0.2.7', 'provider', 'PACS'],
      ['192.0.2.16-192.0.2.40', 'provider', 'PACS'],
    ])
  })

  it('reads windows-1250 and says so', async () => {
    const text = Buffer.concat([
      Buffer.from([0x6e, 0xe1, 0x7a, 0x65, 0x76, 0x3b, 0x64, 0x72, 0x75, 0x68, 0x0a]),
      Buffer.from([0xda, 0x73, 0x74, 0x61, 0x76, 0x20, 0xd8, 0x65, 0xf8, 0x69, 0x63, 0x68, 0x61, 0x3b]),
      Buffer.from([0xfa, 0x73, 0x74, 0x61, 0x76, 0x0a]),
    ])
    const { rows, errors, notes } = await read(text)
    expect(errors).toEqual([])
    expect(rows[0]).toMatchObject({ name: 'Ústav Řeřicha', kind: 'institute' })
    expect(notes[0]?.problem).toMatch(/windows-1250/)
  })

  it('names line, column and value of what it cannot accept, and all of it at once', async () => {
    const { rows, errors } = await read(
      `${heading}\n` +
        'A,nemocnica,,300.1.1.1 192.0.2.1/24 192.0.2.9-192.0.2.1 127.0.0.1 0.0.0.0/0,https://a.example/,it@,de\n' +
        ',hospital,,,,,\n' +
        '"B\nC",region,,2001:db8::1/129 fe80::1,a..example -x.example 192.0.2.1 example,a@b.example c@d.example,\n' +
        '=1+1,hospital,,,,,\n',
    )
    expect(rows).toEqual([])
    expect(errors.map(briefly)).toEqual([
      [2, 'kind', 'nemocnica'],
      [2, 'language', 'de'],
      [2, 'contact_email', 'it@'],
      [2, 'prefixes', '300.1.1.1'],
      [2, 'prefixes', '192.0.2.1/24'],
      [2, 'prefixes', '192.0.2.9-192.0.2.1'],
      [2, 'prefixes', '127.0.0.1'],
      [2, 'prefixes', '0.0.0.0/0'],
      [2, 'domains', 'https://a.example/'],
      [3, 'name', ''],
      [4, 'contact_email', 'a@b.example c@d.example'],
      [4, 'prefixes', '2001:db8::1/129'],
      [4, 'prefixes', 'fe80::1'],
      [4, 'domains', 'a..example'],
      [4, 'domains', '-x.example'],
      [4, 'domains', '192.0.2.1'],
      [4, 'domains', 'example'],
      [6, 'name', '=1+1'],
    ])
    expect(printFaults(errors, 'cs')).toMatch(/^řádek 2, kind „nemocnica“: Unknown kind/)
  })

  it('refuses dates that can be read in two ways, and validity that ends before it begins', async () => {
    const { errors } = await read(
      'name,valid_from,valid_to\nA,9/22/20,\nB,2026-02-30,\nC,2026-05-01,2026-04-30\n',
    )
    expect(errors.map(briefly)).toEqual([
      [2, 'valid_from', '9/22/20'],
      [3, 'valid_from', '2026-02-30'],
      [4, 'valid_to', '2026-04-30'],
    ])
  })

  it('one organisation on two lines is refused, whatever its accents and case', async () => {
    const { rows, errors } = await read(
      'name,kind\nNemocnice Údolí a. s.,hospital\nNEMOCNICE  UDOLI A. S,hospital\n',
    )
    expect(rows).toHaveLength(1)
    expect(errors[0]).toMatchObject({ line: 3, column: 'name' })
    expect(errors[0]?.problem).toMatch(/line 2/)
  })

  it('overlaps are legal and told: shared, nested and crossing ranges, one domain of two', async () => {
    const { errors, notes } = await read(
      `${heading}\nKraj,region,,192.0.2.0/24 192.0.2.0/24,k.example,,\nKlinika,clinic,,192.0.2.128/25,,,\n` +
        'Síť,network,,192.0.2.0/24 192.0.2.250-192.0.3.4 10.0.0.0/8,k.example,,\n',
    )
    expect(errors).toEqual([])
    expect(notes.map((note) => `${note.line} ${note.value}: ${note.problem}`)).toEqual([
      '2 192.0.2.0/24: Stands twice in the line; counted once.',
      '3 192.0.2.128/25: Lies inside 192.0.2.0/24 (Síť, line 4): the narrower range wins.',
      expect.stringMatching(/^4 10\.0\.0\.0\/8: A private range/),
      '4 192.0.2.0/24: Kraj (line 2) has the same range: both organisations will be warned.',
      expect.stringMatching(
        /^4 192\.0\.2\.250-192\.0\.3\.4: Partly overlaps 192\.0\.2\.128\/25 \(Klinika, line 3\)/,
      ),
      '4 k.example: Kraj (line 2) has the same domain.',
    ])
  })
})

describe('a heading', () => {
  it('must name the organisation; a misspelt column is asked about, a foreign one told', async () => {
    expect((await read('kind,prefixes\nhospital,\n')).errors[0]?.problem).toMatch(/column name/)
    const misspelt = await read('name,prefixs\nA,192.0.2.0/24\n')
    expect(misspelt.errors[0]?.problem).toMatch(/"prefixes"/)
    const foreign = await read('name,kind,DIČ\nA,hospital,123\n')
    expect(foreign.errors).toEqual([])
    expect(foreign.notes.map(briefly)).toEqual([[1, 'DIČ', 'DIČ']])
    expect((await read('name,název\nA,B\n')).errors).toHaveLength(1)
  })

  it('a line may leave out empty columns at its end; a text with a separator must be quoted', async () => {
    const { rows, errors, notes } = await read(
      'name,kind,region,phone\nA,hospital\nB,hospital,x,,,\nC,hospital,x,,y\n',
    )
    expect(rows.map(({ name }) => name)).toEqual(['A', 'B'])
    expect(notes.map(({ line }) => line)).toEqual([2])
    expect(errors.map(({ line }) => line)).toEqual([4])
  })

  it('obeys the separator that Excel writes above it', async () => {
    const { rows, errors } = await read('sep=;\nname;region\nA;x, y\n')
    expect(errors).toEqual([])
    expect(rows[0]).toMatchObject({ line: 3, region: 'x, y' })
  })
})

describe('a file that is not what it should be', () => {
  const cases: [string, string | Buffer, string, RegExp][] = [
    ['nothing', '', 'm.csv', /empty/],
    ['blanks', ' \n\n', 'm.csv', /empty/],
    ['a heading only', `${heading}\n`, 'm.csv', /no organisation/],
    ['half a quoted text', `${heading}\n"Nemocnice`, 'm.csv', /never closed/],
    ['half a line', `${heading}\nA,hospital,,192.0.2.0/2`, 'm.csv', /not whole/],
    [
      'half a character',
      Buffer.from('název\nNemocnice Lipová').subarray(0, -1),
      'm.csv',
      /middle of a character/,
    ],
    ['UTF-16', Buffer.from('\uFEFFname\nA\n', 'utf16le'), 'm.csv', /UTF-16/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), 'm.csv', /NUL/],
    ['no known encoding', Buffer.from([0x6e, 0x81, 0x83, 0x0a]), 'm.csv', /neither/],
    ['another ending', 'name\nA\n', 'm.pdf', /ending/],
    ['old Excel', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]), 'm.xls', /old Excel/],
    ['text called Excel', 'name\nA\n', 'm.xlsx', /no Excel workbook/],
    ['a stray quote', 'name\nNemocnice "Pod lipou"\n', 'm.csv', /quote/i],
    ['a huge cell', `name\n${'x'.repeat(70_000)}\n`, 'm.csv', /70000 characters/],
    ['an endless line', `name\n"${'x'.repeat(1_200_000)}"\n`, 'm.csv', /longer than/],
    ['a huge heading', `${','.repeat(100_000)}\n`, 'm.csv', /column name/],
    ['an invisible turn of direction', 'name\nA\u202eB\n', 'm.csv', /invisible/],
    ['both separators', 'a,b;c\n1,2;3\n', 'm.csv', /comma or semicolon/],
    [
      '20,001 organisations',
      `name\n${Array.from({ length: 20_001 }, (_, i) => `N${i}\n`).join('')}`,
      'm.csv',
      /20000/,
    ],
    ['21 MB', Buffer.alloc(21 * 1024 * 1024, 'a'), 'm.csv', /at most 20971520/],
  ]
  it.each(cases)('%s is refused with a sentence', async (_, content, filename, expected) => {
    const { rows, errors } = await read(content, filename)
    expect(rows.length).toBeLessThanOrEqual(0)
    expect(errors[0]?.problem).toMatch(expected)
  })

  it('speaks Czech first', async () => {
    const { errors } = await parseMembers(Buffer.from(''), 'm.csv')
    expect(errors[0]?.problem).toMatch(/^Soubor je prázdný/)
  })

  it('lists at most five hundred faults and counts the rest', async () => {
    const { errors } = await read(`name\n${'-\n'.repeat(700)}`)
    expect(errors).toHaveLength(501)
    expect(errors.at(-1)?.problem).toBe('Further errors: 200. Correct the listed ones first.')
  })
})
