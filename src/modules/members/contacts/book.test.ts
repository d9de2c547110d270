import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookDoor, contactFields, forgetBooks, prove } from '../../../../test/contact-book.ts'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'

let door: FrontDoor
let at: ReturnType<typeof bookDoor>
let lipova: Hospital
let habrova: Hospital
let renata: Actor
let bedrich: Actor
let jana: Actor
let hana: Actor
let karel: Actor
let olga: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  at = bookDoor(door)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'], {
    domains: ['nemocnice-lipova.example'],
  })
  habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
  renata = await door.person('Renata Zástupná', [['representative', lipova]])
  bedrich = await door.person('Bedřich Bezpečný', [['security_manager', lipova]])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  hana = await door.person('Hana Cizí', [['representative', habrova]])
  karel = await door.person('Karel Koordinátor', [['coordinator', null]])
  olga = await door.person('Olga Provozní', [['operator', null]])
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

describe('keeping the book', () => {
  it('a representative adds a contact, and its people and coordinators see how to call it', async () => {
    await at.add(
      renata,
      lipova,
      contactFields('555 010 000', { security: 'coordinators', out_of_hours: 'members' }),
    )
    expect(await stands()).toEqual([
      'out_of_hours +420555010000 members',
      'security +420555010000 coordinators',
    ])
    for (const who of [renata, jana, karel]) {
      const { body } = await book(who)
      expect(body).toContain('href="tel:+420555010000"')
      expect(body).toContain('+420 555 010 000')
    }
  })

  it('the security manager and a coordinator keep it too; a plain employee only reads', async () => {
    const point = await at.add(bedrich, lipova, contactFields('555 010 000'))
    await at.add(karel, lipova, contactFields('555 010 001'))
    expect((await book(jana)).body).not.toContain('Add a contact')
    for (const [url, fields] of [
      [`/members/${lipova.id}/contacts`, contactFields('555 010 002')],
      [pointOf(point), contactFields('555 010 003')],
      [pointOf(point, '/removal'), { sure: '1' }],
      [pointOf(point, '/order'), { purpose: 'security', way: 'down' }],
      [pointOf(point, '/verification'), {}],
      [`/members/${lipova.id}/contacts/attestation`, { seen: '0'.repeat(64) }],
    ] as const)
      expect([url, (await at.post(jana, url, fields)).statusCode]).toEqual([url, 403])
    expect(await stands()).toEqual([
      'security +420555010000 coordinators',
      'security +420555010001 coordinators',
    ])
  })

  it('who acts for another organisation, an operator and a visitor find nothing', async () => {
    const point = await at.add(renata, lipova, contactFields('555 010 000'))
    for (const url of [
      `/members/${lipova.id}/contacts`,
      `/members/${lipova.id}/contacts/print`,
      pointOf(point),
    ]) {
      expect((await at.get(hana, url)).statusCode).toBe(404)
      expect((await at.get(olga, url)).statusCode).toBe(404)
      expect((await door.get(url)).headers.location).toContain('/sign-in')
    }
    expect((await at.post(hana, pointOf(point, '/removal'), { sure: '1' })).statusCode).toBe(404)
    // Its number under the own organisation's address is nobody's either.
    expect(
      (await at.post(hana, `/members/${habrova.id}/contacts/${point}/removal`, { sure: '1' })).statusCode,
    ).toBe(404)
    expect((await at.get(olga, '/contacts/sector')).statusCode).toBe(403)
    expect(await stands()).toHaveLength(1)
  })

  it.each([
    ['no purpose', contactFields('555 010 000', {}), 'Choose at least one purpose'],
    ['no number', contactFields('zavolejte mi'), 'There is no such number'],
    ['no address', contactFields('kdosi@', {}, { shown_security: 'own' }), 'Write an e-mail address'],
    ['nobody', contactFields('555 010 000', undefined, { name: ' ' }), 'Write who it is'],
    [
      'somebody of elsewhere',
      contactFields('555 010 000', undefined, { person: '999999' }),
      'does not act for',
    ],
    ['a huge text', contactFields('5'.repeat(20_000)), 'came incomplete'],
    ['an unknown channel', { ...contactFields('555 010 000'), channel: 'pigeon' }, 'came incomplete'],
    ['markup', contactFields('"><script>1</script>@x'), '&quot;>&lt;script>'],
  ])('a form with %s is refused with its reason and what was typed', async (_, fields, reason) => {
    const answer = await at.post(renata, `/members/${lipova.id}/contacts`, fields)
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain(reason)
    expect(answer.body).not.toContain('<script>1')
    expect(await stands()).toEqual([])
  })

  it('the same contact twice, an empty body and one that is no form are refused', async () => {
    await at.add(renata, lipova, contactFields('555 010 000'))
    const twice = await at.post(renata, `/members/${lipova.id}/contacts`, contactFields('+420555010000'))
    expect([twice.statusCode, twice.body.includes('in the book already')]).toEqual([422, true])
    expect((await at.post(renata, `/members/${lipova.id}/contacts`)).statusCode).toBe(422)
  })

  it('contacts are tried in the order that was set', async () => {
    await at.add(renata, lipova, contactFields('555 010 001'))
    const second = await at.add(renata, lipova, contactFields('555 010 002'))
    const up = { purpose: 'security', way: 'up' }
    expect((await at.post(renata, pointOf(second, '/order'), up)).statusCode).toBe(303)
    expect(await stands()).toEqual([
      'security +420555010002 coordinators',
      'security +420555010001 coordinators',
    ])
    expect((await at.post(renata, pointOf(second, '/order'), up)).statusCode).toBe(409)
    expect(
      (await at.post(renata, pointOf(second, '/order'), { purpose: 'technical', way: 'up' })).statusCode,
    ).toBe(404)
  })

  it('an address that only looks like another one is marked', async () => {
    // The first letter is Cyrillic.
    const odd = await at.add(renata, lipova, contactFields('аdmin@nemocnice-lipova.example'))
    expect((await at.get(renata, pointOf(odd))).body).toContain('only look like another one')
    for (const url of [
      `/members/${lipova.id}/contacts`,
      `/members/${lipova.id}/contacts/print`,
      '/contacts/sector',
    ])
      expect((await at.get(karel, url)).body).toContain('careful, unusual letters')
    const near = await at.add(renata, lipova, contactFields('admin@nemocnice-lipava.example'))
    expect((await at.get(renata, pointOf(near))).body).toContain('by a letter or two')
  })
})

