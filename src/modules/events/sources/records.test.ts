import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordItem } from './record.ts'
import { readRecords } from './records.ts'

const runs = 10_000

async function* pieces(body: Uint8Array, cuts: number[]): AsyncGenerator<Uint8Array> {
  const places = cuts.map((cut) => cut % (body.length + 1)).sort((a, b) => a - b)
  let from = 0
  for (const to of [...places, body.length]) {
    yield body.subarray(from, to)
    from = to
  }
}

async function read(body: string | Uint8Array, options = {}, cuts: number[] = []): Promise<RecordItem[]> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const items: RecordItem[] = []
  for await (const item of readRecords(pieces(bytes, cuts), { format: 'idea', ...options })) items.push(item)
  return items
}

const values = (items: RecordItem[]) =>
  items.filter((item) => item.error === undefined && !item.blank).map((item) => item.value)
const errors = (items: RecordItem[]) =>
  items.flatMap((item) => (item.error === undefined ? [] : [{ line: item.line, error: item.error }]))
const lines = (items: RecordItem[]) => items.map(({ line }) => line)

describe('layouts', () => {
  it('reads NDJSON with a byte order mark, Windows line ends and blank lines', async () => {
    const items = await read('\ufeff{"a":1}\r\n\r\n  {"a":2}  \r\n{"a":3}')
    expect(values(items)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
    expect(items.filter((item) => item.blank)).toEqual([{ line: 2, blank: true }])
    expect(lines(items)).toEqual([1, 2, 3, 4])
  })

  it.each([
    ['on one line', '[{"a":1},{"a":2},{"a":3}]'],
    ['one object a line', '[{"a":1},\n{"a":2},\n{"a":3}\n]\n'],
    ['one object a line, brackets apart', '[\n{"a":1},\r\n{"a":2},\r\n{"a":3}\r\n]'],
    ['printed', JSON.stringify([{ a: 1 }, { a: 2 }, { a: 3 }], null, 2)],
    ['printed without indent', '[\n{\n"a"\n:\n1\n}\n,\n{\n"a":2}, {"a":3\n}\n]'],
    ['ended by nothing', '[{"a":1},\n{"a":2},\n{"a":3}'],
    ['two arrays', '[{"a":1},{"a":2}]\n[{"a":3}]'],
    ['the last lines of an array', '{"a":1},\n{"a":2},\n{"a":3}]\n]'],
    ['objects printed one after another', '{\n  "a": 1\n}\n{\n  "a": 2\n}\n{\n  "a": 3\n}\n'],
  ])('reads records %s', async (_, body) => {
    const items = await read(body)
    expect(values(items)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
    expect(errors(items)).toEqual([])
  })

  it('keeps a record that a line break inside makes look like two', async () => {
    const items = await read('[{"a":[{"x":1},\n{"x":2},\n{"x":3}]},\n{"a":2}]')
    expect(values(items)).toEqual([{ a: [{ x: 1 }, { x: 2 }, { x: 3 }] }, { a: 2 }])
  })

  it('gives the bytes of each record as they came', async () => {
    const items = await read('[{"a" : 1.0},\n {"b":"\\u0041"} ]')
    expect(items.map((item) => item.bytes?.toString())).toEqual(['{"a" : 1.0}', '{"b":"\\u0041"}'])
  })

  it('finds nothing in an empty body and in an empty array', async () => {
    expect(await read('')).toEqual([])
    expect(await read('[ ]')).toEqual([])
  })
})

describe('broken records', () => {
  it.each([
    ['an unescaped quote', '{"a":"x "y" z"}'],
    ['an unescaped backslash before the quote', '{"a":"C:\\", "b":"x"}'],
    ['brackets behind an unescaped quote', '{"a":"("{"id":[{"x":"y)"}'],
    ['an impossible escape', '{"a":"\\x41"}'],
    ['a missing end', '{"a":{"b":1'],
    ['an open string', '{"a":"b'],
    ['no JSON at all', 'Nov 21 11:28:22 host sshd: bad'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe1, 0x22, 0x7d])],
  ])('one line with %s leaves the other lines alone', async (_, broken) => {
    const line = Buffer.from(broken)
    const parts = (ends: string[]) =>
      Buffer.concat([Buffer.from(ends[0] ?? ''), line, Buffer.from(ends[1] ?? '')])
    const array = await read(parts(['[{"n":1},\n', ',\n{"n":2},\n{"n":3}\n]\n']))
    expect(values(array)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(errors(array).map((item) => item.line)).toEqual([2])
    const lines = await read(parts(['{"n":1}\n', '\n{"n":2}\n{"n":3}\n']))
    expect(values(lines)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(errors(lines).map((item) => item.line)).toEqual([2])
  })

  it('a first line that is broken does not hide the array behind it', async () => {
    const items = await read('[{"a":"x "{" z"},\n{"n":2},\n{"n":3}]')
    expect(values(items)).toEqual([{ n: 2 }, { n: 3 }])
    expect(errors(items)).toEqual([{ line: 1, error: 'not JSON at byte 10' }])
  })

  it('text behind a broken quote can not pose as a record', async () => {
    const items = await read('[{"payload":"x","y" "z"},{"forged":1},\n{"n":2}]')
    expect(values(items)).toEqual([{ n: 2 }])
    expect(errors(items)).toHaveLength(1)
  })

  it('a broken record among printed ones is left at the next record', async () => {
    const text = '[\n  {\n    "a": "x" y,\n    "b": [\n      {"c": 1}\n    ]\n  },\n  {\n    "n": 2\n  }\n]'
    const items = await read(text)
    expect(values(items)).toEqual([{ n: 2 }])
    expect(errors(items)).toHaveLength(1)
  })

  it('text behind a good record is named, one error a line', async () => {
    const array = await read('[{"n":1}}},\n{"n":2} 7 8, 9\n,{"n":3} {"n":4}\n]')
    expect(values(array)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(errors(array)).toEqual([1, 2, 3].map((line) => ({ line, error: 'text after the record' })))
    const lines = await read('{"n":1}}}\n{"n":2} 7 8, 9\n{"n":3}\n')
    expect(values(lines)).toEqual([{ n: 3 }])
    expect(errors(lines)).toEqual([1, 2].map((line) => ({ line, error: 'text after the record' })))
  })

  it('never quotes the record in the reason', async () => {
    const items = await read('{"password":"hunter2" oops}\n')
    expect(errors(items)).toEqual([{ line: 1, error: 'not JSON at byte 23' }])
  })

  it('names a body cut off in a record', async () => {
    expect(errors(await read('[{"a":1},{"a":'))).toEqual([{ line: 1, error: 'cut off' }])
    expect(errors(await read('{"a":1}\n{"a":'))).toEqual([{ line: 2, error: 'cut off' }])
  })

  it('names UTF-16 once', async () => {
    const body = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('{"a":1}\n'.repeat(50_000), 'utf16le'),
    ])
    expect(errors(await read(body))).toEqual([{ line: 1, error: 'the body is UTF-16; send UTF-8' }])
    const small = Buffer.from([255, 254, 0, 0])
    for (const cuts of [[1], [2], [3], [1, 2, 3]])
      expect(await read(small, {}, cuts)).toEqual(await read(small))
    for (const cuts of [[3], [499], [500], [501]])
      expect(await read(body, {}, cuts)).toEqual(await read(body))
  })
})

describe('limits', () => {
  const large = `{"a":"${'x'.repeat(2000)}"}`

  it.each([
    ['NDJSON', `{"n":1}\n${large}\n{"n":2}\n`],
    ['an array by lines', `[{"n":1},\n${large},\n{"n":2}\n]`],
    ['an array on one line', `[{"n":1},${large},{"n":2}]`],
    [
      'a printed array',
      `[\n  {"n":1},\n  {\n    "a": [\n${'      {"x":"yyyy"},\n'.repeat(99)}      1]\n  },\n  {"n":2}\n]`,
    ],
  ])('a record too large is named and reading goes on behind it: %s', async (_, body) => {
    for (const cuts of [
      [],
      [100, 300, 900, 1500, 1999, 2005],
      Array.from({ length: body.length }, (_, n) => n),
    ]) {
      const items = await read(body, { maxRecordBytes: 1000 }, cuts)
      expect(values(items)).toEqual([{ n: 1 }, { n: 2 }])
      expect(errors(items).map(({ error }) => error)).toEqual(['longer than 1000 bytes'])
    }
  })

  it('keeps the first 500 bytes of what is too large', async () => {
    const [item] = await read(large, { maxRecordBytes: 1000 })
    expect(item?.bytes?.length).toBe(500)
  })

  it('a record nested 33 levels deep is named, 32 pass, in every layout', async () => {
    const deep = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`
    for (const body of [
      `${deep(33)}\n${deep(32)}\n`,
      `[${deep(33)},${deep(32)}]`,
      `[${deep(33)},\n${deep(32)}\n]`,
    ]) {
      const items = await read(body)
      expect(values(items)).toHaveLength(1)
      expect(errors(items)).toEqual([{ line: 1, error: 'nested deeper than 32 levels' }])
    }
  })

  it('a million levels do no harm', async () => {
    const deep = `${'['.repeat(1e6)}${']'.repeat(1e6)}`
    for (const body of [`[${deep},{"n":1}]`, `[{"n":1},\n${deep}]`, `{"a":${deep}}\n{"n":1}`]) {
      const items = await read(body)
      expect(values(items)).toEqual([{ n: 1 }])
      expect(errors(items)).toHaveLength(1)
    }
  })

  it('a million elements and a hundred megabytes of anything pass in constant memory', async () => {
    async function* many(head: string, part: string, times: number) {
      yield Buffer.from(head)
      const chunk = Buffer.from(part)
      for (let n = 0; n < times; n += 1) yield chunk
    }
    const count = async (chunks: AsyncIterable<Uint8Array>) => {
      const seen = { good: 0, bad: 0 }
      for await (const item of readRecords(chunks, { format: 'idea' })) {
        if (item.error !== undefined) seen.bad += 1
        else if (!item.blank) seen.good += 1
      }
      return seen
    }
    const before = process.memoryUsage().arrayBuffers
    expect(await count(many('[', '1,'.repeat(10_000), 100))).toEqual({ good: 1_000_000, bad: 0 })
    expect(await count(many('', ' '.repeat(1 << 20), 100))).toEqual({ good: 0, bad: 0 })
    expect(await count(many('[', 'x'.repeat(1 << 20), 100))).toMatchObject({ good: 0, bad: 1 })
    expect(await count(many('{"a":"', 'x'.repeat(1 << 20), 100))).toMatchObject({ good: 0, bad: 1 })
    expect(await count(many('', '['.repeat(1 << 20), 100))).toMatchObject({ good: 0, bad: 1 })
    expect(await count(many('[{"a":"', 'x'.repeat(1 << 20), 100))).toMatchObject({ good: 0, bad: 1 })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 << 20)
  })
})

describe('properties', () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  const layouts: ((records: unknown[]) => string)[] = [
    (records) => records.map((one) => `${JSON.stringify(one)}\n`).join(''),
    (records) => JSON.stringify(records),
    (records) => JSON.stringify(records, null, 1),
    (records) => `[${records.map((one) => JSON.stringify(one)).join(',\n')}\n]`,
    (records) => `[\r\n${records.map((one) => JSON.stringify(one, null, 2)).join('\r\n,')}]`,
  ]

  it('any records come back from any layout, however the body is cut', async () => {
    const records = fc.array(fc.dictionary(fc.string(), json), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.nat(4),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (wanted, layout, cuts) => {
          const items = await read(layouts[layout]?.(wanted) ?? '', {}, cuts)
          expect(JSON.stringify(values(items))).toBe(JSON.stringify(wanted))
          expect(errors(items)).toEqual([])
        },
      ),
      { numRuns: runs },
    )
  }, 120_000)

  const snippet = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\n',
    '\\',
    '{"a":1}',
    '{"b":[',
    '1',
    'true',
    ' ',
    '\r\n',
  )
  const garbage = fc.oneof(
    fc.array(snippet, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array({ maxLength: 200 }),
  )

  it('garbage gives the same items however it is cut, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(garbage, fc.array(fc.nat(), { maxLength: 8 }), async (body, cuts) => {
        const whole = await read(body)
        const cut = await read(body, {}, cuts)
        expect(cut).toEqual(whole)
      }),
      { numRuns: runs },
    )
  }, 120_000)

  it('a good line behind garbage is read', async () => {
    const line = fc.array(snippet, { maxLength: 12 }).map((parts) => parts.join('').replace(/[\r\n[]/g, ''))
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 4 }),
        async (text, array, cuts) => {
          const body = array
            ? `[{"n":1},\n${text},\n{"n":2},\n{"n":3}\n]`
            : `{"n":1}\n${text}\n{"n":2}\n{"n":3}\n`
          const found = values(await read(body, {}, cuts)).map((value) => JSON.stringify(value))
          // what opens an object and never closes it may take the next line with it, in valid JSON as well
          expect(found).toContain('{"n":1}')
          if (!text.includes(']')) expect(found).toContain('{"n":3}')
        },
      ),
      { numRuns: runs },
    )
  }, 120_000)
})
