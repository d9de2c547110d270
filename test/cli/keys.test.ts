/** API keys from the terminal: made, listed, revoked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24'])
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const hsoc = (...line: string[]) => place.hsoc(['key', ...line])
const member = ['--member', 'Nemocnice Lipová']

describe('API keys', () => {
  it('are shown alone and once, listed without the key, and revoked', async () => {
    expect((await hsoc('list')).out).toMatch(/no API keys yet/)
    const made = await hsoc(
      'add',
      'Firewall',
      ...member,
      '--scopes',
      'warnings.read,figures.read',
      '--days',
      '90',
    )
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^hsk_[\w-]{32}\n$/) })
    expect(made.err).toMatch(/Key 1 for Firewall, shown this once/)
    const central = await hsoc(
      'add',
      'Wall',
      '--coordinators',
      '--scopes',
      'figures.read',
      '--per-minute',
      '5',
      '--json',
    )
    expect(JSON.parse(central.out)).toMatchObject({ id: 2, key: expect.stringMatching(/^hsk_/) })
    const listed = await hsoc('list')
    expect(listed.out).toMatch(/^1 +Firewall +Nemocnice Lipová +warnings\.read,figures\.read /m)
    expect(listed.out).toMatch(/^2 +Wall +coordinators +figures\.read /m)
    expect(listed.out).not.toContain(made.out.trim())
    expect((await hsoc('revoke', '1')).out).toMatch(/Key 1 is revoked/)
    expect((await hsoc('revoke', '1')).err).toMatch(/over already/)
    const lines = JSON.parse((await hsoc('list', '--json')).out)
    expect(lines[0]).toMatchObject({ id: 2, member: null, per_minute: 5, last_used_on: null, uses: [] })
    expect(lines[1]).toMatchObject({
      id: 1,
      member: 'Nemocnice Lipová',
      revoked_at: expect.stringMatching(/^20/),
    })
    const { rows } = await db.engine.query(
      `select verb, actor from audit where verb like 'members.key%' order by id`,
    )
    expect(rows.map((row) => row.verb)).toEqual(['members.key-add', 'members.key-add', 'members.key-revoke'])
  })

  it.each([
    [['add', 'X', '--scopes', 'figures.read'], 2, /--member NAME, or --coordinators/],
    [
      ['add', 'X', ...member, '--coordinators', '--scopes', 'figures.read'],
      2,
      /--member NAME, or --coordinators/,
    ],
    [['add', 'X', ...member, '--scopes', 'everything'], 2, /does not know "everything"/],
    [['add', 'X', ...member, '--scopes', 'strict'], 1, /scopes: at least one/],
    [['add', 'X', ...member, '--scopes', 'figures.read', '--days', '366'], 2, /from 1 to 365/],
    [
      ['add', 'X', '--member', 'Nemocnice Lipova', '--scopes', 'figures.read'],
      1,
      /Did you mean Nemocnice Lipová/,
    ],
    [['revoke', 'x'], 2, /no number of a key/],
    [['revoke', '99'], 1, /no such key/],
  ])('%j is refused and says why', async (words, code, sentence) => {
    expect(await hsoc(...words)).toMatchObject({ code, out: '', err: expect.stringMatching(sentence) })
  })
})
