/** Somebody asks for their data, then to be forgotten: from the terminal, and the trail afterwards. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endEngagement } from '../../src/modules/members/people.ts'
import { seal } from '../../src/modules/trail/chain.ts'
import { asEngine } from '../../src/platform/database.ts'
import { addHospital, createDatabase, type Hospital, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

const email = 'jana@lipova.example'

describe('hsoc person', () => {
  let db: TestDatabase
  let place: Place
  let lipova: Hospital
  beforeAll(async () => {
    db = await createDatabase()
    place = openPlace(db.url)
    lipova = await addHospital(db, 'Nemocnice Lipová', [])
    await place.hsoc(
      [
        'user',
        'add',
        email,
        '--role',
        'admin',
        '--member',
        lipova.name,
        '--name',
        'Jana Nováková',
        '--password-stdin',
      ],
      'čtyři tiché zelené lampy\n',
    )
    await seal(db)
  })
  afterAll(async () => {
    place.remove()
    await db.drop()
  })

  it('hands out what is held as JSON, by address or number', async () => {
    const said = await place.hsoc(['person', 'export', email.toUpperCase()])
    expect(said.code).toBe(0)
    const data = JSON.parse(said.out) as { person: number; parts: { table: string }[] }
    expect(data.parts.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['people', 'engagements', 'audit']),
    )
    expect(said.out).not.toContain('argon2')
    const again = await place.hsoc(['person', 'export', String(data.person)])
    expect(JSON.parse(again.out)).toMatchObject({ person: data.person })
    for (const nobody of ['nobody@lipova.example', '0', '%', "' or 1=1"])
      expect(await place.hsoc(['person', 'export', nobody])).toMatchObject({ code: 1 })
  })

  it('erases nobody without being told twice, nor while a role lasts', async () => {
    expect(await place.hsoc(['person', 'erase', email])).toMatchObject({ code: 2 })
    expect(await place.hsoc(['person', 'erase', email, '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('admin (Nemocnice Lipová)'),
    })
  })

  it('erases whoever has gone, and the trail still agrees with its chain', async () => {
    const { rows } = await db.engine.query<{ id: number }>('select id from people where email = $1', [email])
    const person = rows[0]?.id as number
    await asEngine(db, (tx) =>
      endEngagement(tx, { person, org: lipova.id, role: 'admin' }, null, Date.now() - 1_000),
    )
    await seal(db)
    expect(await place.hsoc(['person', 'erase', email, '--yes'])).toMatchObject({ code: 0 })
    expect(await place.hsoc(['person', 'export', email])).toMatchObject({ code: 1 })
    expect((await place.hsoc(['person', 'export', String(person)])).out).not.toContain('Jana')
    expect(await place.hsoc(['person', 'erase', String(person), '--yes'])).toMatchObject({ code: 1 })
    await seal(db)
    expect(await place.hsoc(['audit', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/a person was erased from \d+ lines/),
    })
  })
})
