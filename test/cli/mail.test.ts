/** A returned mail by the pipe of a mail server. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, type TestDatabase, tuesday } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

const returned = 'From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n\n550 5.1.1 no such user\n'
const path = 'bounces+b-aaaaaaaaaaaaaaaa@hsoc.example'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  await db.engine.query(
    `insert into deliveries (kind, topic, address, state, decided_at, due_at, readers, bounce_key)
     values ('account', 'x', 'jana@lipova.example', 'sent', $1, $1, '{2}', 'aaaaaaaaaaaaaaaa')`,
    [new Date(tuesday)],
  )
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

it('notes it on its message once, and says what is wrong when no address for returns is set', async () => {
  const file = join(place.folder, 'returned.eml')
  writeFileSync(file, `Delivered-To: ${path}\n${returned}`)
  const without = await place.hsoc(['mail', 'bounce', file])
  expect([without.code, without.err]).toEqual([1, expect.stringContaining('HSOC_BOUNCES')])

  place.env.HSOC_BOUNCES = 'bounces@hsoc.example'
  const taken = await place.hsoc(['mail', 'bounce', file])
  expect([taken.code, taken.out]).toEqual([0, 'no such mailbox\n'])
  const again = await place.hsoc(['mail', 'bounce', '-', '--to', path], returned)
  expect([again.code, again.out]).toEqual([0, 'the same message again\n'])
  const foreign = await place.hsoc(['mail', 'bounce', '-', '--to', 'x@y.example'], returned)
  expect([foreign.code, foreign.out]).toEqual([0, 'unknown or forged return path\n'])
  const missing = await place.hsoc(['mail', 'bounce', join(place.folder, 'none.eml')])
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('ENOENT')])
  const { rows } = await db.engine.query('select state, reason from deliveries')
  expect(rows).toEqual([{ state: 'bounced', reason: 'bounce-hard' }])
})
