import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from './harness.ts'
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

  it('answers no row to a query without an actor', async () => {
    const { rows } = await owner.query<{ relname: string }>(
      `select distinct c.relname from pg_class c, aclexplode(c.relacl) a
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.grantee::regrole::text = 'hsoc_app' and a.privilege_type = 'SELECT'`,
    )
    expect(rows.length).toBeGreaterThan(20)
    // The installation's own small values are the one thing that needs no actor.
    for (const { relname } of rows.filter((row) => row.relname !== 'settings')) {
      const condition = await owner.query<{ n: number }>(
        `select count(*)::int as n from pg_policies where tablename = $1 and 'hsoc_app' = any (roles) and cmd in ('SELECT', 'ALL') and qual = 'true'`,
        [relname],
      )
      expect([relname, condition.rows[0]?.n]).toEqual([relname, 0])
    }
  })
})
