/** A list of signatories from the terminal: a preview first, nothing without a decision, nothing twice. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/platform/content.ts'
import { createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

const list = path.join(projectRoot, 'test/fixtures/signatories-1250.csv')
let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  place = openPlace(db.url)
  await db.engine.query(
    `insert into memorandum_versions (number, month, language, title, text, created_at, changed_at) values (1, '2020-09-01', 'en', 'Memorandum', '', now(), now())`,
  )
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const hsoc = (...line: string[]) => place.hsoc(['members', 'import', list, ...line])
const count = async (table: string): Promise<number> =>
  Number((await db.engine.query(`select count(*) as n from ${table}`)).rows[0]?.n)
const decisions = (text: string): string => {
  const full = path.join(place.folder, 'decisions.csv')
  writeFileSync(full, text)
  return full
}

describe('a list of signatories at the terminal', () => {
  it('needs to be told which version was signed', async () => {
    expect(await hsoc()).toMatchObject({ code: 2, err: expect.stringMatching(/--memorandum/) })
    expect((await hsoc('--memorandum', '9')).code).not.toBe(0)
  })

  it('is shown with what waits for a decision, and nothing is written', async () => {
    const shown = await hsoc('--memorandum', '1')
    expect(shown.code).toBe(0)
    for (const text of [
      '8: 6 | BVUT FEL Kyberlab s.r.o.',
      '? begins alike but has a legal form',
      'slashes;mdy',
      '6 decisions are missing',
    ])
      expect(shown.out).toContain(text)
    const yes = await hsoc('--memorandum', '1', '--yes')
    expect([yes.code, yes.out]).toEqual([1, expect.stringContaining('1 decision is missing')])
    expect(await Promise.all(['signature_lists', 'signatures', 'organisations', 'audit'].map(count))).toEqual(
      [0, 0, 0, 0],
    )
  })

  it('refuses a file of decisions that says something else', async () => {
    const wrong = await hsoc('--memorandum', '1', '--decisions', decisions('x;y;z\n8;new;\n'))
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/line;organisation;person/) })
    const nowhere = await hsoc('--memorandum', '1', '--yes', '--decisions', decisions('8;org:99;\n'))
    expect(nowhere.code).not.toBe(0)
    expect(await count('signature_lists')).toBe(0)
  })

  it('is recorded once everything is decided, and the second time changes nothing', async () => {
    const file = decisions('# what the secretary said\nline;organisation;person\nslashes;mdy\n8;new;\n')
    const tried = await hsoc('--memorandum', '1', '--yes', '--decisions', file, '--dry-run')
    expect([tried.code, await count('signatures')]).toEqual([0, 0])
    const done = await hsoc('--memorandum', '1', '--yes', '--decisions', file)
    expect([done.code, done.out]).toEqual([0, expect.stringContaining('The signatures are recorded')])
    expect(done.out).toContain('22 signatures, 21 institutions, 21 people; 19 dated')
    expect([await count('signatures'), await count('organisations')]).toEqual([22, 21])
    const again = await hsoc('--memorandum', '1', '--yes')
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('recorded already')])
    expect([await count('signatures'), await count('signature_lists')]).toEqual([22, 1])
  })
})
