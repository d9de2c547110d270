/** Inventories from the terminal. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  await addHospital(db, 'Nemocnice Horní Výmysl', [])
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const hsoc = (...line: string[]) => place.hsoc(['assets', ...line])
const file = (name: string, text: string): string => {
  const at = join(tmpdir(), `hsoc-assets-${process.pid}-${name}`)
  writeFileSync(at, text)
  return at
}
const count = async () =>
  (await db.engine.query('select count(*)::int as n from assets where removed_at is null')).rows[0]?.n
const org = ['--org', 'Nemocnice Horní Výmysl']

describe('hsoc assets import', () => {
  it('shows what would change, writes it when meant, and changes nothing the second time', async () => {
    const table = file('a.csv', 'Výrobce;Model;Počet\nPhilips;MX800;4\nMicrosoft;Windows XP;2\n;;x\n')
    const dry = await hsoc('import', table, ...org, '--dry-run')
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('To add 2') })
    expect(dry.err).toContain('line 4')
    expect(await count()).toBe(0)
    expect((await hsoc('import', table, ...org)).out).toContain('Written: 2 added')
    expect((await hsoc('import', table, ...org)).out).toContain('as they are 2')
    expect(await count()).toBe(2)
    const { rows } = await db.engine.query(
      `select actor, org_id > 0 as org from audit where verb = 'assets.import'`,
    )
    expect(rows).toEqual([{ actor: 'terminal', org: true }])
  })

  it('asks about what is not plain, and takes the proposals only when told', async () => {
    const table = file('b.csv', 'Výrobce;Model;Počet\nPhilips;MX800;9\n')
    const asked = await hsoc('import', table, ...org)
    expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('--accept') })
    expect(asked.out).toContain('other particulars')
    expect((await hsoc('import', table, ...org, '--accept')).out).toContain('1 changed')
    const { rows } = await db.engine.query(`select quantity from assets where product = 'MX800'`)
    expect(rows).toEqual([{ quantity: 9 }])
  })

  it('refuses an unknown organisation, a file that is none, and a kind that is none', async () => {
    const table = file('c.csv', 'Model\nX\n')
    expect((await hsoc('import', table, '--org', 'Nikdo')).code).toBe(1)
    expect((await hsoc('import', file('d.json', '{"a":1}'), ...org)).err).toContain('CycloneDX')
    expect((await hsoc('import', table, ...org, '--kind', 'x')).code).toBe(2)
    expect((await hsoc('import', table)).code).toBe(2)
  })
})

describe('hsoc assets support', () => {
  const row = {
    id: 'x-1',
    vendor: 'X',
    product: 'Y',
    ends: '2027-01-31',
    source: 'X, notice',
    url: 'https://x.example',
  }
  it('loads a newer table once, and each row needs its source', async () => {
    const good = file('t.json', JSON.stringify({ version: '2026-12', rows: [row] }))
    expect((await hsoc('support', 'import', good)).out).toContain('2026-12')
    expect((await hsoc('support', 'import', good)).out).toContain('already')
    const other = file('u.json', JSON.stringify({ version: '2026-12', rows: [{ ...row, product: 'Z' }] }))
    expect((await hsoc('support', 'import', other)).code).toBe(1)
    const { source: _, ...bare } = row
    const without = file('v.json', JSON.stringify({ version: '2027', rows: [bare] }))
    expect(await hsoc('support', 'import', without)).toMatchObject({
      code: 1,
      err: expect.stringContaining('rows.0.source'),
    })
    expect((await hsoc('support', 'import', file('w.json', 'no json'))).code).toBe(1)
    const { rows } = await db.engine.query('select version from support_tables')
    expect(rows).toEqual([{ version: '2026-12' }])
  })
})
