import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { record } from '../../platform/audit.ts'
import { asEngine } from '../../platform/database.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { closeDay, seal } from './chain.ts'
import { work } from './jobs.ts'
import { readHead, verifyTrail } from './verify.ts'

const day = 86_400_000
const zone = 'Europe/Prague'

describe('the chain of the trail', () => {
  let db: TestDatabase
  let owner: pg.Client
  beforeAll(async () => {
    db = await createDatabase()
    owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]])
  })
  afterAll(async () => {
    await owner.end()
    await db.drop()
  })
  beforeEach(async () => {
    await owner.query('truncate audit, trail_links, trail_heads, deliveries cascade')
    for (let i = 1; i <= 5; i++) await write(i)
    await seal(db)
  })

  const write = (n: number): Promise<void> =>
    asEngine(db, (tx) =>
      record(tx, {
        at: tuesday + n,
        actor: null,
        verb: 'warnings.note',
        object: `warning ${n}`,
        detail: { n, text: 'příliš žluťoučký' },
        readers: [COORDINATORS],
      }),
    )
  const faults = async (given: string | null = null): Promise<string[]> => {
    const found = await verifyTrail(db, given === null ? null : readHead(given))
    expect(found.ok).toBe(found.differing === 0)
    return found.differences.map(({ seq, fault }) => `${seq} ${fault}`)
  }
  const lineOf = async (seq: number): Promise<number> =>
    (await owner.query('select audit_id from trail_links where seq = $1', [seq])).rows[0].audit_id
  /** What an attacker with the owner's rights would do after a change: the whole chain anew. */
  const chainAnew = async (): Promise<void> => {
    await owner.query('truncate trail_links')
    await seal(db, true)
  }

  it('agrees with the lines, each linked once', async () => {
    expect(await faults()).toEqual([])
    expect(await seal(db)).toBe(0)
    await write(6)
    expect(await verifyTrail(db)).toMatchObject({ ok: true, lines: 5, waiting: 1 })
    expect(await seal(db)).toBe(1)
    expect(await verifyTrail(db)).toMatchObject({ ok: true, lines: 6, waiting: 0 })
  })

  it('is the same whatever the session’s zone and the order of keys', async () => {
    await owner.query(`set timezone = 'America/New_York'`)
    const { rows } = await owner.query(
      'select bool_and(trail_content(a) = l.content) as same from audit a join trail_links l on l.audit_id = a.id',
    )
    expect(rows[0].same).toBe(true)
  })

  it('shows a line that was changed, in any of its parts', async () => {
    const id = await lineOf(3)
    const whole = (await owner.query('select * from audit where id = $1', [id])).rows[0]
    const changes = {
      at: `at + interval '1 microsecond'`,
      person_id: '7',
      actor: `'x@nemocnice.example'`,
      verb: `'warnings.answer'`,
      object: `'warning 4'`,
      org_id: '1',
      detail: `'{"n": 3}'`,
      readers: `'{1}'`,
    }
    expect(Object.keys(changes).sort()).toEqual(
      Object.keys(whole)
        .filter((name) => name !== 'id')
        .sort(),
    )
    for (const [column, value] of Object.entries(changes)) {
      await owner.query('begin')
      await owner.query(`update audit set ${column} = ${value} where id = $1`, [id])
      await owner.query('commit')
      expect([column, await faults()]).toEqual([column, ['3 changed']])
      await owner.query(`update audit set ${column} = $2 where id = $1`, [id, whole[column]])
    }
    expect(await faults()).toEqual([])
  })

  it('shows a line that was taken out, with its link or without', async () => {
    const id = await lineOf(2)
    await owner.query('delete from audit where id = $1', [id])
    expect(await faults()).toEqual(['2 gone'])
    await owner.query('delete from trail_links where seq = 2')
    expect(await faults()).toEqual(['2 gone', '3 broken'])
  })

  it('shows a cut end, and a chain made anew, by a head that was sent out', async () => {
    const { head } = await verifyTrail(db)
    await owner.query('delete from audit where id = $1', [await lineOf(5)])
    await owner.query('delete from trail_links where seq = 5')
    expect(await faults()).toEqual([])
    expect(await faults(head)).toEqual(['5 head'])
    await write(9)
    await chainAnew()
    expect(await faults()).toEqual([])
    expect(await faults(head)).toEqual(['5 head'])
  })

  it('finds a line that was committed after later ones', async () => {
    const late = await db.engine.connect()
    await late.query('begin')
    await late.query(
      `insert into audit (at, actor, verb, object, readers) values (now(), 'hsoc', 'warnings.note', 'late', '{2}')`,
    )
    await write(7)
    expect(await seal(db)).toBe(1)
    await late.query('commit')
    late.release()
    expect(await seal(db)).toBe(1)
    expect(await verifyTrail(db)).toMatchObject({ ok: true, lines: 7, waiting: 0 })
  })

  it('is one chain when several nodes link at once', async () => {
    for (let n = 10; n < 40; n++) await write(n)
    const linked = await Promise.all([seal(db), seal(db), seal(db)])
    await seal(db)
    expect(linked.reduce((a, b) => a + b)).toBeLessThanOrEqual(30)
    expect(await verifyTrail(db)).toMatchObject({ ok: true, lines: 35, waiting: 0 })
  })

  it('cannot be written by the serving roles but through its function', async () => {
    for (const sql of [
      'delete from trail_links',
      'update trail_links set seq = seq',
      `insert into trail_links values (99, 1, '', '')`,
      'delete from audit',
      'update audit set actor = actor',
      'update trail_heads set seq = 1',
    ])
      for (const pool of [db.engine, db.app])
        await expect(pool.query(sql), sql).rejects.toMatchObject({ code: '42501' })
  })

  describe('the head of a day', () => {
    const mails = async () =>
      (await owner.query('select address, detail, kind from deliveries order by address')).rows

    it('goes out once, to those who run the servers, and where nobody does to the coordinators', async () => {
      expect(await closeDay(db, zone, tuesday)).toMatchObject({ day: '2026-03-02', seq: 5 })
      expect(await closeDay(db, zone, tuesday + 1000)).toBeNull()
      const [mail, ...more] = await mails()
      expect(more).toEqual([])
      expect(mail).toMatchObject({ kind: 'account', detail: { template: 'trail-head', seq: 5 } })
      expect(await faults(`${mail.detail.seq}:${mail.detail.link}`)).toEqual([])

      const operator = await addPerson(db, 'Provozovatel Strojový', [['operator', null]])
      const [first, second] = await Promise.all([
        closeDay(db, zone, tuesday + day),
        closeDay(db, zone, tuesday + day),
      ])
      expect([first, second].filter(Boolean)).toHaveLength(1)
      const to = (await mails()).filter(({ detail }) => detail.day === '2026-03-03')
      expect(to.map(({ address }) => address)).toEqual([operator.email])
    })

    it('is made by the work of each second, also of lines that were missed', async () => {
      const { context, stop } = contextOf(db, () => tuesday)
      await owner.query('truncate trail_links')
      await work(context, tuesday)
      const { rows } = await owner.query('select seq from trail_heads')
      expect(rows).toEqual([{ seq: 5 }])
      await stop()
    })

    it('that differs from the chain is shown', async () => {
      await closeDay(db, zone, tuesday)
      await owner.query(`update audit set actor = 'nobody' where id = $1`, [await lineOf(1)])
      await chainAnew()
      expect(await faults()).toEqual(['5 head'])
    })
  })

  it.each([
    '',
    '5',
    '5:',
    `x:${'0'.repeat(64)}`,
    `5:${'0'.repeat(63)}`,
    `5:${'g'.repeat(64)}`,
    `-1:${'0'.repeat(64)}`,
  ])('does not take %j for a head', (text) => {
    expect(readHead(text)).toBeNull()
  })
})
