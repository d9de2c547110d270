import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, tokenIn } from '../../../../test/front-door.ts'
import { type IdentityProvider, signInWith } from '../../../../test/identity-provider.ts'
import { asActor } from '../../../platform/access.ts'
import { warnOfUnknown } from './vouched.ts'

let at: Federation
let door: FrontDoor
let idp: IdentityProvider

beforeAll(async () => {
  at = await openFederation()
  ;({ door, idp } = at)
})
afterAll(() => at.close())
beforeEach(async () => {
  await at.reset()
  at.configure({}, { roles: { it: ['admin'], night: ['duty', 'manager'] } })
})

const manual = 'admin at Nemocnice Lipová (manual)'
const comes = (subject: string, there = idp, id = 'lipova') => signInWith(door, there, id, subject)
describe('groups of a provider', () => {
  it('bring roles at its organisation, at sign-in, with a line in the trail', async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', { groups: ['night', 'canteen'] })
    expect((await comes('jana-1')).statusCode).toBe(303)
    expect(await at.rolesOf(at.jana.person)).toEqual([
      manual,
      'duty at Nemocnice Lipová (directory)',
      'manager at Nemocnice Lipová (directory)',
    ])
    expect(await at.trail()).toContainEqual({
      verb: 'members.change-roles',
      object: `person ${at.jana.person}`,
      detail: { given: ['duty', 'manager'], taken: [], provider: 'lipova' },
    })
  })

  it('are shown as such where people are managed, with what happens to one taken by hand', async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', { groups: ['night'] })
    await comes('jana-1')
    const page = async (url: string, who = at.vera) =>
      (await door.get(url, (await door.signedIn(who)).cookie)).body
    const own = `/members/${at.lipova.id}/people`
    const name = door.context.settings.providers?.[0]?.name.en ?? ''
    expect(await page(own)).toContain(`duty: from a group at ${name}`)
    expect(await page(own, at.jana)).toContain(`from a group at ${name}`)
    const person = await page(`${own}/${at.jana.person}`)
    expect(person).toContain('comes back at the next sign-in')
    expect(person).not.toContain('administrator: from a group')
    expect(person).not.toContain('jana-1')
    // A provider that is no longer in the file keeps its short name.
    door.context.settings.providers = []
    expect(await page(own)).toContain('from a group at lipova')
  })

  it('are told to nobody of another organisation, nor to operators and visitors', async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', { groups: ['night'] })
    await comes('jana-1')
    const operator = await door.person('Oto Provozní', [['operator', null]])
    const seen = (who: typeof at.petr | null) =>
      asActor(
        door.db,
        who,
        door.now,
        async (tx) => (await tx.query('select 1 from roles_by_provider($1)', [at.lipova.id])).rowCount,
      )
    for (const who of [at.petr, operator, null]) expect([who?.name, await seen(who)]).toEqual([who?.name, 0])
    expect([await seen(at.jana), await seen(at.vera)]).toEqual([2, 2])
    const page = async (who: typeof at.petr) =>
      door.get(`/members/${at.lipova.id}/people`, (await door.signedIn(who)).cookie)
    for (const who of [at.petr, operator]) {
      const answer = await page(who)
      expect([who.name, answer.statusCode]).toEqual([who.name, 404])
      expect(answer.body).not.toContain('from a group')
    }
  })

  it('take them again at the next sign-in once they are gone; what people gave stays', async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', { groups: ['night', 'it'] })
    await comes('jana-1')
    at.says('jana-1', { groups: [] })
    const answer = await comes('jana-1')
    expect(answer.statusCode).toBe(303)
    expect(await at.rolesOf(at.jana.person)).toEqual([manual])
    at.says('jana-1', {})
    await comes('jana-1')
    expect(await at.rolesOf(at.jana.person)).toEqual([manual])
  })

  it('give nothing twice, and what the operator no longer maps ends', async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', { groups: ['it', 'night'] })
    await comes('jana-1')
    await comes('jana-1')
    expect(await at.rolesOf(at.jana.person)).toHaveLength(3)
    at.configure({}, { roles: { night: ['manager'] } })
    await comes('jana-1')
    expect(await at.rolesOf(at.jana.person)).toEqual([manual, 'manager at Nemocnice Lipová (directory)'])
  })

  it('of a person without another role let in nobody any more when they are gone', async () => {
    const olga = await door.person('Olga Adresářová', [])
    await at.linked(olga, 'olga')
    at.says('olga', { groups: ['it'] })
    const first = await comes('olga')
    expect(first.statusCode).toBe(303)
    at.says('olga', { groups: ['canteen'] })
    const second = await comes('olga')
    expect([second.statusCode, tokenIn(second)]).toEqual([403, ''])
    // The session from before reads as nothing from then on.
    const session = await door.get('/api/v1/session', `hsoc_session=${tokenIn(first)}`)
    expect(session.json().engagements).toEqual([])
  })

  it('are found deeper in the token, under a name with dots, as one word, or with userinfo', async () => {
    await at.linked(at.jana, 'jana-1')
    const says = [
      ['realm_access.roles', { realm_access: { roles: ['night'] } }],
      ['https://hsoc.example/groups', { 'https://hsoc.example/groups': ['night'] }],
      ['groups', { groups: 'night' }],
    ] as const
    for (const [groupsClaim, user] of says) {
      at.configure({ groupsClaim }, { roles: { night: ['duty'] } })
      at.says('jana-1', user)
      await comes('jana-1')
      expect(await at.rolesOf(at.jana.person)).toContain('duty at Nemocnice Lipová (directory)')
      await door.db.engine.query(`update engagements set valid_to = valid_from where source = 'directory'`)
    }
    // The CSIRT's provider keeps details out of the token.
    await at.linked(at.vera, 'vera', 'csirt')
    at.says('vera', { groups: ['csirt'], email: 'vera@csirt.example' })
    expect((await comes('vera', at.csirt, 'csirt')).statusCode).toBe(303)
    const { rows } = await door.db.engine.query(
      'select email from provider_links where person_id = $1 and ended_at is null',
      [at.vera.person],
    )
    expect(rows).toEqual([{ email: 'vera@csirt.example' }])
  })

  it('that are too many to say let nobody in, and take nothing', async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', { groups: ['night'] })
    await comes('jana-1')
    at.says('jana-1', {
      _claim_names: { groups: 'src1' },
      _claim_sources: { src1: { endpoint: 'https://x.example' } },
    })
    const answer = await comes('jana-1')
    expect(answer.statusCode).toBe(403)
    expect(answer.body).toContain('There are more groups than the provider sends')
    expect(await at.rolesOf(at.jana.person)).toHaveLength(3)
  })
})

