import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookDoor, contactFields } from '../../../../test/contact-book.ts'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import { readPdf } from '../../../../test/pdf-text.ts'
import type { Actor } from '../../../platform/access.ts'

let door: FrontDoor
beforeAll(async () => {
  door = await openFrontDoor()
})
afterAll(() => door.close())

it('the emergency sheet has the telephones in the order of trying, telephones first, for who may see the book', async () => {
  const at = bookDoor(door)
  const lipova = await addHospital(door.db, 'Nemocnice Lipová', [])
  const renata = await door.person('Renata Zástupná', [['representative', lipova]])
  const karel = await door.person('Karel Koordinátor', [['coordinator', null]])
  const hana = await door.person('Hana Cizí', [['representative', await addHospital(door.db, 'Habrová', [])]])
  await at.add(renata, lipova, contactFields('555 010 000', { security: 'coordinators' }))
  await at.add(
    renata,
    lipova,
    contactFields('555 010 001', { security: 'own', out_of_hours: 'coordinators' }),
  )
  const url = `/members/${lipova.id}/contacts/pdf`
  expect((await at.get(renata, `/members/${lipova.id}/contacts`)).body).toContain(url)

  const answer = await at.get(renata, url)
  expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
    200,
    'application/pdf',
    'no-store',
  ])
  const read = await readPdf(answer.rawPayload)
  const text = read.pages.join(' ')
  expect(text).toContain('Emergency sheet: whom to call')
  expect(text).toContain('Nemocnice Lipová')
  expect(text).toContain('Renata Zástupná')
  expect(text.indexOf('+420 555 010 000')).toBeLessThan(text.indexOf('+420 555 010 001'))
  expect(text).toContain('What the book lacks')
  // A coordinator's sheet leaves out what only the organisation sees.
  const central = (await readPdf((await at.get(karel, url)).rawPayload)).pages.join(' ')
  expect(central.match(/\+420 555 010 001/g)).toHaveLength(1)
  expect(text.match(/\+420 555 010 001/g)).toHaveLength(2)

  const foreign = await at.get(hana, url)
  expect(foreign.headers['content-type']).not.toBe('application/pdf')
  expect(foreign.statusCode).toBe((await at.get(hana, `/members/${lipova.id}/contacts/print`)).statusCode)
  expect((await door.app.inject({ url })).headers.location).toMatch(/^\/sign-in/)
})

const sheetOf = async (who: Actor, org: Hospital, lang: 'cs' | 'en'): Promise<string> => {
  const { cookie } = await door.signedIn(who)
  const answer = await door.app.inject({
    url: `/members/${org.id}/contacts/pdf`,
    headers: { cookie: `lang=${lang}; ${cookie}` },
  })
  return (await readPdf(answer.rawPayload)).pages.join(' ')
}

it('names the permanent room to members alone, and how text messages are answered, with all Czech letters', async () => {
  const room = 'https://meet.example/krize-žluťoučký, kód 4711 ěščřžýáíéúůďťň'
  door.context.settings.emergencyRoom = room
  const habrova = await addHospital(door.db, 'Nemocnice Žďárské Řečiště', [])
  const radka = await door.person('Řehoř Žížala', [['representative', habrova]])
  await bookDoor(door).add(radka, habrova, contactFields('555 010 007'))
  const czech = await sheetOf(radka, habrova, 'cs')
  for (const said of [
    `Stálá místnost pro krizi: ${room}`,
    'Nouzový list: koho volat',
    'Nemocnice Žďárské Řečiště',
    'Čím odpovědět na SMS',
    '1 bez dopadu · 2 jsme zasaženi · 3 potřebujeme pomoc · 4 zatím nevíme',
    'V vidíme · N netýká se nás · R řešíme · H hotovo',
  ])
    expect(czech).toContain(said)
  expect(await sheetOf(radka, habrova, 'en')).toContain('1 no impact')
  const karel = await door.person('Karel Koordinátor druhý', [['coordinator', null]])
  expect(await sheetOf(karel, habrova, 'cs')).toContain('4711')

  // Whoever only follows, or has left, is no member.
  for (const status of ['prospect', 'follower', 'left']) {
    await door.db.engine.query('update organisations set status = $2 where id = $1', [habrova.id, status])
    expect(await sheetOf(radka, habrova, 'cs').catch(() => '')).not.toContain('4711')
  }
  await door.db.engine.query(`update organisations set status = 'participant' where id = $1`, [habrova.id])
  door.context.settings.emergencyRoom = null
  expect(await sheetOf(radka, habrova, 'cs')).not.toContain('místnost')
})
