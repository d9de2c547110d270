import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, addPerson, type Hospital } from '../../../test/harness.ts'
import type { Actor, Role } from '../../platform/access.ts'
import { readersOfOrg } from '../../values/scopes.ts'
import { givable, mayDelegate, memberRoles } from './may.ts'

let door: FrontDoor
let lipova: Hospital
let habrova: Hospital
let renata: Actor
let robert: Actor
let jana: Actor
let marek: Actor
let dana: Actor
let hana: Actor
let karel: Actor
const all: [Actor, [Role, Hospital | null][]][] = []

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
  const person = async (name: string, engagements: [Role, Hospital | null][]): Promise<Actor> => {
    const actor = await door.person(name, engagements)
    all.push([actor, engagements])
    return actor
  }
  renata = await person('Renata Zástupná', [['representative', lipova]])
  robert = await person('Robert Druhý', [['representative', lipova]])
  jana = await person('Jana Nováková', [['admin', lipova]])
  marek = await person('Marek Ředitel', [['manager', lipova]])
  dana = await person('Dana Dvojí', [
    ['duty', lipova],
    ['admin', habrova],
  ])
  hana = await person('Hana Cizí', [['representative', habrova]])
  karel = await person('Karel Koordinátor', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(async () => {
  await door.forget()
  await door.db.engine.query(`update engagements set valid_to = 'epoch', valid_from = 'epoch'`)
  await door.db.engine.query('update people_managers set ended_at = given_at where ended_at is null')
  for (const [actor, engagements] of all) {
    for (const [role, at] of engagements)
      await door.db.engine.query(
        `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, $3, to_timestamp($4 / 1000.0))`,
        [actor.person, at?.id ?? null, role, door.now - 1000],
      )
    await door.db.engine.query('select people_set_readers($1)', [actor.person])
  }
})

const at = (person: Actor, rest = '', org = lipova): string =>
  `/members/${org.id}/people/${person.person}${rest}`
const rolesOf = async (person: Actor, org = lipova): Promise<string[]> =>
  (
    await door.db.engine.query<{ role: string }>(
      `select role from engagements where person_id = $1 and org_id = $2 and valid_to > to_timestamp($3 / 1000.0) order by role`,
      [person.person, org.id, door.now],
    )
  ).rows.map(({ role }) => role)

/** Does a deed as somebody and answers the status. */
async function act(
  who: Actor,
  url: string,
  fields: Record<string, string> | string[] = {},
  session?: { cookie: string; csrf: string },
): Promise<number> {
  const { cookie, csrf } = session ?? (await door.signedIn(who))
  const body = new URLSearchParams(Array.isArray(fields) ? fields.map((role) => ['roles', role]) : fields)
  body.set('_csrf', csrf)
  const answer = await door.app.inject({
    method: 'POST',
    url,
    payload: body.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
  })
  // Who was signed out on the way is sent to sign in: that is no success.
  return String(answer.headers.location).startsWith('/sign-in') ? 401 : answer.statusCode
}
const look = async (who: Actor, url: string) => door.get(url, (await door.signedIn(who)).cookie)

describe('who may give which role', () => {
  const actor = (role: Role): Actor => ({ ...jana, engagements: [{ org: lipova.id, orgName: null, role }] })
  it.each([
    ['representative', [...memberRoles], true],
    ['security_manager', ['security_manager', 'admin', 'duty', 'dpo', 'manager'], false],
    ['admin', ['security_manager', 'admin', 'duty', 'dpo', 'manager'], false],
    ['duty', ['security_manager', 'admin', 'duty', 'dpo', 'manager'], false],
    ['dpo', ['dpo', 'manager'], false],
    ['manager', ['dpo', 'manager'], false],
  ] as const)('%s', (role, roles, delegates) => {
    expect(givable(actor(role), lipova.id)).toEqual(roles)
    expect(mayDelegate(actor(role), lipova.id)).toBe(delegates)
    expect(givable(actor(role), habrova.id)).toEqual([])
  })
  it('a coordinator any, an operator none', () => {
    expect(givable({ ...karel }, lipova.id)).toEqual([...memberRoles])
    const operator = { ...karel, engagements: [{ org: null, orgName: null, role: 'operator' as const }] }
    expect([givable(operator, lipova.id), mayDelegate(operator, lipova.id)]).toEqual([[], false])
  })
})

describe('the people of an organisation', () => {
  it('are changed by the representative and by coordinators, at once', async () => {
    expect(await act(renata, at(jana, '/roles'), ['admin', 'duty'])).toBe(303)
    expect(await rolesOf(jana)).toEqual(['admin', 'duty'])
    expect(await act(karel, at(jana, '/roles'), ['dpo'])).toBe(303)
    expect(await rolesOf(jana)).toEqual(['dpo'])
    const { rows } = await door.db.engine.query(
      `select actor, detail from audit where verb = 'members.change-roles' and object = $1 order by id`,
      [`person ${jana.person}`],
    )
    expect(rows).toEqual([
      { actor: renata.email, detail: { given: ['duty'], taken: [] } },
      { actor: karel.email, detail: { given: ['dpo'], taken: expect.arrayContaining(['admin', 'duty']) } },
    ])
  })

  it('are not changed by colleagues without the right, nor by others, nor by who is signed out', async () => {
    for (const who of [jana, marek]) expect(await act(who, at(dana, '/roles'), ['manager'])).toBe(403)
    for (const path of ['/roles', '/removal', '/delegation', '/delegation/withdrawal'])
      expect(await act(hana, at(dana, path), { roles: 'admin' })).toBe(404)
    expect((await door.post(at(dana, '/removal'), {})).headers.location).toMatch(/^\/sign-in/)
    expect(await rolesOf(dana)).toEqual(['duty'])
    expect((await look(hana, `/members/${lipova.id}/people`)).statusCode).toBe(404)
    expect((await look(hana, at(jana))).statusCode).toBe(404)
    expect((await look(jana, at(marek))).statusCode).toBe(403)
  })

  it('of another organisation are not reached through one’s own', async () => {
    for (const path of ['/roles', '/removal', '/delegation'])
      expect(await act(renata, at(hana, path), { roles: 'admin' })).toBe(404)
    expect((await look(renata, at(hana))).statusCode).toBe(404)
    expect(await rolesOf(hana, habrova)).toEqual(['representative'])
  })

  it('are seen by all of them, with who manages; nobody else’s name is there', async () => {
    const page = (await look(jana, `/members/${lipova.id}/people`)).body
    expect(page).toContain('Renata Zástupná')
    expect(page).not.toContain('Hana Cizí')
    expect(page).not.toContain('id="invite"')
    expect((await look(renata, `/members/${lipova.id}/people`)).body).toContain('id="invite"')
  })

  it('are listed at /people: one’s own at once, a choice for who has two', async () => {
    expect((await look(jana, '/people')).headers.location).toBe(`/members/${lipova.id}/people`)
    const choice = await look(dana, '/people')
    expect(choice.body).toContain(`/members/${habrova.id}/people`)
    expect((await look(karel, '/people')).statusCode).toBe(403)
  })

  it.each([
    ['no role', [], 409],
    ['an unknown role', ['boss'], 409],
    ['a role of the centre', ['coordinator'], 409],
  ])('keep their roles when a form asks for %s', async (_, roles, status) => {
    expect(await act(renata, at(jana, '/roles'), roles)).toBe(status)
    expect(await rolesOf(jana)).toEqual(['admin'])
  })
})

describe('whom the representative lets manage', () => {
  it('manages until it is taken back, and never gives more than it has', async () => {
    expect(await act(jana, at(dana, '/roles'), ['admin'])).toBe(403)
    expect(await act(renata, at(jana, '/delegation'))).toBe(303)
    expect(await act(jana, at(dana, '/roles'), ['admin'])).toBe(303)
    expect(await act(jana, at(dana, '/roles'), ['representative'])).toBe(403)
    expect(await act(jana, at(jana, '/roles'), ['admin', 'representative'])).toBe(403)
    expect(await act(jana, at(robert, '/roles'), ['admin'])).toBe(403)
    expect(await act(jana, at(robert, '/removal'))).toBe(403)
    expect(await act(jana, at(dana, '/delegation'))).toBe(403)
    expect([await rolesOf(dana), await rolesOf(robert)]).toEqual([['admin'], ['representative']])
    expect(await act(renata, at(jana, '/delegation/withdrawal'))).toBe(303)
    expect(await act(jana, at(dana, '/roles'), ['duty'])).toBe(403)
    expect(await act(renata, at(jana, '/delegation/withdrawal'))).toBe(409)
  })

  it('of a reading role gives reading roles only', async () => {
    await act(renata, at(marek, '/delegation'))
    expect(await act(marek, at(dana, '/roles'), ['duty', 'manager'])).toBe(303)
    expect(await act(marek, at(dana, '/roles'), ['manager'])).toBe(403)
    expect(await act(marek, at(marek, '/roles'), ['manager', 'admin'])).toBe(403)
  })

  it('manages no more once it has left, also when it comes back', async () => {
    await act(renata, at(jana, '/delegation'))
    await act(renata, at(jana, '/removal'))
    await door.db.engine.query(
      `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'admin', to_timestamp($3 / 1000.0))`,
      [jana.person, lipova.id, door.now],
    )
    expect(await act(jana, at(dana, '/removal'))).toBe(403)
  })
})

describe('who leaves', () => {
  it('loses access in the middle of a session, and where it acts for nobody else the session too', async () => {
    const [hers, his] = [await door.signedIn(jana), await door.signedIn(dana)]
    expect((await door.get(`/members/${lipova.id}`, hers.cookie)).statusCode).toBe(200)
    await act(renata, at(jana, '/removal'))
    await act(renata, at(dana, '/removal'))
    expect((await door.get(`/members/${lipova.id}`, hers.cookie)).statusCode).toBe(303)
    expect((await door.knock(jana.email, 'čtyři tiché zelené lampy')).statusCode).toBe(422)
    expect((await door.get(`/members/${lipova.id}`, his.cookie)).statusCode).toBe(404)
    expect((await door.get(`/members/${habrova.id}`, his.cookie)).statusCode).toBe(200)
    const { rows } = await door.db.engine.query(
      `select detail from audit where verb = 'members.remove-person' and object = $1 order by id desc limit 1`,
      [`person ${jana.person}`],
    )
    expect(rows).toEqual([{ detail: { roles: ['admin'], warnings: [], contacts: 0 } }])
  })

  it('is not the last one who manages people, unless a coordinator says so', async () => {
    expect(await act(renata, at(robert, '/removal'))).toBe(303)
    expect(await act(renata, at(renata, '/removal'))).toBe(409)
    expect(await act(renata, at(renata, '/roles'), ['admin'])).toBe(409)
    expect(await rolesOf(renata)).toEqual(['representative'])
    expect(await act(renata, at(jana, '/delegation'))).toBe(303)
    expect(await act(renata, at(renata, '/removal'))).toBe(303)
    expect(await act(karel, at(jana, '/removal'))).toBe(303)
    expect([await rolesOf(renata), await rolesOf(jana)]).toEqual([[], []])
  })

  it('is one of two, when two remove each other at the same moment', async () => {
    for (let i = 0; i < 3; i++) {
      const [hers, his] = [await door.signedIn(renata), await door.signedIn(robert)]
      const both = await Promise.all([
        act(renata, at(robert, '/removal'), {}, hers),
        act(robert, at(renata, '/removal'), {}, his),
      ])
      expect(both.filter((status) => status === 303)).toHaveLength(1)
      expect((await rolesOf(renata)).length + (await rolesOf(robert)).length).toBe(1)
      for (const who of [renata, robert])
        await door.db.engine.query(
          `insert into engagements (person_id, org_id, role, valid_from) select $1, $2, 'representative', to_timestamp($3 / 1000.0)
           where not exists (select 1 from engagements where person_id = $1 and org_id = $2 and valid_to = 'infinity')`,
          [who.person, lipova.id, door.now],
        )
    }
  })

  it('leaves its open warnings assigned, and whoever removes it sees them before', async () => {
    const { rows } = await door.db.engine.query<{ id: number }>(
      `insert into warnings (number, org_id, rule, rule_version, topic, lane, severity, state, title, tlp, opened_at, changed_at, first_at, last_at, assignee_id, readers, explanation)
       values ('HSOC-D-2026-000001', $1, 'W1', 1, 't', 0, 3, 'open', '{}', 'AMBER', now(), now(), now(), now(), $2, array[2, $3::int], '{}') returning id`,
      [lipova.id, jana.person, readersOfOrg(lipova.id)],
    )
    expect((await look(renata, at(jana))).body).toContain('1 open warning')
    await act(renata, at(jana, '/removal'))
    const { rows: audit } = await door.db.engine.query(
      `select detail->'warnings' as warnings from audit where verb = 'members.remove-person' order by id desc limit 1`,
    )
    expect(audit).toEqual([{ warnings: [{ id: rows[0]?.id, number: 'HSOC-D-2026-000001' }] }])
    await door.db.engine.query('delete from warnings')
  })
})

it('an organisation that left has no people to manage', async () => {
  await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [habrova.id])
  expect(await act(karel, at(hana, '/roles', habrova), ['admin'])).toBe(404)
  await door.db.engine.query(`update organisations set status = 'participant' where id = $1`, [habrova.id])
  await addPerson(door.db, 'Nikdo Další', [['admin', habrova]])
})
