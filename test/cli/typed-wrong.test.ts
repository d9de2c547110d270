/** What is typed wrong is answered in a sentence that says what to type, never in the database's words. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { advisory, bytesOf } from '../advisory-provider.ts'
import { addHospital, createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
let document: string
let table: string
beforeAll(async () => {
  db = await createDatabase()
  await addHospital(db, 'Nemocnice Horní Výmysl', [])
  place = openPlace(db.url)
  document = join(place.folder, 'f-1.json')
  writeFileSync(document, bytesOf(advisory({ id: 'F-1' })))
  table = join(place.folder, 'a.csv')
  writeFileSync(table, 'Model\nX\n')
  mkdirSync(join(place.folder, 'empty'))
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

it.each([
  ['advisories import --source x DOCUMENT', 1, /A name has 2 to 100 characters/],
  [`advisories import --source ${'x'.repeat(101)} DOCUMENT`, 1, /A name has 2 to 100 characters/],
  ['advisories import DOCUMENT --tlp PINK', 2, /--tlp does not know "PINK"; choose from/],
  ['advisories import', 2, /FILE\|FOLDER is missing/],
  ['advisories import nowhere.json', 1, /no nowhere\.json/],
  ['advisories source', 0, /advisories source add/],
  ['advisories source ad', 2, /no command "advisories source ad".*Did you mean advisories source add/],
  [
    'advisories source add https://x.example/a --kind csaf-provider --key nowhere.asc',
    1,
    /There is no file .*nowhere\.asc/,
  ],
  [
    'advisories source add https://x.example/a --kind csaf-provider --key DOCUMENT',
    1,
    /no OpenPGP public key/,
  ],
  ['advisories source add https://x.example/a --kind sack', 1, /Choose the kind of source/],
  ['advisories source add ftp://x.example/a --kind kev', 1, /has to begin with https/],
  ['advisories source add https://x.example/a --kind kev --every often', 1, /Between 5 minutes and a week/],
  ['advisories source enable', 2, /NAME is missing/],
  ['assets support', 0, /assets support import/],
  ['assets support DOCUMENT', 2, /no command "assets support .*Did you mean assets support import/],
  ['assets support import', 2, /FILE is missing/],
  ['assets support import nowhere.json', 1, /There is no file .*nowhere\.json/],
  ['assets import TABLE', 2, /--org NAME/],
  ['assets import TABLE --org', 2, /--org/],
  ['assets import TABLE --org Nikdo', 1, /Nikdo/],
  ['assets import TABLE --member Nikdo', 1, /Nikdo/],
  ['assets import TABLE --org Nikdo --kind pump', 2, /--kind does not know "pump"; choose from: .*medical/],
  ['sensor add cz.x.y --rights write --org Nikdo', 1, /Nikdo/],
  ['contacts export', 2, /FILE is missing/],
  ['contacts export nowhere/x.html', 1, /its folder is not there/],
  ['contacts export x.html y.html', 2, /y\.html/],
  ['signing-key', 0, /signing-key show/],
  ['signing-key shwo', 2, /Did you mean signing-key show/],
  ['signing-key show it', 2, /"it"|it/],
  ['watch --to TABLE', 2, /URL is missing/],
  ['watch hsoc.example --to TABLE', 2, /http/],
  ['watch https://hsoc.example', 2, /--to FILE/],
  ['watch https://hsoc.example --to nowhere.txt', 1, /There is no file .*nowhere\.txt/],
  ['watch https://hsoc.example --to TABLE', 2, /neither a mail address nor a number.*Model/],
] as [string, number, RegExp][])('%s', async (typed, code, said) => {
  const words = typed
    .split(' ')
    .map((word) => (word === 'DOCUMENT' ? document : word === 'TABLE' ? table : word))
  const answer = await place.hsoc(words)
  const all = `${answer.out}${answer.err}`
  expect([answer.code, said.test(all) ? said : all]).toEqual([code, said])
  expect(all).not.toMatch(/constraint|relation|ENOENT|EISDIR|undefined|at .*\.js:\d/)
})

it('takes the organisation of a file under either name of the flag, and the member of a sensor too', async () => {
  const taken = await place.hsoc(['assets', 'import', table, '--member=Nemocnice Horní Výmysl'])
  expect(taken).toMatchObject({ code: 0, out: expect.stringContaining('1 added') })
  const sensor = ['sensor', 'add', 'cz.vymysl.fw', '--rights', 'write', '--secret']
  expect(await place.hsoc([...sensor, '--org', 'Nemocnice Horní Výmysl'])).toMatchObject({ code: 0 })
})
