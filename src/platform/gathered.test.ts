import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/harness.ts'
import { asEngine } from './database.ts'
import { gathered } from './gathered.ts'

describe('questions of many', () => {
  let db: TestDatabase
  const asked: number[][] = []
  /** Divides a hundred, which nobody can by nothing. */
  const share = gathered(async (db, by: number[]): Promise<number[]> => {
    asked.push(by)
    const { rows } = await db.query<{ n: number }>(
      'select 100 / w.by as n from unnest($1::int[]) with ordinality w (by, at) order by at',
      [by],
    )
    return rows.map(({ n }) => n)
  })
  const reasons = (ended: PromiseSettledResult<number>[]): unknown[] =>
    ended.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))

  beforeAll(async () => {
    db = await createDatabase()
  })
  afterAll(() => db.drop())

  it('are asked once, each is given its own answer, and who comes meanwhile waits for the next', async () => {
    asked.length = 0
    const late: Promise<number>[] = []
    const first = share(db.engine, 1)
    const second = share(db.engine, 2)
    setImmediate(() => late.push(share(db.engine, 4), share(db.engine, 5)))
    expect(await Promise.all([first, second])).toEqual([100, 50])
    expect(await Promise.all(late)).toEqual([25, 20])
    expect(await share(db.engine, 10)).toBe(10)
    expect(asked).toEqual([[1, 2], [4, 5], [10]])
  })

  it('are asked alone where one of them fails, which is the others’ fault in nothing', async () => {
    const ended = await Promise.allSettled([1, 0, 2].map((by) => share(db.engine, by)))
    expect(reasons(ended)).toEqual([100, 'division by zero', 50])
  })

  it('fail together in a transaction, with what broke it', async () => {
    const inOne = asEngine(db, async (tx) => reasons(await Promise.allSettled([share(tx, 1), share(tx, 0)])))
    expect(await inOne).toEqual(['division by zero', 'division by zero'])
  })

  it('of more than a hundred are asked by the hundred', async () => {
    asked.length = 0
    expect(await Promise.all(Array.from({ length: 250 }, () => share(db.engine, 1)))).toHaveLength(250)
    expect(asked.map((some) => some.length)).toEqual([100, 100, 50])
  })
})
