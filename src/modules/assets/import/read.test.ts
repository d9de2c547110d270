/** Files as they come: tables in any dress, bills of materials, scans; and files that want to do harm. */
import excel from 'exceljs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { translator } from '../../../platform/i18n.ts'
import { type Asset, blank } from '../asset.ts'
import { inventoryFile } from '../routes/list.ts'
import { understand } from '../understand.ts'
import { mostBytes } from './line.ts'
import { readAssets } from './read.ts'

const cs = translator('cs')
const read = (text: string | Buffer, name = 'soubor', kind = 'medical') =>
  readAssets(Buffer.from(text as string), name, kind, cs)
const lines = async (text: string | Buffer, name?: string) => {
  const { read: found, problems } = await read(text, name)
  expect(problems).toEqual([])
  return found?.lines.map((one) => understand({ ...one.fresh, ...one.given }).values) ?? []
}
const problem = async (text: string | Buffer) => (await read(text)).problems.map((one) => one.problem).join()

describe('a table of assets', () => {
  const head = ['Výrobce', 'Model', 'Verze', 'Počet', 'Oddělení', 'Odděleno', 'Konec podpory']
  const row = ['Philips', 'IntelliVue MX800', 'C.03', '14', 'JIP', 'ne', '31. 12. 2027']
  const expected = {
    ...{ kind: 'medical', vendor: 'Philips', product: 'IntelliVue MX800', version: 'C.03', quantity: 14 },
    ...{ department: 'JIP', segmented: false, supportEndsOn: '2027-12-31' },
  }

  it.each([';', ',', '\t', '|'])('separated by %j', async (separator) => {
    expect(await lines(`${head.join(separator)}\n${row.join(separator)}\n`)).toMatchObject([expected])
  })

  it('in windows-1250, as old Excel writes it', async () => {
    // "Výrobce;Model" with ý as 0xfd; the department has ř as 0xf8.
    const bytes = Buffer.concat([
      Buffer.from('V'),
      Buffer.from([0xfd]),
      Buffer.from('robce;Model;Odd'),
      Buffer.from([0xec]),
      Buffer.from('len'),
      Buffer.from([0xed]),
      Buffer.from('\r\nPhilips;MX800;P'),
      Buffer.from([0xf8, 0xed]),
      Buffer.from('jem\r\n'),
    ])
    expect(await lines(bytes)).toMatchObject([{ product: 'MX800', department: 'Příjem' }])
  })

  it('in a workbook of Excel, under the name of the table', async () => {
    const workbook = new excel.Workbook()
    const sheet = workbook.addWorksheet('Technika')
    sheet.addRow(['Zdravotnická technika 2026'])
    sheet.addRow(head)
    sheet.addRow(row)
    const bytes = Buffer.from(await workbook.xlsx.writeBuffer())
    expect(await lines(bytes, 'technika.xlsx')).toMatchObject([expected])
  })

  it('takes what Excel stored of a formula and says of which fields; an error, or a formula without a value, it refuses', async () => {
    const book = async (cell: excel.CellValue) => {
      const workbook = new excel.Workbook()
      const sheet = workbook.addWorksheet('Technika')
      sheet.addRow(['Výrobce', 'Model', 'Počet'])
      sheet.addRow(['Philips', 'MX800', cell])
      return read(Buffer.from(await workbook.xlsx.writeBuffer()), 'technika.xlsx')
    }
    const { read: found } = await book({ formula: 'SUM(D2:E2)', result: 14 })
    expect(found?.lines).toMatchObject([
      { given: { product: 'MX800', quantity: '14' }, computed: ['quantity'] },
    ])
    expect((await book(14)).read?.lines[0]?.computed).toBeUndefined()
    const error = { error: '#REF!' } as const
    for (const cell of [error, { formula: 'A9', result: error }, { formula: 'NOW()' }] as excel.CellValue[])
      expect([await book(cell)]).toMatchObject([{ read: null, problems: [{ line: 2 }] }])
  })

  it('takes operating systems and programs for what they are when the form says medical devices', async () => {
    const kinds = async (rows: string[], chosen?: string) =>
      (await read(`Výrobce;Model\n${rows.join('\n')}\n`, 'x.csv', chosen)).read?.lines.map(
        ({ fresh }) => fresh.kind,
      )
    const rows = [
      'Microsoft;Windows XP',
      ';Microsoft Windows XP',
      'Microsoft;SQL Server 2012',
      'Canonical;Ubuntu 22.04',
    ]
    expect(await kinds(rows)).toEqual(['system', 'system', 'software', 'system'])
    expect(await kinds(rows, 'network')).toEqual(['network', 'network', 'network', 'network'])
    expect(await kinds(['Philips;IntelliVue MX800', 'GE;Monitor s Windows XP', ';Windowing pump'])).toEqual([
      ...['medical', 'medical', 'medical'],
    ])
    expect(await lines('Druh;Model\nzdravotnický prostředek;Windows XP\n')).toMatchObject([
      { kind: 'medical' },
    ])
  })

  it('refuses a line and says which field is wrong, and keeps the others', async () => {
    const { read: found } = await read('Model;Počet;Druh\nA;1;pristroj\nB;mnoho;\n;3;\nD;2;lednice\n')
    expect(found?.lines.map(({ line, what }) => [line, what])).toEqual([[2, 'A']])
    expect(found?.refused).toMatchObject([
      { line: 3, field: 'quantity', why: 'quantity' },
      { line: 4, field: 'product', why: 'empty' },
      { line: 5, field: 'kind', why: 'kind' },
    ])
  })

  it('comes back as it was downloaded, in both languages', async () => {
    const asset: Asset = {
      ...{ ...blank, id: 7, org: 1, source: 'hand', createdAt: 0, changedAt: 0, removedAt: null },
      ...{ kind: 'network', vendor: 'Výrobce "s uvozovkou"', product: '-začíná pomlčkou', version: '=1+1' },
      ...{
        quantity: 3,
        serials: ['A1', 'B 2'],
        segmented: true,
        patientSafety: true,
        note: 'dva\nřádky; a víc',
      },
    }
    for (const lang of ['cs', 'en'] as const) {
      const { read: found } = await read(inventoryFile([asset], translator(lang)), 'inventory.csv', 'medical')
      const [line] = found?.lines ?? []
      expect(line?.id).toBe(7)
      const { id: _id, org: _org, source: _s, createdAt: _c, changedAt: _h, removedAt: _r, ...values } = asset
      // Line ends of a cell become blanks, as everywhere in tables.
      expect(understand(line?.given ?? {}).values).toEqual({ ...values, note: 'dva řádky; a víc' })
    }
  })

  it('of several columns that mean the same takes the one that says it best, and keeps the others in the note', async () => {
    const found = await lines(
      'Název;Dodavatel;Výrobce;Model;Poznámka\nInfuzní pumpa;Prodejce;Baxter;Sigma Spectrum;u okna\nMonitor;;Philips;;\n',
    )
    expect(found.map(({ vendor, product, note }) => [vendor, product, note])).toEqual([
      ['Baxter', 'Sigma Spectrum', 'u okna; Dodavatel: Prodejce; Název: Infuzní pumpa'],
      ['Philips', 'Monitor', ''],
    ])
  })

  it('says what keeps it from being read', async () => {
    expect(await problem('')).toBe('Soubor je prázdný.')
    expect(await problem('a;b;c\n1;2;3\n')).toContain('hlavička')
    expect(await problem('Model;Výrobce;MODEL\nA;B;c\n')).toContain('se jmenují stejně: MODEL')
    expect(await problem('Model;Výrobce;Počet\n')).toContain('žádná položka')
    expect(await problem(Buffer.alloc(mostBytes + 1, 'a'))).toContain('8 MB')
    expect(await problem(Buffer.from([0x4d, 0, 0x6f, 0]))).not.toBe('')
    expect(await problem(`Model;a;b\n${'x;1;2\n'.repeat(10_002)}`)).not.toBe('')
  })
})

