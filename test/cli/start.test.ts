/** The program for real use: first start, first coordinator, work beside it, backup and restore, certificates. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverCertificate } from '../../src/platform/tls.ts'
import { ask, setUpApp, signIn } from './browser.ts'
import {
  eventually,
  freePort,
  livingIn,
  nicenessIn,
  openPlace,
  type Place,
  type Server,
  serve,
} from './program.ts'

const email = 'koordinator@csirt.example'
const password = 'čtyři tiché zelené lampy'
/** Yesterday: neither late nor from the future, whenever this runs. */
const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
const event = (id: string) => ({
  Format: 'IDEA0',
  ID: id,
  DetectTime: `${day}T08:10:00Z`,
  Category: ['Recon.Scanning'],
  Source: [{ IP4: ['203.0.113.20'] }],
  Target: [{ IP4: ['192.0.2.11'], Port: [23] }],
})

async function ports(): Promise<Record<string, string>> {
  const [pages, sensors] = [await freePort(), await freePort()]
  return {
    HSOC_HOST: '127.0.0.1',
    HSOC_PORT: `${pages}`,
    HSOC_SENSOR_PORT: `${sensors}`,
    HSOC_SECOND_FACTOR: 'required',
    HSOC_LOG_LEVEL: 'error',
  }
}

/** A machine that does much else at the same time is waited for. */
const patient = { timeout: 240_000 }

