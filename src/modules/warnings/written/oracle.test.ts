import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { type Audience, type Phase, readersIn } from '../../../values/scopes.ts'
import type { Tlp } from '../../../values/tlp.ts'

const [head = '', ...lines] = readFileSync(
  new URL('../../../../test/fixtures/sharing-visibility.csv', import.meta.url),
  'utf8',
)
  .trim()
  .split(/\r?\n/)
const names = head.split(',').slice(3)
const phases: Record<string, Phase> = {
  released: 'released',
  empty: 'released',
  expired: 'over',
  'warning-draft': 'draft',
}
/** Rows of shares that are private or drafts come with sharing. */
const rows = lines
  .map((line) => line.split(','))
  .map(([audience = '', tlp = '', state = '', ...seen]) => ({ audience, tlp: tlp as Tlp, state, seen }))
  .filter((row) => row.state in phases)

/** Its number. */
const passed = 1

describe('who sees a written warning, by the table of the sharing rule', () => {
  let db: TestDatabase
  const viewers = new Map<string, Actor | null>()
  const ids = { source: 0, supplier: 0, audience: 0, group: 0, author: 0, named: 0, coordinator: 0 }

  beforeAll(async () => {
    db = await createDatabase()
    const source = await addHospital(db, 'Nemocnice Zdrojová', [])
    const audience = await addHospital(db, 'Nemocnice Příjemná', [])
    const other = await addHospital(db, 'Nemocnice Ostatní', [])
    const { rows: made } = await db.engine.query<{ id: number }>(
      `insert into groups (slug, name, purpose_cs, joining, tlp_max, created_at, changed_at)
       values ('zkouska', 'Zkouška', 'x', 'closed', 'AMBER', $1, $1) returning id`,
      [new Date(tuesday)],
    )
    const group = made[0]?.id as number
    const seat = (actor: Actor) =>
      db.engine.query(
        `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at)
         values ($1, $2, $3, 'manual', 'held', 'x', $2, $4::timestamptz - interval '1 day', $4::timestamptz + interval '100 days')`,
        [group, actor.person, audience.id, new Date(tuesday)],
      )
    const add = async (letter: string, roles: Parameters<typeof addPerson>[2]): Promise<Actor> => {
      const actor = await addPerson(db, `Osoba ${letter}`, roles)
      viewers.set(letter, actor)
      return actor
    }
    viewers.set('P', null)
    await add('F', [])
    await add('L', [])
    await add('M', [['admin', other]])
    await seat(await add('A', [['admin', audience]]))
    const named = await add('N', [['duty', audience]])
    await seat(named)
    await add('S', [['admin', source]])
    const author = await add('U', [['admin', source]])
    await add('C', [['coordinator', null]])
    const coordinator = await add('CN', [['coordinator', null]])
    await add('O', [['operator', null]])
    const engagements = [{ org: audience.id, orgName: audience.name, role: 'admin' as const }]
    const program = { person: 0, name: '', email: '', language: 'cs' as const, engagements }
    viewers.set('K', { ...program, key: { id: 1, strict: false } })
    viewers.set('KS', { ...program, key: { id: 2, strict: true } })
    const supplier = await addHospital(db, 'Dodavatel Přístrojů', [])
    await db.engine.query(
      `update organisations set status = 'follower', rules_accepted_at = null where id = $1`,
      [supplier.id],
    )
    await add('X', [['admin', supplier]])
    Object.assign(ids, {
      supplier: supplier.id,
      source: source.id,
      audience: audience.id,
      group,
      author: author.person,
      named: named.person,
      coordinator: coordinator.person,
    })
  }, 60_000)
  afterAll(() => db.drop())

  const audienceOf = (kind: string): Audience => {
    if (kind === 'organisations') return { kind, orgs: [ids.audience] }
    if (kind === 'organisations []') return { kind: 'organisations', orgs: [] }
    if (kind === 'group') return { kind, group: ids.group }
    return { kind: kind as 'coordinators' }
  }

  it('covers every row of warnings', () => {
    expect(rows.length).toBe(23)
  })

  it.each(rows)('$audience $tlp $state', async (row) => {
    const named = row.audience === 'coordinators' ? [ids.coordinator] : [ids.named, ids.coordinator]
    const involved = { author: ids.author, named, coordinators: [ids.coordinator], warning: passed }
    const readers = readersIn(
      phases[row.state] as Phase,
      audienceOf(row.audience),
      row.tlp,
      ids.source,
      involved,
    )
    await keep(readers)
    // By whoever of the audience there is, whether the label lets it be passed on or not: the row's readers decide.
    await db.engine.query(
      `with g as (insert into written_passings (warning_id, version, org_id, to_org_id, relation, need, people, passed_by, passed_at)
         values ($1, 1, $2, $3, 'supplier', 'x', 1, $4, $5) returning id) insert into written_passed select id, $6 from g`,
      [passed, ids.audience, ids.supplier, ids.author, new Date(tuesday), viewers.get('X')?.person],
    )
    for (const [letter, actor] of viewers) {
      const { rowCount } = await asActor(db, actor, tuesday, (tx) =>
        tx.query('select 1 from written_warnings'),
      )
      // Readers of the source organisation have no part in a draft that the coordinators write (step 1).
      expect([letter, rowCount === 1]).toEqual([letter, row.seen[names.indexOf(letter)] === '1'])
    }
  })

  const keep = async (readers: number[]): Promise<void> => {
    await db.engine.query('delete from written_warnings')
    await db.engine.query(
      `insert into written_warnings (id, author_id, created_at, changed_at, readers, readers_after)
       overriding system value values ($4, $1, $2, $2, $3, $3)`,
      [ids.author, new Date(tuesday), readers, passed],
    )
  }

  it('counts a seat only while its organisation is a member', async () => {
    const readers = readersIn('released', { kind: 'group', group: ids.group }, 'GREEN', null, {
      author: ids.author,
      named: [],
      coordinators: [],
    })
    await keep(readers)
    const seen = async () =>
      (
        await asActor(db, viewers.get('A') ?? null, tuesday, (tx) =>
          tx.query('select 1 from written_warnings'),
        )
      ).rowCount
    expect(await seen()).toBe(1)
    await db.engine.query('update organisations set rules_accepted_at = null where id = $1', [ids.audience])
    expect(await seen()).toBe(0)
    await db.engine.query('update organisations set rules_accepted_at = created_at where id = $1', [
      ids.audience,
    ])
  })
})
