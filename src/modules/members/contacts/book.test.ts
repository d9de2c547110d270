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
