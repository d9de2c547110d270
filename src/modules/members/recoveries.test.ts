import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, password, tokenIn } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import { testSecret } from '../../../test/postgres-setup.ts'
import { byPassword, enrol, passkeysAt, type SignedIn } from '../../../test/signing-in.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { unseal } from '../../platform/seal.ts'
import { disable } from './index.ts'
import { decidersFor, mayConfirm } from './recoveries.ts'

const day = 24 * 60 * minute

let door: FrontDoor
let lipova: Hospital
let dubova: Hospital
let vera: Actor
let olga: Actor
let jana: Actor
let petr: Actor
let eva: Actor
let both: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  dubova = await addHospital(door.db, 'Nemocnice Dubová', ['192.0.2.128/25'])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  olga = await door.person('Olga Druhá', [['coordinator', null]])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  petr = await door.person('Petr Dub', [['representative', lipova]])
  eva = await door.person('Eva Tichá', [['duty', lipova]])
  both = await door.person('Ivan Dvojí', [
    ['admin', lipova],
    ['admin', dubova],
  ])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

const proposes = async (who: SignedIn, person: Actor | string, reason = 'Telefon spadl do řeky.') =>
  door.post(
    '/recoveries',
    { colleague: typeof person === 'string' ? person : person.email, reason, _csrf: who.csrf },
    { cookie: who.cookie },
  )
const newest = async (): Promise<number> =>
  (await door.db.engine.query<{ id: number }>('select max(id) as id from recoveries')).rows[0]?.id ?? 0
const decides = async (who: SignedIn, noun: 'confirmation' | 'withdrawal', id?: number) =>
  door.post(`/recoveries/${id ?? (await newest())}/${noun}`, { _csrf: who.csrf }, { cookie: who.cookie })
const at = (actor: Actor): Promise<SignedIn> => door.signedIn(actor)

async function mailed(): Promise<{ person: number; token: string }> {
  const { rows } = await door.db.engine.query<{ person_id: number; detail: { sealed: string } }>(
    `select person_id, detail from deliveries where detail->>'template' = 'access-recovery' order by id desc limit 1`,
  )
  return { person: rows[0]?.person_id ?? 0, token: unseal(testSecret, rows[0]?.detail.sealed ?? '') ?? '' }
}
const opens = (token: string, typed = password) => door.post(`/recover/${token}`, { password: typed })

/** A link that two coordinators let go out to Jana. */
async function linked(): Promise<string> {
  await proposes(await at(vera), jana)
  await decides(await at(olga), 'confirmation')
  return (await mailed()).token
}

describe('the list of who lost access', () => {
  it('says when it does not show all, and knows what it does not show', async () => {
    const { rows } = await door.db.engine.query<{ id: number }>(
      `insert into people (name, email, language, created_at, readers)
       select 'Ztracená ' || n, n || '@ztraceni.example', language, created_at, readers
       from people, generate_series(1, 100) n where id = $1 returning id`,
      [jana.person],
    )
    await proposes(await at(vera), jana)
    const list = async () => (await door.get('/recoveries', (await at(olga)).cookie)).body
    expect(await list()).not.toContain('100 newest')
    await door.db.engine.query(
      `insert into recoveries (person_id, reason, proposed_by, proposed_at, expires_at, readers)
       select p, reason, proposed_by, proposed_at, expires_at, readers from recoveries, unnest($2::int[]) p where person_id = $1`,
      [jana.person, rows.map(({ id }) => id)],
    )
    expect(await list()).toContain('100 newest')
    expect(await list()).not.toContain(jana.email)
    expect((await proposes(await at(olga), jana)).statusCode).toBe(409)
    await door.db.engine.query('delete from recoveries')
  })
})

