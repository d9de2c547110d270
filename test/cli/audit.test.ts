/** The trail checked from the terminal: in order, tampered with, and asked wrongly. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seal } from '../../src/modules/trail/chain.ts'
import { createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

const password = 'čtyři tiché zelené lampy'

describe('hsoc audit verify', () => {
  let db: TestDatabase
  let place: Place
  beforeAll(async () => {
    db = await createDatabase()
    place = openPlace(db.url)
    for (const name of ['hana', 'dana'])
      await place.hsoc(
        ['user', 'add', `${name}@hsoc.example`, '--role', 'coordinator', '--password-stdin'],
        `${password}\n`,
      )
    await seal(db)
  })
  afterAll(async () => {
    place.remove()
    await db.drop()
  })

  it.each(['', '1', 'x:y'])('refuses %j as a head, with code 2', async (head) => {
    const said = await place.hsoc(['audit', 'verify', `--head=${head}`])
    expect(said).toMatchObject({ code: 2, err: expect.stringMatching(/no end of a chain/) })
  })

  it('says that all is well, and what the end is', async () => {
    const said = await place.hsoc(['audit', 'verify'])
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/agrees with its chain: 4 lines/) })
    const head = /End of the chain: (4:[0-9a-f]{64})/.exec(said.out)?.[1] as string
    expect(await place.hsoc(['audit', 'verify', '--head', head])).toMatchObject({ code: 0 })
    const other = await place.hsoc(['audit', 'verify', '--head', `9${head}`])
    expect(other).toMatchObject({ code: 1, out: expect.stringMatching(/no\. 94: is not what was sent out/) })
  })

  it('names the line that was changed, with code 1', async () => {
    const owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await owner.query(`update audit set actor = 'nobody@hsoc.example' where id = (select max(id) from audit)`)
    await owner.end()
    const said = await place.hsoc(['audit', 'verify'])
    expect(said).toMatchObject({
      code: 1,
      out: expect.stringMatching(/DOES NOT agree.*no\. 4: line \d+ was changed/s),
    })
    expect(JSON.parse((await place.hsoc(['audit', 'verify', '--json'])).out)).toMatchObject({
      ok: false,
      differences: [{ seq: 4, fault: 'changed' }],
    })
  })
})
