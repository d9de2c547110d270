/** A registry file from the terminal: checked whole, loaded whole. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
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

const kept = (text: string): string => {
  const file = path.join(place.folder, 'registry.csv')
  writeFileSync(file, text)
  return file
}
const entries = async () =>
  (await db.engine.query('select text, contact from registry_entries order by line')).rows

describe('a registry file', () => {
  it('is tried, loaded, and replaced by the next', async () => {
    const file = kept('prefix,holder,contact,asn\n192.0.2.0/24,Kraj Smyšlený,sit@kraj.example,AS64496\n')
    const tried = await place.hsoc(['registry', 'load', file, '--dry-run'])
    expect(tried).toMatchObject({ code: 0, out: 'Read: ranges 1. Nothing was written.\n' })
    const loaded = await place.hsoc(['registry', 'load', file])
    expect(loaded).toMatchObject({
      code: 0,
      out: 'Loaded: ranges 1, of those with a contact 1, AS numbers 1.\n',
    })
    expect(await entries()).toEqual([{ text: '192.0.2.0/24', contact: 'sit@kraj.example' }])
    await place.hsoc(['registry', 'load', kept('prefix\n198.51.100.0/24\n')])
    expect(await entries()).toEqual([{ text: '198.51.100.0/24', contact: null }])
  })

  it('with a wrong row is named line by line and changes nothing', async () => {
    const before = await entries()
    const refused = await place.hsoc(['registry', 'load', kept('prefix,contact\n192.0.2.0/24,kdo\nnic,\n')])
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('line 2: kdo is no mail address')
    expect(refused.err).toContain('line 3: nic is no prefix')
    expect(refused.err).toContain('was not loaded')
    expect((await place.hsoc(['registry', 'load', kept('a,b\n1,2\n')])).err).toMatch(
      /no heading with a column prefix/,
    )
    expect(await place.hsoc(['registry', 'load', '/nowhere/registry.csv'])).toMatchObject({ code: 1 })
    expect(await place.hsoc(['registry', 'load'])).toMatchObject({ code: 2 })
    expect(await entries()).toEqual(before)
  })
})