describe('somebody who lost every second factor', () => {
  it('gets a link by two coordinators, and with the password a new beginning', async () => {
    const lost = await enrol(door, await byPassword(door, jana))
    expect((await proposes(await at(vera), jana)).headers.location).toBe('/recoveries?done=proposed')
    expect((await door.get('/recoveries', (await at(olga)).cookie)).body).toContain('Telefon spadl do řeky.')
    expect((await decides(await at(olga), 'confirmation')).headers.location).toBe(
      '/recoveries?done=confirmed',
    )
    const { person, token } = await mailed()
    expect(person).toBe(jana.person)
    expect((await door.get(`/recover/${token}`)).statusCode).toBe(200)
    expect((await door.get('/account', lost.cookie)).statusCode).toBe(200)
    const done = await opens(token)
    expect([done.statusCode, done.headers.location]).toEqual([303, '/account/means'])
    expect((await door.get('/account', lost.cookie)).statusCode).toBe(303)
    expect((await door.get('/account', `hsoc_session=${tokenIn(done)}`)).statusCode).toBe(200)
    expect(
      (await door.db.engine.query('select 1 from totp union all select 1 from recovery_codes')).rows,
    ).toEqual([])
    const { rows } = await door.db.engine.query(
      `select actor, verb from audit where verb like '%recovery' or verb = 'members.reset-means' order by id desc limit 3`,
    )
    expect(rows).toEqual([
      { actor: jana.email, verb: 'members.reset-means' },
      { actor: olga.email, verb: 'members.confirm-recovery' },
      { actor: vera.email, verb: 'members.propose-recovery' },
    ])
  })

  it('gets it by the representative and a second person of the organisation, without any coordinator', async () => {
    await proposes(await at(petr), jana)
    expect((await decides(await at(petr), 'confirmation')).statusCode).toBe(403)
    expect((await decides(await at(eva), 'confirmation')).statusCode).toBe(303)
    expect((await opens((await mailed()).token)).statusCode).toBe(303)
  })

  it('a coordinator among them goes on to set a second factor up before anything else', async () => {
    door.context.settings.secondFactor = 'required'
    const { withPasskey } = passkeysAt(door)
    await withPasskey(olga)
    const [one, two] = [
      await enrol(door, await byPassword(door, vera)),
      await door.person('Zoe Třetí', [['coordinator', null]]),
    ]
    await proposes(one, olga)
    await decides(await enrol(door, await byPassword(door, two)), 'confirmation')
    const done = await opens((await mailed()).token)
    const led = await door.get('/members', `hsoc_session=${tokenIn(done)}`)
    door.context.settings.secondFactor = 'off'
    expect(led.headers.location).toBe('/account/means?back=%2Fmembers')
  })

  it('is told at once that it was proposed, and can stop it', async () => {
    await proposes(await at(vera), jana)
    const { rows } = await door.db.engine.query('select person_id, detail from deliveries')
    expect(rows).toMatchObject([{ person_id: jana.person, detail: { verb: 'propose-recovery' } }])
    expect((await decides(await at(jana), 'withdrawal')).statusCode).toBe(303)
    expect((await decides(await at(olga), 'confirmation')).statusCode).toBe(409)
  })
})

