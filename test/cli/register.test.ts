/** Members, people and sensors from the terminal: what is typed right, what is typed wrong, and what each one is told. */
import { writeFileSync } from 'node:fs'
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
      /cannot be read \(ENOENT\)/,
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
    const [person] = JSON.parse((await hsoc(['user', 'list', '--json'])).out)
    expect(person.roles).toEqual([
      { role: 'admin', member: 'Nemocnice Lipová' },
      { role: 'coordinator', member: null },
    ])
    expect((await hsoc(['user', 'password', 'hana@lipova.example'], 'x')).code).toBe(2)
    expect((await hsoc(['user', 'disable', 'hanna@lipova.example'])).err).toMatch(/Did you mean hana@/)
    expect((await hsoc(['user', 'disable', 'hana@lipova.example'])).code).toBe(0)
    expect((await hsoc(['user', 'list'])).out).toMatch(/disabled/)
  })

  it('of a member that nobody knows are refused', async () => {
    const said = await hsoc(add('--member', 'Nemocnice Lípová'))
    expect(said.code).toBe(1)
    expect(said.err).toMatch(/Nemocnice Lípová/)
    expect((await hsoc(['user', 'add', 'not an address', '--role', 'coordinator'])).code).toBe(1)
  })
})

describe('sensors', () => {
  it('show their secret once, alone on standard output, and keep only its hash', async () => {
    const added = await hsoc([
      'sensor',
      'add',
      'cz.lipova.fw',
      '--member',
      'Nemocnice Lipová',
      '--secret',
      '--rights',
      'write,read',
    ])
    expect(added.code).toBe(0)
    expect(added.out).toMatch(/^[\w-]{32,}\n$/)
    const secret = added.out.trim()
    const listed = await hsoc(['sensor', 'list', '--json'])
    expect(listed.out + added.err).not.toContain(secret)
    expect(JSON.parse(listed.out)[0]).toMatchObject({
      rights: ['write', 'read'],
      secret: true,
      disabled: false,
    })
    const { rows } = await db.engine.query('select s::text as line from sensors s')
    expect(rows[0]?.line).not.toContain(secret)
    const again = await hsoc(['sensor', 'rotate', 'cz.lipova.fw'])
    expect(again.out).toMatch(/^[\w-]{32,}\n$/)
    expect(again.out.trim()).not.toBe(secret)
  })

  it('are unique, named as sensors are, and belong to a known member', async () => {
    const twice = await hsoc(['sensor', 'add', 'cz.lipova.fw', '--secret', '--rights', 'write'])
    expect(twice).toMatchObject({
      code: 1,
      err: expect.stringMatching(/named "cz\.lipova\.fw" exists already/),
    })
    expect((await hsoc(['sensor', 'add', 'cz lipova', '--rights', 'write'])).err).toMatch(/no sensor name/)
    const nobody = await hsoc(['sensor', 'add', 'cz.x', '--rights', 'write', '--member', 'Nikdo'])
    expect(nobody).toMatchObject({ code: 1, err: expect.stringMatching(/Nikdo/) })
  })

  it('with a certificate get it with its key and what to trust', async () => {
    expect((await hsoc(['sensor', 'add', 'cz.lipova.ids', '--cert-cn', 'ids', '--rights', 'test'])).out).toBe(
      '',
    )
    const out = path.join(place.folder, 'ids')
    const made = await hsoc(['sensor', 'certificate', 'cz.lipova.ids', '--out', out, '--days', '30'])
    expect(made.code).toBe(0)
    expect(made.out).toMatch(/cert\.pem/)
    const { X509Certificate } = await import('node:crypto')
    const { readFileSync, statSync } = await import('node:fs')
    expect(new X509Certificate(readFileSync(path.join(out, 'cert.pem'))).subject).toContain('CN=ids')
    expect(statSync(path.join(out, 'key.pem')).mode & 0o777).toBe(0o600)
    expect((await hsoc(['sensor', 'certificate', 'cz.lipova.ids', '--days', '0'])).code).toBe(2)
  })

  it('disabled ones send nothing more', async () => {
    expect((await hsoc(['sensor', 'disable', 'cz.lipova.fw'])).code).toBe(0)
    expect((await hsoc(['ingest', '--sensor', 'cz.lipova.fw', '-'], '[]')).err).toMatch(/is disabled/)
    expect((await hsoc(['sensor', 'disable', 'cz.lipova.fv'])).err).toMatch(/Did you mean cz\.lipova\.fw/)
  })

  it('every deed of the terminal is in the trail', async () => {
    const { rows } = await db.engine.query<{ verb: string }>('select distinct verb from audit order by 1')
    expect(rows.map((row) => row.verb)).toEqual(
      expect.arrayContaining([
        'events.sensor-add',
        'events.sensor-rotate',
        'events.sensor-disable',
        'members.add-person',
      ]),
    )
  })
})
