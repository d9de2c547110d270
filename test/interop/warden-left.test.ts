import { afterAll, beforeAll, expect, it } from 'vitest'
import { move } from '../../src/modules/members/status.ts'
import { asActor } from '../../src/platform/access.ts'
import { addHospital, addPerson, type Hospital, tuesday } from '../harness.ts'
import { type Machines, openMachinesHere } from './machines.ts'

let here: Machines
let hospital: Hospital

beforeAll(async () => {
  here = await openMachinesHere()
  hospital = await addHospital(here.db, 'Nemocnice Výmysl', ['192.0.2.0/28'])
})
afterAll(() => here.close())

it('a reader gets nothing once its organisation has left, and all of it when it comes back', async () => {
  const name = 'cz.hsoc.reader'
  const secret = await here.addSensor(name, { rights: ['read'], scope: 'own', member: hospital.name })
  const reader = here.sender(name, { secret })
  const vera = await addPerson(here.db, 'Věra Klidná', [['coordinator', null]])
  const status = async (): Promise<number> => (await reader.raw('getEvents', {})).status
  const moved = (to: 'left' | 'participant') =>
    asActor(here.db, vera, tuesday, (tx) =>
      move(tx, hospital.id, { to, reason: 'dohoda', rulesAccepted: true }, vera, tuesday),
    )
  expect(await status()).toBe(200)
  await moved('left')
  await expect.poll(status).toBe(403)
  await moved('participant')
  await expect.poll(status).toBe(200)
})
