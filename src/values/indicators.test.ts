import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defang, hostIn, type Indicator, indicatorOf, neverListed, refang } from './indicators.ts'

const sha256 = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855'

describe('what an indicator is', () => {
  it.each<[string, Indicator['kind'], string]>([
    ['198.51.100.7', 'ip', '198.51.100.7'],
    ['198.51.100[.]7', 'ip', '198.51.100.7'],
    ['198[.]51(.)100{.}7', 'ip', '198.51.100.7'],
    ['198.51.100.7/32', 'ip', '198.51.100.7'],
    ['::ffff:198.51.100.7', 'ip', '198.51.100.7'],
    ['[2001:DB8::0:7]', 'ip', '2001:db8::7'],
    ['2001[:]db8[:][:]7', 'ip', '2001:db8::7'],
    ['198.51.100.0/24', 'net', '198.51.100.0/24'],
    ['::ffff:198.51.100.0/120', 'net', '198.51.100.0/24'],
    ['198.51.100.0-198.51.100.255', 'net', '198.51.100.0/24'],
    ['2001:db8::/48', 'net', '2001:db8::/48'],
    ['EVIL.Example.', 'domain', 'evil.example'],
    ['evil[dot]example', 'domain', 'evil.example'],
    ['evil( dot )example', 'domain', 'evil.example'],
    ['evil(tečka)example', 'domain', 'evil.example'],
    ['ev\u200bil.exa\u00admple', 'domain', 'evil.example'],
    ['evil\u3002example', 'domain', 'evil.example'],
    ['*.evil.example', 'domain', 'evil.example'],
    ['nemocnice-přihlášení.example', 'domain', 'xn--nemocnice-pihlen-smb2tu9eye.example'],
    ['hxxp://evil[.]example/a', 'url', 'http://evil.example/a'],
    ['hXXps[://]evil[.]example', 'url', 'https://evil.example/'],
    ['h**p://evil.example:8080/a?b=c#d', 'url', 'http://evil.example:8080/a?b=c'],
    ['https://jana:heslo@evil.example./', 'url', 'https://evil.example/'],
    ['http://[::ffff:198.51.100.7]/x', 'url', 'http://198.51.100.7/x'],
    ['http://0xC6336407/', 'url', 'http://198.51.100.7/'],
    [sha256, 'sha256', sha256.toLowerCase()],
    [sha256.slice(24), 'sha1', sha256.slice(24).toLowerCase()],
    [sha256.slice(32), 'md5', sha256.slice(32).toLowerCase()],
    ['Fakturace(at)evil[.]example', 'email', 'fakturace@evil.example'],
    ['cve-2026-12345', 'cve', 'CVE-2026-12345'],
  ])('reads %s as %s %s', (given, kind, value) => {
    expect(indicatorOf(given)).toEqual({ kind, value })
  })

  it.each([
    '',
    'slovo',
    '198.51.100',
    '198.51.100.256',
    '198.051.100.7',
    '198.51.100.7/24',
    '198.51.100.7/33',
    '198.51.100.1-198.51.100.9',
    'evil..example',
    '-evil.example',
    'evil.example-',
    'evil.12',
    'a b.example',
    'ftp://evil.example/',
    'javascript:alert(1)',
    'http://',
    'http:///a',
    'http://evil/',
    `${'a'.repeat(64)}.example`,
    `http://evil.example/${'a'.repeat(2_050)}`,
    '@evil.example',
    'a..b@evil.example',
    `${sha256}0`,
    `${sha256.slice(1)}x`,
    'CVE-26-1',
    'CVE-2026-1',
    'x'.repeat(1_000_000),
  ])('reads nothing in %s', (given) => {
    expect(indicatorOf(given)).toBeNull()
  })

  it('lists nothing private, special or too wide', () => {
    const never = (given: string) => neverListed(indicatorOf(given) ?? { kind: 'cve', value: given })
    expect(never('10.1.2.0/24')).toBe('private')
    expect(never('100.64.3.1')).toBe('private')
    expect(never('fd00::1')).toBe('private')
    expect(never('http://192.168.1.1/')).toBe('private')
    expect(never('tiskarna.nemocnice.local')).toBe('private')
    expect(never('127.0.0.1')).toBe('special')
    expect(never('0.1.2.3')).toBe('special')
    expect(never('255.255.255.255')).toBe('special')
    expect(never('fe80::1')).toBe('special')
    expect(never('224.0.0.1')).toBe('special')
    expect(never('93.0.0.0/8')).toBe('wide')
    expect(never('2a00::/24')).toBe('wide')
    expect(never('198.51.100.7')).toBe('documentation')
    expect(never('evil.example')).toBe('documentation')
    expect(never('a@evil.example')).toBe('documentation')
    expect(never('93.184.216.34')).toBeNull()
    expect(never('notexample.cz')).toBeNull()
    expect(never('CVE-2026-1234')).toBeNull()
  })

  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/)
  const name = fc.tuple(label, label).map(([a, b]) => `${a}.${b}.example`)
  const anything = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    name,
    fc.webUrl({ validSchemes: ['http', 'https'] }),
    fc.tuple(label, name).map(([a, b]) => `${a}@${b}`),
    fc.stringMatching(/^[0-9a-f]{64}$/),
    fc.string({ unit: 'binary' }),
  )

  it('has a normal form that stays as it is, also there and back through defanging', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const one = indicatorOf(given)
        if (one === null) return
        expect(indicatorOf(one.value)).toEqual(one)
        expect(indicatorOf(defang(one))).toEqual(one)
        hostIn(one)
        neverListed(one)
      }),
    )
  })

  it('keeps the lines of a text where they are, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(refang(text).split('\n').length).toBe(text.split('\n').length)
      }),
    )
  })
})
