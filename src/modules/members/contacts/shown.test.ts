import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookDoor, contactFields, forgetBooks } from '../../../../test/contact-book.ts'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'

let door: FrontDoor
let at: ReturnType<typeof bookDoor>
let lipova: Hospital
let habrova: Hospital
let renata: Actor
let jana: Actor
let hana: Actor
let karel: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  at = bookDoor(door)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
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

const book = (who: Actor, of = lipova) => at.get(who, `/members/${of.id}/contacts`)
const pointOf = (point: number, rest = '') => `/members/${lipova.id}/contacts/${point}${rest}`
const stands = async (): Promise<string[]> =>
  (
    await door.db.engine.query<{ line: string }>(
      `select e.purpose || ' ' || p.value || ' ' || e.visibility as line from contact_entries e join contact_points p on p.id = e.point_id
       where e.ended_at is null order by e.purpose, e.place`,
    )
  ).rows.map(({ line }) => line)

describe('what others see is the owner’s choice', () => {
  const seenBy = async (who: Actor, query = ''): Promise<string[]> =>
    [...(await at.get(who, `/contacts/sector${query}`)).body.matchAll(/tel:\+420555(\d+)"/g)].map(
      (m) => m[1] ?? '',
    )

  beforeEach(async () => {
    await at.add(renata, lipova, contactFields('555 010 001', { security: 'own' }))
    await at.add(renata, lipova, contactFields('555 010 002', { security: 'coordinators' }))
    await at.add(renata, lipova, contactFields('555 010 003', { security: 'members' }))
  })

  it('entry by entry: own people all, coordinators two, members one, nobody else any', async () => {
    expect(await seenBy(jana)).toEqual(['010001', '010002', '010003'])
    expect(await seenBy(karel)).toEqual(['010002', '010003'])
    expect(await seenBy(hana)).toEqual(['010003'])
    expect((await at.get(hana, '/contacts/sector')).body).toContain('Nemocnice Lipová')
    expect((await door.get('/contacts/sector')).headers.location).toContain('/sign-in')
  })

  it('search finds nothing that is not shown, by part of a number, a name or an organisation', async () => {
    expect(await seenBy(hana, '?q=010+002')).toEqual([])
    expect(await seenBy(hana, '?q=555+010+003')).toEqual(['010003'])
    expect(await seenBy(hana, '?q=lipova&purpose=security')).toEqual(['010003'])
    expect(await seenBy(hana, '?q=ustredna')).toEqual(['010003'])
    expect(await seenBy(hana, '?purpose=technical')).toEqual([])
    expect(await seenBy(karel, '?q=%25_%5C')).toEqual([])
    expect((await at.get(hana, `/contacts/sector?q=${'x'.repeat(5_000)}&purpose=bogus`)).statusCode).toBe(200)
  })

  it('a program with a key reads none of it', async () => {
    for (const url of ['/contacts/sector', `/members/${lipova.id}/contacts`, '/contacts/download']) {
      const answer = await door.app.inject({ url, headers: { authorization: 'Bearer hsk_of_nobody' } })
      expect(answer.statusCode).toBe(403)
    }
    expect(door.app.routed.filter(({ url, access }) => url.includes('contact') && access.key)).toEqual([])
  })

  it('a person is shown to members only after they agreed, and no longer once they take it back', async () => {
    const fields = contactFields('555 010 009', { technical: 'members' }, { person: String(jana.person) })
    const point = await at.add(renata, lipova, fields)
    expect(await seenBy(hana, '?purpose=technical')).toEqual([])
    expect((await book(jana)).body).toContain('Do you agree?')
    expect((await at.post(renata, pointOf(point, '/agreement'))).statusCode).toBe(403)
    expect((await at.post(jana, pointOf(point, '/agreement'))).statusCode).toBe(303)
    expect(await seenBy(hana, '?purpose=technical')).toEqual(['010009'])
    expect((await at.post(jana, pointOf(point, '/agreement/withdrawal'))).statusCode).toBe(303)
    expect(await seenBy(hana, '?purpose=technical')).toEqual([])
  })

  it('a coordinator who changes a contact leaves alone what is not theirs to see', async () => {
    const point = await at.add(
      renata,
      lipova,
      contactFields('555 010 004', { technical: 'coordinators', management: 'own' }),
    )
    const answer = await at.post(
      karel,
      pointOf(point),
      contactFields('555 010 004', { technical: 'members' }),
    )
    expect([answer.statusCode, answer.body]).toEqual([303, ''])
    expect((await stands()).filter((line) => line.includes('010004'))).toEqual([
      'management +420555010004 own',
      'technical +420555010004 members',
    ])
    expect((await at.post(karel, pointOf(point, '/removal'))).statusCode).toBe(303)
    expect((await stands()).filter((line) => line.includes('010004'))).toEqual([
      'management +420555010004 own',
    ])
    expect((await at.get(karel, pointOf(point))).statusCode).toBe(404)
    expect((await at.get(jana, pointOf(point))).statusCode).toBe(200)
  })

  it('a page holds a hundred organisations and says so; the search finds the rest', async () => {
    await door.db.engine.query(
      `with o as (insert into organisations (name, kind, created_at, changed_at)
           select 'Ordinace ' || lpad(n::text, 3, '0'), 'hospital', now(), now() from generate_series(1, 120) n returning id),
         p as (insert into contact_points (org_id, name, channel, value, readers, added_at, changed_at)
           select id, 'Recepce', 'phone', '+420555020' || lpad((id % 1000)::text, 3, '0'), '{2}', now(), now() from o returning id, org_id)
       insert into contact_entries (point_id, org_id, purpose, place, visibility, readers) select id, org_id, 'technical', 1, 'coordinators', '{2}' from p`,
    )
    const { body } = await at.get(karel, '/contacts/sector?purpose=technical')
    expect([body.match(/<h2>Ordinace/g)?.length, body.includes('At most 100 organisations')]).toEqual([
      100,
      true,
    ])
    const found = (await at.get(karel, '/contacts/sector?q=ordinace+117')).body
    expect([found.match(/<h2>Ordinace/g)?.length, found.includes('At most 100')]).toEqual([1, false])
    await door.db.engine.query(`update contact_entries set ended_at = now() where purpose = 'technical'`)
  })

  it('the book of an organisation that left is shown to nobody', async () => {
    await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [lipova.id])
    expect(await seenBy(hana)).toEqual([])
    expect(await seenBy(karel)).toEqual([])
    await door.db.engine.query(`update organisations set status = 'participant' where id = $1`, [lipova.id])
  })
})
