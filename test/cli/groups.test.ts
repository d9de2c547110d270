/** Working groups from the terminal: made, listed, closed, and who sits there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, addPerson, createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24'])
  await db.engine.query(`update organisations set status = 'participant' where id = $1`, [lipova.id])
  const jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
  await db.engine.query(
    `insert into seats (group_id, person_id, org_id, way, state, given_by, since)
     select id, $1::int, $2::int, 'asked', 'held', $1::int, now() - interval '1 day' from groups where slug = 'hsoc-tech'
     union all select id, $1::int, $2::int, 'asked', 'asked', $1::int, now() - interval '1 day' from groups where slug = 'hsoc-man'`,
    [jana.person, lipova.id],
  )
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const hsoc = (...line: string[]) => place.hsoc(['group', ...line])

describe('working groups', () => {
  it('are made, listed, looked into and closed', async () => {
    const add = [
      'add',
      'leky',
      '--name',
      'Léky',
      '--purpose-cs',
      'Lékárny',
      '--joining',
      'closed',
      '--tlp',
      'GREEN',
    ]
    expect(await hsoc(...add)).toMatchObject({ code: 0, out: expect.stringMatching(/Group leky was made/) })
    expect((await hsoc('list')).out).toMatch(/^leky +Léky +closed/m)
    const groups = JSON.parse((await hsoc('list', '--json')).out)
    expect(groups.find((one: { slug: string }) => one.slug === 'leky')).toMatchObject({
      tlp: 'GREEN',
      public: false,
      closed_at: null,
    })
    expect((await hsoc('members', 'hsoc-tech')).out).toMatch(/^Jana Nováková +Nemocnice Lipová +asked/m)
    expect(JSON.parse((await hsoc('members', 'hsoc-tech', '--json')).out)).toMatchObject([
      { name: 'Jana Nováková', member: 'Nemocnice Lipová', moderator: false, until: null },
    ])
    expect((await hsoc('members', 'leky')).out).toMatch(/Nobody sits there/)
    // With a request that is thereby refused, by nobody of the register.
    expect((await hsoc('close', 'hsoc-man')).out).toMatch(/hsoc-man is closed/)
    const { rows } = await db.engine.query(
      `select state from seats s join groups g on g.id = s.group_id where g.slug = 'hsoc-man'`,
    )
    expect(rows).toEqual([{ state: 'refused' }])
    expect((await hsoc('list')).out).toMatch(/^hsoc-man .* closed$/m)
    const { rows: trail } = await db.engine.query(
      `select verb from audit where verb like 'groups.%' order by id`,
    )
    expect(trail.map(({ verb }) => verb)).toEqual(['groups.create', 'groups.close'])
  })

  it.each([
    [['add', 'leky2', '--joining', 'closed'], 2, /--name NAME is missing/],
    [
      ['add', 'Velká', '--name', 'Velká', '--purpose-cs', 'x', '--joining', 'open'],
      1,
      /small letters without accents/,
    ],
    [['add', 'nova', '--name', 'Nová', '--joining', 'open'], 1, /what the group is for/],
    [['add', 'nova', '--name', 'Nová', '--purpose-cs', 'x', '--joining', 'never'], 1, /Choose how one joins/],
    [['add', 'nova', '--name', 'Nová', '--purpose-cs', 'x', '--joining', 'rule'], 1, /choose at least one/],
    [
      ['add', 'nova', '--name', 'Nová', '--purpose-cs', 'x', '--joining', 'open', '--tlp', 'RED'],
      1,
      /Choose a label/,
    ],
    [['add', 'hsoc-tech', '--name', 'Jiná', '--purpose-cs', 'x', '--joining', 'open'], 1, /taken/],
    [['close', 'hsoc-teck'], 1, /Did you mean hsoc-tech\?/],
    [['members', 'nikde'], 1, /no group at the address nikde/],
    [['close', 'hsoc-man'], 1, /closed/],
  ])('%j is refused', async (line, code, sentence) => {
    const said = await hsoc(...line)
    expect([said.code, said.err]).toEqual([code, expect.stringMatching(sentence)])
  })
})
