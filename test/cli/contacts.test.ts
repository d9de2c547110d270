/** The contact book from the terminal: encrypted, never over another file, told in the trail. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { peopleIn } from '../../src/cli/watching.ts'
import { seedContacts } from '../contact-belongings.ts'
import { addHospital, createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  await seedContacts(db, await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24']), 'ours')
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

describe('contacts export', () => {
  it('writes an encrypted archive once and tells its passphrase alone', async () => {
    const file = join(place.folder, 'contacts.zip')
    const made = await place.hsoc(['contacts', 'export', file])
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[2-9a-z]{4}(-[2-9a-z]{4}){4}\n$/) })
    expect(made.err).toContain('1 organisation')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const bytes = readFileSync(file)
    expect([bytes.toString('latin1', 0, 2), bytes.includes('ours-canary')]).toEqual(['PK', false])
    const again = await place.hsoc(['contacts', 'export', file])
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('a file of this name already')])
    expect(readFileSync(file).equals(bytes)).toBe(true)
    // The failed one left no line.
    const { rows } = await db.engine.query(
      `select actor, detail from audit where verb = 'members.download-contacts'`,
    )
    expect(rows).toEqual([{ actor: 'terminal', detail: { organisations: 1, contacts: 1 } }])
  })

  it('takes a passphrase from standard input, and none that is soon guessed', async () => {
    const file = join(place.folder, 'given.zip')
    const short = await place.hsoc(['contacts', 'export', file, '--passphrase-stdin'], 'short\n')
    expect([short.code, short.err, existsSync(file)]).toEqual([
      1,
      expect.stringContaining('16 characters'),
      false,
    ])
    const given = await place.hsoc(
      ['contacts', 'export', file, '--passphrase-stdin'],
      'four quiet green lamps\n',
    )
    expect([given.code, given.out, existsSync(file)]).toEqual([0, '', true])
  })
})

describe('contacts addresses', () => {
  it('prints what was proved, one a line, as hsoc watch reads it, and the trail says so', async () => {
    await db.engine.query(
      `update contact_points set channel = 'mail', value = 'karel@posta.example', verified_at = now(), verified_how = 'mail'`,
    )
    const said = await place.hsoc(['contacts', 'addresses'])
    expect(said.code).toBe(0)
    const found = peopleIn(said.out)
    expect('people' in found && found.people.length).toBe(said.out.trim().split('\n').length)
    expect(said.out).toContain('Nemocnice Lipová')
    const { rows } = await db.engine.query(
      `select count(*)::int as n from audit where verb = 'members.download-contacts'`,
    )
    expect(rows[0]?.n).toBeGreaterThan(1)
    await db.engine.query('update contact_points set verified_at = null, verified_how = null')
    expect((await place.hsoc(['contacts', 'addresses'])).out).toBe('')
  })
})
