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

  it('says what is wrong with the address of the database, without its password', async () => {
    const elsewhere = (change: (url: URL) => void): Promise<unknown> => {
      const url = new URL(db.url)
      change(url)
      return migrate(url.href, testSecret).catch((error: Error) => `${error.name}: ${error.message}`)
    }
    const at = new URL(db.url).host
    expect(await elsewhere((url) => Object.assign(url, { port: '1' }))).toMatch(
      /^Unavailable: PostgreSQL at [^ ]+:1 \(HSOC_DATABASE_URL\) does not answer: .*ECONNREFUSED/,
    )
    expect(await elsewhere((url) => Object.assign(url, { pathname: '/nowhere' }))).toMatch(
      `PostgreSQL at ${at} (HSOC_DATABASE_URL) has no database "nowhere": create it`,
    )
    const refused = await elsewhere((url) => Object.assign(url, { username: 'nobody', password: 'hunter2' }))
    expect(refused).toMatch(/does not let the user "nobody" in: check the name and the password/)
    expect(refused).not.toContain('hunter2')
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
