/** A number proved by the code that was sent to it. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { bookDoor, contactFields, forgetBooks } from '../../../../test/contact-book.ts'
import { type FrontDoor, minute, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import { unseal } from '../../../platform/seal.ts'

let door: FrontDoor
let at: ReturnType<typeof bookDoor>
let lipova: Hospital
let jana: Actor
let hana: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  at = bookDoor(door)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', [])
  jana = await door.person('Jana Nováková', [['representative', lipova]])
  hana = await door.person('Hana Cizí', [
    ['representative', await addHospital(door.db, 'Nemocnice Habrová', [])],
  ])
})
afterAll(() => door.close())
beforeEach(async () => {
  await door.forget()
  await forgetBooks(door.db)
  door.context.settings.hasSms = true
})

const path = (point: number, rest: string) => `/members/${lipova.id}/contacts/${point}${rest}`
const number = () =>
  at.add(jana, lipova, contactFields('+420 777 123 456', { security: 'coordinators' }, { channel: 'sms' }))
const sent = async (): Promise<{ to: string; channel: string; code: string }[]> => {
  const { rows } = await door.db.engine.query<{ address: string; channel: string; sealed: string }>(
    `select address, channel, detail->>'sealed' as sealed from deliveries where detail->>'template' = 'contact-code' order by id`,
  )
  return rows.map((row) => ({
    to: row.address,
    channel: row.channel,
    code: unseal(door.context.settings, row.sealed) ?? '',
  }))
}
const how = async (point: number) =>
  (
    await door.db.engine.query<{ how: string | null }>(
      'select verified_how as how from contact_points where id = $1',
      [point],
    )
  ).rows[0]?.how

it('is verified by typing the code that went to it, once and within ten minutes', async () => {
  const point = await number()
  expect((await at.post(jana, path(point, '/text-code'))).statusCode).toBe(303)
  const [message] = await sent()
  expect(message).toEqual({ to: '+420777123456', channel: 'sms', code: expect.stringMatching(/^\d{6}$/) })
  const wrong = message?.code === '000000' ? '000001' : '000000'
  expect((await at.post(jana, path(point, '/code'), { code: wrong })).statusCode).toBe(422)
  expect(await how(point)).toBeNull()
  expect((await at.post(hana, path(point, '/code'), { code: message?.code ?? '' })).statusCode).toBe(404)
  expect((await at.post(jana, path(point, '/code'), { code: message?.code ?? '' })).statusCode).toBe(303)
  expect(await how(point)).toBe('sms')
})

it('not by a code past its time or its five tries', async () => {
  const point = await number()
  await at.post(jana, path(point, '/text-code'))
  const code = (await sent())[0]?.code ?? ''
  for (let i = 0; i < 5; i++)
    await at.post(jana, path(point, '/code'), { code: code === '111111' ? '222222' : '111111' })
  expect((await at.post(jana, path(point, '/code'), { code })).statusCode).toBe(409)
  await at.post(jana, path(point, '/text-code'))
  door.now += 11 * minute
  expect(
    (await at.post(jana, path(point, '/code'), { code: (await sent())[1]?.code ?? '' })).statusCode,
  ).toBe(409)
  expect(await how(point)).toBeNull()
})

it('is sent to numbers of one\u2019s own book alone, a few times a day, and only where text messages go out', async () => {
  const point = await number()
  expect((await at.post(hana, path(point, '/text-code'))).statusCode).toBe(404)
  for (let i = 0; i < 5; i++) expect((await at.post(jana, path(point, '/text-code'))).statusCode).toBe(303)
  expect((await at.post(jana, path(point, '/text-code'))).statusCode).toBe(409)
  const mail = await at.add(jana, lipova, contactFields('dispecink@lipova.example'))
  expect((await at.post(jana, path(mail, '/text-code'))).statusCode).toBe(409)
  door.context.settings.hasSms = false
  expect(
    (
      await at.post(
        jana,
        path(
          await at.add(
            jana,
            lipova,
            contactFields('+420 777 123 457', { security: 'coordinators' }, { channel: 'sms' }),
          ),
          '/text-code',
        ),
      )
    ).statusCode,
  ).toBe(409)
})
