import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedBelongings } from './belongings.ts'
import { callsOf, fillRest } from './every-table.ts'
import { addHospital, createDatabase, type TestDatabase } from './harness.ts'
import { schemaText } from './schema-text.ts'

const file = new URL('../schema.sql', import.meta.url)

describe('the database', () => {
  let db: TestDatabase
  let owner: pg.Client
  beforeAll(async () => {
    db = await createDatabase()
    owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
  })
  afterAll(async () => {
    await owner.end()
    await db.drop()
  })

  it('is what schema.sql says', async (context) => {
    const { rows } = await owner.query('show server_version_num')
    // Older servers print some definitions differently.
    if (Number(rows[0].server_version_num) < 180000)
      return context.skip('schema.sql is written by PostgreSQL 18')
    const text = await schemaText(owner)
    if (process.env.UPDATE_SCHEMA) writeFileSync(file, text)
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(text)
  })

  it('gives the serving roles nothing that is not bound by a policy', async () => {
    const { rows } = await owner.query<{
      relname: string
      relkind: string
      grantee: string
      privilege: string
      secured: boolean
      policies: number
    }>(
      `select c.relname, c.relkind, a.grantee::regrole::text as grantee, lower(a.privilege_type) as privilege, c.relrowsecurity as secured,
         (select count(*)::int from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname and a.grantee::regrole::name = any (p.roles)
           and (p.cmd = 'ALL' or lower(p.cmd) = lower(a.privilege_type))) as policies
       from pg_class c cross join lateral (
         select grantee, privilege_type from aclexplode(c.relacl)
         union select x.grantee, x.privilege_type from pg_attribute t, aclexplode(t.attacl) x where t.attrelid = c.oid and t.attacl is not null) a
       where c.relnamespace = 'public'::regnamespace and a.grantee::regrole::text in ('hsoc_app', 'hsoc_engine')`,
    )
    const relations = rows.filter((row) => row.relkind !== 'S')
    expect(relations.length).toBeGreaterThan(60)
    expect(relations.filter((row) => row.relkind !== 'r').map((row) => row.relname)).toEqual([])
    expect(relations.filter((row) => !row.secured || row.policies === 0)).toEqual([])
  })

  it('gives nothing to everybody', async () => {
    const tables = await owner.query(
      `select c.relname from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace and a.grantee = 0`,
    )
    expect(tables.rows).toEqual([])
    // A function that runs with its owner's rights says for itself who may call it.
    const functions = await owner.query(
      `select p.proname from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       where p.pronamespace = 'public'::regnamespace and p.prosecdef and a.grantee = 0`,
    )
    expect(functions.rows).toEqual([])
  })

  it('has no index that a growing episode would rewrite', async () => {
    const { rows } = await owner.query<{ columns: string[] }>(
      `select array_agg(distinct a.attname order by a.attname)::text[] as columns from pg_index i
       join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = d.refobjsubid
       where i.indrelid = 'episodes'::regclass and not i.indisprimary`,
    )
    expect(rows[0]?.columns).toEqual(['alias_of', 'family_id', 'key_id', 'last_hour', 'org_id', 'track'])
  })

  describe('to a query without an actor', () => {
    let readable: string[]
    beforeAll(async () => {
      const hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
      await seedBelongings(db, hospital, 'ours')
      await fillRest(owner, hospital)
      const { rows } = await owner.query<{ relname: string }>(
        `select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
           and has_any_column_privilege('hsoc_app', c.oid, 'select') order by 1`,
      )
      readable = rows.map((row) => row.relname)
    })

    it('gives no row of any table', async () => {
      expect(readable.length).toBeGreaterThan(30)
      // The installation's own small values are the one thing that needs no actor.
      for (const table of readable.filter((name) => name !== 'settings')) {
        const sql = `select count(*)::int as n from ${table}`
        const [all, given] = [await owner.query(sql), await db.app.query(sql)]
        expect([table, all.rows[0].n > 0, given.rows[0]?.n]).toEqual([table, true, 0])
      }
    })

    it('gives nothing by any function that reads past the policies', async () => {
      const { rows } = await owner.query<{ id: number }>('select id::int from batches')
      const calls = await callsOf(
        owner,
        rows.map((row) => row.id),
      )
      expect(calls.length).toBeGreaterThan(8)
      for (const { name, sql } of calls) {
        const { rows: given } = await db.app.query<{ row: string | null }>(sql)
        // A number of nothing is 0, an action without an answer is empty.
        expect([name, given.filter(({ row }) => row !== null && row !== '0' && row !== '')]).toEqual([
          name,
          [],
        ])
      }
    })
  })
})