describe('a bill of materials (CycloneDX)', () => {
  const bom = (more: object) => JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', ...more })
  const library = {
    type: 'library',
    group: 'org.apache',
    name: 'log4j',
    version: '2.14.1',
    purl: 'pkg:maven/a/log4j@2.14.1',
  }

  it.each(['1.4', '1.5', '1.6'])(
    'of version %s: components, what is inside them, and services',
    async (specVersion) => {
      const found = await lines(
        bom({
          specVersion,
          metadata: {
            component: { type: 'application', name: 'NIS', version: '8', supplier: { name: 'Výrobce NIS' } },
          },
          components: [
            {
              type: 'operating-system',
              name: 'Windows',
              version: '10',
              cpe: 'cpe:2.3:o:microsoft:windows_10:*:*:*:*:*:*:*:*',
            },
            { type: 'device', name: 'Brána', components: [library] },
          ],
          services: [{ name: 'PACS', provider: { name: 'Philips' } }],
        }),
      )
      expect(found).toMatchObject([
        { kind: 'software', vendor: 'Výrobce NIS', product: 'NIS', version: '8' },
        { kind: 'system', product: 'Windows', cpe: 'cpe:2.3:o:microsoft:windows_10:*:*:*:*:*:*:*:*' },
        { kind: 'medical', product: 'Brána' },
        { kind: 'software', vendor: 'org.apache', product: 'log4j', purl: 'pkg:maven/a/log4j@2.14.1' },
        { kind: 'service', vendor: 'Philips', product: 'PACS' },
      ])
    },
  )

  it('as XML', async () => {
    const found = await lines(
      `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components>
       <component type="library"><publisher>Apache &amp; spol.</publisher><name>log4j</name><version>2.14.1</version>
         <components><component type="library"><name>api</name></component></components></component></components></bom>`,
    )
    expect(found).toMatchObject([
      { kind: 'software', vendor: 'Apache & spol.', product: 'log4j', version: '2.14.1' },
      { kind: 'software', product: 'api' },
    ])
  })

  it('leaves out what is no part of an inventory, and says so', async () => {
    const { read: found } = await read(
      bom({
        components: [
          { type: 'file', name: 'a.txt' },
          { type: 'toString', name: 'b' },
        ],
      }),
    )
    expect(found?.lines).toEqual([])
    expect(found?.refused.map(({ why }) => why)).toEqual(['component', 'component'])
  })

  it('of another version, or no such bill at all, is refused', async () => {
    expect(await problem(bom({ specVersion: '1.2', components: [library] }))).toContain('1.4, 1.5 a 1.6')
    expect(await problem('{"a": 1}')).toContain('CycloneDX')
    expect(await problem(bom({}))).toContain('žádná položka')
    expect(await problem(`{"bomFormat":"CycloneDX"${'['.repeat(100_000)}`)).not.toBe('')
    expect(await problem('<svg></svg>')).toContain('Nmap')
  })
})

