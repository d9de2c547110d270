import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/harness.ts'
import { translator } from '../../platform/i18n.ts'
import { held } from './held.ts'
import { addressed, impersonal } from './impersonal.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db.drop())

const columns = async (): Promise<{ table: string; column: string; type: string; refers: boolean }[]> => {
  const { rows } = await db.engine.query(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type,
       exists (select 1 from pg_constraint f where f.contype = 'f' and f.conrelid = c.oid and f.confrelid = 'people'::regclass
         and a.attnum = any (f.conkey)) as refers
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1, a.attnum`,
  )
  return rows as never
}
const tablesIn = async (): Promise<Set<string>> => new Set((await columns()).map(({ table }) => table))

describe('the list of what is held of people', () => {
  it('says of every table whether it holds something of people', async () => {
    const tables = await tablesIn()
    const declared = [...Object.keys(held), ...Object.keys(addressed), ...impersonal]
    expect(
      [...tables].filter((table) => !declared.includes(table)),
      'declare these in src/modules/privacy/held.ts',
    ).toEqual([])
    expect(declared.filter((table) => !tables.has(table))).toEqual([])
    expect(declared.length).toBe(new Set(declared).size)
  })

  it('declares every column that refers to a person, by a key or by its name', async () => {
    const missing: string[] = []
    for (const { table, column, type, refers } of await columns()) {
      // Numbers of people without a foreign key are known by what their columns are called.
      const named = type === 'integer' && /^(person_id|by|assignee_id|\w+_by)$/.test(column)
      if (!refers && !named) continue
      const what = held[table]
      const isAbout = what?.about && column === 'person_id'
      if (!isAbout && !what?.made?.by.includes(column)) missing.push(`${table}.${column}`)
    }
    expect(missing, 'say in src/modules/privacy/held.ts what these are').toEqual([])
  })

  it('misses no column that by its name holds something of a person', async () => {
    const telling =
      /^(e?mail|contact_email|phone|actor|reader|uploaded_by|applied_by|signatory(_name)?|agent|contact)$/
    const missing = (await columns()).filter(
      ({ table, column, type }) => type === 'text' && telling.test(column) && !(table in held),
    )
    expect(missing).toEqual([])
  })

  it('names only columns that are there, no secret among what is shown, and has words for each', async () => {
    const all = await columns()
    const there = (table: string): string[] =>
      all.filter((one) => one.table === table).map(({ column }) => column)
    for (const [table, { about, made, erase }] of Object.entries(held)) {
      const shown = [...(about?.shows ?? []), ...(made?.shows ?? [])]
      const set = Array.isArray(erase) ? erase.flatMap((one) => Object.keys(one.set)) : []
      const named = [...shown, ...(made?.by ?? []), ...set]
      expect([table, named.filter((column) => !there(table).includes(column))]).toEqual([table, []])
      expect(shown.filter((column) => /hash|sealed|token|csrf|readers|public_key/.test(column))).toEqual([])
    }
    for (const lang of ['cs', 'en'] as const) {
      const t = translator(lang)
      const words = Object.entries(held).flatMap(([table, { about, made, activity }]) => [
        `privacy.table.${table}`,
        `privacy.activity.${activity}`,
        ...[...(about?.shows ?? []), ...(made?.shows ?? [])].map(
          (column) =>
            `privacy.column.${column.replace(/^(org|sensor|warning)_id$/, (_, one: string) => (one === 'org' ? 'organisation' : one))}`,
        ),
      ])
      expect([lang, [...new Set(words)].filter((word) => !t.has(word))]).toEqual([lang, []])
    }
  })

  it('deletes nothing without saying which rows', () => {
    for (const [table, { about, erase }] of Object.entries(held))
      if (erase === 'deleted') expect([table, about?.where.includes('$')]).toEqual([table, true])
  })
})
