import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Provider } from '../../../platform/providers.ts'
import { type Claims, read } from './claims.ts'
import { rolesBy } from './vouched.ts'

const provider: Provider = {
  id: 'lipova',
  name: { cs: 'Lipová', en: 'Lipová' },
  issuer: 'https://login.lipova.example',
  clientId: 'hsoc',
  clientSecret: 'x',
  scope: 'openid',
  groupsClaim: 'groups',
  organisations: [],
  central: null,
  secondFactor: { amr: ['mfa'], acr: ['urn:two'] },
}
const said = (claims: Claims, of = provider) => read(of, of.issuer, 'token', { sub: 's', ...claims })

it('a claim of the wrong kind counts as none', () => {
  expect(
    said({
      email: 7,
      name: ['x'],
      groups: { a: 1 },
      email_verified: 1,
      amr: { mfa: true },
      auth_time: '1',
      sid: 8,
    }),
  ).toEqual({
    issuer: provider.issuer,
    subject: 's',
    email: null,
    isVerified: false,
    name: null,
    groups: [],
    isStrong: false,
    sid: null,
    authAt: null,
    idToken: 'token',
  })
})

it('two factors count by the words of the operator alone', () => {
  expect(said({ amr: ['pwd', 'mfa'] })?.isStrong).toBe(true)
  expect(said({ amr: 'mfa' })?.isStrong).toBe(true)
  expect(said({ acr: 'urn:two' })?.isStrong).toBe(true)
  for (const claims of [{}, { amr: ['pwd'] }, { acr: 'mfa' }, { amr: ['urn:two'] }, { amr: null, acr: null }])
    expect(said(claims)?.isStrong).toBe(false)
  expect(said({ amr: ['mfa'] }, { ...provider, secondFactor: null })?.isStrong).toBe(false)
})

it('groups that stand elsewhere, or are too many, are not taken for none', () => {
  expect(said({ _claim_names: { groups: 'src1' } })?.groups).toBeNull()
  expect(said({ groups: Array.from({ length: 1_001 }, (_, i) => `g${i}`) })?.groups).toBeNull()
  expect(said({ _claim_names: { other: 'src1' } })?.groups).toEqual([])
})

it('no token, however made, is more than it may be', () => {
  const roles = { it: ['admin'], night: ['duty'] } satisfies Record<
    string,
    Provider['organisations'][number]['roles'][string]
  >
  const reach = { orgs: new Map([[7, { organisation: 'x', roles, newPeople: false }]]), central: null }
  const names = fc.constantFrom(
    'groups',
    'email',
    'sub',
    'amr',
    'acr',
    '_claim_names',
    '__proto__',
    'realm_access',
    'name',
  )
  const word = fc.constantFrom(
    'it',
    'night',
    'coordinator',
    'operator',
    '__proto__',
    'constructor',
    'toString',
  )
  const value = fc.oneof(fc.jsonValue(), word, fc.array(word))
  fc.assert(
    fc.property(fc.dictionary(names, value, { noNullPrototype: false }), names, (claims, groupsClaim) => {
      const found = read({ ...provider, groupsClaim, secondFactor: null }, provider.issuer, 'token', claims)
      if (found === null)
        return (
          typeof claims.sub !== 'string' ||
          claims.sub === '' ||
          claims.sub.includes('\0') ||
          claims.sub.length > 255
        )
      const held = rolesBy(reach, found.groups ?? [])
      return !found.isStrong && held.every(({ org, role }) => org === 7 && ['admin', 'duty'].includes(role))
    }),
  )
})
