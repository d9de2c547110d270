/** The register file from the terminal. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const hsoc = (...line: string[]) => place.hsoc(['register-file', 'load', ...line])
const count = async () =>
  (await db.engine.query('select count(*)::int as n from register_entries')).rows[0]?.n

describe('hsoc register-file load', () => {
  it('says what it left out, loads only when meant, and leaves a line in the trail', async () => {
    const file = join(tmpdir(), `hsoc-register-${process.pid}.csv`)
    writeFileSync(file, 'IČO;Název\n25596641;Nemocnice Vzorov\nx;Bez čísla\n')
    const dry = await hsoc(file, '--dry-run')
    expect(dry).toMatchObject({ code: 0, err: expect.stringContaining('Line 3 left out') })
    expect(await count()).toBe(0)
    expect((await hsoc(file)).out).toContain('1 organisation is loaded')
    expect(await count()).toBe(1)
    const { rows } = await db.engine.query(
      `select detail->>'entries' as entries from audit where verb = 'joining.load-register'`,
    )
    expect(rows).toEqual([{ entries: '1' }])
  })

  it('refuses a file that is missing or no register, and keeps what was loaded', async () => {
    const file = join(tmpdir(), `hsoc-no-register-${process.pid}.csv`)
    writeFileSync(file, 'a;b\n1;2\n')
    expect(await hsoc(file)).toMatchObject({
      code: 1,
      err: expect.stringContaining('has to name the columns'),
    })
    expect((await hsoc(join(tmpdir(), 'not-there.csv'))).code).toBe(1)
    expect(await count()).toBe(1)
  })
})
