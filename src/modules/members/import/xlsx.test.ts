import { deflateRawSync } from 'node:zlib'
import ExcelJS from 'exceljs'
import { describe, expect, it } from 'vitest'
import { mostUnpackedBytes } from './limits.ts'
import { parseMembers } from './parse.ts'
import { pack, unpack } from './zip.ts'

async function workbook(fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  fill(book)
  return Buffer.from(await book.xlsx.writeBuffer())
}

const read = (bytes: Buffer) => parseMembers(bytes, 'members.xlsx', 'en')

/** A ZIP with one deflated entry whose directory states the given size. */
function zipOf(name: string, content: Buffer, stated = content.length): Buffer {
  const packed = deflateRawSync(content)
  const bytes = pack(new Map([[name, packed]]))
  const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  bytes.writeUInt16LE(8, 8)
  bytes.writeUInt16LE(8, directory + 10)
  bytes.writeUInt32LE(stated, directory + 24)
  return bytes
}

describe('an Excel workbook of members', () => {
  it('may have a title and remarks above its heading, on one of several sheets too', async () => {
    const bytes = await workbook((book) => {
      book.addWorksheet('Poznámky').addRow(['nic'])
      const sheet = book.addWorksheet('Členové')
      sheet.addRow(['Seznam členů 2026'])
      sheet.addRow([])
      sheet.addRow(['', 'název', 'druh'])
      sheet.addRow(['', 'Nemocnice Lipová', 'nemocnice'])
    })
    const file = await read(bytes)
    expect(file.errors).toEqual([])
    expect(file.rows.map(({ line, name }) => [line, name])).toEqual([[4, 'Nemocnice Lipová']])
  })

  it('gives text, numbers, dates, links and rich text as a reader sees them', async () => {
    const bytes = await workbook((book) => {
      book.addWorksheet('Poznámky').addRow(['nic'])
      const sheet = book.addWorksheet('Členové')
      sheet.addRow([])
      sheet.addRow(['název', 'druh', 'rozsahy', 'telefon', 'platí od', 'e-mail'])
      sheet.addRow([
        { richText: [{ text: 'Nemocnice ' }, { text: 'Lipová' }] },
        'nemocnice',
        '192.0.2.0/24\n2001:db8::/48',
        420123456789,
        new Date('2026-01-31'),
        { text: 'it@lipova.example', hyperlink: 'mailto:it@lipova.example' },
      ])
      sheet.mergeCells('A9:F9')
      const hidden = book.addWorksheet('Staré')
      hidden.state = 'hidden'
      hidden.addRow(['název'])
    })
    const { rows, errors } = await read(bytes)
    expect(errors).toEqual([])
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      line: 3,
      name: 'Nemocnice Lipová',
      phone: '420123456789',
      validFrom: '2026-01-31',
      contactEmail: 'it@lipova.example',
    })
    expect(rows[0]?.prefixes.map(({ net }) => net.text)).toEqual(['192.0.2.0/24', '2001:db8::/48'])
  })

  it('refuses formulas and spreadsheet errors, as their value is not the file’s', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('a')
      sheet.addRow(['name', 'kind'])
      sheet.addRow([{ formula: 'CONCATENATE("A","B")', result: 'AB' }, 'hospital'])
      sheet.addRow(['B', { error: '#REF!' }])
    })
    const { rows, errors } = await read(bytes)
    expect(rows).toEqual([])
    expect(errors.map(({ line, column }) => [line, column])).toContainEqual([2, 'name'])
    expect(errors.map(({ line, column }) => [line, column])).toContainEqual([3, 'kind'])
  })

  it('asks when two sheets could be meant, and when none is', async () => {
    const two = await workbook((book) => {
      for (const name of ['a', 'b']) book.addWorksheet(name).addRow(['name'])
    })
    expect((await read(two)).errors[0]?.problem).toMatch(/a, b/)
    const none = await workbook((book) => {
      for (const name of ['a', 'b']) book.addWorksheet(name).addRow(['x'])
    })
    expect((await read(none)).errors[0]?.problem).toMatch(/No visible sheet/)
    const empty = await workbook((book) => {
      book.addWorksheet('a')
    })
    expect((await read(empty)).errors[0]?.problem).toMatch(/empty/)
  })

  it('half a file is refused at any cut', async () => {
    const bytes = await workbook((book) => {
      book.addWorksheet('a').addRow(['name'])
    })
    for (let cut = 1; cut < bytes.length - 30; cut += 97) {
      const { rows, errors } = await read(bytes.subarray(0, cut))
      expect(rows).toEqual([])
      expect(errors).toHaveLength(1)
    }
  })
})

describe('a hostile workbook', () => {
  it('a bomb is refused by its stated size, and by its real size when the stated one lies', async () => {
    const bomb = Buffer.alloc(mostUnpackedBytes + 1)
    const stated = await read(zipOf('xl/workbook.xml', bomb))
    expect(stated.errors[0]?.problem).toMatch(/unpack to more than/)
    const lying = await read(zipOf('xl/workbook.xml', bomb, 1000))
    expect(lying.errors[0]?.problem).toMatch(/no Excel workbook/)
  })

  it('two entries of one name, an encrypted one and an unknown packing are refused', () => {
    const sound = pack(new Map([['a', Buffer.from('x')]]))
    expect(unpack(sound, 100)).toMatchObject({ ok: true })
    expect(unpack(sound, 0)).toEqual({ ok: false, why: 'too-large' })
    const directory = sound.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    const broken = (offset: number, value: number) => {
      const copy = Buffer.from(sound)
      copy.writeUInt16LE(value, directory + offset)
      return unpack(copy, 100)
    }
    expect(broken(8, 1)).toEqual({ ok: false, why: 'broken' })
    expect(broken(10, 12)).toEqual({ ok: false, why: 'broken' })
    const twice = pack(
      new Map([
        ['aa', Buffer.from('x')],
        ['ab', Buffer.from('y')],
      ]),
    )
    expect(unpack(Buffer.from(twice.toString('latin1').replaceAll('ab', 'aa'), 'latin1'), 100)).toMatchObject(
      { ok: false },
    )
  })

  it('a cell far outside and billions of merged cells take no time', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('a')
      sheet.addRow(['name'])
      sheet.addRow(['A'])
    })
    const unpacked = unpack(bytes, mostUnpackedBytes)
    const change = (from: RegExp, to: string) => {
      const parts = new Map(unpacked.ok ? unpacked.entries : [])
      const name = 'xl/worksheets/sheet1.xml'
      const xml = parts.get(name)?.toString('utf8') ?? ''
      expect(xml).toMatch(from)
      parts.set(name, Buffer.from(xml.replace(from, to)))
      return read(pack(parts))
    }
    for (const [from, to] of [
      [/<row r="2"/, "<row x='>' r = '4000000000'"],
      [/<c r="A2"/, '<c r="XFD2"'],
    ] as const) {
      expect((await change(from, to)).errors[0]?.problem).toMatch(/beyond row/)
    }
    const merged = '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    const { rows, errors } = await change(/<\/sheetData>/, merged)
    expect(errors).toEqual([])
    expect(rows).toHaveLength(1)
    const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    expect((await change(/<worksheet/, doctype)).rows.length).toBeLessThanOrEqual(1)
  })
})
