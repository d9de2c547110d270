import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type TestDatabase, tuesday } from '../../test/harness.ts'
import {
  ANY_MEMBER,
  ANY_MEMBER_KEY,
  ANY_MEMBER_STRICT_KEY,
  type Audience,
  COORDINATORS,
  keyOfOrg,
  OPERATORS,
  PUBLIC,
  passedOn,
  person,
  readersOf,
  readersOfOrg,
  seatOfGroup,
  strictKeyOfOrg,
} from './scopes.ts'
import { parseTlp, type Tlp } from './tlp.ts'

const [source, audienceOrg, otherOrg] = [1, 2, 3]
const group = 7
const warning = 21
const [author, namedReader, namedCoordinator, somebody] = [11, 12, 13, 14]

/** The viewers of the sharing rule's table, as the scopes they hold. */
const viewers: Record<string, number[]> = {
  P: [PUBLIC],
  F: [PUBLIC, person(somebody)],
  L: [PUBLIC, person(somebody)],
  M: [PUBLIC, ANY_MEMBER, person(somebody), readersOfOrg(otherOrg)],
  A: [PUBLIC, ANY_MEMBER, person(somebody), readersOfOrg(audienceOrg), seatOfGroup(group)],
  N: [PUBLIC, ANY_MEMBER, person(namedReader), readersOfOrg(audienceOrg), seatOfGroup(group)],
  S: [PUBLIC, ANY_MEMBER, person(somebody), readersOfOrg(source)],
  U: [PUBLIC, ANY_MEMBER, person(author), readersOfOrg(source)],
  C: [PUBLIC, COORDINATORS, person(somebody)],
  CN: [PUBLIC, COORDINATORS, person(namedCoordinator)],
  O: [PUBLIC, OPERATORS, person(somebody)],
  K: [PUBLIC, keyOfOrg(audienceOrg), ANY_MEMBER_KEY],
  KS: [PUBLIC, strictKeyOfOrg(audienceOrg), ANY_MEMBER_STRICT_KEY],
  X: [PUBLIC, person(somebody), readersOfOrg(otherOrg), passedOn(warning)],
}

interface Row {
  audience: string
  tlp: Tlp
  state: string
  seen: Record<string, boolean>
}

const [head = '', ...lines] = readFileSync(
  new URL('../../test/fixtures/sharing-visibility.csv', import.meta.url),
  'utf8',
)
  .trim()
  .split(/\r?\n/)
const names = head.split(',')
const table: Row[] = lines.map((line) => {
  const cells = line.split(',')
  return {
    audience: cells[0] ?? '',
    tlp: cells[1] as Tlp,
    state: cells[2] ?? '',
    seen: Object.fromEntries(names.slice(3).map((name, i) => [name, cells[i + 3] === '1'])),
  }
})

function audienceOf(row: Row): Audience | null {
  if (row.audience === 'coordinators') return { kind: 'coordinators' }
  if (row.audience === 'all_members') return { kind: 'all_members' }
  if (row.audience === 'group') return { kind: 'group', group }
  if (row.audience === 'public') return { kind: 'public' }
  if (row.audience === 'organisations []') return { kind: 'organisations', orgs: [] }
  return row.audience === 'organisations' ? { kind: 'organisations', orgs: [audienceOrg] } : null
}

const named = (row: Row): number[] =>
  row.tlp === 'RED'
    ? [author, namedCoordinator, ...(row.audience === 'coordinators' ? [] : [namedReader])]
    : [author]

const covered = table.filter((row) => ['released', 'empty'].includes(row.state) && audienceOf(row))

describe('the sharing rule', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase()
    await addHospital(db, 'Nemocnice Horní Výmysl', [])
  })
  afterAll(() => db.drop())

  it('covers the released and the empty rows of the table', () => {
    expect(covered.length).toBe(20 + 1)
  })

  it.each(covered)('$audience $tlp $state, as scopes and in the database', async (row) => {
    const readers = readersOf(audienceOf(row) as Audience, row.tlp, source, named(row), warning)
    await db.engine.query('delete from warnings')
    await db.engine.query(
      `insert into warnings (number, rule, rule_version, topic, severity, tlp, title, explanation, opened_at, first_at, last_at, readers, changed_at)
       values ('HSOC-D-2026-000001', 'W3', 1, 't', 2, $1, '{}', '{}', to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0), $3,
         to_timestamp($2 / 1000.0))`,
      [row.tlp, tuesday, readers],
    )
    for (const [viewer, scopes] of Object.entries(viewers)) {
      const wanted = row.seen[viewer]
      expect([viewer, scopes.some((scope) => readers.includes(scope))]).toEqual([viewer, wanted])
      const client = await db.app.connect()
      await client.query('begin')
      await client.query(`select set_config('hsoc.scopes', $1, true)`, [`{${scopes.join(',')}}`])
      const { rowCount } = await client.query('select 1 from warnings')
      await client.query('rollback')
      client.release()
      expect([viewer, rowCount === 1]).toEqual([viewer, wanted])
    }
  })

  it('refuses to publish anything but TLP:CLEAR', () => {
    for (const tlp of ['AMBER+STRICT', 'AMBER', 'GREEN'] as const)
      expect(() => readersOf({ kind: 'public' }, tlp, source)).toThrow(RangeError)
  })

  it('reads labels as people write them', () => {
    expect(['TLP:White', 'tlp: amber strict', 'Green', 'AMBER+STRICT', 'purple'].map(parseTlp)).toEqual([
      'CLEAR',
      'AMBER+STRICT',
      'GREEN',
      'AMBER+STRICT',
      null,
    ])
  })
})
