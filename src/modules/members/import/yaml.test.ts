import { describe, expect, it } from 'vitest'
import { parseMembers } from './parse.ts'

const read = (text: string) => parseMembers(Buffer.from(text), 'members.yaml', 'en')

describe('a YAML list of members', () => {
  it('reads lists, prefixes with their own role and label, and Czech keys', async () => {
    const { rows, errors } = await read(`
# our sector
members:
  - name: Nemocnice Lipová
    kind: nemocnice
    prefixes:
      - 192.0.2.0/24
      - { prefix: 2001:db8::/48, role: provider, label: PACS }
    domains: [lipova.example, www.lipova.example]
    phone: +420 123 456 789
    valid_from: 2026-01-31
  - název: No
    druh: region
    rozsahy: 198.51.100.0/24 198.51.100.7-198.51.100.9
    domény: ~
`)
    expect(errors).toEqual([])
    expect(rows.map(({ name, line }) => [name, line])).toEqual([
      ['Nemocnice Lipová', 4],
      ['No', 12],
    ])
    expect(rows[0]?.prefixes.map(({ net, role, label }) => [net.text, role, label])).toEqual([
      ['192.0.2.0/24', 'owner', null],
      ['2001:db8::/48', 'provider', 'PACS'],
    ])
    expect(rows[0]).toMatchObject({ phone: '+420 123 456 789', validFrom: '2026-01-31' })
    expect(rows[0]?.domains).toEqual(['lipova.example', 'www.lipova.example'])
    expect(rows[1]?.given).not.toContain('domains')
  })

  it('an empty list says none, a missing key says nothing', async () => {
    const { rows } = await read(
      '- {name: A, kind: other, prefixes: [], domains: []}\n- {name: B, kind: other}\n',
    )
    expect(rows.map(({ given }) => given)).toEqual([
      ['name', 'kind', 'prefixes', 'domains'],
      ['name', 'kind'],
    ])
  })

  it.each([
    ['an object', 'a: 1', /list of organisations/],
    ['a text', 'name', /list of organisations/],
    ['two documents', '- name: A\n---\n- name: B\n', /list of organisations/],
    ['a list of texts', '- A\n', /list of organisations/],
    ['broken brackets', '- {name: A', /cannot be read/],
    ['one key twice', '- name: A\n  name: B\n', /cannot be read/],
    ['a column twice', '- name: A\n  název: B\n', /twice/],
    ['a misspelt key', '- name: A\n  regoin: B\n', /"region"/],
    ['a nested value', '- name: {a: b}\n', /simple value/],
    ['a wrong prefix', '- name: A\n  prefixes: [{net: 192.0.2.1}]\n', /keys prefix/],
    ['an alias', '- &a {name: A, kind: other}\n- *a\n', /list of organisations/],
    ['an unknown tag', '- !!js/function {name: A}\n', /cannot be read/],
    ['deep nesting', '['.repeat(100_000), /nested deeper/],
    ['deep dashes', '- '.repeat(100_000), /nested deeper/],
    ['deep indentation', `a:\n${' '.repeat(500)}b: c\n`, /nested deeper/],
    ['nothing but remarks', '# x\n', /list of organisations/],
  ])('%s is refused with a sentence', async (_, text, expected) => {
    const { errors } = await read(text)
    expect(errors.map(({ problem }) => problem).join('\n')).toMatch(expected)
  })
})
