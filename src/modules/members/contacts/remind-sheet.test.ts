import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookDoor, contactFields } from '../../../../test/contact-book.ts'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital } from '../../../../test/harness.ts'
import { remindSheets } from '../index.ts'

let door: FrontDoor
beforeAll(async () => {
  door = await openFrontDoor()
})
afterAll(() => door.close())

const told = async (now: string): Promise<string[]> => {
  await remindSheets(door.db, 'Europe/Prague', Date.parse(now))
  const { rows } = await door.db.engine.query<{ line: string }>(
    `select concat_ws(' ', detail->>'organisation', split_part(address, '@', 1)) as line from deliveries
     where detail->>'template' = 'emergency-sheet' order by 1`,
  )
  return rows.map(({ line }) => line)
}

it('the sheet is asked for once a month, of those who look after the book, and the whole of it of coordinators', async () => {
  const lipova = await addHospital(door.db, 'Nemocnice Lipová', [])
  const prazdna = await addHospital(door.db, 'Nemocnice Prázdná', [])
  const renata = await door.person('Renata', [['representative', lipova]])
  await door.person('Sylva', [['security_manager', lipova]])
  await door.person('Marek', [['manager', lipova]])
  await door.person('Petr', [['representative', prazdna]])
  await door.person('Karel', [['coordinator', null]])
  await bookDoor(door).add(renata, lipova, contactFields('555 010 000'))
  await door.db.engine.query('update contact_points set added_at = $1', ['2026-03-03T08:00:00Z'])

  // The book was begun this month.
  expect(await told('2026-03-20T09:00:00Z')).toEqual([])
  // Not in the night, and the month begins by the clock in Prague.
  expect(await told('2026-03-31T22:30:00Z')).toEqual([])
  expect(await told('2026-04-01T04:59:00Z')).toEqual([])
  const april = ['Nemocnice Lipová renata', 'Nemocnice Lipová sylva', 'karel']
  expect(await told('2026-04-01T05:00:00Z')).toEqual(april)
  expect(await told('2026-04-01T06:00:00Z')).toEqual(april)
  expect(await told('2026-04-30T20:00:00Z')).toEqual(april)
  expect(await told('2026-05-02T09:00:00Z')).toHaveLength(6)
  // Who left is not asked any more.
  await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [lipova.id])
  expect(await told('2026-06-01T09:00:00Z')).toHaveLength(6)
})
