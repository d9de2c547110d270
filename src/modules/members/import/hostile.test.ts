import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMembers } from './parse.ts'
import { planImport } from './plan.ts'
import type { MemberFile } from './types.ts'
import { columns } from './types.ts'
import { pack, unpack } from './zip.ts'

const runs = { numRuns: 10_000 }

/** Pieces that bring the parsers further than noise does. */
const piece = fc.oneof(
  fc.constantFrom(...columns, 'název', 'druh', 'kraj', 'rozsahy'),
  fc.constantFrom(',', ';', '"', '""', '\n', '\r\n', '\r', ' ', '-', '=', '\t', '\uFEFF', 'sep=;\n'),
  fc.constantFrom(
    '192.0.2.0/24',
    '2001:db8::/32',
    '192.0.2.1-192.0.2.9',
    '0.0.0.0/0',
    '::',
    '192.0.2.0/33',
    '-/',
  ),
  fc.constantFrom('hospital', 'nemocnice', 'a@b.example', 'a.example', '2026-02-30', 'cs', 'ano', '+420 123'),
  fc.constantFrom(
    '- ',
    '[',
    ']',
    '{',
    '}',
    ': ',
    '&a ',
    '*a',
    '|\n',
    '>',
    '? ',
    '!x ',
    '#',
    '%',
    '---\n',
    '  ',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
)

const bytes = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
  fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(`name,kind,prefixes\n${pieces.join('')}`)),
  fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(`- name: A\n  ${pieces.join('')}`)),
  fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
)

/** Whatever came in: sound rows only, faults that say something, and never neither. */
function expectSense({ rows, errors, notes }: MemberFile, content?: Buffer) {
  // What came in may be said back, with its own brackets.
  const unsaid = content?.includes('{') ? /undefined/ : /undefined|\{\w+\}/
  expect(rows.length + errors.length).toBeGreaterThan(0)
  for (const fault of [...errors, ...notes]) {
    expect(fault.problem).toMatch(/\S/)
    expect(fault.problem).not.toMatch(unsaid)
    expect(fault.value.length).toBeLessThanOrEqual(100)
    expect(Number.isInteger(fault.line) && fault.line >= 0).toBe(true)
  }
  const names = new Set(rows.map(({ name }) => name))
  expect(names.size).toBe(rows.length)
  for (const row of rows) {
    expect(row.name).toMatch(/\S/)
    for (const { net } of row.prefixes) expect(net.lo <= net.hi).toBe(true)
  }
}

describe('whatever bytes come', () => {
  it.each(['members.csv', 'members.yaml'])('%s gives rows or sentences', async (filename) => {
    await fc.assert(
      fc.asyncProperty(bytes, async (content) =>
        expectSense(await parseMembers(content, filename, 'en'), content),
      ),
      runs,
    )
  })

  it('a workbook with any byte changed gives rows or sentences', async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('a')
    sheet.addRow(['name', 'kind', 'prefixes'])
    sheet.addRow(['Nemocnice Lipová', 'hospital', '192.0.2.0/24'])
    const unpacked = unpack(Buffer.from(await book.xlsx.writeBuffer()), 1_000_000)
    const parts = new Map(unpacked.ok ? unpacked.entries : [])
    const sound = pack(new Map([...parts].filter(([name]) => /workbook|sheet|shared/.test(name))))
    const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(changes, fc.option(fc.nat(sound.length)), async (changed, cut) => {
        const content = Buffer.from(sound.subarray(0, cut ?? sound.length))
        for (const [at, byte] of changed) if (at < content.length) content[at] = byte
        expectSense(await parseMembers(content, 'members.xlsx', 'en'))
      }),
      runs,
    )
  })
})

describe('whatever sound table comes', () => {
  const prefix = fc.oneof(
    fc.nat(255).map((n) => `192.0.2.${n}`),
    fc.nat(255).map((n) => `198.51.${n}.0/24`),
    fc
      .tuple(fc.nat(100), fc.integer({ min: 101, max: 255 }))
      .map(([a, b]) => `203.0.113.${a}-203.0.113.${b}`),
    fc.nat(0xffff).map((n) => `2001:db8:${n.toString(16)}::/48`),
  )
  const row = fc.record({
    kind: fc.constantFrom('hospital', 'kraj', 'zzs', ''),
    region: fc.constantFrom('', '-', 'Kraj, v uvozovkách', 'Lipový "malý" kraj', 'x;y'),
    prefixes: fc.array(prefix, { maxLength: 4 }),
    domains: fc.uniqueArray(fc.constantFrom('a.example', 'b.example', 'háček.example'), { maxLength: 2 }),
  })
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

  it('all rows arrive, and importing them twice changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';'),
        async (all, separator) => {
          const lines = all.map(({ kind, region, prefixes, domains }, index) =>
            [`Člen č. ${index}`, kind, region, prefixes.join(' '), domains.join(' ')]
              .map(quoted)
              .join(separator),
          )
          const heading = ['name', 'kind', 'region', 'prefixes', 'domains'].join(separator)
          const { rows, errors } = await parseMembers(Buffer.from([heading, ...lines].join('\n')), 'm.csv')
          expect(errors).toEqual([])
          expect(rows.map(({ line }) => line)).toEqual(all.map((_, index) => index + 2))
          for (const [index, member] of rows.entries()) {
            expect(member.prefixes.length).toBe(new Set(all[index]?.prefixes).size)
          }
          const plan = planImport(rows, [])
          const after = plan.created.map(({ prefixes, ...member }, id) => {
            return { ...member, id, prefixes: prefixes.map(({ net }) => net.text) }
          })
          expect(planImport(rows, after).unchanged).toHaveLength(rows.length)
        },
      ),
      runs,
    )
  })
})
