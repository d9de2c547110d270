/** The one command of a newcomer, with a short day on ports of its own: from nothing to a warned hospital. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, signIn } from '../cli/browser.ts'
import { eventually, freePort, livingIn, openPlace, type Place, type Server, serve } from '../cli/program.ts'

const hospital = 'vendelin@nemocnice-dolni-vymysl.example'
const words = ['demo', '--events', '8000', '--speed', 'max']

/** A machine that does much else at the same time is waited for. */
const patient = { timeout: 240_000 }

describe('npm run demo', patient, () => {
  let place: Place
  let server: Server
  let said = ''
  const base = () => `http://127.0.0.1:${place.env.HSOC_PORT}`
  const passwordIn = (text: string): string => /password for all: (\S+)\)/.exec(text)?.[1] ?? ''

  beforeAll(async () => {
    place = openPlace(null, { HSOC_PORT: `${await freePort()}`, HSOC_SENSOR_PORT: `${await freePort()}` })
    server = serve(words, place.env)
    said = await server.until(/was replayed/)
  }, 240_000)
  afterAll(async () => {
    await server.stop()
    place.remove()
  })

  it('prints the address on the port that was asked for, and ready sign-ins, plainly as a demonstration', () => {
    expect(said).toContain(`${base()}\n`)
    expect(said).toMatch(/DEMONSTRATION/)
    expect(said).toMatch(/password alone/)
    for (const email of [
      'koordinator@csirt.hsoc.example',
      'hynek@csirt.hsoc.example',
      hospital,
      'kunhuta@sprava-siti.example',
      'reditel@',
    ])
      expect(said).toContain(email)
    expect(said).toMatch(/accepted: 8,000 events/)
    expect(said).not.toMatch(/sensor cz\.\S+: \d/)
  })

  it('each of the sign-ins works', async () => {
    for (const email of [
      'koordinator@csirt.hsoc.example',
      'hynek@csirt.hsoc.example',
      'kunhuta@sprava-siti.example',
      'reditel@nemocnice-pohadkov.example',
    ]) {
      const cookie = await signIn(base(), email, passwordIn(said))
      expect((await ask(`${base()}/`, { headers: { cookie } })).status).toBe(200)
    }
  })

  it('the hospital finds a warning, and the mail about it lies where the terminal says', async () => {
    const cookie = await signIn(base(), hospital, passwordIn(said))
    const list = () => ask(`${base()}/warnings`, { headers: { cookie, 'accept-language': 'en' } })
    const page = await eventually(list, ({ body }) => /href="\/warnings\/[^"?]+"/.test(body))
    expect(page.body).toMatch(/href="\/warnings\/[^"?]+"/)
    const mails = /mails +(http\S+)/.exec(said)?.[1] ?? ''
    const index = await eventually(
      () => ask(mails),
      ({ body }) => /href="\/1"/.test(body),
    )
    expect(index.body).toMatch(/href="\/1"/)
  })

  it('the other commands work beside it', async () => {
    const list = JSON.parse((await place.hsoc(['warnings', '--json'])).out)
    expect(list.length).toBeGreaterThan(0)
    for (const { id, link } of list) expect(link).toBe(`${base()}/warnings/${id}`)
    expect((await place.hsoc(['verify'])).code).toBe(0)
    expect((await place.hsoc(['demo'])).err).toMatch(/runs in this folder already/)
  })

  it('its public web says that it is a demonstration', async () => {
    const page = await ask(`${base()}/en`)
    expect([page.status, page.body.includes('Demonstration: the organisations')]).toEqual([200, true])
  })

  it('ends at Ctrl-C with nothing left', async () => {
    expect(await server.stop('SIGINT')).toBe(0)
    expect(server.said()).toMatch(/has stopped/)
    expect(
      await eventually(
        () => livingIn(place.folder),
        (left) => left.length === 0,
      ),
    ).toEqual([])
  })

  it('goes on with the same sign-ins in a second run, and begins anew with --reset', async () => {
    server = serve(words, place.env)
    const second = await server.until(/was replayed before/)
    expect(passwordIn(second)).toBe(passwordIn(said))
    await server.stop()
    server = serve([...words, '--reset'], place.env)
    const third = await server.until(/Replaying/)
    expect(third).toMatch(/previous demonstration was removed/)
    expect(await server.stop()).toBe(0)
  })

  it('names a port that is taken', async () => {
    const taken = createServer()
    await new Promise<void>((done) => taken.listen(Number(place.env.HSOC_PORT), '127.0.0.1', done))
    const refused = await place.hsoc(['demo'])
    taken.close()
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/HSOC_PORT\) is in use/) })
  })

  it('never touches a folder that is not its own', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hsoc-foreign-'))
    const foreign = openPlace(null, { HSOC_DATA: folder })
    expect((await foreign.hsoc(['config'])).code).toBe(0)
    expect((await foreign.hsoc(['demo', '--reset'])).err).toMatch(/no folder of a demonstration/)
    foreign.remove()
    rmSync(folder, { recursive: true, force: true })
  })
})
