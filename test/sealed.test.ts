/** The installation's secret is changed while everything goes on: nothing is lost, and what cannot be opened is named. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leaveToken, readToken } from '../src/modules/channels/unsubscribe.ts'
import { authorityOf } from '../src/modules/events/authority.ts'
import { keyAnew } from '../src/modules/events/sensor-secrets.ts'
import { add, enabled, identify } from '../src/modules/events/sensors.ts'
import { isChallenge, makeChallenge } from '../src/modules/members/challenges.ts'
import { useCode } from '../src/modules/members/recovery-codes.ts'
import { takeCode } from '../src/modules/members/totp.ts'
import type { Actor } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import { keyIdOf, seal, unseal } from '../src/platform/seal.ts'
import { rotate, sealedPlaces, survey } from '../src/platform/sealed.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from './harness.ts'
import { codeAt } from './signing-in.ts'

const old = 'the-first-secret-of-at-least-32-characters'
const fresh = 'the-second-secret-of-at-least-32-characters'
const both = { secret: fresh, earlierSecrets: [old] }
const shared = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

let db: TestDatabase
let hana: Actor
beforeAll(async () => {
  db = await createDatabase()
  const lipova = await addHospital(db, 'Nemocnice Lipová', [])
  hana = await addPerson(db, 'Hana Dubová', [['admin', lipova]])
})
afterAll(() => db.drop())

/** `n` mails with a link each and one app, sealed under `secret`. */
async function seed(n: number, secret = old): Promise<void> {
  await db.engine.query('delete from deliveries')
  await db.engine.query('delete from totp')
  const sealed = Array.from({ length: n }, (_, i) => seal(secret, `token ${i}`))
  await db.engine.query(
    `insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
     select 'account', 'topic ' || i, $1, 'x@people.example', jsonb_build_object('template', 'invitation', 'sealed', s), now(), now(), '{2}'
     from unnest($2::text[]) with ordinality as v (s, i)`,
    [hana.person, sealed],
  )
  await db.engine.query('insert into totp (person_id, sealed, confirmed_at) values ($1, $2, now())', [
    hana.person,
    seal(secret, shared),
  ])
}
const tokens = async (under: Parameters<typeof unseal>[0]): Promise<(string | null)[]> => {
  const { rows } = await db.engine.query<{ sealed: string }>(
    `select detail->>'sealed' as sealed from deliveries order by split_part(topic, ' ', 2)::int`,
  )
  return rows.map(({ sealed }) => unseal(under, sealed))
}
const expected = (n: number): string[] => Array.from({ length: n }, (_, i) => `token ${i}`)

it('knows every column that holds sealed values', async () => {
  const { rows } = await db.engine.query<{ place: string }>(
    `select c.relname || '.' || a.attname as place from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and (a.attname like '%sealed%' or col_description(c.oid, a.attnum) like '%(platform/seal.ts)%') order by 1`,
  )
  expect(rows.map(({ place }) => place)).toEqual(
    sealedPlaces.map(({ table, column }) => `${table}.${column}`).sort(),
  )
})

