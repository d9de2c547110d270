import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../test/harness.ts'
import { type Actor, asActor, asReader } from './access.ts'
import { atOnce, kept, openDatabase, type Tx, together, transaction } from './database.ts'
import { Invalid, Unavailable } from './errors.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db.drop())

const actorOf = (tx: Tx): Promise<string> =>
  tx
    .query<{ scopes: string }>(`select current_setting('hsoc.scopes', true) as scopes`)
    .then(({ rows }) => rows[0]?.scopes ?? '')

describe('questions asked at once', () => {
  it('are answered by their names, plain values among them', async () => {
    const found = await transaction(db.engine, (tx) =>
      together({ one: tx.query<{ n: number }>('select 1 as n'), two: 2, three: Promise.resolve('three') }),
    )
    expect([found.one.rows, found.two, found.three]).toEqual([[{ n: 1 }], 2, 'three'])
  })

  it('that fail leave nothing behind that comes late on a connection of others', async () => {
    let last = ''
    const failing = transaction(db.app, (tx) =>
      together({
        wrong: tx.query('select 1 / 0'),
        slow: (async () => {
          await new Promise((done) => setTimeout(done, 100))
          await tx.query('select 1').catch((error: Error) => {
            last = error.message
          })
        })(),
      }),
    )
    await expect(failing).rejects.toThrow('division by zero')
    // The late question was asked, and refused, inside of the transaction that had failed.
    expect(last).toContain('transaction is aborted')
    expect((await db.app.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  })

  it('tell of the failure itself, not of what it broke', async () => {
    const failing = transaction(db.engine, (tx) =>
      together({
        broken: tx.query('select 1').then(() => tx.query('select 2')),
        wrong: tx.query('select 1 / 0'),
      }),
    )
    await expect(failing).rejects.toThrow('division by zero')
  })

  it('change nothing when one of them fails, in whatever order they were asked', async () => {
    const writing = (tx: Tx): Promise<unknown> =>
      tx.query(`insert into settings (name, value, changed_at) values ('tried', '1', now())`)
    const failing = (tx: Tx): Promise<unknown> => tx.query('select 1 / 0')
    for (const [first, second] of [
      [writing, failing],
      [failing, writing],
    ] as const)
      await expect(
        transaction(db.engine, (tx) => together({ first: first(tx), second: second(tx) })),
      ).rejects.toThrow('division by zero')
    expect((await db.engine.query(`select 1 from settings where name = 'tried'`)).rows).toEqual([])
  })

  it('go out with the end of their transaction, and all of them stand or none', async () => {
    const written = `select value from settings where name = 'at once'`
    const write = (tx: Tx): Promise<unknown> =>
      tx.query(`insert into settings (name, value, changed_at) values ('at once', '1', now())`)
    const failing = atOnce(db.engine, (tx) => ({ one: write(tx), wrong: tx.query('select 1 / 0') }))
    await expect(failing).rejects.toThrow('division by zero')
    const throwing = atOnce(db.engine, (tx) => ({
      one: write(tx),
      wrong: Promise.reject(new Error('not asked')),
    }))
    await expect(throwing).rejects.toThrow('not asked')
    const late = atOnce(db.engine, (tx) => ({ two: tx.query('select 1').then(() => tx.query('select 2')) }))
    await expect(late).rejects.toThrow('after the end of its transaction')
    expect((await db.engine.query(written)).rows).toEqual([])
    const done = await atOnce(db.engine, (tx) => ({ one: write(tx), two: tx.query(written), three: 3 }))
    expect([done.two.rows, done.three]).toEqual([[{ value: 1 }], 3])
    expect((await db.engine.query(written)).rows).toEqual([{ value: 1 }])
  })

  it('are all asked as the actor, and none after it', async () => {
    const { a, b } = await asActor(db, null, tuesday, (tx) => together({ a: actorOf(tx), b: actorOf(tx) }))
    expect([a, b]).toEqual(['{1}', '{1}'])
    expect(await actorOf(db.app)).toBe('')
  })

  it('are not answered when the actor could not be set', async () => {
    const unspeakable = { person: '1\0', engagements: [] } as never
    let answered: unknown = null
    const asking = asActor(db, unspeakable, tuesday, async (tx) => {
      answered = await tx.query('select 1')
    })
    await expect(asking).rejects.toThrow('no text can hold')
    expect(answered).toBe(null)
  })

  it('as a reader are answered as the actor, and a write among them fails', async () => {
    expect(await asReader(db, null, tuesday, actorOf)).toBe('{1}')
    const writing = (tx: Tx) => tx.query(`update settings set value = '1'`)
    await expect(asReader(db, null, tuesday, writing)).rejects.toThrow(
      /read-only transaction|permission denied/,
    )
    await expect(
      asReader(db, null, tuesday, (tx) => tx.query('create temp table t (n int)')),
    ).rejects.toThrow('read-only transaction')
    // Every connection came back clean.
    for (let i = 0; i < 10; i++) expect(await actorOf(db.app)).toBe('')
  })
})

it.each([
  ['bare', 'select $1::text as x', 'a\0b'],
  ['inside of JSON', 'select $1::jsonb as x', { text: 'a\0b' }],
])('a text that the database cannot hold is the asker’s mistake, %s', async (_, sql, value) => {
  await expect(transaction(db.engine, (tx) => tx.query(sql, [value]))).rejects.toBeInstanceOf(Invalid)
})

describe('a statement whose plan is kept', () => {
  // One connection each, so that the plan of the one before is the plan of the next.
  const one = () =>
    openDatabase(
      { app: String(db.app.options.connectionString), engine: db.listenUrl },
      { app: 1, engine: 1 },
    )

  it('is answered to each actor anew', async () => {
    const alone = one()
    const scopes = kept(`select actor_scopes() as scopes`)
    const person = { person: 7, name: '', email: '', language: 'cs', engagements: [] } as const
    const asked = (actor: typeof person | null) =>
      asReader(alone, actor && { ...actor, engagements: [] }, tuesday, (tx) =>
        tx.query<{ scopes: number[] }>(scopes).then(({ rows }) => rows[0]?.scopes.length),
      )
    const answers: (number | undefined)[] = []
    for (let i = 0; i < 8; i++) answers.push(await asked(null), await asked(person))
    expect(answers).toEqual(Array.from({ length: 8 }, () => [1, 2]).flat())
    const { rows } = await alone.app.query<{ n: number }>(
      `select count(*)::int as n from pg_prepared_statements where statement like 'select actor_scopes()%'`,
    )
    expect(rows).toEqual([{ n: 1 }])
    await alone.close()
  })

  it('shows each actor the rows that are theirs, however often others asked before', async () => {
    const alone = one()
    const [horni, dolni] = [
      await addHospital(db, 'Nemocnice Horní', ['192.0.2.0/25']),
      await addHospital(db, 'Nemocnice Dolní', ['192.0.2.128/25']),
    ]
    const adam = await addPerson(db, 'Adam Horní', [['admin', horni]])
    const dana = await addPerson(db, 'Dana Dolní', [['admin', dolni]])
    const vera = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
    const names = kept('select name from people order by name')
    const seen = (actor: Actor | null) =>
      asReader(alone, actor, tuesday, async (tx) => (await tx.query<{ name: string }>(names)).rows)
    // PostgreSQL weighs a plan for all values after the fifth time.
    for (let i = 0; i < 8; i++) {
      expect(await seen(vera)).toHaveLength(3)
      expect(await seen(adam)).toEqual([{ name: 'Adam Horní' }])
      expect(await seen(dana)).toEqual([{ name: 'Dana Dolní' }])
      expect(await seen(null)).toEqual([])
    }
    await alone.close()
  })

  it('can be asked after a transaction in which it could not be planned, which tells of the failure itself', async () => {
    const alone = one()
    const twice = kept('select 2 as n')
    const failing = transaction(alone.app, (tx) =>
      together({ first: tx.query(twice), wrong: tx.query('select 1 / 0'), again: tx.query(twice) }),
    )
    await expect(failing).rejects.toThrow('division by zero')
    const late = kept('select 3 as n')
    const broken = transaction(alone.app, (tx) =>
      together({ late: tx.query('select 1').then(() => tx.query(late)), wrong: tx.query('select 1 / 0') }),
    )
    await expect(broken).rejects.toThrow('division by zero')
    for (const [statement, n] of [
      [twice, 2],
      [late, 3],
    ] as const)
      expect((await transaction(alone.app, (tx) => tx.query(statement))).rows).toEqual([{ n }])
    await alone.close()
  })

  it('is planned anew after a change of the schema under it, at the latest by the connection after', async () => {
    const alone = one()
    const owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await owner.query('create table kept_probe (a int); grant select on kept_probe to hsoc_engine')
    const all = kept('select * from kept_probe')
    const ask = () => transaction(alone.engine, (tx) => tx.query(all)).then(({ fields }) => fields.length)
    expect(await ask()).toBe(1)
    await owner.query('alter table kept_probe add b int')
    await expect(ask()).rejects.toThrow('cached plan')
    expect(await ask()).toBe(2)
    await owner.query('drop table kept_probe')
    await owner.end()
    await alone.close()
  })

  it('is one of a limited number, past which texts are planned each time', () => {
    const made = Array.from({ length: 300 }, (_, n) => kept(`select ${n} as many`))
    expect(made.filter((one) => typeof one === 'string').length).toBeGreaterThanOrEqual(100)
    expect(made.at(-1)).toBe('select 299 as many')
    expect(kept('select 2 as n')).toMatchObject({ text: 'select 2 as n' })
  })
})

it('a connection that breaks while nothing is asked over it ends its work with a name, and no process', async () => {
  const work = transaction(db.engine, async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    const owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await owner.end()
    // Long enough for the news of its end to come while nobody waits for an answer.
    await new Promise((done) => setTimeout(done, 200))
    await tx.query('select 1')
  })
  await expect(work).rejects.toBeInstanceOf(Unavailable)
  expect((await db.engine.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})
