import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ErasureStage, openErasure } from '../../../test/erasure-stage.ts'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { leaveTraces } from '../../../test/traces.ts'
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine } from '../../platform/database.ts'
import { mergePeople } from '../members/doubles/merging.ts'
import { endEngagement } from '../members/people.ts'
import { seal } from '../trail/chain.ts'
import { verifyTrail } from '../trail/verify.ts'
import { erase, eraseGone } from './erase.ts'
import { held } from './held.ts'

const day = 86_400_000
let stage: ErasureStage
let db: ErasureStage['db']
let owner: ErasureStage['owner']
let lipova: ErasureStage['lipova']
let hana: Actor

beforeAll(async () => {
  stage = await openErasure()
  ;({ db, owner, lipova, hana } = stage)
}, 60_000)
afterAll(() => stage.close())

/** Every place of the database where one of the texts stands, also within JSON and bytes. */
async function placesOf(texts: string[]): Promise<string[]> {
  const { rows } = await owner.query<{ table: string; column: string; type: string }>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1, 2`,
  )
  const found: string[] = []
  for (const { table, column, type } of rows) {
    const text = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`
    for (const one of texts) {
      const { rowCount } = await owner.query(
        `select 1 from ${table} where strpos(lower(${text}), lower($1)) > 0 limit 1`,
        [one],
      )
      if (rowCount) found.push(`${table}.${column}`)
    }
  }
  return [...new Set(found)]
}

const signedPlaces = [
  'signatories.name',
  'signatory_names.name',
  'signatures.signatory_name',
  'signature_list_lines.signatory',
]
/** Also what regular expressions would take for their own. */
const oddName = 'Petr (Kanárek) Žluťoučký [x] a+b\\d$ "P"'
const leave = (person: Actor, at: number): Promise<void> =>
  asEngine(db, (tx) => endEngagement(tx, { person: person.person, org: lipova.id, role: 'admin' }, hana, at))

