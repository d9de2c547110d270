import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, password } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import { testSecret } from '../../../test/postgres-setup.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { unseal } from '../../platform/seal.ts'
import { disable } from './index.ts'

let door: FrontDoor
let lipova: Hospital
let jana: Actor
let petr: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25', '2001:db8:1::/48'], {
    domains: ['lipova.example'],
  })
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  petr = await door.person('Petr Dub', [['admin', lipova]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

describe('a forgotten password', () => {
  const ask = (email: string) => door.post('/forgotten-password', { email })

  async function mailedToken(): Promise<string> {
    const { rows } = await door.db.engine.query<{ detail: { sealed: string } }>(
      'select detail from deliveries order by id desc limit 1',
    )
    return unseal(testSecret, rows[0]?.detail.sealed ?? '') ?? ''
  }

  it('mails a sealed link to the account, and answers the same to everybody', async () => {
    const [known, unknown] = [await ask(jana.email), await ask('nikdo@people.example')]
    expect([known.statusCode, known.headers.location]).toEqual([303, '/forgotten-password?done=sent'])
    expect([unknown.statusCode, unknown.headers.location]).toEqual([known.statusCode, known.headers.location])
    const { rows } = await door.db.engine.query(
      'select kind, topic, person_id, address, state, readers, detail from deliveries',
    )
    expect(rows).toEqual([
      {
        kind: 'account',
        topic: expect.stringMatching(/^reset:[0-9a-f]{64}$/),
        person_id: jana.person,
        address: jana.email,
        state: 'queued',
        readers: [2, -jana.person],
        detail: {
          template: 'password-reset',
          sealed: expect.any(String),
          until: '2026-03-03T09:00:00.000Z',
        },
      },
    ])
    const token = await mailedToken()
    expect(token).toMatch(/^[\w-]{32}$/)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect((await ask('not an address')).statusCode).toBe(422)
  })

  it('sets the password once, ends every session, and forgives the failures', async () => {
    const olga = await door.person('Olga Zapomnětlivá', [['admin', lipova]])
    const before = await door.signedIn(olga)
    for (let i = 0; i < 6; i++) await door.knock(olga.email, 'guess')
    await ask(olga.email)
    const spare = await mailedToken()
    await ask(olga.email)
    const token = await mailedToken()
    expect((await door.get(`/new-password/${token}`)).statusCode).toBe(200)
    const fresh = 'úplně jiné čtyři lampy'
    const set = await door.post(`/new-password/${token}`, { password: fresh, again: fresh })
    expect([set.statusCode, set.headers.location]).toEqual([303, '/sign-in?done=password'])
    expect((await door.get('/account', before.cookie)).statusCode).toBe(303)
    for (const used of [token, spare]) {
      expect((await door.get(`/new-password/${used}`)).statusCode).toBe(410)
      const again = await door.post(`/new-password/${used}`, { password, again: password })
      expect(again.statusCode).toBe(410)
    }
    expect((await door.knock(olga.email, password)).statusCode).toBe(422)
    expect((await door.knock(olga.email, fresh)).statusCode).toBe(303)
  })

  it('lets only one of two uses at the same moment win', async () => {
    await ask(petr.email)
    const token = await mailedToken()
    const answers = await Promise.all(
      [door.app, door.other].map((node) =>
        door.post(`/new-password/${token}`, { password, again: password }, {}, node),
      ),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([303, 410])
  })

  it.each([
    ['krátké', 'krátké', 'at least 12'],
    ['Nemocnice2026', 'Nemocnice2026', 'attackers try first'],
    ['jana-nova-kova@people.example', 'jana-nova-kova@people.example', 'your address'],
    ['čtyři tiché zelené lampy', 'čtyři tiché zelené lampi', 'differ'],
  ])('refuses %s and keeps the link good', async (first, again, sentence) => {
    await ask(jana.email)
    const token = await mailedToken()
    const refused = await door.post(`/new-password/${token}`, { password: first, again })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain(sentence)
    expect(refused.body).not.toContain(`value="${first}"`)
    expect((await door.get(`/new-password/${token}`)).statusCode).toBe(200)
  })

  it('works for an hour, and never for an invented or disabled one', async () => {
    const gone = await door.person('Igor Minulý', [['admin', lipova]])
    await ask(gone.email)
    const token = await mailedToken()
    door.now += 60 * minute
    expect((await door.get(`/new-password/${token}`)).statusCode).toBe(410)
    door.now -= minute
    expect((await door.get(`/new-password/${token}`)).statusCode).toBe(200)
    await asEngine(door.db, (tx) => disable(tx, gone.person, null, door.now))
    expect((await door.post(`/new-password/${token}`, { password, again: password })).statusCode).toBe(410)
    expect((await door.get('/new-password/%00%ff')).statusCode).toBeGreaterThanOrEqual(400)
    expect((await door.get(`/new-password/${'x'.repeat(400)}`)).statusCode).toBe(410)
    await ask(gone.email)
    const { rows } = await door.db.engine.query('select 1 from deliveries')
    expect(rows).toHaveLength(1)
  })

  it('cannot be used to fill a mailbox', async () => {
    for (let i = 0; i < 12; i++) {
      door.now += minute
      await ask(jana.email)
    }
    const { rows } = await door.db.engine.query('select 1 from deliveries')
    expect(rows).toHaveLength(3)
  })
})
