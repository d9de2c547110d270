import { describe, expect, it } from 'vitest'
import { allowedWords, kindNamed, kindWords, roleNamed, roleWords } from './names.ts'
import { parseMembers } from './parse.ts'
import type { Plan } from './plan.ts'
import { planImport } from './plan.ts'
import { printPlan } from './print.ts'
import type { CurrentOrg, MemberRow } from './types.ts'
import { kinds, roles } from './types.ts'

async function rowsOf(text: string): Promise<MemberRow[]> {
  const { rows, errors } = await parseMembers(Buffer.from(text), 'members.csv', 'en')
  expect(errors).toEqual([])
  return rows
}

/** The register after the plan was carried out, as whoever carries it out would leave it. */
function carryOut(plan: Plan, current: readonly CurrentOrg[]): CurrentOrg[] {
  const created = plan.created.map((row, index) => ({
    id: 1000 + index,
    name: row.name,
    kind: row.kind,
    region: row.region,
    language: row.language,
    contactEmail: row.contactEmail,
    phone: row.phone,
    prefixes: row.prefixes.map(({ net }) => net.text),
    domains: row.domains,
  }))
  const kept = current.map((org) => {
    const change = plan.changed.find(({ id }) => id === org.id)
    if (!change) return org
    const fields = Object.fromEntries(change.fields.map((field) => [field.field, field.new]))
    const { prefixesAdded, prefixesEnded, domainsAdded, domainsEnded } = change
    const prefixes = org.prefixes.filter((text) => !prefixesEnded.includes(text))
    const domains = org.domains.filter((domain) => !domainsEnded.includes(domain))
    return {
      ...org,
      ...fields,
      prefixes: [...prefixes, ...prefixesAdded.map(({ net }) => net.text)],
      domains: [...domains, ...domainsAdded],
    }
  })
  return [...kept, ...created]
}

const register: CurrentOrg[] = [
  {
    id: 1,
    name: 'Nemocnice Lipova',
    kind: 'clinic',
    region: null,
    language: 'cs',
    contactEmail: 'stary@lipova.example',
    phone: '+420 123',
    prefixes: ['192.0.2.0/24', '198.51.100.0/25'],
    domains: ['lipova.example'],
  },
  {
    id: 2,
    name: 'Záchranka Javor',
    kind: 'ambulance',
    region: null,
    language: 'cs',
    contactEmail: null,
    phone: null,
    prefixes: [],
    domains: [],
  },
]

const file =
  'name,kind,region,prefixes,domains,contact_email,language,phone\n' +
  'Nemocnice Lipová,hospital,Lipový,192.0.2.0-192.0.2.255 2001:DB8::/48,www.lipova.example,-,cs,\n' +
  'Kraj Bukový,region,Bukový,203.0.113.0/24,,,,\n'

