/** Which episodes the rules still have to look at, when others change them at the same time. */
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type Hospital, type TestDatabase } from '../../../test/harness.ts'
import { transaction } from '../../platform/database.ts'
import { decide, takeChanged } from './outcomes.ts'

const bounds = { weighty: [], hourly: 5, addresses: 20, ports: 10, days: 7, sectorAddresses: 30 }
const [before, after] = ['2026-03-03 08:11:00+00', '2026-03-03 08:21:00+00']
let db: TestDatabase
let owner: pg.Client
let hospital: Hospital

beforeAll(async () => {
  db = await createDatabase()
  owner = new pg.Client({ connectionString: db.url })
  await owner.connect()
  hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
  await owner.query(`insert into classes (name, family, gap_hours) values ('x', 'x', 6)`)
  await owner.query(
    `insert into source_keys (text, counted, kind, addr) values ('198.51.100.7', true, 'address', '198.51.100.7')`,
  )
})
afterAll(async () => {
  await owner.end()
  await db.drop()
})
beforeEach(async () => {
  await owner.query('delete from episode_changes; delete from episodes')
  await owner.query(
    `insert into episodes (org_id, side, lane, family_id, key_id, gap_hours, first_at, last_at, events, occurrences, dropped, passed, partial,
       share, severity, detectors, sensors, classes, ports, archive, changed_at)
     select $1, 2, 0, c.id, k.id, 6, '2026-03-03 08:00+00', '2026-03-03 08:10+00', 10, 10, 10, 0, 0, 0, 1, '{1}', '{1}', '{1}', '{}', false, $2
     from classes c, source_keys k limit 1`,
    [hospital.id, before],
  )
  await mark(before)
})

const mark = (at: string): Promise<unknown> =>
  owner.query(
    `insert into episode_changes (episode_id, key_id, at) select id, key_id, $1 from episodes
     on conflict (episode_id) do update set at = excluded.at`,
    [at],
  )
/** What condensing does in its transaction: the mark, then the episode; now something got through. */
async function grow(): Promise<void> {
  await mark(after)
  await owner.query('update episodes set events = 11, passed = 1, changed_at = $1', [after])
}
const look = () => transaction(db.engine, (tx) => takeChanged(tx, bounds, 2_000))
const marks = async (): Promise<number> => (await owner.query('select 1 from episode_changes')).rowCount ?? 0

describe('a look at changed episodes', () => {
  it('settles what was only dropped, and forgets its mark', async () => {
    expect(await look()).toEqual({ looked: 1, settled: 1, left: [] })
    expect((await owner.query('select outcome from episodes')).rows).toEqual([{ outcome: 'dropped-only' }])
    expect(await marks()).toBe(0)
  })

  it('leaves out what condensing holds, and finds it at the next', async () => {
    await owner.query('begin')
    await grow()
    expect((await look()).looked).toBe(0)
    await owner.query('commit')
    expect(await look()).toMatchObject({ looked: 1, settled: 0, left: [expect.any(Number)] })
    expect(await marks()).toBe(1)
  })

  it('judges an episode as it is once its mark is held, also when it changed while the marks were read', async () => {
    // Reading the marks is made slow, so that the moment between its beginning and the lock lasts.
    await owner.query('alter table settings rename to settings_kept')
    await owner.query(
      'create view settings as select s.* from settings_kept s, pg_sleep(1); grant select on settings to hsoc_engine',
    )
    await owner.query(
      `insert into settings_kept (name, value, changed_at) values ('labelling', 'true', now()), ('labelled_key', '100', now())`,
    )
    const looking = look()
    await new Promise((done) => setTimeout(done, 500))
    await grow()
    expect(await looking).toMatchObject({ looked: 1, settled: 0, left: [expect.any(Number)] })
    expect((await owner.query('select outcome from episodes')).rows).toEqual([{ outcome: null }])
    await owner.query('drop view settings; alter table settings_kept rename to settings')
    await owner.query('delete from settings')
  })
})

describe('a decision', () => {
  it('forgets the mark of what it was made of, and keeps that of a later change', async () => {
    const {
      left: [id = 0],
    } = await (async () => {
      await owner.query('update episodes set passed = 1, dropped = 9')
      return look()
    })()
    const decision = { id, outcome: 'below-threshold', detail: {}, targets: null }
    const decided = (seen: string) =>
      transaction(db.engine, (tx) => decide(tx, [decision], new Map([[id, seen]])))
    await mark(after)
    await decided(before)
    expect(await marks()).toBe(1)
    await decided(after)
    expect(await marks()).toBe(0)
  })
})
