/** A change of the installation's secret from the terminal: checked, sealed anew, killed half-way, and typed wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyIdOf, seal, unseal } from '../../src/platform/seal.ts'
import { addPerson, createDatabase, type TestDatabase } from '../harness.ts'
import { testSecret } from '../postgres-setup.ts'
import { openPlace, type Place, run } from './program.ts'

const fresh = 'the-next-secret-of-at-least-32-characters'
const values = 4_000

describe('hsoc secrets', () => {
  let db: TestDatabase
  let before: Place
  let wrong: Place
  let after: Place
  beforeAll(async () => {
    db = await createDatabase()
    before = openPlace(db.url)
    wrong = openPlace(db.url, { HSOC_SECRET: fresh, HSOC_SECRET_EARLIER: 'x'.repeat(32) })
    after = openPlace(db.url, { HSOC_SECRET: fresh, HSOC_SECRET_EARLIER: `${'x'.repeat(32)} ${testSecret}` })
    const hana = await addPerson(db, 'Hana Dubová', [['coordinator', null]])
    await db.engine.query(
      `insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
       select 'account', 'topic ' || i, $1, 'x@people.example', jsonb_build_object('sealed', $2::text), now(), now(), '{2}'
       from generate_series(1, ${values}) i`,
      [hana.person, seal(testSecret, 'token')],
    )
  })
  afterAll(async () => {
    for (const place of [before, wrong, after]) place.remove()
    await db.drop()
  })

  it('says that all stands under the present one', async () => {
    const said = await before.hsoc(['secrets', 'check'])
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/Everything stands under the present/) })
  })

  it('names what a wrong earlier secret does not open, and changes nothing', async () => {
    for (const word of ['check', 'rotate']) {
      const said = await wrong.hsoc(['secrets', word])
      expect(said.code).toBe(1)
      expect(said.err).toContain(
        `${values.toLocaleString('en-GB')} values in deliveries.detail.sealed cannot be opened`,
      )
      expect(said.err).toContain(keyIdOf(testSecret))
      expect(said.out + said.err).not.toContain(testSecret)
    }
    expect((await before.hsoc(['secrets', 'check'])).code).toBe(0)
  })

  it('goes on after it was killed, and loses nothing', async () => {
    expect((await after.hsoc(['secrets', 'check'])).code).toBe(1)
    const child = run(['secrets', 'rotate'], after.env)
    const ended = new Promise((resolve) => child.on('close', resolve))
    for (;;) {
      const { rows } = await db.engine.query<{ n: number }>(
        `select count(*) as n from deliveries where starts_with(detail->>'sealed', $1)`,
        [keyIdOf(fresh)],
      )
      if ((rows[0]?.n ?? 0) > 0 || child.exitCode !== null) break
    }
    child.kill('SIGKILL')
    await ended
    expect(await after.hsoc(['secrets', 'rotate'])).toMatchObject({ code: 0 })
    const { rows } = await db.engine.query<{ sealed: string }>(
      `select distinct detail->>'sealed' as sealed from deliveries`,
    )
    expect(rows.every(({ sealed }) => unseal(fresh, sealed) === 'token')).toBe(true)
    expect(JSON.parse((await after.hsoc(['secrets', 'rotate', '--json'])).out)).toMatchObject({
      sealed: 0,
      left: 0,
      unopened: 0,
    })
  }, 120_000)
})
