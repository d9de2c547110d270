/** A database of an earlier version, brought up to date with what waits in it. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/harness.ts'
import { projectRoot } from '../../platform/content.ts'

const folder = path.join(projectRoot, 'migrations')
const upgrade = '0020-events-changes.sql'

describe('the upgrade that takes the marks out of episodes', () => {
  let db: TestDatabase
  let owner: pg.Client
  beforeAll(async () => {
    db = await createDatabase()
    owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await owner.query('drop schema public cascade; create schema public')
    for (const file of readdirSync(folder).sort())
      if (file < upgrade) await owner.query(readFileSync(path.join(folder, file), 'utf8'))
    await owner.query(
      `insert into episodes (org_id, side, lane, family_id, key_id, gap_hours, first_at, last_at, events, occurrences, dropped, passed, partial,
         share, severity, detectors, sensors, classes, ports, archive, dirty, changed_at)
       select n % 2, 2, 0, 1, n, 6, '2026-03-03 08:00+00', '2026-03-03 09:30+00', 1, 1, 1, 0, 0, 0, 1, '{1}', '{1}', '{1}', '{}', false,
         n % 3 = 0, '2026-03-03 10:00+00' from generate_series(1, 30) n`,
    )
    await owner.query('begin')
    await owner.query(readFileSync(path.join(folder, upgrade), 'utf8'))
    await owner.query('commit')
  }, 60_000)
  afterAll(async () => {
    await owner.end()
    await db.drop()
  })

  it('keeps exactly the marks that were set, with the time of the change', async () => {
    const { rows } = await owner.query(
      `select array_agg(key_id order by key_id) as keys, min(at) = max(at) and min(at) = '2026-03-03 10:00+00' as at from episode_changes`,
    )
    expect(rows).toEqual([{ keys: [3, 6, 9, 12, 15, 18, 21, 24, 27, 30], at: true }])
  })

  it('has the sector looked at once for whatever met members', async () => {
    const { rows } = await owner.query(
      'select count(*)::int as n, min(key_id % 2) as odd from source_changes',
    )
    expect(rows).toEqual([{ n: 15, odd: 1 }])
  })

  it('gives each episode the hour of its last event', async () => {
    const { rows } = await owner.query(
      `select count(*)::int as n from episodes where last_hour = '2026-03-03 09:00+00'`,
    )
    expect(rows).toEqual([{ n: 30 }])
  })
})
