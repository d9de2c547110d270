import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookDoor, contactFields } from '../../../../test/contact-book.ts'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital } from '../../../../test/harness.ts'
import { readPdf } from '../../../../test/pdf-text.ts'

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
