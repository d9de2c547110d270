import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import tls, { type ConnectionOptions } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anchorOf, certifyNewKey, type KeyPair, makeAuthority } from './certificates.ts'
import { peer, presented, serverCertificate, serverOptions, type TlsConfig } from './tls.ts'

const day = 86_400_000
// The handshake is judged by the machine's clock, so certificates of these tests are dated by it too.
const now = Date.now()

let config: TlsConfig
let server: https.Server
let ca: KeyPair
let trusted = ''

beforeAll(async () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'hsoc-tls-'))
  config = { dataDir, baseUrl: 'https://hsoc.example', tls: { mode: 'self' } }
  ca = await makeAuthority('hSOC sensors', now)
  const options = await serverOptions(config, [ca.cert], now)
  if (!options) throw new Error('TLS is off')
  trusted = String(options.cert)
  server = https.createServer(options, (request, response) => {
    response.setHeader('connection', 'close')
    response.end(JSON.stringify({ peer: peer(request.socket), shown: presented(request.socket) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => {
  server.close()
  rmSync(config.dataDir, { recursive: true, force: true })
})

const port = () => (server.address() as AddressInfo).port

/** One request as a sensor with (or without) a certificate would make it, and what the handler saw. */
function call(
  options: ConnectionOptions & { port?: number },
): Promise<{ protocol: string | null; seen: { peer: unknown; shown: unknown } }> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      port: port(),
      host: '127.0.0.1',
      servername: 'hsoc.example',
      ca: trusted,
      ...options,
    })
    let body = ''
    socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nHost: hsoc.example\r\n\r\n'))
    socket.on('data', (chunk) => (body += String(chunk)))
    socket.on('error', reject)
    const protocol = () => socket.getProtocol()
    let version: string | null = null
    socket.on('secureConnect', () => (version = protocol()))
    socket.on('end', () => {
      const json = /\{.*\}/.exec(body)?.[0]
      if (json) resolve({ protocol: version, seen: JSON.parse(json) })
      else reject(new Error(`no answer: ${body}`))
    })
  })
}

test('a sensor with a right certificate is known by its names over TLS 1.3', async () => {
  const pair = await certifyNewKey(ca, { cn: 'cz.example.probe', days: 365, sans: ['Probe.example'] }, now)
  const { protocol, seen } = await call(pair)
  expect(protocol).toBe('TLSv1.3')
  const fingerprint = new X509Certificate(pair.cert).fingerprint256.replaceAll(':', '').toLowerCase()
  expect(seen.peer).toEqual({ cn: 'cz.example.probe', sans: ['probe.example'], fingerprint })
})

test('TLS 1.2 is enough, 1.1 is not', async () => {
  const pair = await certifyNewKey(ca, { cn: 'cz.example.old', days: 365 }, now)
  const { protocol, seen } = await call({ ...pair, maxVersion: 'TLSv1.2' })
  expect(protocol).toBe('TLSv1.2')
  expect(seen.peer).toMatchObject({ cn: 'cz.example.old', sans: [] })
  await expect(
    call({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }),
  ).rejects.toThrow()
})

test('a certificate of another authority reaches the handler and counts for nobody', async () => {
  const stranger = await makeAuthority('hSOC sensors', now)
  const { seen } = await call(await certifyNewKey(stranger, { cn: 'cz.example.probe', days: 365 }, now))
  expect(seen.peer).toBeNull()
  expect(seen.shown).toEqual({ refused: expect.stringMatching(/VERIFY|SIGNATURE|ISSUER/) })
})

