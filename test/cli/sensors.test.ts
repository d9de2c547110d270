/** Sensors from the terminal: added, listed, changed, certified, disabled, and each deed in the trail. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24'])
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const hsoc = (line: string[], stdin?: string) => place.hsoc(line, stdin)

describe('sensors', () => {
  it('show their secret once, alone on standard output, and keep only its hash', async () => {
    const added = await hsoc([
      'sensor',
      'add',
      'cz.lipova.fw',
      '--member',
      'Nemocnice Lipová',
      '--secret',
      '--rights',
      'write,read',
    ])
    expect(added.code).toBe(0)
    expect(added.out).toMatch(/^[\w-]{32,}\n$/)
    const secret = added.out.trim()
    const listed = await hsoc(['sensor', 'list', '--json'])
    expect(listed.out + added.err).not.toContain(secret)
    expect(JSON.parse(listed.out)[0]).toMatchObject({
      rights: ['write', 'read'],
      secret: true,
      disabled: false,
    })
    const { rows } = await db.engine.query('select s::text as line from sensors s')
    expect(rows[0]?.line).not.toContain(secret)
    const again = await hsoc(['sensor', 'rotate', 'cz.lipova.fw'])
    expect(again.out).toMatch(/^[\w-]{32,}\n$/)
    expect(again.out.trim()).not.toBe(secret)
  })

  it('are unique, named as sensors are, and belong to a known member', async () => {
    const twice = await hsoc(['sensor', 'add', 'cz.lipova.fw', '--secret', '--rights', 'write'])
    expect(twice).toMatchObject({
      code: 1,
      err: expect.stringMatching(/named "cz\.lipova\.fw" exists already/),
    })
    expect((await hsoc(['sensor', 'add', 'cz lipova', '--rights', 'write'])).err).toMatch(/no sensor name/)
    const nobody = await hsoc(['sensor', 'add', 'cz.x', '--rights', 'write', '--member', 'Nikdo'])
    expect(nobody).toMatchObject({ code: 1, err: expect.stringMatching(/Nikdo/) })
    const near = await hsoc(['sensor', 'add', 'cz.x', '--rights', 'write', '--member', 'nemocnice lipova'])
    expect(near).toMatchObject({ code: 1, err: expect.stringMatching(/Did you mean Nemocnice Lipová/) })
  })

  it('with a certificate get it with its key and what to trust', async () => {
    expect((await hsoc(['sensor', 'add', 'cz.lipova.ids', '--cert-cn', 'ids', '--rights', 'test'])).out).toBe(
      '',
    )
    const out = path.join(place.folder, 'ids')
    const made = await hsoc(['sensor', 'certificate', 'cz.lipova.ids', '--out', out, '--days', '30'])
    expect(made.code).toBe(0)
    expect(made.out).toMatch(/cert\.pem/)
    expect(new X509Certificate(readFileSync(path.join(out, 'cert.pem'))).subject).toContain('CN=ids')
    expect(statSync(path.join(out, 'key.pem')).mode & 0o777).toBe(0o600)
    expect((await hsoc(['sensor', 'certificate', 'cz.lipova.ids', '--days', '0'])).code).toBe(2)
  })

  it('get a token, shown alone and once, and lose their certificates at once', async () => {
    const made = await hsoc(['sensor', 'enrol', 'cz.lipova.ids', '--hours', '2'])
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{32}\n$/) })
    expect(made.err).toMatch(/cz\.lipova\.ids, shown this once; good once, until 20\d\d-/)
    const { rows } = await db.engine.query('select e::text as line from sensor_enrolments e')
    expect(JSON.stringify(rows)).not.toContain(made.out.trim())
    const again = JSON.parse((await hsoc(['sensor', 'enrol', 'cz.lipova.ids', '--json'])).out)
    expect(again).toMatchObject({ name: 'cz.lipova.ids', token: expect.stringMatching(/^[\w-]{32}$/) })
    for (const hours of ['0', '721', 'two'])
      expect((await hsoc(['sensor', 'enrol', 'cz.lipova.ids', '--hours', hours])).code, hours).toBe(2)
    expect((await hsoc(['sensor', 'enrol', 'cz.lipova.idz'])).err).toMatch(/Did you mean cz\.lipova\.ids/)
    // The one that the terminal made before is good until now.
    expect((await hsoc(['sensor', 'revoke', 'cz.lipova.ids'])).out).toMatch(/^1 certificate of the sensor/)
    expect((await hsoc(['sensor', 'revoke', 'cz.lipova.ids'])).out).toMatch(/^0 certificates/)
    expect((await hsoc(['sensor', 'revoke', 'cz.nowhere'])).code).toBe(1)
  })

  it('are listed with how they prove themselves, also by a certificate for their name', async () => {
    expect((await hsoc(['sensor', 'add', 'cz.lipova.plain', '--rights', 'write'])).code).toBe(0)
    const host = ['--hostname', 'log.lipova.example', '--rights', 'write']
    expect((await hsoc(['sensor', 'add', 'cz.lipova.hosted', ...host])).code).toBe(0)
    const { out } = await hsoc(['sensor', 'list'])
    expect(out).toMatch(/^cz\.lipova\.fw .* secret /m)
    expect(out).toMatch(/^cz\.lipova\.ids .* CN ids /m)
    expect(out).toMatch(/^cz\.lipova\.plain .* CN cz\.lipova\.plain /m)
    expect(out).toMatch(/^cz\.lipova\.hosted .* host log\.lipova\.example /m)
  })

  it('are changed in what is named and in nothing else', async () => {
    const line = async () => {
      const all = JSON.parse((await hsoc(['sensor', 'list', '--json'])).out)
      return all.find((one: { name: string }) => one.name === 'cz.lipova.plain')
    }
    const change = (...flags: string[]) => hsoc(['sensor', 'change', 'CZ.Lipova.plain', ...flags])
    const before = await line()
    expect(await change('--rights', 'read,test')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/cz\.lipova\.plain was changed/),
    })
    expect(await line()).toEqual({ ...before, rights: ['read', 'test'] })
    const certified = await change('--cert-cn', 'Sonda', '--verdict', 'dropped', '--inline', 'on')
    expect(certified.err).toMatch(/hsoc sensor enrol cz\.lipova\.plain/)
    expect(await line()).toMatchObject({
      rights: ['read', 'test'],
      cert_cn: 'sonda',
      verdict: 'dropped',
      inline: true,
    })
    const more = [
      '--member',
      'Nemocnice Lipová',
      '--inside',
      '10.0.0.0/8,192.168.0.0/16',
      '--zone',
      'Europe/Prague',
    ]
    expect((await change(...more, '--exercise', 'on')).code).toBe(0)
    expect(await line()).toMatchObject({
      member: 'Nemocnice Lipová',
      inside: ['10.0.0.0/8', '192.168.0.0/16'],
      zone: 'Europe/Prague',
      rights: ['read', 'test', 'exercise'],
    })
    const back = ['--member', '', '--inside', '', '--zone', 'UTC', '--exercise', 'off', '--inline', 'off']
    expect((await change(...back, '--cert-cn', '', '--verdict', 'unknown', '--rights', 'write')).code).toBe(0)
    expect(await line()).toEqual(before)
  })

  it.each([
    [
      ['cz.lipova.plian', '--rights', 'read'],
      /no sensor named "cz\.lipova\.plian".*Did you mean cz\.lipova\.plain/,
    ],
    [['cz.lipova.plain', '--cert-cn', 'IDS'], /"IDS" belongs to the sensor cz\.lipova\.ids/],
    [['cz.lipova.plain', '--member', 'Nemocnice Lipova'], /Did you mean Nemocnice Lipová/],
    [['cz.lipova.plain', '--inside', '10.0.0.0/8'], /add --member NAME/],
  ])('%j is no change, and says why', async (words, sentence) => {
    const before = (await hsoc(['sensor', 'list', '--json'])).out
    const said = await hsoc(['sensor', 'change', ...words])
    expect(said).toMatchObject({ code: 1, out: '', err: expect.stringMatching(sentence) })
    expect((await hsoc(['sensor', 'list', '--json'])).out).toBe(before)
  })

  it('disabled ones send nothing more', async () => {
    expect((await hsoc(['sensor', 'disable', 'cz.lipova.fw'])).code).toBe(0)
    expect((await hsoc(['ingest', '--sensor', 'cz.lipova.fw', '-'], '[]')).err).toMatch(/is disabled/)
    expect((await hsoc(['sensor', 'disable', 'cz.lipova.fv'])).err).toMatch(/Did you mean cz\.lipova\.fw/)
    const changed = await hsoc(['sensor', 'change', 'cz.lipova.fw', '--rights', 'write'])
    expect(changed).toMatchObject({ code: 1, err: expect.stringMatching(/is disabled/) })
  })

  it('every deed of the terminal is in the trail', async () => {
    const { rows } = await db.engine.query<{ verb: string }>('select distinct verb from audit order by 1')
    expect(rows.map((row) => row.verb)).toEqual(
      expect.arrayContaining([
        'events.sensor-add',
        'events.sensor-change',
        'events.sensor-rotate',
        'events.sensor-disable',
      ]),
    )
    const { rows: changes } = await db.engine.query<{ detail: object; readers: number[] }>(
      `select detail, readers from audit where verb = 'events.sensor-change' and object = 'sensor cz.lipova.plain' order by id limit 1`,
    )
    expect(changes).toEqual([{ detail: { rights: ['read', 'test'] }, readers: [2] }])
  })
})
