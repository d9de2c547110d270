import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, tokenIn } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import {
  comeBack,
  configured,
  type IdentityProvider,
  openIdentityProvider,
  signInWith,
  start,
} from '../../../../test/identity-provider.ts'
import type { Actor } from '../../../platform/access.ts'

let door: FrontDoor
let idp: IdentityProvider
let lipova: Hospital
let jana: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  idp = await openIdentityProvider(['lipova'])
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
})
afterAll(async () => {
  await idp.close()
  await door.close()
})
beforeEach(async () => {
  await door.forget()
  // The library that reads tokens goes by the machine's clock.
  door.now = Date.now()
  await door.db.engine.query(
    `update provider_links set ended_at = now() where ended_at is null; update engagements set valid_to = valid_from where source = 'directory'`,
  )
  door.context.settings.providers = [
    configured(idp, 'lipova', {
      organisations: [{ organisation: lipova.name, roles: {}, newPeople: false }],
    }),
  ]
  idp.users = { 'jana-1': { email: jana.email, email_verified: true, name: 'Jana' } }
})

const linked = (subject = 'jana-1', who = jana) =>
  door.db.engine.query(
    `insert into provider_links (person_id, provider, issuer, subject, linked_at) values ($1, 'lipova', $2, $3, now())`,
    [who.person, idp.issuer, subject],
  )

describe('a sign-in by a provider', () => {
  it('leads there with PKCE, state and nonce, and back to where the person was going', async () => {
    await linked()
    const { location, flow } = await start(door, '/sign-in/with?provider=lipova&back=%2Fmembers%2F1')
    const url = new URL(location)
    expect(url.origin).toBe(idp.issuer)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: 'https://hsoc.example/sign-in/from/lipova',
    })
    idp.user = 'jana-1'
    const answer = await comeBack(door, { flow }, await idp.visit(location))
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/members/1'])
    const session = await door.get('/api/v1/session', `hsoc_session=${tokenIn(answer)}`)
    expect(session.json().person.id).toBe(jana.person)
  })
  it('is over after ten minutes', async () => {
    await linked()
    const begun = await start(door, '/sign-in/with?provider=lipova')
    idp.user = 'jana-1'
    const address = await idp.visit(begun.location)
    door.now += 10 * minute
    const answer = await comeBack(door, begun, address)
    expect([answer.statusCode, tokenIn(answer)]).toEqual([422, ''])
    expect(answer.body).toContain('The sign-in took too long')
  })
  it('that the person cancelled says so', async () => {
    const answer = await signInWith(door, idp, 'lipova', null)
    expect(answer.statusCode).toBe(403)
    expect(answer.body).toContain('did not sign you in')
  })
})
