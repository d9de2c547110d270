import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAuthority } from './certificates.ts'
import { loadConfig } from './config.ts'
import { notOurs } from './config-secret.ts'
import { describeConfig, sensorsUrlOf } from './config-text.ts'
import { Invalid } from './errors.ts'
import { serverCertificate } from './tls.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hsoc-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = (env: Record<string, string>, file?: string) => loadConfig({ HSOC_DATA: folder, ...env }, file)

function kept(name: string, text: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

function mistakesOf(env: Record<string, string>, file?: string): Record<string, string> {
  try {
    load(env, file)
  } catch (error) {
    if (error instanceof Invalid) return error.fields
    throw error
  }
  return {}
}

test('nothing has to be set', () => {
  expect(load({})).toMatchObject({
    dataDir: folder,
    host: null,
    port: 8443,
    sensorPort: 8444,
    httpPort: null,
    proxies: [],
    tls: { mode: 'self' },
    databaseUrl: null,
    smtpUrl: null,
    mailFrom: 'hSOC <hsoc@localhost>',
    dkim: null,
    baseUrl: 'https://localhost:8443',
    zone: 'Europe/Prague',
    logLevel: 'info',
    rawDays: null,
    secondFactor: 'off',
    unknown: [],
  })
})

test('a second factor is required at an address of real use, not where only this machine is served', () => {
  const at = (url: string, more = {}) => load({ HSOC_BASE_URL: url, ...more }).secondFactor
  for (const url of ['http://127.0.0.1:8080', 'https://localhost:8443', 'https://[::1]:8443'])
    expect(at(url)).toBe('off')
  for (const url of [
    'https://hsoc.example',
    'https://127.0.0.1.hsoc.example',
    'https://localhost.hsoc.example',
    'https://192.0.2.1',
  ])
    expect(at(url)).toBe('required')
  expect(at('https://localhost:8443', { HSOC_SECOND_FACTOR: 'required' })).toBe('required')
  expect(at('https://hsoc.example', { HSOC_SECOND_FACTOR: 'off' })).toBe('off')
})

test('a data folder that cannot be made is named, at once', () => {
  expect(mistakesOf({ HSOC_DATA: '/proc/x' }).HSOC_DATA).toMatch(/cannot write to.*ENOENT/)
})

test('a secret is made once, for us alone', () => {
  const first = load({})
  expect(first.secret.length).toBeGreaterThanOrEqual(32)
  expect(load({}).secret).toBe(first.secret)
  expect(statSync(path.join(folder, 'secret')).mode & 0o777).toBe(0o600)
  expect(readFileSync(path.join(folder, 'secret'), 'utf8')).toBe(first.secret)
})

test('a data folder of another user is named as such', () => {
  mkdirSync(path.join(folder, 'secret'))
  expect(mistakesOf({}).HSOC_DATA).toMatch(/secret, which cannot be read \(EISDIR/)
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  expect(notOurs(folder, denied)).toMatch(/^belongs to another user \(number \d+\): run this as that user/)
})

test('earlier secrets are named beside the present one, or stand below it in its file', () => {
  const [one, two, three] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string]
  expect(load({ HSOC_SECRET: one, HSOC_SECRET_EARLIER: `${two}  ${three} ${one}` })).toMatchObject({
    secret: one,
    earlierSecrets: [two, three],
  })
  expect(load({ HSOC_SECRET: one }).earlierSecrets).toEqual([])
  kept('secret', `${one}\n\n${two}\n`)
  expect(load({})).toMatchObject({ secret: one, earlierSecrets: [two] })
  expect(mistakesOf({ HSOC_SECRET: one, HSOC_SECRET_EARLIER: `${two} short` })).toHaveProperty(
    'HSOC_SECRET_EARLIER',
  )
  kept('secret', `${one}\nshort\n`)
  expect(mistakesOf({}).HSOC_DATA).toContain('the present one first')
  kept('secret', '')
  expect(mistakesOf({}).HSOC_DATA).toContain('at least 32 characters')
})

test('the environment goes before the file, and an empty value is none', () => {
  const file = kept(
    'hsoc.env',
    '# ours\nHSOC_PORT=9000\nexport HSOC_BASE_URL="https://hsoc.example/"\nHSOC_RAW_DAYS = 30\n',
  )
  const config = load({ HSOC_PORT: '9100', HSOC_RAW_DAYS: '', HSOC_ZONE: '' }, file)
  expect(config).toMatchObject({ port: 9100, sensorPort: 9101, baseUrl: 'https://hsoc.example', rawDays: 30 })
  expect(config.mailFrom).toBe('hSOC <hsoc@hsoc.example>')
  expect(load({ HSOC_CONFIG: file }).port).toBe(9000)
})

test('YAML says the same', () => {
  const file = kept('hsoc.yaml', 'HSOC_PORT: 9000\nHSOC_COORDINATOR_PHONE: "+420 555 000 111"\nHSOC_LISTS:\n')
  expect(load({}, file)).toMatchObject({ port: 9000, coordinatorPhone: '+420 555 000 111', listsDir: null })
})

test('every mistake is named at once with what to do', () => {
  const mistakes = mistakesOf({
    HSOC_PORT: 'https',
    HSOC_HTTP_PORT: '70000',
    HSOC_DATABASE_URL: 'mysql://db.example/hsoc',
    HSOC_SMTP_URL: 'mail.example',
    HSOC_MAIL_FROM: 'hSOC\r\nBcc: all@hospital.example',
    HSOC_BASE_URL: 'hsoc.example',
    HSOC_ZONE: 'Prague',
    HSOC_SECRET: 'short',
    HSOC_LISTS: '/nowhere/lists',
    HSOC_LOG_LEVEL: 'loud',
    HSOC_RAW_DAYS: '0',
    HSOC_TLS: 'yes',
    HSOC_SENSOR_CA: '/nowhere/ca.pem',
    HSOC_COORDINATOR_PHONE: 'call me',
  })
  expect(Object.keys(mistakes)).toHaveLength(14)
  expect(mistakes.HSOC_DATABASE_URL).toContain('postgres://')
  expect(() => load({ HSOC_PORT: 'https' })).toThrow(/HSOC_PORT is not a port: write a number/)
})

test('a misspelt key is refused in the file and told of in the environment', () => {
  const file = kept('hsoc.env', 'HSOC_PROT=9000\nHSOC_COLOUR_OF_SKY=blue\nnonsense\n')
  const mistakes = mistakesOf({}, file)
  expect(mistakes.HSOC_PROT).toContain('did you mean HSOC_PORT?')
  expect(mistakes.HSOC_COLOUR_OF_SKY).toContain('remove it')
  expect(mistakes['hsoc.env:3']).toContain('HSOC_PORT=8443')
  expect(load({ HSOC_PROT: '1', HSOC_TEST_DATA: '/x', OTHER: '1' }).unknown).toEqual(['HSOC_PROT'])
})

test('a file that is missing or no list of keys is named', () => {
  expect(mistakesOf({}, '/nowhere/hsoc.env').HSOC_CONFIG).toContain('cannot be read')
  expect(mistakesOf({}, kept('hsoc.yml', 'HSOC_PORT:\n  deep: 1\n')).HSOC_CONFIG).toContain('flat YAML')
})

test('a certificate needs its own key', async () => {
  const now = Date.UTC(2026, 10, 20)
  const pair = await serverCertificate(folder, 'hsoc.example', now)
  const other = await makeAuthority('another', now)
  const env = { HSOC_TLS_CERT: kept('c.pem', pair.cert), HSOC_TLS_KEY: kept('c.key', pair.key) }
  expect(load(env).tls).toEqual({ mode: 'files', cert: env.HSOC_TLS_CERT, key: env.HSOC_TLS_KEY })
  expect(mistakesOf({ ...env, HSOC_TLS_KEY: kept('d.key', other.key) }).HSOC_TLS_KEY).toContain(
    'does not belong',
  )
  expect(mistakesOf({ ...env, HSOC_TLS_KEY: kept('e.key', 'no key') }).HSOC_TLS_KEY).toContain('not PEM')
  expect(Object.keys(mistakesOf({ HSOC_TLS: 'files' }))).toEqual(['HSOC_TLS_CERT', 'HSOC_TLS_KEY'])
})

test('an authority of sensors needs its own key, and is one', async () => {
  const now = Date.UTC(2026, 10, 20)
  const own = await makeAuthority('Regional', now)
  const other = await makeAuthority('another', now)
  const leaf = await serverCertificate(folder, 'hsoc.example', now)
  const env = { HSOC_SENSOR_CA_CERT: kept('ca.pem', own.cert), HSOC_SENSOR_CA_KEY: kept('ca.key', own.key) }
  expect(load(env).sensorAuthority).toEqual({ cert: env.HSOC_SENSOR_CA_CERT, key: env.HSOC_SENSOR_CA_KEY })
  expect(load({})).toMatchObject({ sensorAuthority: null, certificateDays: 365 })
  expect(mistakesOf({ ...env, HSOC_SENSOR_CA_KEY: kept('x.key', other.key) })).toEqual({
    HSOC_SENSOR_CA_KEY: 'does not belong to the certificate in HSOC_SENSOR_CA_CERT',
  })
  expect(mistakesOf({ HSOC_SENSOR_CA_CERT: env.HSOC_SENSOR_CA_CERT }).HSOC_SENSOR_CA_KEY).toContain(
    'is missing',
  )
  const plain = { HSOC_SENSOR_CA_CERT: kept('l.pem', leaf.cert), HSOC_SENSOR_CA_KEY: kept('l.key', leaf.key) }
  expect(mistakesOf(plain).HSOC_SENSOR_CA_CERT).toContain('is not the certificate of an authority')
  for (const days of ['0', '1826', 'a year'])
    expect(mistakesOf({ HSOC_SENSOR_CERT_DAYS: days }).HSOC_SENSOR_CERT_DAYS).toContain('from 1 to 1825')
})

test('DKIM needs its three parts', () => {
  const key = kept('dkim.key', 'key')
  expect(Object.keys(mistakesOf({ HSOC_DKIM_KEY: key }))).toEqual(['HSOC_DKIM_DOMAIN', 'HSOC_DKIM_SELECTOR'])
  const config = load({ HSOC_DKIM_KEY: key, HSOC_DKIM_DOMAIN: 'hsoc.example', HSOC_DKIM_SELECTOR: 's1' })
  expect(config.dkim).toEqual({ domain: 'hsoc.example', selector: 's1', keyFile: key })
})

test('a data folder that cannot be made is named', () => {
  const file = kept('a-file', '')
  expect(mistakesOf({ HSOC_DATA: path.join(file, 'data') }).HSOC_DATA).toContain('cannot write')
})

test('the description keeps every secret to itself', () => {
  const config = load({
    HSOC_SECRET: 'hush-hush-hush-hush-hush-hush-hush-hush',
    HSOC_DATABASE_URL: 'postgres://hsoc:hush@db.example/hsoc',
    HSOC_SMTP_URL: 'smtps://hsoc:hush@mail.example:465',
    HSOC_PROT: '1',
  })
  const told = describeConfig(config)
  expect(told).not.toContain('hush')
  expect(told).toContain('HSOC_DATABASE_URL postgres://hsoc:***@db.example/hsoc')
  expect(told).toContain('HSOC_PROT ignored')
  expect(told).toContain('HSOC_PORT 8443')
})

test('the public web learns how the coordinators are reached', () => {
  const key = kept('csirt.asc', '-----BEGIN PGP PUBLIC KEY BLOCK-----')
  expect(
    load({ HSOC_CONTACT: 'mailto:csirt@hsoc.example, https://hsoc.example/kontakt', HSOC_PGP_KEY: key }),
  ).toMatchObject({
    contacts: ['mailto:csirt@hsoc.example', 'https://hsoc.example/kontakt'],
    pgpKeyFile: key,
  })
  expect(load({})).toMatchObject({ contacts: [], pgpKeyFile: null })
  for (const wrong of ['csirt@hsoc.example', 'javascript:alert(1)', 'http://hsoc.example', 'mailto:'])
    expect(mistakesOf({ HSOC_CONTACT: wrong }).HSOC_CONTACT).toMatch(/^is not an address of the kind/)
  expect(mistakesOf({ HSOC_PGP_KEY: path.join(folder, 'nowhere') }).HSOC_PGP_KEY).toMatch(/cannot be read/)
})

test('name servers are addresses, with a port or without', () => {
  expect(
    load({ HSOC_DNS_SERVERS: '192.0.2.53, 192.0.2.54:5353 2001:db8::53 [2001:db8::54]:5353' }),
  ).toMatchObject({
    dnsServers: ['192.0.2.53', '192.0.2.54:5353', '2001:db8::53', '[2001:db8::54]:5353'],
  })
  expect(load({}).dnsServers).toEqual([])
  for (const wrong of [
    'ns.example',
    '192.0.2.53:0',
    '192.0.2.53:70000',
    '192.0.2.300',
    '2001:db8::53]:53',
    '[192.0.2',
  ])
    expect(mistakesOf({ HSOC_DNS_SERVERS: wrong }).HSOC_DNS_SERVERS).toMatch(/^are not addresses/)
})

test('proxies are addresses or networks, never everybody', () => {
  expect(load({}).proxies).toEqual([])
  const two = ['192.0.2.7', '2001:db8:1::/64']
  expect(load({ HSOC_PROXY: two.join(' ') }).proxies).toEqual(two)
  for (const wrong of ['proxy.example', '192.0.2.0/33', '0.0.0.0/0', '192.0.2.7/', '::/0'])
    expect(mistakesOf({ HSOC_PROXY: wrong }).HSOC_PROXY).toMatch(/^are not addresses/)
})

test('sensors come to their own door, or through the proxy that does TLS', () => {
  const at = (set: Record<string, string>) => sensorsUrlOf(load(set))
  const behind = { HSOC_BASE_URL: 'https://hsoc.example', HSOC_HTTP_PORT: '8080' }
  expect(at(behind)).toBe('https://hsoc.example:8444')
  expect(at({ ...behind, HSOC_BASE_URL: 'http://127.0.0.1:8080', HSOC_PORT: '9180' })).toBe(
    'https://127.0.0.1:9181',
  )
  expect(at({ HSOC_BASE_URL: 'https://hsoc.example', HSOC_TLS: 'off' })).toBe('https://hsoc.example')
})