describe('an installation with its own PostgreSQL', patient, () => {
  let place: Place
  let other: Place
  let server: Server
  let base = ''
  let ca = ''
  let secret = ''
  const backup = () => path.join(place.folder, 'backup')
  const figures = async (at: Place) => (await at.hsoc(['day', day, '--json'])).out

  beforeAll(async () => {
    place = openPlace(null, await ports())
    other = openPlace(null, await ports())
    server = serve(['start'], place.env)
    await server.until(/no coordinator yet[\s\S]*HSOC_DATA=\S+ bin\/hsoc user add/)
    base = `https://localhost:${place.env.HSOC_PORT}`
    ca = readFileSync(path.join(place.env.HSOC_DATA as string, 'tls', 'server.pem'), 'utf8')
  }, 240_000)
  afterAll(async () => {
    await server.stop()
    place.remove()
    other.remove()
  })

  it('lets what people wait for go before the intake and the rules', async () => {
    // Connections are made when they are needed.
    const seen = await eventually(
      () => nicenessIn(place.folder),
      ({ postgres }) => postgres === 15,
    )
    expect(seen).toEqual({ pages: 0, intake: 15, worker: 15, postgres: 15 })
  })

  it('says where it is, and that its certificate is self-made', async () => {
    expect(server.said()).toContain(base)
    expect(server.said()).toMatch(/self-made/)
    expect(server.said()).toMatch(/HSOC_SMTP_URL/)
    expect(await ask(`${base}/health/ready`, { ca })).toMatchObject({ status: 200 })
  })

  it('the first coordinator made at the terminal signs in', async () => {
    const words = ['user', 'add', email, '--role', 'coordinator', '--password-stdin']
    const added = await place.hsoc(words, `${password}\n`)
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/first sign-in hSOC leads to/) })
    const half = await signIn(base, email, password, ca)
    const led = await ask(`${base}/`, { ca, headers: { cookie: half } })
    expect([led.status, led.headers.location]).toEqual([303, '/account/means?back=%2F'])
    const cookie = await setUpApp(base, half, ca)
    expect((await ask(`${base}/`, { ca, headers: { cookie } })).status).toBe(200)
    const metrics = await ask(`${base}/metrics`, { ca, headers: { cookie } })
    expect(metrics.body).toMatch(/^hsoc_events_stored_total \d/m)
  })

  it('a second one on the same port is told which port is taken', async () => {
    const said = await place.hsoc(['start'])
    expect(said).toMatchObject({ code: 1, err: expect.stringMatching(/HSOC_PORT/) })
    expect(said.err).toContain(place.env.HSOC_PORT)
  })

  it('takes events through the door and from the terminal beside it', async () => {
    const add = ['sensor', 'add', 'cz.csirt.test', '--rights', 'write', '--secret']
    secret = (await place.hsoc(add)).out.trim()
    const door = `https://localhost:${place.env.HSOC_SENSOR_PORT}/api/v1/events`
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    const send = () => ask(door, { ca, method: 'POST', headers, body: JSON.stringify([event('a')]) })
    // A server hears of a new sensor in a moment.
    expect((await eventually(send, ({ status }) => status === 200)).body).toMatch(
      /"stored":\s*1|"duplicate":\s*1/,
    )
    const change = (rights: string) => place.hsoc(['sensor', 'change', 'cz.csirt.test', '--rights', rights])
    expect((await change('read')).code).toBe(0)
    expect((await eventually(send, ({ status }) => status === 403)).status).toBe(403)
    expect((await change('write')).code).toBe(0)
    expect((await eventually(send, ({ status }) => status === 200)).status).toBe(200)
    const said = await place.hsoc(['ingest', '--sensor', 'cz.csirt.test', '-'], JSON.stringify(event('b')))
    expect(said.code).toBe(0)
    expect(said.err).toContain('The server runs')
    expect(said.err).not.toContain('Starting PostgreSQL')
    expect(JSON.parse(await figures(place))).toMatchObject({ events: 2 })
    expect((await place.hsoc(['verify'])).code).toBe(0)
  })

  it('is backed up while it works, never into itself or onto another backup', async () => {
    expect((await place.hsoc(['backup', backup()])).code).toBe(0)
    expect((await place.hsoc(['backup', backup()])).err).toMatch(/not empty/)
    const inside = path.join(place.env.HSOC_DATA as string, 'copy')
    expect((await place.hsoc(['backup', inside])).err).toMatch(/cannot lie inside/)
  })

  it('a restored copy verifies, has the same figures and the same secrets', async () => {
    expect((await other.hsoc(['restore', place.folder])).err).toMatch(/no whole backup/)
    const restored = await other.hsoc(['restore', backup()])
    expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/2 events/) })
    expect((await other.hsoc(['verify'])).code).toBe(0)
    expect(await figures(other)).toBe(await figures(place))
    expect((await other.hsoc(['restore', backup()])).err).toMatch(/not empty/)
    const again = serve(['start'], { ...other.env, HSOC_SECOND_FACTOR: 'off' })
    await again.until(/a password alone lets coordinators in/)
    const trusted = readFileSync(path.join(other.env.HSOC_DATA as string, 'tls', 'server.pem'), 'utf8')
    const to = `https://localhost:${other.env.HSOC_PORT}`
    await expect(signIn(to, email, password, trusted)).resolves.toMatch(/hsoc_session/)
    expect(await again.stop()).toBe(0)
  })

  it('stops at a signal, leaves no process, and its figures are there without it', async () => {
    const before = await figures(place)
    expect(await server.stop('SIGTERM')).toBe(0)
    expect(
      await eventually(
        () => livingIn(place.folder),
        (left) => left.length === 0,
      ),
    ).toEqual([])
    expect(await figures(place)).toBe(before)
  })

  it('a command in a folder in which nothing was kept says that it made a new installation there', async () => {
    const mistyped = openPlace(null)
    const folder = mistyped.env.HSOC_DATA as string
    const first = await mistyped.hsoc(['warnings'])
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('No warnings') })
    expect(first.err).toContain(`Nothing was kept in ${folder} so far`)
    expect((await mistyped.hsoc(['warnings'])).err).not.toContain('Nothing was kept')
    mistyped.remove()
  })

  it('serves with a certificate from files, and says who has yet to set up a second factor', async () => {
    const more = ['user', 'add', 'druhy@csirt.example', '--role', 'coordinator', '--password-stdin']
    expect((await place.hsoc(more, `${password}\n`)).code).toBe(0)
    const elsewhere = path.join(place.folder, 'files')
    mkdirSync(elsewhere)
    const pair = await serverCertificate(elsewhere, 'localhost', Date.now())
    const [cert, key] = [path.join(place.folder, 'own.pem'), path.join(place.folder, 'own.key')]
    writeFileSync(cert, pair.cert)
    writeFileSync(key, pair.key)
    const env = { ...place.env, HSOC_TLS_CERT: cert, HSOC_TLS_KEY: key }
    const again = serve(['start'], env)
    await again.until(/1 coordinator or operator has no second factor yet/)
    expect(again.said()).not.toMatch(/self-made|no coordinator/)
    expect((await ask(`${base}/health/live`, { ca: pair.cert })).status).toBe(200)
    await expect(ask(`${base}/health/live`, { ca })).rejects.toThrow(/self-signed|verify|certificate/i)
    expect(await again.stop()).toBe(0)
  })
})
