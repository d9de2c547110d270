import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/harness.ts'
import { testSecret } from '../../test/postgres-setup.ts'
import { migrate } from './migrate.ts'

describe('migrating', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase()
  })
  afterAll(() => db.drop())

  it('does nothing to a database that is up to date', async () => {
    expect(await migrate(db.url, testSecret)).toEqual([])
  })

  it('leaves roles that own nothing and are bound by the policies', async () => {
    const { rows } = await db.app.query(
      'select rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    )
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }])
  })

  it('takes temporary tables of a node at work, or of a crash, for no possession', async () => {
    const client = await db.engine.connect()
    await client.query('create temporary table passing (n int, words text)')
    expect(await migrate(db.url, testSecret)).toEqual([])
    await client.query('drop table passing')
    client.release()
  })

  it('refuses to serve with a role that is above the policies', async () => {
    const { rows } = await db.app.query<{ n: number }>('select count(*)::int as n from organisations')
    expect(rows[0]?.n).toBe(0)
  })
})
