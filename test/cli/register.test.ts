/** Members and people from the terminal: what is typed right, what is typed wrong, and what each one is told. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

const password = 'čtyři tiché zelené lampy'
const heading = 'name,kind,region,prefixes,domains,contact_email,language'
const lipova =
  'Nemocnice Lipová,hospital,Lipový kraj,192.0.2.0/24 2001:db8:1::/48,lipova.example,it@lipova.example,cs'

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

const file = (name: string, text: string): string => {
  const full = path.join(place.folder, name)
  writeFileSync(full, text)
  return full
}
const hsoc = (line: string[], stdin?: string) => place.hsoc(line, stdin)
const count = async (table: string): Promise<number> =>
  Number((await db.engine.query(`select count(*) as n from ${table}`)).rows[0]?.n)

describe('what is typed', () => {
  it.each([
    [['frobnicate'], /no command "frobnicate"/],
    [['sensor', 'ad'], /Did you mean sensor add\?/],
    [['day', '2026-03-03', '--jsno'], /does not know --jsno\. Did you mean --json\?/],
    [['day'], /YYYY-MM-DD is missing/],
    [['day', '2026-02-30'], /"2026-02-30" is no day/],
    [['day', '2026-03-03', 'more'], /"more" is one too many/],
    [['members', 'import'], /FILE is missing/],
    [['user', 'add', 'a@lipova.example'], /--role ROLE is missing/],
    [['user', 'add', 'a@lipova.example', '--role', 'boss'], /no role "boss"; choose from: coordinator/],
    [['user', 'add', 'a@lipova.example', '--role', 'admin'], /add --member NAME/],
    [['user', 'add', 'a@lipova.example', '--role', 'operator', '--member', 'X'], /leave --member out/],
    [['sensor', 'add', 'cz.x'], /--rights write,read,test is missing/],
    [['sensor', 'add', 'cz.x', '--rights', 'wrte'], /--rights does not know "wrte"/],
    [['sensor', 'add', 'cz.x', '--rights', ''], /--rights/],
    [['sensor', 'add', 'cz.x', '--rights', 'write', '--secret=abc'], /--secret takes no value/],
    [['sensor', 'change', 'cz.x'], /Say what to change/],
    [['sensor', 'change', 'cz.x', '--rights', 'wrte'], /--rights does not know "wrte"/],
    [['sensor', 'change', 'cz.x', '--rights', ''], /--rights/],
    [['sensor', 'change', 'cz.x', '--verdict', 'maybe'], /dropped, passed, unknown/],
    [['sensor', 'change', 'cz.x', '--inline', 'yes'], /--inline does not know "yes"; choose from: on, off/],
    [['sensor', 'change', 'cz.x', '--zone', 'Europe/Praha'], /no time zone/],
    [['sensor', 'change', 'cz.x', '--inside', '10.0.0.0/99'], /no address range/],
    [['sensor', 'change', 'cz.x', '--secret'], /does not know --secret/],
    [['ingest', '--sensor', 'cz.x', '--format', 'xml', '-'], /no format "xml"/],
    [['ingest', '-'], /--sensor NAME is missing/],
  ])('%j is refused with code 2 and the way to help', async (words, sentence) => {
    const said = await hsoc(words)
    expect(said.err).toMatch(sentence)
    expect(said.err).toMatch(/Help: hsoc/)
    expect(said).toMatchObject({ code: 2, out: '' })
  })

  it('help lists every command, in the language of the terminal', async () => {
    const english = await hsoc(['help'])
    expect(english.code).toBe(0)
    for (const words of ['members import', 'user add', 'sensor add', 'ingest', 'day', 'warnings', 'verify'])
      expect(english.out).toContain(`hsoc ${words}`)
    const czech = openPlace(db.url, { LANG: 'cs_CZ.UTF-8' })
    expect((await czech.hsoc(['sensor', 'add', '--help'])).out).toMatch(/senzor/i)
    czech.remove()
  })

  it('the version is told as a command and as a flag', async () => {
    const said = await hsoc(['version'])
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/^hsoc \d+\.\d+\.\d+ /) })
    expect(await hsoc(['--version'])).toEqual(said)
  })

  it('a mistake in the configuration is named before anything is done', async () => {
    const wrong = openPlace('mysql://db.example/hsoc', { HSOC_PORT: 'https' })
    const said = await wrong.hsoc(['warnings', '--json'])
    expect(said.code).toBe(1)
    expect(said.err).toMatch(/HSOC_DATABASE_URL .*postgres:\/\//)
    expect(said.err).toMatch(/HSOC_PORT is not a port/)
    wrong.remove()
  })
})

describe('members', () => {
  it('are read from a file, and again without a change', async () => {
    const members = file('members.csv', `${heading}\n${lipova}\n`)
    const dry = await hsoc(['members', 'import', members, '--dry-run'])
    expect(dry).toMatchObject({ code: 0 })
    expect(await count('organisations')).toBe(0)
    expect((await hsoc(['members', 'import', members])).code).toBe(0)
    expect((await hsoc(['members', 'import', members])).out).toMatch(/1 unchanged/)
    expect(await count('organisations')).toBe(1)
    const [line] = JSON.parse((await hsoc(['members', 'list', '--json'])).out)
    expect(line).toMatchObject({ name: 'Nemocnice Lipová', kind: 'hospital' })
  })

  it('of a file that is not there, or is a folder, are none, and it is said where they were looked for', async () => {
    const missing = await hsoc(['members', 'import', 'nowhere.csv'])
    expect(missing).toMatchObject({ code: 1, out: '' })
    expect(missing.err.trim()).toBe(`There is no file ${path.resolve('nowhere.csv')}.`)
    expect((await hsoc(['members', 'import', tmpdir()])).err).toContain('is a folder; name a file')
  })

  it('of a file with one mistake are none', async () => {
    const broken = file(
      'broken.csv',
      `${heading}\nNemocnice Habrová,hospital,,192.0.2.300/24,,,cs\n${lipova}\n`,
    )
    const said = await hsoc(['members', 'import', broken])
    expect(said.code).toBe(1)
    expect(said.err).toMatch(/line 2.*192\.0\.2\.300/s)
    expect(await count('organisations')).toBe(1)
    expect((await hsoc(['members', 'import', '/nowhere/members.csv'])).err).toMatch(
      /There is no file \/nowhere\/members\.csv\./,
    )
  })
})

describe('people', () => {
  const add = (...more: string[]) => ['user', 'add', 'hana@lipova.example', '--role', 'admin', ...more]

  it('get a password from standard input, never an empty or a weak one', async () => {
    const words = add('--member', 'Nemocnice Lipová', '--password-stdin')
    expect(await hsoc(words, '')).toMatchObject({ code: 1, err: expect.stringMatching(/no password/) })
    expect(await hsoc(words, 'short\n')).toMatchObject({ code: 1, err: expect.stringMatching(/too short/) })
    expect(await count('people')).toBe(0)
    const added = await hsoc(words, `${password}\n`)
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/hana@lipova\.example was added/) })
    expect(added.out + added.err).not.toContain(password)
    const { rows } = await db.engine.query('select password_hash from people')
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$/)
  })

  it('may have one more role, and lose all', async () => {
    const more = ['user', 'add', 'hana@lipova.example', '--role', 'coordinator']
    expect((await hsoc(more)).out).toMatch(/known already/)
    // A password given with a further role is taken, and that is said.
    const anew = await hsoc([...more, '--password-stdin'], 'another kettle for hana 8\n')
    expect(anew.out).toMatch(/known already[\s\S]*password of hana@lipova\.example was changed/)
    const [person] = JSON.parse((await hsoc(['user', 'list', '--json'])).out)
    expect(person.roles).toEqual([
      { role: 'admin', member: 'Nemocnice Lipová' },
      { role: 'coordinator', member: null },
    ])
    expect((await hsoc(['user', 'password', 'hana@lipova.example'], 'x')).code).toBe(2)
    await db.engine.query(
      `insert into totp (person_id, sealed, confirmed_at) select id, 'x', now() from people`,
    )
    expect((await hsoc(['user', 'reset', 'hana@lipova.example'])).out).toMatch(/password still holds/)
    expect(await count('totp')).toBe(0)
    const trail = await db.engine.query('select actor, verb from audit order by id desc limit 1')
    expect(trail.rows).toEqual([{ actor: 'terminal', verb: 'members.reset-means' }])
    expect((await hsoc(['user', 'disable', 'hanna@lipova.example'])).err).toMatch(/Did you mean hana@/)
    expect((await hsoc(['user', 'disable', 'hana@lipova.example'])).code).toBe(0)
    expect((await hsoc(['user', 'list'])).out).toMatch(/disabled/)
    const { rows } = await db.engine.query(`select 1 from audit where verb = 'members.add-person' limit 1`)
    expect(rows).toHaveLength(1)
  })

  it('of a member that nobody knows are refused', async () => {
    const said = await hsoc(add('--member', 'Nemocnice Lípová'))
    expect(said.code).toBe(1)
    expect(said.err).toMatch(/Nemocnice Lípová/)
    expect((await hsoc(['user', 'add', 'not an address', '--role', 'coordinator'])).code).toBe(1)
  })
})
