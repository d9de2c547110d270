import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from './config.ts'
import { describeConfig } from './config-text.ts'
import { Invalid } from './errors.ts'
import { readProviders } from './providers.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hsoc-providers-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function kept(name: string, text: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

const lipova = {
  name: 'Nemocnice Lipová',
  issuer: 'https://login.lipova.example/realms/staff',
  client_id: 'hsoc',
  client_secret: 'not for anybody to read',
  organisations: [
    { organisation: 'Nemocnice Lipová', roles: { 'hsoc-it': 'admin', night: ['duty', 'manager'] } },
  ],
}
const written = (providers: unknown) => kept('providers.yaml', stringify({ providers }))
const load = (file: string) => loadConfig({ HSOC_DATA: folder, HSOC_PROVIDERS: file })

function mistakesOf(file: string): Record<string, string> {
  try {
    load(file)
  } catch (error) {
    if (error instanceof Invalid) return error.fields
    throw error
  }
  return {}
}
const mistakesIn = (change: object) => mistakesOf(written({ lipova: { ...lipova, ...change } }))

test('a provider is read with what may be left out', () => {
  expect(load(written({ lipova })).providers).toEqual([
    {
      id: 'lipova',
      name: { cs: 'Nemocnice Lipová', en: 'Nemocnice Lipová' },
      issuer: 'https://login.lipova.example/realms/staff',
      clientId: 'hsoc',
      clientSecret: 'not for anybody to read',
      scope: 'openid email profile',
      groupsClaim: 'groups',
      organisations: [
        {
          organisation: 'Nemocnice Lipová',
          roles: { 'hsoc-it': ['admin'], night: ['duty', 'manager'] },
          newPeople: false,
        },
      ],
      central: null,
      secondFactor: null,
    },
  ])
  expect(loadConfig({ HSOC_DATA: folder }).providers).toEqual([])
})

test('one for the sector, with its secret in a file beside, is read too', () => {
  kept('csirt.secret', ' from a file\n')
  const csirt = {
    name: { cs: 'Účet CSIRT', en: 'CSIRT account' },
    issuer: 'https://login.csirt.example',
    client_id: 'hsoc',
    client_secret_file: 'csirt.secret',
    coordinators: { roles: { analysts: 'coordinator' } },
    second_factor: { amr: ['mfa'] },
  }
  expect(load(written({ csirt })).providers[0]).toMatchObject({
    clientSecret: 'from a file',
    organisations: [],
    central: { analysts: ['coordinator'] },
    secondFactor: { amr: ['mfa'], acr: [] },
  })
})

test('what is in force is shown without secrets', () => {
  const text = describeConfig(load(written({ lipova })))
  expect(text).toContain('HSOC_PROVIDERS lipova (https://login.lipova.example/realms/staff)')
  expect(text).not.toContain('not for anybody')
})

test.each([
  [{ name: undefined }, 'lipova.name', /is missing/],
  [{ issuer: 'login.lipova.example' }, 'lipova.issuer', /is not an address/],
  [{ issuer: 'http://login.lipova.example' }, 'lipova.issuer', /is not an address/],
  [{ issuer: 'https://u:p@login.lipova.example' }, 'lipova.issuer', /is not an address/],
  [{ issuer: 'https://login.lipova.example/?a=1' }, 'lipova.issuer', /is not an address/],
  [{ client_id: '' }, 'lipova.client_id', /is empty/],
  [{ client_secret: undefined }, 'lipova', /needs one of client_secret/],
  [{ client_secret_file: 'also' }, 'lipova', /needs one of client_secret/],
  [{ client_secret: undefined, client_secret_file: 'nowhere' }, 'lipova', /cannot be read/],
  [{ scopes: 'email' }, 'lipova.scopes', /lacks "openid"/],
  [{ organisations: [] }, 'lipova', /vouches for nobody/],
  [{ organisations: [...lipova.organisations, ...lipova.organisations] }, 'lipova', /twice/],
  [
    { organisations: [{ organisation: 'x', roles: { a: 'coordinator' } }] },
    'lipova.organisations.0.roles.a',
    /is no role of an organisation/,
  ],
  [
    { organisations: [{ organisation: 'x', roles: { a: ['nobody'] } }] },
    'lipova.organisations.0.roles.a',
    /is no role of an organisation/,
  ],
  [
    { organisations: [{ organisation: 'x', new_people: 'yes' }] },
    'lipova.organisations.0.new_people',
    /neither true nor false/,
  ],
  [
    { organisations: [{ organisation: 'x', newPeople: true }] },
    'lipova.organisations.0.newPeople',
    /is not known/,
  ],
  [{ coordinators: { roles: { a: 'admin' } } }, 'lipova.coordinators.roles.a', /is no role of the sector/],
  [{ second_factor: {} }, 'lipova.second_factor', /names no word/],
  [{ second_factor: { amr: 'mfa' } }, 'lipova.second_factor.amr', /is not a list/],
  [{ secret: 'x' }, 'lipova.secret', /is not known/],
])('the mistake of %j is named at %s', (change, place, sentence) => {
  expect(mistakesIn(change)[`HSOC_PROVIDERS ${place}`]).toMatch(sentence)
})

test('two providers of one issuer are a mistake, and so is every other at once', () => {
  const mistakes = mistakesOf(written({ lipova, dolni: { ...lipova, name: 7 }, third: lipova }))
  expect(Object.keys(mistakes).sort()).toEqual(['HSOC_PROVIDERS dolni.name', 'HSOC_PROVIDERS third.issuer'])
})

test.each([
  '',
  'providers',
  'a: 1',
  'providers: []',
  'providers: {"Big Name": {}}',
  '{{{',
  '\0',
  '- 1',
  'providers: {a: 1, a: 2}',
])('a file of %j is a mistake that is named', (text) => {
  const mistakes = mistakesOf(kept('broken.yaml', text))
  expect(Object.keys(mistakes).length).toBeGreaterThan(0)
  expect(Object.keys(mistakes).every((key) => key.startsWith('HSOC_PROVIDERS'))).toBe(true)
})

test('a file that is not there is a mistake', () => {
  expect(mistakesOf(path.join(folder, 'nowhere.yaml')).HSOC_PROVIDERS).toMatch(/cannot be read/)
})

test('whatever a file holds, it is read or its mistakes are named', () => {
  const one = fc.record(
    Object.fromEntries(
      Object.entries(lipova).map(([key, value]) => [key, fc.oneof(fc.constant(value), fc.jsonValue())]),
    ),
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('lipova', 'x-1', 'X', ''), one), (providers) => {
      const mistakes: Record<string, string> = {}
      const found = readProviders(written(providers), mistakes)
      const isWhole = found.length === Object.keys(providers).length
      return isWhole || Object.keys(mistakes).length > 0
    }),
    { numRuns: 60 },
  )
})
