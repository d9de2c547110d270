import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Federation, openFederation } from '../../../../test/federation.ts'
import { type FrontDoor, minute } from '../../../../test/front-door.ts'
import { signInWith } from '../../../../test/identity-provider.ts'
import { byPassword, codeAt, enrol, sessionOf } from '../../../../test/signing-in.ts'

let at: Federation
let door: FrontDoor

beforeAll(async () => {
  at = await openFederation('required')
  ;({ door } = at)
})
afterAll(() => at.close())
beforeEach(async () => {
  await at.reset()
  at.configure()
})

const asVera = async (user: Record<string, unknown>) => {
  at.says('vera', { groups: ['csirt'], ...user })
  return signInWith(door, at.csirt, 'csirt', 'vera')
}

describe('two factors at the provider', () => {
  it('count where the operator trusts it to say so and it does', async () => {
    await at.linked(at.vera, 'vera', 'csirt')
    expect((await asVera({ amr: ['pwd', 'mfa'] })).headers.location).toBe('/')
    expect((await at.trail()).at(-1)?.detail.way).toBe('provider-mfa')
    for (const amr of [['pwd'], [], undefined, ['MFA']])
      expect((await asVera({ amr })).headers.location).toBe('/account/means?back=%2F')
  })

  it('count for nothing where it is not', async () => {
    at.configure()
    for (const provider of door.context.settings.providers ?? []) provider.secondFactor = null
    await at.linked(at.vera, 'vera', 'csirt')
    expect((await asVera({ amr: ['mfa'] })).headers.location).toBe('/account/means?back=%2F')
  })

  it('are asked for by their word, and count when it comes back', async () => {
    const [, csirt] = door.context.settings.providers ?? []
    if (csirt) csirt.secondFactor = { amr: [], acr: ['urn:hsoc:two'] }
    await at.linked(at.vera, 'vera', 'csirt')
    const { headers } = await door.get('/sign-in/with?provider=csirt')
    expect(new URL(String(headers.location)).searchParams.get('acr_values')).toBe('urn:hsoc:two')
    expect((await asVera({ acr: 'urn:hsoc:one', amr: ['mfa'] })).headers.location).toBe(
      '/account/means?back=%2F',
    )
    expect((await asVera({ acr: 'urn:hsoc:two' })).headers.location).toBe('/')
  })
})

describe('a person with a second factor here', () => {
  it('is asked for it as after a password, and goes on to where they were going', async () => {
    await at.linked(at.jana, 'jana-1')
    at.says('jana-1', { amr: ['mfa'] })
    const app = await enrol(door, await byPassword(door, at.jana))
    door.now += minute
    const half = await signInWith(door, at.idp, 'lipova', 'jana-1', { back: '/members/1' })
    expect(half.headers.location).toBe('/sign-in/second?back=%2Fmembers%2F1')
    const waiting = await sessionOf(door, half, '/sign-in/second')
    expect((await door.get('/account', waiting.cookie)).headers.location).toBe(
      '/sign-in/second?back=%2Faccount',
    )
    const whole = await door.post(
      '/sign-in/second',
      { code: codeAt(app.secret, door.now), back: '/members/1', _csrf: waiting.csrf },
      { cookie: waiting.cookie },
    )
    expect(whole.headers.location).toBe('/members/1')
    // The whole session is still the provider's to end.
    const { rows } = await door.db.engine.query(
      'select s.ways from provider_sessions p join sessions s using (token_hash)',
    )
    expect(rows).toEqual([{ ways: ['provider', 'totp'] }])
  })
})
