import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, tokenIn } from '../../../../test/front-door.ts'
import { type IdentityProvider, signInWith } from '../../../../test/identity-provider.ts'
import { hashToken } from '../../../platform/sessions.ts'

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

const comes = (subject: string, there = idp, id = 'lipova') => signInWith(door, there, id, subject)
const personOf = async (
  email: string,
): Promise<{ id: number; name: string; readers: number[] } | undefined> =>
  (
    await door.db.engine.query<{ id: number; name: string; readers: number[] }>(
      'select id, name, readers from people where email = $1',
      [email],
    )
  ).rows[0]

describe('somebody new', () => {
  const novak = {
    email: 'novak@lipova.example',
    email_verified: true,
    name: ' Jan\u0000 Novák ',
    groups: ['it'],
  }
  const open = () => at.configure({}, { roles: { it: ['admin'] }, newPeople: true })

  it('is taken in where the operator allows it, with the roles of the groups', async () => {
    open()
    at.says('novak', novak)
    const answer = await comes('novak')
    expect(answer.statusCode).toBe(303)
    const person = await personOf(novak.email)
    expect(person).toMatchObject({
      name: 'Jan Novák',
      readers: [2, -Number(person?.id), 1000 + 4 * at.lipova.id],
    })
    expect(await at.rolesOf(Number(person?.id))).toEqual(['admin at Nemocnice Lipová (directory)'])
    expect((await at.trail()).map(({ verb }) => verb)).toEqual([
      'members.add-person',
      'members.change-roles',
      'members.sign-in',
    ])
    // And is the same person the next time, also under another address.
    at.says('novak', { ...novak, email: 'jan.novak@lipova.example' })
    const again = await comes('novak')
    expect((await door.get('/api/v1/session', `hsoc_session=${tokenIn(again)}`)).json().person.id).toBe(
      person?.id,
    )
  })

  it.each([
    ['where the operator does not allow it', { ...novak, email: 'n1@lipova.example' }, false],
    [
      'with an e-mail that the provider does not vouch for',
      { ...novak, email: 'n2@lipova.example', email_verified: false },
      true,
    ],
    ['with a word in place of that', { ...novak, email: 'n3@lipova.example', email_verified: 'yes' }, true],
    ['with an e-mail of another organisation', { ...novak, email: 'n4@dolni.example' }, true],
    ['with an e-mail that only looks alike', { ...novak, email: 'n5@lipova.example.evil.example' }, true],
    ['with an e-mail below the domain', { ...novak, email: 'n6@sub.lipova.example' }, true],
    ['with letters that look alike', { ...novak, email: 'n7@lіpova.example' }, true],
    ['in no group that brings a role', { ...novak, email: 'n8@lipova.example', groups: ['canteen'] }, true],
    ['without an e-mail', { ...novak, email: undefined }, true],
  ])('%s is asked for an invitation', async (_, user, newPeople) => {
    at.configure({}, { roles: { it: ['admin'] }, newPeople })
    const before = (await door.db.engine.query('select 1 from people')).rowCount
    at.says('somebody', user)
    const answer = await comes('somebody')
    expect([answer.statusCode, tokenIn(answer)]).toEqual([403, ''])
    expect(answer.body).toContain('representative for an invitation')
    expect((await door.db.engine.query('select 1 from people')).rowCount).toBe(before)
  })

  it('whose domain the organisation no longer holds is not taken in', async () => {
    open()
    await door.db.engine.query(`update domains set valid_to = '2026-01-01' where org_id = $1`, [at.lipova.id])
    at.says('late', { ...novak, email: 'late@lipova.example' })
    const { statusCode } = await comes('late')
    await door.db.engine.query(`update domains set valid_to = 'infinity' where org_id = $1`, [at.lipova.id])
    expect(statusCode).toBe(403)
  })

  it('who comes twice at the same moment is one person', async () => {
    open()
    at.says('twin', { ...novak, email: 'twin@lipova.example' })
    const answers = await Promise.all([comes('twin'), comes('twin')])
    expect(answers.map(({ statusCode }) => statusCode)).toContain(303)
    const { rowCount } = await door.db.engine.query(
      `select 1 from people where email = 'twin@lipova.example'`,
    )
    expect(rowCount).toBe(1)
  })

  it('has no password, so an invitation to them is taken by signing in, not by choosing one', async () => {
    open()
    at.says('guest', { ...novak, email: 'guest@lipova.example' })
    await comes('guest')
    const guest = Number((await personOf('guest@lipova.example'))?.id)
    await door.db.engine.query(
      `insert into invitations (org_id, person_id, name, role, token_hash, invited_by, created_at, expires_at)
       values ($1, $2, 'Host', 'duty', $3, $4, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0) + interval '7 days')`,
      [at.dolni.id, guest, hashToken('the-invitation'), at.vera.person, door.now],
    )
    const chosen = { password: 'four quiet green lamps', again: 'four quiet green lamps' }
    expect((await door.post('/invitation/the-invitation', chosen)).statusCode).toBe(422)
    const { rows } = await door.db.engine.query('select password_hash from people where id = $1', [guest])
    expect(rows).toEqual([{ password_hash: null }])
  })
})
