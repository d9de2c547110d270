import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf } from '../../test/belongings.ts'
import { createDatabase, type TestDatabase, tuesday } from '../../test/harness.ts'
import { createContacts } from './contacts.ts'
import { createSector } from './sector.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db.drop())

it('every organisation of the demonstration has a book, made once, half of it verified', async () => {
  const { context, stop } = contextOf(db)
  await createSector(db, null, tuesday)
  const counted = async () => {
    const { rows } = await db.engine.query(
      `select count(distinct org_id)::int as books, count(*)::int as points, count(verified_at)::int as verified,
         (select count(*)::int from organisations) as organisations from contact_points where ended_at is null`,
    )
    return rows[0]
  }
  await createContacts(context, tuesday)
  const once = await counted()
  expect(once).toMatchObject({ books: once?.organisations, points: 2 * Number(once?.organisations) })
  expect(once?.verified).toBeGreaterThanOrEqual(Math.floor(Number(once?.organisations) / 2))
  expect(once?.verified).toBeLessThan(Number(once?.organisations))
  await createContacts(context, tuesday)
  expect(await counted()).toEqual(once)
  await stop()
})
