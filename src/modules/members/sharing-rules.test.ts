/** Reading what is for all members begins when the rules are accepted, and not before. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor, asReader, type Role } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine } from '../../platform/database.ts'
import { readersOf } from '../../values/scopes.ts'
import { acceptForAll, digestOf, sharingRules } from './sharing-rules.ts'

let door: FrontDoor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  vera = await door.person('Věra Dohledová', [['coordinator', null]])
  for (const [tlp, object] of [
    ['GREEN', 'green item'],
    ['AMBER+STRICT', 'strict item'],
  ] as const)
    await asEngine(door.db, (tx) =>
      record(tx, {
        at: tuesday,
        actor: null,
        verb: 'members.edit',
        object,
        readers: readersOf({ kind: 'all_members' }, tlp, null),
      }),
    )
})
beforeEach(() => door.forget())
afterAll(() => door.close())

/** A hospital that has accepted nothing. */
async function newcomer(name: string, status = 'participant'): Promise<Hospital> {
  const hospital = await addHospital(door.db, name, [])
  await door.db.engine.query('update organisations set rules_accepted_at = null, status = $2 where id = $1', [
    hospital.id,
    status,
  ])
  return hospital
}

const person = (name: string, role: Role, at: Hospital): Promise<Actor> => door.person(name, [[role, at]])

/** Which of the two items meant for all members somebody reads. */
const itemsOf = (actor: Actor | null): Promise<string[]> =>
  asReader(door.db, actor, door.now, async (tx) => {
    const { rows } = await tx.query<{ object: string }>(
      `select object from audit where object in ('green item', 'strict item') order by object`,
    )
    return rows.map(({ object }) => object)
  })

const keyOf = (hospital: Hospital, strict: boolean): Actor => ({
  person: 0,
  name: 'program',
  email: 'key 1',
  language: 'cs',
  engagements: [{ org: hospital.id, orgName: hospital.name, role: 'manager' }],
  key: { id: 1, strict },
})

async function accept(actor: Actor, org: number, fields: Record<string, string> = {}) {
  const { cookie, csrf } = await door.signedIn(actor)
  return door.post(
    `/members/${org}/sharing-rules`,
    { version: String(sharingRules().number), agreed: '1', _csrf: csrf, ...fields },
    { cookie: `${cookie}; lang=en` },
  )
}

const standing = async (org: number) =>
  (
    await door.db.engine.query(
      `select status, rules_accepted_at is not null as accepted, (select count(*)::int from sharing_acceptances a where a.org_id = o.id) as lines,
         (select count(*)::int from audit where verb = 'members.accept-rules' and org_id = o.id) as trail
       from organisations o where id = $1`,
      [org],
    )
  ).rows[0]

describe('what is for all members', () => {
  it('is read by a participant without a signature after its representative accepted the rules, and not before', async () => {
    const willow = await newcomer('Nemocnice Vrbová')
    const jana = await person('Jana Vrbová', 'representative', willow)
    const petr = await person('Petr Vrbový', 'admin', willow)
    for (const actor of [jana, petr, keyOf(willow, false), keyOf(willow, true)])
      expect(await itemsOf(actor)).toEqual([])
    expect((await accept(jana, willow.id)).statusCode).toBe(303)
    for (const actor of [jana, petr, keyOf(willow, true)])
      expect(await itemsOf(actor)).toEqual(['green item', 'strict item'])
    expect(await itemsOf(keyOf(willow, false))).toEqual(['green item'])
    expect(await itemsOf(null)).toEqual([])
    expect(await standing(willow.id)).toEqual({ status: 'participant', accepted: true, lines: 1, trail: 1 })
  })

  it('is not for prospects and followers, who become participants by accepting; nor for those that left', async () => {
    for (const [name, status] of [
      ['Nemocnice Lísková', 'prospect'],
      ['Nemocnice Habrová', 'follower'],
    ] as const) {
      const hospital = await newcomer(name, status)
      const representative = await person(`Zástupce ${name}`, 'representative', hospital)
      await door.db.engine.query('update organisations set rules_accepted_at = now() where id = $1', [
        hospital.id,
      ])
      expect(await itemsOf(representative)).toEqual([])
      expect((await accept(representative, hospital.id)).statusCode).toBe(303)
      expect(await itemsOf(representative)).toEqual(['green item', 'strict item'])
      expect(await standing(hospital.id)).toMatchObject({ status: 'participant' })
      await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [hospital.id])
      expect(await itemsOf(representative)).toEqual([])
    }
  })

  it('is read by whoever acts for at least one member', async () => {
    const [in_, out] = [await newcomer('Nemocnice Javorová'), await newcomer('Nemocnice Buková')]
    const both = await door.person('Oba Doma', [
      ['admin', in_],
      ['admin', out],
    ])
    expect(await itemsOf(both)).toEqual([])
    await asEngine(door.db, (tx) => acceptForAll(tx, 'zkouška', tuesday))
    expect(await itemsOf(both)).toHaveLength(2)
  })
})