describe('erasing a person', () => {
  it('waits until the last role has ended, and says which', async () => {
    const jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    await expect(erase(db, jana.person, hana, tuesday)).rejects.toThrow('admin (Nemocnice Lipová)')
    await expect(erase(db, 999_999, hana, tuesday)).rejects.toThrow('no such person')
    expect((await placesOf([jana.email])).length).toBeGreaterThan(0)
  })

  it('leaves what named the person nowhere but where it is kept on purpose, and the chain whole', async () => {
    const petr = await leaveTraces(db, owner, oddName, { lipova, hana })
    const texts = [petr.email, petr.name, '192.0.2.77']
    const before = await placesOf(texts)
    for (const [table, what] of Object.entries(held))
      if (Array.isArray(what.erase))
        expect([table, before.some((one) => one.startsWith(`${table}.`))]).toEqual([table, true])
    await leave(petr, tuesday)
    await seal(db, true)
    const head = (await verifyTrail(db)).head
    await erase(db, petr.person, hana, tuesday + day)
    expect((await placesOf(texts)).filter((place) => !signedPlaces.includes(place))).toEqual([])
    const { rows } = await db.engine.query<{ name: string; email: string; password_hash: string | null }>(
      'select name, email, password_hash from people where id = $1',
      [petr.person],
    )
    expect(rows[0]).toEqual({
      name: `Osoba ${petr.person}`,
      email: `person-${petr.person}@erased.invalid`,
      password_hash: null,
    })
    for (const [table, { about, erase: how }] of Object.entries(held))
      if (how === 'deleted' && about?.where === 'person_id = $1') {
        const { rowCount } = await owner.query(`select 1 from ${table} where person_id = $1`, [petr.person])
        expect([table, rowCount]).toEqual([table, 0])
      }
    const kept = await owner.query('select answer, note from answers where person_id = $1', [petr.person])
    expect(kept.rows).toEqual([{ answer: 'seen', note: 'hotovo' }])
    // The chain, before and after its end grew, and held against the end as it was sent out before the erasure.
    await seal(db, true)
    const [seq = '0', link = ''] = (head ?? '').split(':')
    const found = await verifyTrail(db, { seq: Number(seq), link })
    expect(found).toMatchObject({ ok: true, differing: 0 })
    expect(found.erased).toBeGreaterThan(3)
    await expect(erase(db, petr.person, hana, tuesday + day)).rejects.toThrow('before')
  })

  it('keeps what lines say of others, and one-word names from eating other words', async () => {
    const it = await addPerson(db, 'admin', [['admin', lipova]])
    await asEngine(db, (tx) =>
      record(tx, {
        at: tuesday,
        actor: hana,
        verb: 'members.x',
        object: `person ${it.person}`,
        detail: { role: 'admin', name: 'admin' },
        readers: [2],
      }),
    )
    await leave(it, tuesday)
    await erase(db, it.person, hana, tuesday + day)
    const { rows } = await db.engine.query(`select actor, detail from audit where verb = 'members.x'`)
    expect(rows).toEqual([{ actor: hana.email, detail: { role: 'admin', name: `person ${it.person}` } }])
  })

  it('takes any name out of any text, and leaves JSON what it was', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 3, maxLength: 40 })
      .map((text) => `${text.replaceAll('\0', '')} x`)
    await fc.assert(
      fc.asyncProperty(name, fc.string({ unit: 'grapheme', maxLength: 20 }), async (given, around) => {
        const text = `${around.replaceAll('\0', '')}${given}|`
        const { rows } = await owner.query<{ plain: string; json: { a: string; n: number } }>(
          `select pseudonymised($1, array[$2], 'person 7') as plain,
             pseudonymised(jsonb_build_object('a', $1::text, 'n', 1)::text, array[substr(to_json($2::text)::text, 2, length(to_json($2::text)::text) - 2)], 'person 7')::jsonb as json`,
          [text, given],
        )
        for (const said of [rows[0]?.plain, rows[0]?.json.a]) {
          expect(said).toContain('person 7')
          expect(said?.replaceAll('person 7', '')).not.toContain(given)
        }
        expect(rows[0]?.json.n).toBe(1)
      }),
      {
        numRuns: 150,
        examples: [
          ['ǅ x', ''],
          ['a\\b x', '"'],
          ['[.*', '('],
        ],
      },
    )
  })

  it('takes the accounts that were merged into it along', async () => {
    const gone = await addPerson(db, 'Ida Dvojitá', [['admin', lipova]])
    const kept = await addPerson(db, 'Ida Jediná', [['admin', lipova]])
    const wanted = { person: gone.person, into: kept.person, reason: `Volala Ida, ${gone.email}` }
    await asEngine(db, (tx) => mergePeople(tx, wanted, hana, tuesday))
    await leave(kept, tuesday + 1)
    await erase(db, kept.person, hana, tuesday + 2)
    expect(await placesOf([gone.email, kept.email, 'Ida Dvojitá', 'Ida Jediná'])).toEqual([])
  })

  it('does not hide a line that somebody changed by hand', async () => {
    await seal(db, true)
    expect((await verifyTrail(db)).ok).toBe(true)
    const { rows } = await owner.query<{ id: number }>(
      `select audit_id as id from trail_erasures order by audit_id limit 1`,
    )
    await owner.query('begin')
    await owner.query(`update audit set verb = 'members.nothing' where id = $1`, [rows[0]?.id])
    await owner.query('commit')
    expect((await verifyTrail(db)).differences).toMatchObject([{ line: rows[0]?.id, fault: 'changed' }])
    // Nor does it help to note the change as an erasure: no line tells of it.
    await owner.query(
      `insert into trail_erasures select id, trail_content(a), '\\x01' from audit a where id = $1`,
      [rows[0]?.id],
    )
    expect((await verifyTrail(db)).differences).toMatchObject([{ line: rows[0]?.id, fault: 'erasure' }])
    await owner.query(`delete from trail_erasures where digest = '\\x01'`)
  })

  it('is nothing that the serving roles can do to somebody with a role, nor the pages at all', async () => {
    const ota = await addPerson(db, 'Ota Stálý', [['duty', lipova]])
    const { rows } = await db.engine.query('select * from trail_erase($1, $2)', [
      ota.person,
      new Date(tuesday),
    ])
    expect(rows).toEqual([])
    await expect(db.app.query('select * from trail_erase(1, now())')).rejects.toThrow(/permission denied/)
    await expect(db.engine.query(`insert into trail_erasures values (1, '', '')`)).rejects.toThrow(
      /permission denied/,
    )
  })
})

describe('after its time', () => {
  it('whoever has had no role for two years is erased by the program, and nobody else', async () => {
    const now = tuesday + 1000 * day
    const gone = await addPerson(db, 'Gabriela Dávná', [['admin', lipova]])
    const lately = await addPerson(db, 'Lenka Nedávná', [['admin', lipova]])
    const still = await addPerson(db, 'Sára Stálá', [['admin', lipova]])
    const shut = await addPerson(db, 'Dora Odebraná', [['admin', lipova]])
    const asked = await addPerson(db, 'Pavla Pozvaná', [['admin', lipova]])
    await leave(gone, now - 731 * day)
    await leave(asked, now - 731 * day)
    await leave(lately, now - 729 * day)
    await db.engine.query('update people set disabled_at = $2 where id = $1', [
      shut.person,
      new Date(now - 731 * day),
    ])
    await db.engine.query(
      `insert into invitations (org_id, person_id, name, role, token_hash, invited_by, created_at, expires_at) values ($1, $2, 'x', 'duty', '\\xff', $3, $4, $5)`,
      [lipova.id, asked.person, hana.person, new Date(now), new Date(now + 7 * day)],
    )
    expect(await eraseGone(db, now)).toBe(2)
    expect(await eraseGone(db, now)).toBe(0)
    const { rows } = await db.engine.query<{ id: number }>(
      'select id from people where erased_at is not null and id = any ($1)',
      [[gone, lately, still, shut, asked].map(({ person }) => person)],
    )
    expect(rows.map(({ id }) => id).sort()).toEqual([gone.person, shut.person].sort())
    const { rows: lines } = await db.engine.query(
      `select actor from audit where verb = 'privacy.erase' and object = $1`,
      [`person ${gone.person}`],
    )
    expect(lines).toEqual([{ actor: 'hsoc' }])
  })
})