describe('letting somebody in again is refused', () => {
  it('to one person alone, to who lost access, and to whom it does not concern', async () => {
    const [one, mine] = [await at(vera), await at(jana)]
    await proposes(one, jana)
    expect((await decides(one, 'confirmation')).statusCode).toBe(403)
    expect((await decides(mine, 'confirmation')).statusCode).toBe(403)
    expect((await decides(await at(petr), 'confirmation')).statusCode).toBe(404)
    const foreign = await door.person('Cyril Cizí', [['representative', dubova]])
    expect((await decides(await at(foreign), 'withdrawal')).statusCode).toBe(404)
    expect((await proposes(one, vera)).statusCode).toBe(403)
    expect((await proposes(await at(foreign), jana)).statusCode).toBe(422)
    expect((await proposes(mine, eva)).statusCode).toBe(403)
    expect((await door.post('/recoveries', { colleague: jana.email, reason: 'x' })).statusCode).toBe(303)
  })

  it('to a representative for somebody who serves others too, then and later', async () => {
    const representative = await at(petr)
    expect((await proposes(representative, both)).statusCode).toBe(403)
    await proposes(representative, eva)
    await door.db.engine.query(
      `insert into engagements (person_id, role, valid_from) values ($1, 'coordinator', to_timestamp($2 / 1000.0))`,
      [eva.person, door.now],
    )
    const late = await decides(await at(jana), 'confirmation')
    await door.db.engine.query(`delete from engagements where person_id = $1 and role = 'coordinator'`, [
      eva.person,
    ])
    expect(late.statusCode).toBe(409)
  })

  it('twice, a day later, and for what was turned down', async () => {
    const [one, two] = [await at(vera), await at(olga)]
    await proposes(one, jana)
    const again = await proposes(two, jana, 'Ještě jednou.')
    expect([again.statusCode, again.body.includes('Ještě jednou.')]).toEqual([409, true])
    door.now += day
    expect((await decides(await at(olga), 'confirmation')).statusCode).toBe(409)
    await proposes(await at(vera), jana)
    expect((await decides(await at(vera), 'withdrawal')).statusCode).toBe(303)
    expect((await decides(await at(olga), 'confirmation')).statusCode).toBe(409)
    expect((await decides(await at(olga), 'confirmation', 2_000_000_000)).statusCode).toBe(404)
  })

  it('past the pages too: the database takes no proposal in another name or for oneself', async () => {
    const tries = [
      { actor: jana, by: petr, person: eva },
      { actor: jana, by: jana, person: jana },
    ]
    for (const { actor, by, person } of tries) {
      const insert = asActor(door.db, actor, door.now, (tx) =>
        tx.query(
          `insert into recoveries (person_id, org_id, reason, proposed_by, proposed_at, expires_at, readers)
           values ($1, $2, 'x', $3, now(), now(), '{2}')`,
          [person.person, lipova.id, by.person],
        ),
      )
      await expect(insert).rejects.toThrow(/row-level security|recoveries_check/)
    }
  })

  it.each([
    { colleague: '', reason: 'x' },
    { colleague: "' or 1=1 --", reason: 'x' },
    { colleague: 'jana-novakova@people.example', reason: '  ' },
    { colleague: 'x'.repeat(400), reason: 'x' },
    { colleague: 'jana-novakova@people.example', reason: 'x'.repeat(2_000) },
  ])('for a form that says too little or too much: %j', async (fields) => {
    const { cookie, csrf } = await at(vera)
    expect((await door.post('/recoveries', { ...fields, _csrf: csrf }, { cookie })).statusCode).toBe(422)
    expect(await newest()).toBe(0)
  })
})

describe('the link', () => {
  it('works once and for a day, needs the password, and stays good while that is guessed', async () => {
    const token = await linked()
    for (let i = 0; i < 5; i++) expect((await opens(token, 'guess')).statusCode).toBe(422)
    expect((await opens(token)).statusCode).toBe(429)
    door.now += minute
    expect((await opens(token)).statusCode).toBe(303)
    expect((await opens(token)).statusCode).toBe(410)
    const late = await linked()
    door.now += day
    expect([(await door.get(`/recover/${late}`)).statusCode, (await opens(late)).statusCode]).toEqual([
      410, 410,
    ])
  })

  it('used by two windows at the same moment lets one in', async () => {
    const token = await linked()
    const answers = await Promise.all([opens(token), opens(token)])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 410])
  })

  it('is no use to a person whose access ended meanwhile, nor to who guesses it', async () => {
    const leaving = await door.person('Tom Odchozí', [['duty', lipova]])
    await proposes(await at(vera), leaving)
    await decides(await at(olga), 'confirmation')
    const { token } = await mailed()
    await asEngine(door.db, (tx) => disable(tx, leaving.person, vera, door.now))
    expect((await opens(token)).statusCode).toBe(410)
    for (const guess of ['x', '%00', '../sign-in', 'x'.repeat(500)])
      expect([404, 410]).toContain((await door.get(`/recover/${encodeURIComponent(guess)}`)).statusCode)
  })
})

it('who decides, as a table', () => {
  const at = (org: Hospital | null) => ({ org: org?.id ?? null })
  expect(decidersFor(vera, jana.person, [at(lipova)])).toBe('coordinators')
  expect(decidersFor(vera, vera.person, [at(null)])).toBeNull()
  expect(decidersFor(petr, jana.person, [at(lipova), at(lipova)])).toEqual({ org: lipova.id })
  expect(decidersFor(petr, both.person, [at(lipova), at(dubova)])).toBeNull()
  expect(decidersFor(petr, vera.person, [at(null)])).toBeNull()
  expect(decidersFor(petr, jana.person, [])).toBeNull()
  expect(decidersFor(eva, jana.person, [at(lipova)])).toBeNull()
  const recovery = { person: jana.person, org: lipova.id, proposedBy: petr.person }
  expect([vera, olga, jana, petr, eva, both].map((who) => mayConfirm(who, recovery))).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
  ])
})
