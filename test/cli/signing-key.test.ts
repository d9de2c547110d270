/** The key that signs what programs fetch, from the terminal: shown, replaced, and no longer trusted. */
import { readKey } from 'openpgp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { publicKeys } from '../../src/platform/signing-key.ts'
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

it('is made when it is first asked for, and shown so that others can import it', async () => {
  const said = await place.hsoc(['signing-key', 'show'])
  const [kept] = await publicKeys(db.engine)
  expect([said.code, said.out.trim()]).toEqual([0, kept?.publicKey.trim()])
  expect((await readKey({ armoredKey: said.out })).getFingerprint().toUpperCase()).toBe(kept?.fingerprint)
  expect(said.out + said.err).not.toContain('PRIVATE')
})

it('is replaced, and the one before stays listed unless it is distrusted', async () => {
  const [first] = await publicKeys(db.engine)
  const made = await place.hsoc(['signing-key', 'rotate'])
  const two = await publicKeys(db.engine)
  expect([made.code, two.length, two[1]?.fingerprint]).toEqual([0, 2, first?.fingerprint])
  expect(made.out).toContain(two[0]?.fingerprint)
  await place.hsoc(['signing-key', 'rotate', '--distrust'])
  const left = (await publicKeys(db.engine)).map((one) => one.fingerprint)
  expect([left.length, left.includes(two[0]?.fingerprint ?? ''), left[1]]).toEqual([
    2,
    false,
    first?.fingerprint,
  ])
})