describe('a change of the secret', () => {
  beforeEach(() => seed(450))

  it('is read at once, and everything stands under the new one after rotate', async () => {
    expect(await tokens(both)).toEqual(expected(450))
    expect(await survey(db, both)).toMatchObject({ left: 451, unopened: 0 })
    expect(await rotate(db, both, hana, tuesday)).toBe(451)
    expect(await survey(db, { secret: fresh })).toMatchObject({ left: 0, unopened: 0 })
    expect(await tokens(fresh)).toEqual(expected(450))
    const { rows } = await db.engine.query(
      `select detail from audit where verb = 'platform.seal-anew' order by id desc limit 1`,
    )
    expect(rows[0]?.detail).toEqual({ sealed: 451, under: keyIdOf(fresh) })
    expect(await rotate(db, both, hana, tuesday)).toBe(0)
  })

  it('goes on after it was cut off half-way, and loses nothing', async () => {
    const cut = rotate(db, both, hana, tuesday, (done) => {
      if (done > 200) throw new Error('killed')
    })
    await expect(cut).rejects.toThrow('killed')
    const half = await survey(db, both)
    expect([half.left > 0, half.left < 451, half.unopened]).toEqual([true, true, 0])
    expect(await tokens(both)).toEqual(expected(450))
    expect(await rotate(db, both, hana, tuesday)).toBe(half.left)
    expect(await tokens(fresh)).toEqual(expected(450))
  })

  it('leaves what another process writes meanwhile as that process wrote it', async () => {
    let written = false
    await rotate(db, both, hana, tuesday, async () => {
      if (written) return
      written = true
      // A node that has not been started again yet still seals under the secret before.
      await db.engine.query('update totp set sealed = $1', [seal(old, shared)])
    })
    const two = [rotate(db, both, hana, tuesday), rotate(db, both, hana, tuesday)]
    await Promise.all(two)
    expect(await survey(db, { secret: fresh })).toMatchObject({ left: 0, unopened: 0 })
    expect(await tokens(fresh)).toEqual(expected(450))
    const code = codeAt(shared, tuesday)
    expect(await takeCode(db.engine, both, { person: hana.person, code }, tuesday)).toBe(true)
  })

  it('with a wrong earlier secret changes nothing and names what cannot be opened', async () => {
    const wrong = { secret: fresh, earlierSecrets: ['quite-another-secret-of-32-characters'] }
    expect(await rotate(db, wrong, hana, tuesday)).toBe(0)
    const found = await survey(db, wrong)
    expect(found).toMatchObject({ left: 0, unopened: 451 })
    expect(found.places.find(({ place }) => place === 'deliveries.detail.sealed')).toMatchObject({
      under: [{ key: keyIdOf(old), n: 450 }],
      unopened: 450,
    })
    expect(await tokens(old)).toEqual(expected(450))
  })

  it('takes up what was sealed before secrets had names', async () => {
    await db.engine.query('update totp set sealed = $1', [seal(old, shared).slice(9)])
    expect((await survey(db, both)).places[0]?.under).toEqual([{ key: null, n: 1 }])
    await rotate(db, both, hana, tuesday)
    expect((await survey(db, both)).places[0]?.under).toEqual([{ key: keyIdOf(fresh), n: 1 }])
  })
})

describe('what is hashed under the secret', () => {
  it('of a sensor follows when the sensor shows its own, and then needs the earlier one no more', async () => {
    const wanted = { name: 'cz.lipova.fw1', member: null, rights: ['write'], secret: true, certCn: null }
    const made = await asEngine(db, (tx) => add(tx, wanted, old, tuesday))
    const secret = made.secret as string
    const proof = { peer: null, client: null, secret }
    const [before] = await enabled(db.engine)
    expect(identify([before as never], proof, fresh)).toBeNull()
    expect(identify([before as never], proof, both)).toMatchObject({ id: made.id })
    expect((await survey(db, both)).keyed).toContainEqual({ place: 'sensors', key: keyIdOf(old), n: 1 })
    expect(await keyAnew(db.engine, before as never, secret, both)).toBe(true)
    expect(await keyAnew(db.engine, before as never, secret, both)).toBe(false)
    const [after] = await enabled(db.engine)
    expect(identify([after as never], proof, fresh)).toMatchObject({ id: made.id })
    expect(await keyAnew(db.engine, after as never, secret, both)).toBe(false)
    expect((await survey(db, both)).keyed).toContainEqual({ place: 'sensors', key: keyIdOf(fresh), n: 1 })
  })

  it('of a recovery code, a link to leave mails and a challenge still counts under the earlier secret', async () => {
    const { createHmac } = await import('node:crypto')
    const hash = createHmac('sha256', old).update(`recovery\0${hana.person}\0abcd`).digest()
    await db.engine.query('insert into recovery_codes (person_id, hash, created_at) values ($1, $2, now())', [
      hana.person,
      hash,
    ])
    expect((await survey(db, both)).waiting).toBeGreaterThan(0)
    const given = { person: hana.person, code: 'ABCD' }
    expect(await useCode(db.engine, fresh, given, tuesday)).toBe(false)
    expect(await useCode(db.engine, both, given, tuesday)).toBe(true)
    const link = leaveToken(old, 'digest', hana.email)
    expect(readToken(both, link).left).toBe('digest')
    expect(() => readToken(fresh, link)).toThrow('not one of ours')
    const challenge = Buffer.from(makeChallenge(old, 'sign-in', tuesday)).toString('base64url')
    expect(isChallenge(both, 'sign-in', challenge, tuesday)).toBe(true)
    expect(isChallenge(fresh, 'sign-in', challenge, tuesday)).toBe(false)
  })

  it("of the sensors' authority is the same authority after the change", async () => {
    const before = await authorityOf(db.engine, { secret: old }, tuesday)
    expect(await authorityOf(db.engine, both, tuesday)).toEqual(before)
    await rotate(db, both, hana, tuesday)
    expect(await authorityOf(db.engine, { secret: fresh }, tuesday)).toEqual(before)
  })
})
