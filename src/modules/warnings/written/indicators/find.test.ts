import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defang, type Indicator, indicatorOf } from '../../../../values/indicators.ts'
import { findIn, longestText, mostFound } from './find.ts'

const values = (text: string): string[] =>
  findIn([{ where: 'x', text }]).found.map((one) => `${one.kind} ${one.value}${one.fault ?? ''}`)

describe('indicators in a text', () => {
  it.each<[string, string[]]>([
    ['Blokujte 198.51.100.7.', ['ip 198.51.100.7']],
    [
      'Blokujte 198[.]51[.]100[.]7, 198.51.100.8; 198.51.100.9',
      ['ip 198.51.100.7', 'ip 198.51.100.8', 'ip 198.51.100.9'],
    ],
    ['(viz 198.51.100.7:8080)', ['ip 198.51.100.7']],
    ['rozsah 198.51.100.0/24', ['net 198.51.100.0/24']],
    ['nejasné 198.51.100.7/24', ['net 198.51.100.7/24hostbits']],
    ['z [2001:db8::7]:443 přišlo', ['ip 2001:db8::7']],
    ['řízení: „evil [.] example“', ['domain evil.example']],
    ['dst=evil(dot)example:443|x', ['domain evil.example']],
    ['hxxps://evil[.]example/a?b=1,', ['url https://evil.example/a?b=1']],
    ['(https://cs.wiki.example/Virus_(pojem))', ['url https://cs.wiki.example/Virus_(pojem)']],
    ['<a href="http://evil.example/x">zde</a>', ['url http://evil.example/x']],
    ['[klikněte](http://evil.example/x)', ['url http://evil.example/x']],
    ['evil.example/gate.php', ['url http://evil.example/gate.php']],
    ['mailto:fakturace[at]evil[.]example', ['email fakturace@evil.example']],
    [`SHA256:${'ab'.repeat(32)}`, [`sha256 ${'ab'.repeat(32)}`]],
    [`md5=${'AB'.repeat(16)}`, [`md5 ${'ab'.repeat(16)}`]],
    ['CVE-2026-1234, cve-2026-4321', ['cve CVE-2026-1234', 'cve CVE-2026-4321']],
    ['To je konec.Začátek další věty.', []],
    ['Přílohy faktura.zip.exe, readme.txt a DICOM obraz.dcm v. 1.2.3', []],
    ['Do 6.3.2026 v 10:30, tel. 777 123 456', []],
    ['oddělení/chirurgie a/nebo', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected)
  })

  it('are each named once, with where they stand', () => {
    const { found, cut } = findIn([
      { where: 'cs.todo', text: 'První řádek\nBlokujte evil[.]example.' },
      { where: 'pasted', text: 'EVIL.example' },
    ])
    expect(cut).toBe(false)
    expect(found).toEqual([
      {
        kind: 'domain',
        value: 'evil.example',
        fault: null,
        places: [
          { where: 'cs.todo', line: 2, excerpt: 'Blokujte evil[.]example.' },
          { where: 'pasted', line: 1, excerpt: 'EVIL.example' },
        ],
      },
    ])
  })

  const planted = fc
    .oneof(
      fc.ipV4(),
      fc.stringMatching(/^[a-z]{3,8}\.(evil|zlo)\.example$/),
      fc.stringMatching(/^https:\/\/[a-z]{3,8}\.example\/[a-z0-9]{1,8}$/),
      fc.stringMatching(/^[0-9a-f]{64}$/),
      fc.stringMatching(/^[a-z]{1,8}@[a-z]{3,8}\.example$/),
    )
    .map((text) => indicatorOf(text))
    .filter((one) => one !== null)

  it('are found wherever somebody puts them, defanged or not', () => {
    const around = fc.constantFrom(' ', '\n', '\t', ' – ', ', ', ' (', ') ', '; ', ' „', '“ ', '. ')
    const piece = fc.record({ one: planted, dull: fc.boolean(), after: around })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.map(({ one, dull, after }) => (dull ? defang(one) : one.value) + after).join('')
        const found = findIn([{ where: 'x', text: ` ${text}` }]).found
        const key = (one: Indicator) => `${one.kind} ${one.value}`
        expect(new Set(found.map(key))).toEqual(new Set(pieces.map(({ one }) => key(one))))
      }),
    )
  })

  it('never stop at any text, and are in their normal form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        for (const { kind, value, fault } of findIn([{ where: 'x', text }]).found)
          if (!fault) expect(indicatorOf(value)).toEqual({ kind, value })
      }),
    )
  })

  it.each([
    ['[', 3_000_000],
    ['hxxp://', 500_000],
    ['(dot)', 600_000],
    ['a.', 1_500_000],
    [')', 3_000_000],
    ['\u200b', 3_000_000],
    ['1:', 1_500_000],
    ['http://a.example/) ', 200_000],
  ])('of a huge text of %j come bounded', (part, times) => {
    const { found, cut } = findIn([{ where: 'x', text: part.repeat(times) }])
    expect(cut).toBe(true)
    expect(found.length).toBeLessThanOrEqual(mostFound)
  })

  it('beyond what is looked at are said to be missing', () => {
    const many = Array.from({ length: 600 }, (_, i) => `h${i}.evil.example`).join('\n')
    expect(findIn([{ where: 'x', text: many }])).toMatchObject({ cut: true, found: { length: mostFound } })
    const late = `${'x '.repeat(longestText / 2)}evil.example`
    expect(findIn([{ where: 'x', text: late }])).toEqual({ cut: true, found: [] })
  })
})