describe('accepting', () => {
  it('is for the representative of that very organisation', async () => {
    const [oak, ash] = [await newcomer('Nemocnice Dubová'), await newcomer('Nemocnice Jasanová')]
    const admin = await person('Alois Dubový', 'admin', oak)
    const other = await person('Zita Jasanová', 'representative', ash)
    expect((await accept(admin, oak.id)).statusCode).toBe(403)
    expect((await accept(other, oak.id)).statusCode).toBe(404)
    expect((await door.post(`/members/${oak.id}/sharing-rules`, { agreed: '1' })).statusCode).toBe(303)
    expect(await standing(oak.id)).toEqual({ status: 'participant', accepted: false, lines: 0, trail: 0 })
    // Nor past the page: the database itself refuses.
    await expect(
      asActor(door.db, admin, tuesday, (tx) =>
        tx.query(
          `insert into sharing_acceptances (org_id, version, text_sha256, person_id, actor, note, at)
           values ($1, 1, $2, $3, 'x', 'x', now())`,
          [oak.id, digestOf(sharingRules()), admin.person],
        ),
      ),
    ).rejects.toThrow(/row-level security/)
  })

  it('needs the tick and the version of the page, and says so without losing anything', async () => {
    const elm = await newcomer('Nemocnice Jilmová')
    const eva = await person('Eva Jilmová', 'representative', elm)
    const { cookie, csrf } = await door.signedIn(eva)
    const post = (fields: Record<string, string>) =>
      door.post(
        `/members/${elm.id}/sharing-rules`,
        { _csrf: csrf, ...fields },
        { cookie: `${cookie}; lang=en` },
      )
    const unticked = await post({ version: '1' })
    expect([unticked.statusCode, unticked.body]).toEqual([422, expect.stringContaining('Tick that you')])
    for (const version of ['0', '99', 'x', '1'.repeat(5_000), ''])
      expect((await post({ version, agreed: '1' })).body).toContain('newer version')
    expect((await post({ version: '1', agreed: '1', note: 'x'.repeat(20_000) })).statusCode).toBe(422)
    expect(await standing(elm.id)).toMatchObject({ accepted: false, lines: 0 })
    expect((await post({ version: '1', agreed: '1' })).statusCode).toBe(303)
    expect((await post({ version: '1', agreed: '1' })).statusCode).toBe(303)
    expect(await standing(elm.id)).toMatchObject({ accepted: true, lines: 1, trail: 1 })
  })

  it('is done by a coordinator on behalf of somebody only with a note of how it is known', async () => {
    const fir = await newcomer('Nemocnice Jedlová')
    const bare = await accept(vera, fir.id)
    expect([bare.statusCode, bare.body]).toEqual([422, expect.stringContaining('evidenced')])
    expect((await accept(vera, fir.id, { note: 'podepsáno na papíře' })).statusCode).toBe(303)
    expect(
      (await door.db.engine.query('select note, actor from sharing_acceptances where org_id = $1', [fir.id]))
        .rows,
    ).toEqual([{ note: 'podepsáno na papíře', actor: 'Věra Dohledová' }])
  })
})

describe('the page', () => {
  it('says what is missing and who can accept', async () => {
    const yew = await newcomer('Nemocnice Tisová')
    const admin = await person('Adam Tisový', 'admin', yew)
    const { cookie } = await door.signedIn(admin)
    const lonely = (await door.get('/sharing-rules', cookie)).body
    expect(lonely).toContain('no representative yet')
    expect(lonely).toContain('+420 555 010 000')
    const radka = await person('Radka Tisová', 'representative', yew)
    const page = (await door.get('/sharing-rules', cookie)).body
    expect(page).toContain('are not accepted yet')
    expect(page).toContain('can be accepted by: Radka Tisová')
    expect(page).not.toContain('name="agreed"')
    expect((await door.get('/sharing-rules', (await door.signedIn(radka)).cookie)).body).toContain(
      'name="agreed"',
    )
    await accept(radka, yew.id)
    expect((await door.get('/sharing-rules', cookie)).body).toContain('accepted by Radka Tisová')
  })

  it('shows coordinators whom it still waits for', async () => {
    const pine = await newcomer('Nemocnice Borová')
    const { cookie } = await door.signedIn(vera)
    expect((await door.get('/sharing-rules', cookie)).body).toContain('Nemocnice Borová')
    await accept(vera, pine.id, { note: 'na schůzce' })
    expect((await door.get('/sharing-rules', cookie)).body).not.toContain('Nemocnice Borová')
  })
})

it('each version of the rules says the same things in both languages', () => {
  const rules = sharingRules()
  expect(rules.parts.length).toBeGreaterThan(3)
  for (const { title, points } of rules.parts) {
    expect(title.cs && title.en).toBeTruthy()
    expect(points.cs).toHaveLength(points.en.length)
  }
  expect(digestOf(rules)).toMatch(/^[0-9a-f]{64}$/)
})