describe("a hostile member's provider", () => {
  it("gives no role at another organisation, none of the sector, and none by a word's own name", async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', {
      groups: [
        'it-dolni',
        'Nemocnice Dolní',
        'csirt',
        'coordinator',
        'operator',
        '__proto__',
        'constructor',
        'toString',
      ],
      organisation: at.dolni.name,
      roles: ['coordinator'],
    })
    expect((await comes('jana-1')).statusCode).toBe(303)
    expect(await at.rolesOf(at.jana.person)).toEqual([manual])
  })

  it('lets in nobody who is anything elsewhere, so that it cannot act as them there', async () => {
    const both = await door.person('Kunhuta Dvojí', [
      ['admin', at.lipova],
      ['admin', at.dolni],
    ])
    for (const [who, subject] of [
      [both, 'both'],
      [at.vera, 'vera'],
      [at.petr, 'petr'],
    ] as const) {
      await at.linked(who, subject)
      at.says(subject, { email: who.email, email_verified: true, groups: ['it', 'night'] })
      const answer = await comes(subject)
      expect([answer.statusCode, tokenIn(answer)]).toEqual([403, ''])
      expect(answer.body).toContain('may not vouch')
      expect((await at.rolesOf(who.person)).filter((role) => role.includes('directory'))).toEqual([])
    }
    const refused = (await at.trail()).filter(({ verb }) => verb === 'members.sign-in-refused')
    expect(refused.map(({ detail }) => detail.doubt)).toEqual(['beyond', 'beyond', 'beyond'])
  })

  it('is left at once by who becomes something elsewhere, in the middle of a session', async () => {
    const ota = await door.person('Ota Dvojí', [['duty', at.lipova]])
    await at.linked(ota, 'ota')
    at.says('ota', {})
    const cookie = `hsoc_session=${tokenIn(await comes('ota'))}`
    const own = await door.signedIn(ota)
    const is = async (session: string) => (await door.get('/account', session)).statusCode
    expect([await is(cookie), await is(own.cookie)]).toEqual([200, 200])
    const engage = (org: number | null, role: string) =>
      door.db.engine.query(
        `insert into engagements (person_id, org_id, role, valid_from, valid_to)
         values ($1, $2, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0) + interval '1 hour')`,
        [ota.person, org, role, door.now],
      )
    await engage(at.dolni.id, 'admin')
    expect([await is(cookie), await is(own.cookie)]).toEqual([303, 200])
    await door.db.engine.query('delete from engagements where person_id = $1 and org_id = $2', [
      ota.person,
      at.dolni.id,
    ])
    expect(await is(cookie)).toBe(200)
    await engage(null, 'operator')
    expect([await is(cookie), await is(own.cookie)]).toEqual([303, 200])
  })

  it('vouches for both where the operator says so', async () => {
    const both = await door.person('Kunhuta Obojí', [
      ['admin', at.lipova],
      ['admin', at.dolni],
    ])
    await at.linked(both, 'both')
    at.says('both', { groups: ['it'] })
    at.configure({
      organisations: [
        { organisation: at.lipova.name, roles: {}, newPeople: false },
        { organisation: at.dolni.name, roles: { it: ['duty'] }, newPeople: false },
      ],
    })
    expect((await comes('both')).statusCode).toBe(303)
    expect(await at.rolesOf(both.person)).toContain('duty at Nemocnice Dolní (directory)')
  })

  it('of an organisation that left, or that nobody knows, or that two are called, vouches for nobody', async () => {
    const olga = await door.person('Olga Odešlá', [])
    await at.linked(olga, 'olga')
    at.says('olga', { groups: ['it'] })
    const expected = async (status: number) => expect((await comes('olga')).statusCode).toBe(status)
    await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [at.lipova.id])
    await expected(403)
    await door.db.engine.query(
      `update organisations set status = 'participant', ico = '12345678' where id = $1`,
      [at.lipova.id],
    )
    at.configure({}, { organisation: 'Nemocnice Neznámá', roles: { it: ['admin'] } })
    await expected(403)
    await door.db.engine.query(`update organisations set ico = '12345678' where id = $1`, [at.dolni.id])
    at.configure({}, { organisation: '12345678', roles: { it: ['admin'] } })
    await expected(403)
    await door.db.engine.query(`update organisations set ico = null where id = $1`, [at.dolni.id])
    await expected(303)
  })
})

it('an organisation of the file that nobody is called is said in the log, with its provider', async () => {
  const said: object[] = []
  at.configure({}, { organisation: 'Nemocnice Překlep' })
  await warnOfUnknown({
    ...door.context,
    log: { ...door.context.log, warn: (fields) => void said.push(fields) },
  })
  expect(said).toEqual([{ provider: 'lipova', organisation: 'Nemocnice Překlep' }])
})

describe('a provider marked for the sector', () => {
  it('gives the role of a coordinator to its group, and to nobody else', async () => {
    const olga = await door.person('Olga Nová', [])
    await at.linked(olga, 'olga', 'csirt')
    at.says('olga', { groups: ['it', 'night'] })
    expect((await comes('olga', at.csirt, 'csirt')).statusCode).toBe(403)
    at.says('olga', { groups: ['csirt'] })
    expect((await comes('olga', at.csirt, 'csirt')).statusCode).toBe(303)
    expect(await at.rolesOf(olga.person)).toEqual(['coordinator (directory)'])
    at.says('olga', { groups: [] })
    expect((await comes('olga', at.csirt, 'csirt')).statusCode).toBe(403)
    expect(await at.rolesOf(olga.person)).toEqual([])
  })
})