test("an operator's authority is trusted without the root above it", async (context) => {
  if (spawnSync('openssl', ['version']).error) return context.skip('openssl is not on this machine')
  const openssl = (line: string) =>
    execFileSync('openssl', line.split(' '), { cwd: config.dataDir, stdio: 'ignore' })
  const fresh = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
  openssl(`req -x509 ${fresh} -subj /CN=Root -days 30 -keyout root.key -out root.pem`)
  openssl(`req -new ${fresh} -subj /CN=Sensors -keyout below.key -out below.csr`)
  writeFileSync(path.join(config.dataDir, 'below.ext'), 'basicConstraints=critical,CA:TRUE,pathlen:0\n')
  openssl(
    'x509 -req -in below.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 -extfile below.ext -out below.pem',
  )
  const [cert = '', key = ''] = ['below.pem', 'below.key'].map((name) =>
    readFileSync(path.join(config.dataDir, name), 'utf8'),
  )
  const options = await serverOptions(config, [await anchorOf({ cert, key })], now)
  const other = https.createServer(options ?? {}, (request, response) => {
    response.setHeader('connection', 'close')
    response.end(JSON.stringify({ peer: peer(request.socket), shown: presented(request.socket) }))
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const pair = await certifyNewKey({ cert, key }, { cn: 'cz.example.probe', days: 10 }, now)
  const { seen } = await call({ ...pair, port: (other.address() as AddressInfo).port })
  expect(seen.shown).toMatchObject({ cn: 'cz.example.probe' })
  // What else the root has signed is nobody's.
  const root = ['root.pem', 'root.key'].map((name) => readFileSync(path.join(config.dataDir, name), 'utf8'))
  const beside = { cert: root[0] ?? '', key: root[1] ?? '' }
  const strange = await certifyNewKey(beside, { cn: 'cz.example.probe', days: 10 }, now)
  const { seen: refused } = await call({ ...strange, port: (other.address() as AddressInfo).port })
  expect(refused.shown).toEqual({ refused: expect.stringMatching(/ISSUER|VERIFY/) })
  expect(await anchorOf(beside)).toBe(beside.cert)
  other.close()
})

test('an expired certificate reaches the handler and says so', async () => {
  const { seen } = await call(await certifyNewKey(ca, { cn: 'cz.example.probe', days: 2 }, now - 10 * day))
  expect(seen).toEqual({ peer: null, shown: { refused: 'CERT_HAS_EXPIRED' } })
})

test('a client without a certificate is nobody, and is told apart from a refused one', async () => {
  expect((await call({})).seen).toEqual({ peer: null, shown: null })
})

test('only the sensors’ authority is named to clients, so browsers have nothing to offer', async () => {
  const asked = await serverOptions(config, [ca.cert], now)
  expect(asked).toMatchObject({ requestCert: true, rejectUnauthorized: false, ca: [ca.cert] })
  // A request that names nobody would have browsers offer whatever they hold.
  await expect(serverOptions(config, [], now)).rejects.toThrow(/No authority/)
})

test('the server certificate is good for its host and loopback, and is kept until 30 days before its end', async () => {
  const first = await serverCertificate(config.dataDir, 'hsoc.example', now)
  const found = new X509Certificate(first.cert)
  for (const name of ['hsoc.example', 'localhost']) expect(found.checkHost(name)).toBe(name)
  for (const address of ['127.0.0.1', '::1']) expect(found.checkIP(address)).toBe(address)
  expect(await serverCertificate(config.dataDir, 'hsoc.example', now + 366 * day)).toEqual(first)
  const renewed = await serverCertificate(config.dataDir, 'hsoc.example', now + 368 * day)
  expect(renewed.cert).not.toBe(first.cert)
  const other = await serverCertificate(config.dataDir, '192.0.2.7', now)
  expect(new X509Certificate(other.cert).checkIP('192.0.2.7')).toBe('192.0.2.7')
})

test('keys are readable by us alone', async () => {
  expect(statSync(path.join(config.dataDir, 'tls', 'server.key')).mode & 0o777).toBe(0o600)
})

test('certificates from files are used as they are, and TLS can be off', async () => {
  const pair = await serverCertificate(config.dataDir, 'hsoc.example', now)
  const files = { cert: path.join(config.dataDir, 'own.pem'), key: path.join(config.dataDir, 'own.key') }
  writeFileSync(files.cert, pair.cert)
  writeFileSync(files.key, pair.key)
  const own = { ...config, tls: { mode: 'files' as const, ...files } }
  expect(await serverOptions(own, [ca.cert], now)).toMatchObject({ cert: pair.cert, key: pair.key })
  expect(await serverOptions({ ...config, tls: { mode: 'off' } }, [], now)).toBeNull()
})