describe('what Nmap found', () => {
  const host = (address: string, inside: string): string =>
    `<host><status state="up"/><address addr="${address}" addrtype="ipv4"/>${inside}</host>`
  const ssh =
    '<ports><port protocol="tcp" portid="22"><state state="open"/><service name="ssh" product="OpenSSH" version="8.9" method="probed"><cpe>cpe:/a:openbsd:openssh:8.9</cpe></service></port>' +
    '<port protocol="tcp" portid="80"><state state="open"/><service name="http" method="table"/></port></ports>'
  const os = (accuracy: number, type = 'general purpose'): string =>
    `<os><osmatch name="Windows XP SP3" accuracy="${accuracy}"><osclass type="${type}" vendor="Microsoft" osfamily="Windows" osgen="XP" accuracy="${accuracy}"><cpe>cpe:/o:microsoft:windows_xp::sp3</cpe></osclass></osmatch></os>`
  const run = (...hosts: string[]): string =>
    `<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap">${hosts.join('')}</nmaprun>`

  it('services that answered and systems it is sure of, the same on several hosts as one', async () => {
    const found = await lines(run(host('192.0.2.10', ssh + os(100)), host('192.0.2.11', ssh)))
    expect(found).toMatchObject([
      {
        ...{ kind: 'service', vendor: 'openbsd', product: 'OpenSSH', version: '8.9', quantity: 2 },
        note: 'Nmap: 192.0.2.10:22, 192.0.2.11:22',
        cpe: 'cpe:2.3:a:openbsd:openssh:8\\.9:*:*:*:*:*:*:*',
      },
      { kind: 'system', vendor: 'Microsoft', product: 'Windows', version: 'XP', quantity: 1 },
    ])
  })

  it('leaves a system that it only guesses to a person', async () => {
    const { read: found } = await read(run(host('192.0.2.10', os(90))))
    expect([found?.lines, found?.refused.map(({ why }) => why)]).toEqual([[], ['unsure']])
  })

  it('refuses entities, cut files and empty runs', async () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><nmaprun>&c;</nmaprun>'
    expect(await problem(bomb)).toContain('entitami')
    expect(await problem(run(host('192.0.2.10', ssh)).slice(0, -20))).toContain('není celý')
    expect(await problem(run())).toContain('žádné zařízení')
    expect(await problem(`<nmaprun>${'<a>'.repeat(50_000)}</nmaprun>`)).not.toBe('')
  })
})

describe('any file', () => {
  it('is read or refused, and never fails', async () => {
    const any = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.json(),
      fc.string().map((text) => `Model;Výrobce;Počet\n${text}`),
      fc.string().map((text) => `<nmaprun><host><status state="up"/>${text}</host></nmaprun>`),
      fc.json().map((json) => `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${json}]}`),
    )
    await fc.assert(
      fc.asyncProperty(any, async (content) => {
        const { read: found, problems } = await read(content as string)
        expect(found === null).toBe(problems.length > 0)
        for (const line of found?.lines ?? []) expect(line.what).not.toBe('')
      }),
      { numRuns: 300 },
    )
  })
})
