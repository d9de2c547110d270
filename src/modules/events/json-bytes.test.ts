import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, contentHash, countElements, splitArray, splitLines, surveyArray } from './json-bytes.ts'

const runs = { numRuns: 10_000 }
const partsOf = (text: string) => {
  const buffer = Buffer.from(text)
  return splitArray(buffer).map(({ start, end }) => buffer.toString('utf8', start, end))
}

describe('the bytes of single events', () => {
  it.each([
    ['[]', []],
    [' [ ] ', []],
    ['[1]', ['1']],
    [
      '\ufeff[ {"a":[1,2,{"b":"],["}]} ,\n"x\\"],y" , [[]] ,null]',
      ['{"a":[1,2,{"b":"],["}]}', '"x\\"],y"', '[[]]', 'null'],
    ],
    ['["\\\\","\\u0022,"]', ['"\\\\"', '"\\u0022,"']],
    ['["žluť,ouč",2]', ['"žluť,ouč"', '2']],
    ['{"a":[1,2]}', []],
    ['', []],
    ['"[1,2]"', []],
  ])('%j holds %j', (text, parts) => {
    expect(partsOf(text)).toEqual(parts)
    expect(countElements(Buffer.from(text))).toBe(parts.length)
  })

  it.each([
    ['[{"a":1},{"b":', 2],
    ['[{"a":1},{"b":"x', 2],
    ['[{"a":1},', 1],
    ['[{"a":"\\', 1],
    ['[', 0],
    ['[  ', 0],
  ])('%j was cut off after beginning %d elements', (text, count) => {
    expect(countElements(Buffer.from(text))).toBe(count)
  })

  it('finds in any JSON array what the parser finds', () => {
    const spaced = fc.tuple(
      fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
      fc.constantFrom(undefined, 1, '\t', ' \r\n'),
    )
    fc.assert(
      fc.property(spaced, fc.boolean(), ([values, space], bom) => {
        const text = (bom ? '\ufeff' : '') + JSON.stringify(values, null, space)
        expect(partsOf(text).map((part) => JSON.parse(part))).toEqual(JSON.parse(JSON.stringify(values)))
      }),
      runs,
    )
  })

  it('calls exactly those arrays tidy that are JSON when all their elements are', () => {
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text)
        return true
      } catch {
        return false
      }
    }
    const piece = fc.constantFrom('1', '{"a":[2,{}]}', '"],\\""', ' ', '\n', ',', ',', '[', ']', '}', 'x')
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.constantFrom(']', ']', '] ', '', '}', ']]'),
        (pieces, end) => {
          const text = `[${pieces.join('')}${end}`
          const { ranges, tidy } = surveyArray(Buffer.from(text), 100)
          const parts = ranges.map(({ start, end }) => Buffer.from(text).toString('utf8', start, end))
          expect(tidy && parts.every(parses)).toBe(parses(text))
        },
      ),
      runs,
    )
  })

  it('answers any bytes, with ranges in order and inside', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .string({ unit: fc.constantFrom(...'[]{}",\\ \n1a'), maxLength: 60 })
        .map((text) => Buffer.from(`[${text}`)),
    )
    fc.assert(
      fc.property(noise, (bytes) => {
        let last = 0
        for (const { start, end } of splitArray(bytes)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(bytes.length)
          last = end
        }
        expect(countElements(bytes)).toBe(splitArray(bytes).length)
      }),
      runs,
    )
  })

  it('counts the elements of an array cut anywhere as begun so far', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 5 }),
        fc.nat(),
        (values, cut) => {
          const whole = Buffer.from(JSON.stringify(values))
          const begun = countElements(whole.subarray(0, cut % whole.length))
          expect(begun).toBeLessThanOrEqual(values.length)
          expect(countElements(whole)).toBe(values.length)
        },
      ),
      runs,
    )
  })
})

describe('the bytes of single lines', () => {
  it('passes over blank lines but counts them, with any line end', () => {
    const buffer = Buffer.from('\ufeff{"a":1}\r\n\n  \n {"b":2} \n{"c":3}')
    const lines = splitLines(buffer).map(({ start, end, line }) => [
      line,
      buffer.toString('utf8', start, end),
    ])
    expect(lines).toEqual([
      [1, '{"a":1}'],
      [4, '{"b":2}'],
      [5, '{"c":3}'],
    ])
  })

  it('gives every written line back', () => {
    const line = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value))
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.constant('')), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        (texts, feed) => {
          const buffer = Buffer.from(texts.join(feed))
          const found = splitLines(buffer).map((each) => [
            each.line,
            buffer.toString('utf8', each.start, each.end),
          ])
          expect(found).toEqual(texts.map((text, i) => [i + 1, text]).filter(([, text]) => text !== ''))
        },
      ),
      runs,
    )
  })
})

describe('content compared without spelling', () => {
  it('does not see the order of keys or white space', () => {
    const a = JSON.parse('{"b":[1,{"d":null,"c":"x"}],"a":1.0}')
    const b = JSON.parse('{ "a": 1, "b": [ 1, {"c":"x","d":null} ] }')
    expect(canonical(a)).toBe('{"a":1,"b":[1,{"c":"x","d":null}]}')
    expect(contentHash(a)).toBe(contentHash(b))
    expect(contentHash(a)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('sees the order of lists, types and a key named like a prototype', () => {
    const texts = [
      '{"a":[1,2]}',
      '{"a":[2,1]}',
      '{"a":["1",2]}',
      '{"a":{"0":1,"1":2}}',
      '{"__proto__":[1,2]}',
      '{}',
      'null',
    ]
    expect(new Set(texts.map((text) => contentHash(JSON.parse(text)))).size).toBe(texts.length)
  })

  it('stays the same content when read again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value))
      }),
      runs,
    )
  })
})
