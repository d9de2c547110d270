/** What a passkey does not open: every lie that a device, a site or a copy could tell. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lies, openDevice } from '../../../test/device.ts'
import { type FrontDoor, minute, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import { passkeysAt, site } from '../../../test/signing-in.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { disable, endEngagement } from './index.ts'

let door: FrontDoor
let steps: ReturnType<typeof passkeysAt>
let lipova: Hospital
let jana: Actor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor('required')
  steps = passkeysAt(door)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

const doubts = async (): Promise<string[]> =>
  (
    await door.db.engine.query<{ doubt: string }>(
      `select detail->>'doubt' as doubt from audit where verb = 'members.sign-in-refused' order by id desc limit 1`,
    )
  ).rows.map((row) => row.doubt)

describe('signing in with a passkey is refused', () => {
  async function refused(answer: object | string): Promise<void> {
    const done = await steps.use(answer)
    expect([done.statusCode, done.cookies]).toEqual([422, []])
    expect(done.body).toContain('The passkey could not be verified')
  }

  it.each<[string, Lies]>([
    ['from another site', { origin: 'https://evil.example' }],
    ['for another party', { rpId: 'evil.example' }],
    ['without a finger or PIN', { verified: false }],
    ['with a broken signature', { signature: 'MEUCIQDx' }],
    ['with a count that goes back, as a copy would', { counter: 1 }],
  ])('%s', async (_, lies) => {
    const { device } = await steps.withPasskey(jana)
    await refused(device.use((await steps.toUse()).challenge, lies))
    expect(await doubts()).toEqual(['passkey'])
    expect((await steps.use(device.use((await steps.toUse()).challenge))).statusCode).toBe(303)
  })

  it('for a challenge that is not ours, is over, or was made for adding', async () => {
    const { device, ...session } = await steps.withPasskey(jana)
    await refused(device.use(Buffer.alloc(40, 1).toString('base64url')))
    await refused(device.use((await steps.toAdd(session)).challenge))
    const { challenge } = await steps.toUse()
    door.now += 10 * minute
    await refused(device.use(challenge))
  })

  it('for a challenge used before, at the other node and at the same moment too', async () => {
    const { device } = await steps.withPasskey(jana)
    const answer = device.use((await steps.toUse()).challenge)
    const both = await Promise.all([steps.use(answer), steps.use(answer, {}, door.other)])
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422])
    await refused(answer)
    const { device: synced } = await steps.withPasskey(vera, false)
    const again = synced.use((await steps.toUse()).challenge)
    expect((await steps.use(again)).statusCode).toBe(303)
    await refused(again)
  })

  it('for a passkey that nobody knows, with the same page', async () => {
    const { device } = await steps.withPasskey(jana)
    const wrong = await steps.use(device.use((await steps.toUse()).challenge, { verified: false }))
    const unknown = await steps.use(openDevice(site).use((await steps.toUse()).challenge))
    const bare = (body: string): string => body.replaceAll(/nonce[^>]*|value="[^"]*"|content="[^"]*"/g, '')
    expect(bare(unknown.body)).toBe(bare(wrong.body))
    expect(await doubts()).toEqual(['unknown'])
  })

  it('when one was removed', async () => {
    const { device, cookie, csrf } = await steps.withPasskey(jana)
    const { rows } = await door.db.engine.query<{ id: number }>('select id from passkeys')
    const gone = await door.post(`/account/passkeys/${rows[0]?.id}/removal`, { _csrf: csrf }, { cookie })
    expect(gone.headers.location).toBe('/account/means?done=no-passkey')
    await refused(device.use((await steps.toUse()).challenge))
  })

  it('for a disabled person and one without a role', async () => {
    const leaving = await door.person('Olga Odchozí', [['duty', lipova]])
    const disabled = await door.person('Ivan Vypnutý', [['duty', lipova]])
    const [one, two] = [await steps.withPasskey(leaving), await steps.withPasskey(disabled)]
    await asEngine(door.db, (tx) =>
      endEngagement(tx, { person: leaving.person, org: lipova.id, role: 'duty' }, vera, door.now),
    )
    await asEngine(door.db, (tx) => disable(tx, disabled.person, vera, door.now))
    await refused(one.device.use((await steps.toUse()).challenge))
    expect(await doubts()).toEqual(['no-role'])
    await refused(two.device.use((await steps.toUse()).challenge))
    expect(await doubts()).toEqual(['disabled'])
  })

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '{"id":1,"response":{}}',
    `{"id":"x","response":{"clientDataJSON":"e30"}}`,
    'x'.repeat(30_000),
  ])('for a hostile answer: %.50s', (answer) => refused(answer))

  it('guessed too often', async () => {
    const { device } = await steps.withPasskey(jana)
    for (let i = 0; i < 5; i++)
      await refused(device.use((await steps.toUse()).challenge, { verified: false }))
    const slow = await steps.use(device.use((await steps.toUse()).challenge))
    expect([slow.statusCode, slow.headers['retry-after']]).toEqual([429, '1'])
  })
})
