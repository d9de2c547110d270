import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookDoor, contactFields, forgetBooks, prove } from '../../../../test/contact-book.ts'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../../test/harness.ts'
import { type Actor, asReader } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { contactBookStanding, remindAttestations } from '../index.ts'
import { delegate, removePerson } from '../managing.ts'
import { endEngagement } from '../people.ts'

let door: FrontDoor
let at: ReturnType<typeof bookDoor>
let lipova: Hospital
let habrova: Hospital
let renata: Actor
let jana: Actor
let dana: Actor
let marek: Actor
let hana: Actor
let karel: Actor

const day = 86_400_000

beforeAll(async () => {
  door = await openFrontDoor()
  at = bookDoor(door)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
  renata = await door.person('Renata Zástupná', [['representative', lipova]])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  marek = await door.person('Marek Ředitel', [['manager', lipova]])
  dana = await door.person('Dana Dvojí', [
    ['duty', lipova],
    ['admin', habrova],
  ])
  hana = await door.person('Hana Cizí', [['representative', habrova]])
  karel = await door.person('Karel Koordinátor', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(async () => {
  await door.forget()
  await forgetBooks(door.db)
  await door.db.engine.query(
    `update contact_attestations set at = '2020-01-01'; update contact_reminders set due_on = due_on - 10000`,
  )
})

const bookOf = async (who: Actor) => (await at.get(who, `/members/${lipova.id}/contacts`)).body
const seenIn = (body: string): string => /name="seen" value="([0-9a-f]{64})"/.exec(body)?.[1] ?? ''
const attest = async (who: Actor, seen: string) =>
  (await at.post(who, `/members/${lipova.id}/contacts/attestation`, { seen })).statusCode
const standing = (who: Actor) => asReader(door.db, who, door.now, (tx) => contactBookStanding(tx, lipova.id))

describe('the whole book is attested', () => {
  it('with one click by the representative, and its age is seen', async () => {
    await at.add(renata, lipova, contactFields('555 010 000'))
    expect(await attest(renata, seenIn(await bookOf(renata)))).toBe(303)
    expect((await standing(karel)).attestedAt).toBe(door.now)
    expect(await bookOf(jana)).toContain('Again by 3 Sept 2026')
  })

  it('only as it was looked at', async () => {
    await at.add(renata, lipova, contactFields('555 010 000'))
    const seen = seenIn(await bookOf(renata))
    await at.add(renata, lipova, contactFields('555 010 001'))
    expect(await attest(renata, seen)).toBe(409)
    expect(await attest(renata, 'made up')).toBe(422)
    expect(await attest(renata, seenIn(await bookOf(renata)))).toBe(303)
  })

  it('by a delegate too; not by who only reads, another organisation or a coordinator', async () => {
    await at.add(renata, lipova, contactFields('555 010 000'))
    const seen = seenIn(await bookOf(renata))
    expect([await attest(jana, seen), await attest(karel, seen), await attest(hana, seen)]).toEqual([
      403, 403, 404,
    ])
    expect(seenIn(await bookOf(jana))).toBe('')
    const whom = { org: lipova.id, person: jana.person }
    await asEngine(door.db, (tx) => delegate(tx, { ...whom, on: true }, karel, door.now))
    expect(await attest(jana, seen)).toBe(303)
    await asEngine(door.db, (tx) => delegate(tx, { ...whom, on: false }, karel, door.now))
  })

  it('stands the same for the organisation and for coordinators, whatever is hidden from them', async () => {
    const phone = await at.add(
      renata,
      lipova,
      contactFields('555 010 000', { security: 'coordinators', out_of_hours: 'members' }),
    )
    await prove(door.db, phone)
    await prove(door.db, await at.add(renata, lipova, contactFields('555 010 001', { management: 'own' })))
    const expected = {
      verified: 1,
      gaps: ['nobody.technical', 'nobody.management', 'nobody.data_protection', 'onePerson'],
    }
    for (const who of [jana, karel]) {
      const { verified, gaps } = await standing(who)
      expect({ verified, gaps: gaps.filter((gap) => !gap.startsWith('attestation')) }).toEqual(expected)
    }
    expect((await standing(hana)).verified).toBe(1)
  })
})

it('coordinators see all books that stand badly, the empty ones too, nobody for the night first', async () => {
  await prove(
    door.db,
    await at.add(renata, lipova, contactFields('555 010 000', { out_of_hours: 'coordinators' })),
  )
  const { body } = await at.get(karel, '/contacts/standing')
  expect(body).toContain(
    '1 organisation has no verified contact out of hours. 2 books are without a valid attestation.',
  )
  const [rows = ''] = /<tbody>.*<\/tbody>/.exec(body) ?? []
  expect(rows.indexOf('Nemocnice Habrová')).toBeLessThan(rows.indexOf('Nemocnice Lipová'))
  expect(rows).toContain('Nobody is in the book yet')
  expect((await at.get(renata, '/contacts/standing')).statusCode).toBe(403)
})

describe('reminders', () => {
  const told = async (): Promise<string[]> => {
    const { rows } = await door.db.engine.query<{ line: string }>(
      `select (detail->>'step') || ' ' || address as line from deliveries where detail->>'template' = 'contact-attestation' order by 1`,
    )
    await door.db.engine.query('delete from deliveries')
    return rows.map(({ line }) => line)
  }
  const run = async (now: number): Promise<string[]> => {
    await remindAttestations(door.db, 'Europe/Prague', now)
    return told()
  }
  const due = Date.UTC(2026, 8, 3, 8)

  beforeEach(async () => {
    await at.add(renata, lipova, contactFields('555 010 000'))
    await attest(renata, seenIn(await bookOf(renata)))
    await told()
  })

  it('go out two weeks before, on the day and two weeks after, each once; then coordinators hear', async () => {
    expect(await run(due - 15 * day)).toEqual([])
    expect(await run(due - 14 * day)).toEqual([`before ${renata.email}`])
    expect(await run(due - 13 * day)).toEqual([])
    expect(await run(due)).toEqual([`due ${renata.email}`])
    expect(await run(due + 14 * day)).toEqual([`after ${marek.email}`, `after ${renata.email}`])
    expect(await run(due + 30 * day)).toEqual([
      `stale ${karel.email}`,
      `stale ${marek.email}`,
      `stale ${renata.email}`,
    ])
    expect(await run(due + 90 * day)).toEqual([])
  })

  it('after a long rest are the latest one alone, and none once it was attested again', async () => {
    expect(await run(due + 20 * day)).toEqual([`after ${marek.email}`, `after ${renata.email}`])
    door.now = due + 21 * day
    await attest(renata, seenIn(await bookOf(renata)))
    expect(await run(due + 40 * day)).toEqual([])
  })

  it('for a book that nobody ever attested begin two weeks after it was begun', async () => {
    await at.add(hana, habrova, contactFields('555 010 009'))
    expect(await run(tuesday + 13 * day)).toEqual([])
    expect(await run(tuesday + 14 * day)).toEqual([`due ${hana.email}`])
  })

  it('go to coordinators where nobody keeps the book, and to nobody for one that left', async () => {
    await door.db.engine.query(`update people set disabled_at = now() where id = any ($1)`, [
      [renata.person, marek.person],
    ])
    expect(await run(due)).toEqual([`due ${karel.email}`])
    await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [lipova.id])
    expect(await run(due + 14 * day)).toEqual([])
    await door.db.engine.query(`update organisations set status = 'participant' where id = $1`, [lipova.id])
    await door.db.engine.query(`update people set disabled_at = null where id = any ($1)`, [
      [renata.person, marek.person],
    ])
  })
})

describe('who leaves', () => {
  const stand = async (): Promise<string[]> =>
    (
      await door.db.engine.query<{ line: string }>(
        `select name || ' ' || org_id as line from contact_points where ended_at is null order by 1`,
      )
    ).rows.map(({ line }) => line)

  it('is no contact of that organisation any more, stays one elsewhere, and the gap shows', async () => {
    const fields = contactFields(
      '555 010 000',
      { out_of_hours: 'coordinators' },
      { person: String(dana.person) },
    )
    await prove(door.db, await at.add(renata, lipova, fields))
    await at.add(hana, habrova, fields)
    expect((await standing(karel)).gaps).not.toContain('nobody.out_of_hours')
    await asEngine(door.db, (tx) =>
      endEngagement(tx, { person: dana.person, org: lipova.id, role: 'duty' }, karel, door.now),
    )
    expect(await stand()).toEqual([`Dana Dvojí ${habrova.id}`])
    expect((await standing(karel)).gaps).toContain('nobody.out_of_hours')
  })

  it('tells whoever removes them how many contacts ended with them; a failed removal ends none', async () => {
    const fields = contactFields('555 010 001', undefined, { person: String(jana.person) })
    await at.add(renata, lipova, fields)
    const whom = { org: lipova.id, person: jana.person }
    await expect(
      asEngine(door.db, async (tx) => {
        await removePerson(tx, whom, renata, door.now)
        throw new Error('the rest failed')
      }),
    ).rejects.toThrow('the rest failed')
    expect(await stand()).toEqual([`Jana Nováková ${lipova.id}`])
    const left = await asEngine(door.db, (tx) => removePerson(tx, whom, renata, door.now))
    expect([left.contacts, await stand()]).toEqual([1, []])
  })
})