describe('the last verified contact', () => {
  const night = { out_of_hours: 'coordinators' }

  it('for the night is removed only after it was confirmed', async () => {
    const point = await at.add(renata, lipova, contactFields('555 010 000', night))
    await prove(door.db, point)
    const asked = await at.post(renata, pointOf(point, '/removal'))
    expect([asked.statusCode, asked.body.includes('the last verified contact for: Out of hours')]).toEqual([
      409,
      true,
    ])
    expect(asked.body).toContain('name="sure" value="1"')
    expect(await stands()).toHaveLength(1)
    expect((await at.post(renata, pointOf(point, '/removal'), { sure: '1' })).statusCode).toBe(303)
    expect(await stands()).toEqual([])
  })

  it('is asked for too when its value or its purpose goes, and not when another one stays', async () => {
    const point = await at.add(renata, lipova, contactFields('555 010 000', night))
    await prove(door.db, point)
    expect((await at.post(renata, pointOf(point), contactFields('555 010 009', night))).statusCode).toBe(409)
    const moved = await at.post(renata, pointOf(point), contactFields('555 010 000', { security: 'own' }))
    expect([moved.statusCode, moved.body.includes('Save all the same')]).toEqual([409, true])
    await prove(door.db, await at.add(renata, lipova, contactFields('555 010 001', night)))
    expect((await at.post(renata, pointOf(point, '/removal'))).statusCode).toBe(303)
  })
})

it('the paper carries the day of printing and the age of the book and of each entry', async () => {
  const point = await at.add(renata, lipova, contactFields('555 010 000'))
  await prove(door.db, point, door.now - 40 * 86_400_000)
  const { body } = await at.get(jana, `/members/${lipova.id}/contacts/print`)
  expect(body).toContain('3 March 2026')
  expect(body).toContain('22 January 2026')
  expect(body).toContain('never attested its whole book')
})

it('leads each to their own book', async () => {
  expect((await at.get(jana, '/contacts')).headers.location).toBe(`/members/${lipova.id}/contacts`)
  expect((await at.get(karel, '/contacts')).headers.location).toBe('/contacts/sector')
})