describe('the plan of an import', () => {
  it('says what would be created, changed from what to what, and left alone', async () => {
    const plan = planImport(await rowsOf(file), register)
    expect(plan.created.map(({ name }) => name)).toEqual(['Kraj Bukový'])
    expect(plan.untouched.map(({ id }) => id)).toEqual([2])
    expect(plan.changed).toMatchObject([
      {
        id: 1,
        fields: [
          { field: 'name', old: 'Nemocnice Lipova', new: 'Nemocnice Lipová' },
          { field: 'kind', old: 'clinic', new: 'hospital' },
          { field: 'region', old: null, new: 'Lipový' },
          { field: 'contactEmail', old: 'stary@lipova.example', new: null },
        ],
        prefixesAdded: [{ net: { text: '2001:db8::/48' } }],
        prefixesEnded: ['198.51.100.0/25'],
        domainsAdded: ['www.lipova.example'],
        domainsEnded: ['lipova.example'],
      },
    ])
  })

  it('finds everything unchanged once it was carried out', async () => {
    const rows = await rowsOf(file)
    const after = carryOut(planImport(rows, register), register)
    const again = planImport(rows, after)
    expect([again.created, again.changed, again.unclear]).toEqual([[], [], []])
    expect(again.unchanged).toHaveLength(2)
    expect(printPlan(again, 'en')).toMatch(
      /^0 new organisations, 0 changed, 2 unchanged\. There is nothing to change/,
    )
  })

  it('does not touch what the file does not fill in', async () => {
    const rows = await rowsOf('name,kind,prefixes,phone\nNemocnice Lipova,,,\n')
    expect(planImport(rows, register).unchanged).toMatchObject([{ id: 1 }])
  })

  it('a lone dash empties', async () => {
    const rows = await rowsOf('name,prefixes,domains,phone\nNemocnice Lipova,-,-,-\n')
    expect(planImport(rows, register).changed[0]).toMatchObject({
      fields: [{ field: 'phone', old: '+420 123', new: null }],
      prefixesEnded: ['192.0.2.0/24', '198.51.100.0/25'],
      domainsEnded: ['lipova.example'],
    })
  })

  it('compares roles, labels and validity where the register tells them', async () => {
    const network = { text: '192.0.2.0/24', role: 'owner', label: 'PACS', validFrom: null, validTo: null }
    const held = register.map((org) => (org.id === 1 ? { ...org, networks: [network] } : org))
    const rows = await rowsOf(
      'name,prefixes,role,valid_to\nNemocnice Lipova,192.0.2.0/24 198.51.100.0/25,provider,2026-12-31\n',
    )
    const [change] = planImport(rows, held).changed
    expect(change?.networks.map(({ field, old, new: wanted }) => [field, old, wanted])).toEqual([
      ['role', 'owner', 'provider'],
      ['validTo', null, '2026-12-31'],
    ])
  })

  it('asks when several organisations bear the name, unless one bears it exactly', async () => {
    const [org] = register
    const twins = org ? [org, { ...org, id: 7, name: 'NEMOCNICE LIPOVÁ' }] : []
    const unclear = planImport(await rowsOf('name\nNemocnice Lipová\n'), twins)
    expect(unclear.unclear.map(({ ids }) => ids)).toEqual([[1, 7]])
    expect(printPlan(unclear, 'cs')).toMatch(
      /\? Nemocnice Lipová \(řádek 2\): toto jméno má v registru více organizací/,
    )
    const exact = planImport(await rowsOf('name\nNEMOCNICE LIPOVÁ\n'), twins)
    expect(exact.unchanged.map(({ id }) => id)).toEqual([7])
  })

  it('is printed for the terminal', async () => {
    const plan = planImport(await rowsOf(file), register)
    expect(printPlan(plan, 'cs')).toBe(
      [
        '1 nová organizace, 1 změněná, 0 beze změny.',
        '+ Kraj Bukový (řádek 3): kraj, Bukový, cs',
        '    rozsahy: 203.0.113.0/24',
        '    domény: (prázdné)',
        '~ Nemocnice Lipová (řádek 2)',
        '    název: Nemocnice Lipova → Nemocnice Lipová',
        '    druh: klinika → nemocnice',
        '    kraj: (prázdné) → Lipový',
        '    e-mail: stary@lipova.example → (prázdné)',
        '    + rozsah 2001:db8::/48',
        '    - rozsah 198.51.100.0/25 (končí)',
        '    + doména www.lipova.example',
        '    - doména lipova.example (končí)',
        'V registru navíc, beze změny (1): Záchranka Javor',
        '',
      ].join('\n'),
    )
  })
})

describe('the words of a file', () => {
  it('a new organisation that may be one of the register is told, with the reason', async () => {
    const known: CurrentOrg[] = register.map((org) =>
      org.id === 1 ? { ...org, ico: '00006947', names: ['Okresní nemocnice Lipová'] } : org,
    )
    const plan = planImport(
      await rowsOf(
        'name,ico,domains\nNemocnice Lípowa,,\nJiná,6947,\nDalší,,lipova.example\nOkresní nemocnice Lipov,,\nZcela jiná,,\n',
      ),
      known,
    )
    expect(plan.alike.map(({ row, org, reason }) => [row.name, org.id, reason])).toEqual([
      ['Nemocnice Lípowa', 1, 'name'],
      ['Jiná', 1, 'ico'],
      ['Další', 1, 'domain'],
      ['Okresní nemocnice Lipov', 1, 'name'],
    ])
    expect(printPlan(plan, 'en')).toContain('! Jiná (line 3): the same IČO belongs to Nemocnice Lipova (1)')
  })

  it('an earlier name finds the organisation, and is no wish to be called so again', async () => {
    const known: CurrentOrg[] = register.map((org) =>
      org.id === 1 ? { ...org, names: ['NsP Lipová'] } : org,
    )
    const plan = planImport(
      await rowsOf('name,aliases,phone\nnsp lipova,NsP LIPOVÁ; Lipovka,+420 999\n'),
      known,
    )
    expect(
      plan.changed.map(({ id, fields, namesAdded }) => [id, fields.map(({ field }) => field), namesAdded]),
    ).toEqual([[1, ['phone'], ['Lipovka']]])
    expect(printPlan(plan, 'en')).toContain('+ other name Lipovka')
  })

  it('every kind and role can be written as the list of allowed words shows it', () => {
    for (const kind of kinds) {
      expect(kindNamed(kind)).toBe(kind)
      expect(kindNamed(kindWords[kind].cs)).toBe(kind)
    }
    for (const role of roles) expect(roleNamed(roleWords[role].cs)).toBe(role)
    expect(kindNamed('ZZS')).toBe('ambulance')
    expect(['ems', 'founder', 'state', 'provider'].map(kindNamed)).toEqual([
      'ambulance',
      'founder',
      'agency',
      'network',
    ])
    expect(kindNamed('Zdravotnická záchranná služba')).toBe('ambulance')
    expect(allowedWords(roleWords, 'cs')).toMatch(/^owner \(vlastník\), /)
  })
})
