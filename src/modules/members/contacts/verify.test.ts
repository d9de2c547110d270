import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookDoor, contactFields, forgetBooks } from '../../../../test/contact-book.ts'
import { type FrontDoor, minute, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import { unseal } from '../../../platform/seal.ts'
import { proofOf } from './gaps.ts'

let door: FrontDoor
let at: ReturnType<typeof bookDoor>
let lipova: Hospital
let renata: Actor
let jana: Actor
let hana: Actor
let karel: Actor

const hour = 60 * minute
const address = 'dispecink@nemocnice-lipova.example'

beforeAll(async () => {
  door = await openFrontDoor()
  at = bookDoor(door)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  const habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
  renata = await door.person('Renata Zástupná', [['representative', lipova]])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  hana = await door.person('Hana Cizí', [['representative', habrova]])
  karel = await door.person('Karel Koordinátor', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(async () => {
  await door.forget()
  await forgetBooks(door.db)
})

const path = (point: number, rest = '') => `/members/${lipova.id}/contacts/${point}${rest}`
const proofs = async (point: number): Promise<[string | null, string | null]> => {
  const { rows } = await door.db.engine.query<{ how: string | null; by: string | null }>(
    `select p.verified_how as how, q.name as by from contact_points p left join people q on q.id = p.verified_by where p.id = $1`,
    [point],
  )
  return [rows[0]?.how ?? null, rows[0]?.by ?? null]
}
/** Mails that wait for addresses of the book: to whom, and the token inside. */
const mails = async (): Promise<{ to: string; template: string; token: string | null }[]> => {
  const { rows } = await door.db.engine.query<{ address: string; detail: Record<string, string> }>(
    `select address, detail from deliveries where detail->>'template' like 'contact-%' order by id`,
  )
  return rows.map(({ address: to, detail }) => ({
    to,
    template: String(detail.template),
    token: detail.sealed ? unseal(door.context.settings.secret, detail.sealed) : null,
  }))
}
const tokenFor = async (point: number): Promise<string> => {
  expect((await at.post(renata, path(point, '/verification'))).statusCode).toBe(303)
  return (await mails()).at(-1)?.token ?? ''
}
const confirm = (token: string) => door.post(`/contact-proof/${token}`, {})

describe('an address is proved by its link', () => {
  it('by whoever reads the mailbox, without an account; looking alone proves nothing', async () => {
    const point = await at.add(renata, lipova, contactFields(address))
    const token = await tokenFor(point)
    expect((await mails()).map(({ to }) => to)).toEqual([address])
    const looked = await door.get(`/contact-proof/${token}`)
    expect(looked.body).toContain('Nemocnice Lipová gave the address dispecink@nemocnice-lipova.example')
    await door.app.inject({ method: 'HEAD', url: `/contact-proof/${token}` })
    expect(await proofs(point)).toEqual([null, null])
    expect((await confirm(token)).statusCode).toBe(200)
    expect(await proofs(point)).toEqual(['mail', null])
    expect((await confirm(token)).statusCode).toBe(410)
  })

  it('not by one that was replaced, ran out, was made up, or whose contact changed meanwhile', async () => {
    const point = await at.add(renata, lipova, contactFields(address))
    const first = await tokenFor(point)
    const second = await tokenFor(point)
    expect((await confirm(first)).statusCode).toBe(410)
    door.now += 24 * hour
    expect((await confirm(second)).statusCode).toBe(410)
    for (const made of ['x', 'x'.repeat(400), '%00', '..%2f'])
      expect([404, 410]).toContain((await confirm(made)).statusCode)
    const third = await tokenFor(point)
    await at.post(renata, path(point), contactFields('jiny@nemocnice-lipova.example'))
    expect((await confirm(third)).statusCode).toBe(410)
    expect(await proofs(point)).toEqual([null, null])
  })

  it('is written to five times a day at most, and only as an address', async () => {
    const point = await at.add(renata, lipova, contactFields(address))
    for (let i = 0; i < 5; i++) await tokenFor(point)
    expect((await at.post(renata, path(point, '/verification'))).statusCode).toBe(409)
    door.now += 24 * hour
    await tokenFor(point)
    const phone = await at.add(renata, lipova, contactFields('555 010 000'))
    expect((await at.post(renata, path(phone, '/verification'))).statusCode).toBe(409)
  })

  it('keeps no token that opens anything in the tables', async () => {
    const point = await at.add(renata, lipova, contactFields(address))
    const token = await tokenFor(point)
    const { rows } = await door.db.engine.query<{ all: string }>(
      `select coalesce((select string_agg(c::text, '') from contact_checks c), '') || (select string_agg(d::text, '') from deliveries d)
         || (select string_agg(a::text, '') from audit a) as all`,
    )
    expect(rows[0]?.all).not.toContain(token)
    expect(rows[0]?.all.length).toBeGreaterThan(100)
  })

  it('a name put right keeps the proof, another person behind the same address does not', async () => {
    const point = await at.add(renata, lipova, contactFields(address, { security: 'own' }))
    await confirm(await tokenFor(point))
    const fields = (more: Record<string, string>) => contactFields(address, { security: 'own' }, more)
    await at.post(renata, path(point), fields({ name: 'Dispečink provozu' }))
    expect(await proofs(point)).toEqual(['mail', null])
    await at.post(renata, path(point), fields({ person: String(jana.person) }))
    expect(await proofs(point)).toEqual([null, null])
  })

  it('a changed one is unverified again, and the mailbox before it is told', async () => {
    const point = await at.add(renata, lipova, contactFields(address, { security: 'own' }))
    await confirm(await tokenFor(point))
    await door.db.engine.query('delete from deliveries')
    const fields = (value: string) => contactFields(value, { security: 'own' })
    await at.post(renata, path(point), { ...fields(address), hours: 'po–pá' })
    expect(await proofs(point)).toEqual(['mail', null])
    await at.post(renata, path(point), fields('jiny@nemocnice-lipova.example'))
    expect(await proofs(point)).toEqual([null, null])
    expect((await mails()).map(({ to, template }) => [to, template])).toEqual([[address, 'contact-changed']])
  })
})

describe('a number is proved by a call of a coordinator', () => {
  const call = async (point: number): Promise<string> => {
    const { statusCode, body } = await at.post(karel, path(point, '/call'))
    expect(statusCode).toBe(200)
    return /contact-code">(\d{3} \d{3})</.exec(body)?.[1] ?? ''
  }
  const type = (who: Actor, point: number, code: string) => at.post(who, path(point, '/code'), { code })
  const wrong = (code: string) => (code === '000 000' ? '000 001' : '000 000')

  it('whose code anybody of the organisation types; who called and who typed stands in the trail', async () => {
    const point = await at.add(renata, lipova, contactFields('555 010 000'))
    const code = await call(point)
    expect((await at.get(jana, `/members/${lipova.id}/contacts`)).body).toContain(
      'A coordinator is calling you',
    )
    expect((await type(jana, point, code)).statusCode).toBe(303)
    expect(await proofs(point)).toEqual(['call', 'Jana Nováková'])
    expect((await type(jana, point, code)).statusCode).toBe(409)
    const { rows } = await door.db.engine.query(
      `select actor, verb from audit where object = $1 and verb in ('members.call-contact', 'members.verify-contact') order by id`,
      [`contact ${point}`],
    )
    expect(rows).toEqual([
      { actor: karel.email, verb: 'members.call-contact' },
      { actor: jana.email, verb: 'members.verify-contact' },
    ])
  })

  it('not after ten minutes, nor after five wrong codes', async () => {
    const point = await at.add(renata, lipova, contactFields('555 010 000'))
    const late = await call(point)
    door.now += 10 * minute
    expect((await type(jana, point, late)).statusCode).toBe(409)
    const code = await call(point)
    for (let i = 0; i < 4; i++) expect((await type(jana, point, wrong(code))).body).toContain('not the code')
    expect((await type(jana, point, 'x'.repeat(5_000))).statusCode).toBe(422)
    expect((await type(jana, point, wrong(code))).body).toContain('Wrong five times')
    expect((await type(jana, point, code)).statusCode).toBe(409)
    expect(await proofs(point)).toEqual([null, null])
  })

  it('not by the coordinator alone, nor by another organisation, nor without a call', async () => {
    const point = await at.add(renata, lipova, contactFields('555 010 000'))
    expect((await type(jana, point, '000000')).statusCode).toBe(409)
    const code = await call(point)
    expect((await type(karel, point, code)).statusCode).toBe(403)
    expect((await type(hana, point, code)).statusCode).toBe(404)
    // Who is both calls, and somebody else has to pick up.
    const both = await door.person('Dana Obojí', [
      ['coordinator', null],
      ['duty', lipova],
    ])
    const own = await at.post(both, path(point, '/call'))
    const read = /contact-code">(\d{3} \d{3})</.exec(own.body)?.[1] ?? ''
    expect((await type(both, point, read)).statusCode).toBe(403)
    expect((await at.post(renata, path(point, '/call'))).statusCode).toBe(403)
    const mail = await at.add(renata, lipova, contactFields(address))
    expect((await at.post(karel, path(mail, '/call'))).statusCode).toBe(409)
    // What is for the organisation alone, coordinators do not find to call.
    const hidden = await at.add(renata, lipova, contactFields('555 010 005', { security: 'own' }))
    expect((await at.post(karel, path(hidden, '/call'))).statusCode).toBe(404)
    expect(await proofs(point)).toEqual([null, null])
  })
})

it('a proof lasts twelve calendar months', () => {
  const proved = Date.UTC(2026, 2, 3, 8)
  expect(proofOf(null, proved)).toBe('unverified')
  expect(proofOf(proved, Date.UTC(2027, 2, 3, 7, 59))).toBe('verified')
  expect(proofOf(proved, Date.UTC(2027, 2, 3, 8))).toBe('old')
})
