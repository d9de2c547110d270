import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNet } from '../../../values/address.ts'
import type { LoadedList } from './load.ts'
import { readMispList, readPlainList } from './load.ts'
import { labelsOf, matcherOf } from './match.ts'
import { compile } from './patterns.ts'

function misp(folder: string, shape: object): LoadedList {
  return readMispList(Buffer.from(JSON.stringify({ name: folder, version: 1, ...shape })), folder)
}

describe('whatever a list holds', () => {
  const address = fc.integer({ min: 0, max: 63 }).map((n) => `192.0.2.${n}`)
  const entry = fc.tuple(address, fc.integer({ min: 26, max: 32 })).map(([base, bits]) => `${base}/${bits}`)

  it('the search finds exactly the lists that a slow comparison finds', () => {
    const folders = ['github', 'shodan-scanning', 'sinkholes']
    fc.assert(
      fc.property(
        fc.array(fc.array(entry, { maxLength: 6 }), { maxLength: 3 }),
        fc.array(address),
        (all, asked) => {
          const lists = all.map((list, index) => misp(folders[index] ?? 'x', { type: 'cidr', list }))
          const set = matcherOf(lists)
          for (const text of asked) {
            const net = parseNet(text)
            const slow = lists.filter(({ patterns }) =>
              patterns.nets.some((one) => net && one.lo <= net.lo && net.hi <= one.hi),
            )
            expect(new Set(labelsOf(set, text).map(({ list }) => list))).toEqual(
              new Set(slow.map(({ folder }) => folder)),
            )
          }
        },
      ),
      { numRuns: 10_000 },
    )
  })

  it('any bytes are a list or a named refusal', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({
          name: fc.string(),
          type: fc.constantFrom('cidr', 'regex', 'hostname', 'x'),
          list: fc.array(fc.string()),
        })
        .map((list) => Buffer.from(JSON.stringify(list))),
    )
    fc.assert(
      fc.property(bytes, (content) => {
        try {
          matcherOf([readMispList(content, 'x')])
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
          expect((error as Error).message).not.toBe('')
        }
        matcherOf([readPlainList(content, 'y')])
      }),
      { numRuns: 10_000 },
    )
  })

  it('an expression that is let through answers on the longest host name', () => {
    const piece = fc.constantFrom(
      'a',
      '(',
      ')',
      '|',
      '+',
      '*',
      '?',
      '{2,}',
      '[ab]',
      '.',
      '\\d',
      '^',
      '$',
      '(?:',
    )
    const hostile = [`${'a'.repeat(252)}!`, `${'ab1.'.repeat(63)}!`]
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const regex = compile(pieces.join(''))
        for (const host of hostile) regex?.test(host)
      }),
      { numRuns: 10_000 },
    )
  })
})
