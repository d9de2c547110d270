import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordItem } from './record.ts'
import { readRecords } from './records.ts'

const runs = 10_000

async function read(
  body: string | Uint8Array,
  cuts: number[] = [],
  maxRecordBytes = 5 << 20,
): Promise<RecordItem[]> {
  const bytes = Buffer.from(body)
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  async function* pieces() {
    let from = 0
    for (const to of places) {
      yield bytes.subarray(from, to)
      from = to
    }
  }
  const items: RecordItem[] = []
  for await (const item of readRecords(pieces(), { format: 'csv', maxRecordBytes })) items.push(item)
  return items
}

const values = (items: RecordItem[]) =>
  items.flatMap((item) => (item.value === undefined ? [] : [item.value]))
const errors = (items: RecordItem[]) =>
  items.flatMap((item) => (item.error === undefined ? [] : [{ line: item.line, error: item.error }]))

describe('CSV', () => {
  it.each([
    ['commas', 'src,dst,what\n198.51.100.7,192.0.2.10,scan\n'],
    [
      'semicolons, quotes and Windows line ends',
      '\ufeff"src";"dst";"what"\r\n"198.51.100.7";"192.0.2.10";scan\r\n',
    ],
    ['tabs and another order', 'what\tDST\tSrc\nscan\t192.0.2.10\t198.51.100.7'],
    ['a spreadsheet hint', 'sep=;\nsrc;dst;what\n198.51.100.7;192.0.2.10;scan\n'],
    ['empty trailing columns', 'src,dst,what,,\n198.51.100.7,192.0.2.10,scan,,,,\n'],
  ])('reads %s', async (_, body) => {
    const items = await read(body)
    expect(values(items)).toEqual([{ src: '198.51.100.7', dst: '192.0.2.10', what: 'scan' }])
    expect(errors(items)).toEqual([])
  })

  it('reads quoted separators, doubled quotes and line ends inside quotes', async () => {
    const items = await read('src,note,what\n198.51.100.7,"a, ""b""\nc",scan\n198.51.100.8,d,login\n')
    expect(values(items)).toEqual([
      { src: '198.51.100.7', note: 'a, "b"\nc', what: 'scan' },
      { src: '198.51.100.8', note: 'd', what: 'login' },
    ])
    expect(items.map(({ line }) => line)).toEqual([2, 4])
    expect(items[0]?.bytes?.toString()).toBe('198.51.100.7,"a, ""b""\nc",scan')
  })

  it('a quote that never closes costs one line', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => `198.51.100.${n % 250},ok,scan`)
    const items = await read(`src,note,what\n192.0.2.1,"open,scan\n${rows.join('\n')}\n`)
    expect(errors(items)).toEqual([{ line: 2, error: 'a quote is not closed' }])
    expect(values(items)).toHaveLength(300)
  })

  it('two lines with odd quotes do not swallow what is between them', async () => {
    const items = await read(
      'src,note,what\n192.0.2.1,5" pipe,scan\n192.0.2.2,ok,scan\n192.0.2.3,6" pipe,scan\n192.0.2.4,ok,scan\n',
    )
    expect(errors(items).map(({ line }) => line)).toEqual([2, 4])
    expect(values(items)).toHaveLength(2)
  })

  it('names too many fields, wrong quotes, other encodings and a missing header', async () => {
    const body = Buffer.concat([
      Buffer.from('src,what\n192.0.2.1,scan,more\n192.0.2.2,a"b"c\n'),
      Buffer.from([0x31, 0x2c, 0xe1, 0x0a]),
      Buffer.from('\n;\n192.0.2.3,scan\n'),
    ])
    const items = await read(body)
    expect(errors(items)).toEqual([
      { line: 2, error: 'more fields than the 2 columns of the header' },
      { line: 3, error: 'quotes are not as CSV has them' },
      { line: 4, error: 'not UTF-8 text' },
    ])
    expect(items.filter((item) => item.blank)).toEqual([{ line: 5, blank: true }])
    expect(values(items)).toEqual([{ src: ';' }, { src: '192.0.2.3', what: 'scan' }])
    const headless = await read('192.0.2.1,scan\n192.0.2.2,scan\n')
    expect(errors(headless)).toEqual([
      { line: 2, error: 'the first line must name the columns, among them src' },
    ])
  })

  it('a row of nothing but separators is blank', async () => {
    expect(await read('src;what\n;;;\n')).toEqual([{ line: 2, blank: true }])
  })

  it('a line too large is named and the next is read', async () => {
    const body = `src,what\n192.0.2.1,${'x'.repeat(5000)}\n192.0.2.2,scan\n`
    for (const cuts of [[], [2000], [100, 1200, 2500, 5012], Array.from({ length: 5100 }, (_, n) => n)]) {
      const items = await read(body, cuts, 1000)
      expect(errors(items)).toEqual([{ line: 2, error: 'longer than 1000 bytes' }])
      expect(values(items)).toEqual([{ src: '192.0.2.2', what: 'scan' }])
    }
  })
})

describe('properties', () => {
  const cell = fc
    .string({ maxLength: 8 })
    .map((text) => text.replace(/[\r\n\0]/g, ' ').trim())
    .filter((text) => text !== '')
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

  it('any table comes back, however the body is cut', async () => {
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';'),
        fc.array(fc.nat(), { maxLength: 6 }),
        async (rows, sign, cuts) => {
          const body = `src${sign}note${sign}what\n${rows.map((row) => row.map(quoted).join(sign)).join('\n')}`
          const items = await read(body, cuts)
          expect(errors(items)).toEqual([])
          expect(values(items)).toEqual(rows.map(([src, note, what]) => ({ src, note, what })))
        },
      ),
      { numRuns: runs },
    )
  }, 120_000)

  it('garbage gives the same items however it is cut, and never throws', async () => {
    const snippet = fc.constantFrom(
      '"',
      ',',
      ';',
      '\n',
      '\r\n',
      'src',
      'a',
      '""',
      '192.0.2.1',
      ' ',
      '\t',
      'á',
    )
    const garbage = fc.oneof(
      fc.array(snippet, { maxLength: 40 }).map((parts) => Buffer.from(`src,what\n${parts.join('')}`)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    )
    await fc.assert(
      fc.asyncProperty(garbage, fc.array(fc.nat(), { maxLength: 8 }), async (body, cuts) => {
        expect(await read(body, cuts)).toEqual(await read(body))
      }),
      { numRuns: runs },
    )
  }, 120_000)
})
