import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as enrolment from '../../src/modules/events/enrolment.ts'
import { disable } from '../../src/modules/events/sensors.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import { asEngine } from '../../src/platform/database.ts'
import { addHospital, addPerson, type Hospital } from '../harness.ts'
import { type Asked, ask, requestFor } from './certificate-request.ts'
import { eventOf, type Machines, openMachinesHere } from './machines.ts'

const day = 86_400_000
const name = 'cz.hsoc.horni.ids'

let here: Machines
let hospital: Hospital
let coordinator: Actor
let admin: Actor
let stranger: Actor

beforeAll(async () => {
  here = await openMachinesHere()
  hospital = await addHospital(here.db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
  const other = await addHospital(here.db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
  coordinator = await addPerson(here.db, 'Klára Koordinátorka', [['coordinator', null]])
  admin = await addPerson(here.db, 'Adam Správce', [['admin', hospital]])
  stranger = await addPerson(here.db, 'Cyril Cizí', [['admin', other]])
  // Certificates are judged by the machine's clock in the handshake.
  here.now.ms = Date.now()
})
afterAll(() => here.close())

let made = 0
/** A new sensor of the hospital, by certificate alone unless said otherwise. */
async function sensor(more: object = {}): Promise<{ id: number; name: string }> {
  const called = made++ === 0 ? name : `${name}${made}`
  await here.addSensor(called, { member: hospital.name, secret: false, ...more })
  const { rows } = await here.db.engine.query<{ id: number }>('select id from sensors where name = $1', [
    called,
  ])
  return { id: rows[0]?.id as number, name: called }
}

const offer = (id: number, by: Actor = admin, hours?: number) =>
  asActor(here.db, by, here.now.ms, (tx) => enrolment.offer(tx, id, by, here.now.ms, hours))
const revoke = (id: number, by: Actor = admin) =>
  asActor(here.db, by, here.now.ms, (tx) => enrolment.revoke(tx, id, by, here.now.ms))
const enrol = (asked: Asked) => ask(here.port, 'enrolment', asked)
const why = (answer: { status: number; body: string }): [number, string] => [
  answer.status,
  JSON.parse(answer.body).message,
]

/** A sensor with the certificate that it got by a token. */
async function enrolled(more: object = {}) {
  const { id, name: called } = await sensor(more)
  const { token } = await offer(id)
  const request = await requestFor(called)
  const answer = await enrol({ token, body: request.pem })
  expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('BEGIN CERTIFICATE')])
  return { id, name: called, token, request, pair: { cert: answer.body, key: request.key } }
}

/** As if its certificates had been given so many days earlier; the handshake is judged by the machine's clock. */
const age = (id: number, days: number) =>
  here.db.engine.query(
    `update sensor_certificates set issued_at = issued_at - make_interval(days => $2), not_after = not_after - make_interval(days => $2)
     where sensor_id = $1`,
    [id, days],
  )

const blocks = (pem: string): string[] => pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []

describe('a sensor with a token', () => {
  it('gets a certificate for its own key, with which the stock client sends over mutual TLS 1.3', async () => {
    const { pair, name: called } = await enrolled()
    const [own, authority] = blocks(pair.cert).map((pem) => new X509Certificate(pem))
    expect(own?.subject).toBe(`CN=${called}`)
    expect(authority?.fingerprint256).toBe(new X509Certificate(here.ca.cert).fingerprint256)
    expect(own?.verify((authority as X509Certificate).publicKey)).toBe(true)
    expect(own?.ca).toBe(false)
    // OID of clientAuth, and nothing else.
    expect(own?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(own?.validToDate.getTime()).toBeCloseTo(here.now.ms + 365 * day, -5)
    await here.doors.known.refresh()
    const sender = here.sender(called, { cert: pair })
    expect(await sender.getInfo()).toMatchObject({ version: '3.0-hsoc' })
    expect(await sender.sendEvents([eventOf(called, 'enrolled-1')])).toEqual({ saved: 1, errors: [] })
  })

  it('gets it as JSON when it asks for that, with the authority and the end', async () => {
    const { id, name: called } = await sensor()
    const { token } = await offer(id)
    const answer = await enrol({ token, json: true, body: (await requestFor(called)).der })
    const given = JSON.parse(answer.body)
    expect(given).toMatchObject({ name: called, authority: here.ca.cert })
    expect(new X509Certificate(given.certificate).serialNumber.toLowerCase()).toBe(given.serial)
    expect(Date.parse(given.until)).toBeGreaterThan(here.now.ms + 364 * day)
  })

  it('may bring any of the good kinds of key, and no name at all', async () => {
    for (const kind of ['rsa', 'p256', 'p384', 'ed25519'] as const) {
      const { id } = await sensor()
      const { token } = await offer(id)
      expect((await enrol({ token, body: (await requestFor(null, kind)).pem })).status, kind).toBe(200)
    }
  })

  it('keeps its secret beside the certificate', async () => {
    const { id, name: called } = await sensor({ secret: true })
    const { token } = await offer(id)
    const request = await requestFor(called.toUpperCase())
    const answer = await enrol({ token, body: request.pem })
    expect(answer.status).toBe(200)
    await here.doors.known.refresh()
    const by = here.sender(called, { cert: { cert: answer.body, key: request.key } })
    expect((await by.raw('getInfo')).status).toBe(200)
  })

  it('is in the trail from the token to the revocation, without the token', async () => {
    const { id, name: called, token } = await enrolled()
    await revoke(id)
    const { rows } = await here.db.engine.query(
      'select verb, actor, org_id, detail from audit where object = $1 order by id',
      [`sensor ${called}`],
    )
    expect(rows.map((row) => [row.verb, row.actor, row.org_id])).toEqual([
      ['events.sensor-enrol', admin.email, hospital.id],
      ['events.sensor-enrolment', 'hsoc', hospital.id],
      ['events.sensor-revoke', admin.email, hospital.id],
    ])
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(here.logged.join('\n')).not.toContain(token)
    const kept = await here.db.engine.query('select * from sensor_enrolments')
    expect(JSON.stringify(kept.rows)).not.toContain(token)
  })
})

describe('a token', () => {
  it('is good for one certificate: of two requests at once one wins', async () => {
    const { id, name: called } = await sensor()
    const { token } = await offer(id)
    const bodies = await Promise.all([1, 2, 3, 4].map(async () => (await requestFor(called)).pem))
    const answers = await Promise.all(bodies.map((body) => enrol({ token, body })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409])
    expect(why(await enrol({ token, body: bodies[0] as string }))).toEqual([
      409,
      'This token was used already: ask for a new one.',
    ])
    const { rows } = await here.db.engine.query('select 1 from sensor_certificates where sensor_id = $1', [
      id,
    ])
    expect(rows.length).toBe(1)
  })

  it('that is wrong, missing, over, replaced or of a disabled sensor gives nothing and says why', async () => {
    const { id, name: called } = await sensor()
    const body = (await requestFor(called)).pem
    expect(why(await enrol({ body }))[0]).toBe(401)
    expect(why(await enrol({ token: 'wrong', body }))).toEqual([401, 'This token is not known.'])
    const first = await offer(id)
    const second = await offer(id, coordinator, 1)
    expect(why(await enrol({ token: first.token, body }))[1]).toContain('was replaced or withdrawn')
    here.now.ms += 3_600_000
    expect(why(await enrol({ token: second.token, body }))[1]).toContain('has expired')
    here.now.ms -= 3_600_000
    const third = await offer(id)
    await disable(here.db.engine, called, here.now.ms)
    expect(why(await enrol({ token: third.token, body }))).toEqual([
      409,
      `The sensor "${called}" is disabled.`,
    ])
    await expect(offer(id)).rejects.toThrow(/disabled/)
  })

  it('is made by who manages the sensor alone, and waits for an hour to thirty days', async () => {
    const { id } = await sensor()
    await expect(offer(id, stranger)).rejects.toThrow(/no such sensor/)
    await expect(revoke(id, stranger)).rejects.toThrow(/no such sensor/)
    const operator = await addPerson(here.db, `Olga Provozní ${id}`, [['operator', null]])
    const manager = await addPerson(here.db, `Magda Ředitelka ${id}`, [['manager', hospital]])
    for (const by of [operator, manager]) {
      await expect(offer(id, by)).rejects.toThrow(/managed by its organisation/)
      await expect(revoke(id, by)).rejects.toThrow(/managed by its organisation/)
    }
    for (const hours of [0, -1, 721, Number.NaN])
      await expect(offer(id, admin, hours)).rejects.toThrow(/hours/)
    // The rule stands in the database too: what a member writes is of its own sensors, and by itself.
    const write = (by: Actor, person: number) =>
      asActor(here.db, by, here.now.ms, (tx) =>
        tx.query(
          `insert into sensor_enrolments (token_hash, sensor_id, made_at, made_by, expires_at) values ('\\x00', $1, now(), $2, now())`,
          [id, person],
        ),
      )
    await expect(write(stranger, stranger.person)).rejects.toThrow(/row-level security/)
    await expect(write(admin, coordinator.person)).rejects.toThrow(/row-level security/)
    const seen = await asActor(here.db, stranger, here.now.ms, (tx) =>
      tx.query('select id from sensor_enrolments'),
    )
    expect(seen.rows).toEqual([])
    await expect(
      asActor(here.db, admin, here.now.ms, (tx) => tx.query('select token_hash from sensor_enrolments')),
    ).rejects.toThrow(/permission denied/)
  })

  it('outlives a request that cannot be certified', async () => {
    const { id, name: called } = await sensor()
    const { token } = await offer(id)
    const good = await requestFor(called)
    const forged = Buffer.from(good.der)
    forged[forged.length - 1] = (forged.at(-1) as number) ^ 1
    const bad: [string, string | Buffer, number, RegExp][] = [
      ['nothing', '', 422, /no certificate request/],
      ['text', 'hello', 422, /no certificate request/],
      ['broken PEM', good.pem.replace(/[A-Z]{5}/, '!!!!!'), 422, /no certificate request/],
      ['half a request', good.der.subarray(0, 60), 422, /no certificate request/],
      ['a certificate', here.ca.cert, 422, /no certificate request/],
      ['a weak key', (await requestFor(called, 'weak')).pem, 422, /2048/],
      ['another curve', (await requestFor(called, 'p521')).pem, 422, /P-256/],
      ['a bad signature', forged, 422, /signature/],
      ['another name', (await requestFor('cz.hsoc.other')).pem, 422, new RegExp(called)],
      ['1 MB', Buffer.alloc(1_048_576, 'A'), 413, /large/],
    ]
    for (const [what, body, status, reason] of bad) {
      const answer = await enrol({ token, body })
      expect([what, answer.status], answer.body).toEqual([what, status])
      expect(why(answer)[1], what).toMatch(reason)
    }
    expect((await enrol({ token, body: good.pem })).status).toBe(200)
  })

  it('meets any bytes with a named refusal', async () => {
    const { id } = await sensor()
    const { token } = await offer(id)
    const head = (await requestFor('cz.hsoc.x')).der.subarray(0, 40)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, begun) => {
        const body = begun ? Buffer.concat([head, bytes]) : Buffer.from(bytes)
        expect((await enrol({ token, body })).status).toBe(422)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a certificate', () => {
  it('is renewed by itself in its last sixty days, and the old one goes on until its end', async () => {
    const { id, name: called, pair } = await enrolled()
    await here.doors.known.refresh()
    const fresh = await requestFor(called)
    const early = await ask(here.port, 'renewal', { body: fresh.pem, pair })
    expect(why(early)).toEqual([409, expect.stringMatching(/^Too early: it can be renewed from 20\d\d-/)])
    await age(id, 310)
    const answer = await ask(here.port, 'renewal', { body: fresh.pem, pair })
    expect(answer.status).toBe(200)
    await here.doors.known.refresh()
    const next = { cert: answer.body, key: fresh.key }
    for (const cert of [pair, next])
      expect((await here.sender(called, { cert }).raw('getInfo')).status).toBe(200)
    const { rows } = await here.db.engine.query(
      'select via from sensor_certificates where sensor_id = $1 order by issued_at',
      [id],
    )
    expect(rows).toEqual([{ via: 'enrolment' }, { via: 'renewal' }])
  })

  it('is renewed for its own sensor alone, and never without it', async () => {
    const { id, pair } = await enrolled()
    await here.doors.known.refresh()
    await age(id, 310)
    const other = await requestFor('cz.hsoc.other')
    expect((await ask(here.port, 'renewal', { body: other.pem, pair })).status).toBe(422)
    expect((await ask(here.port, 'renewal', { body: other.pem })).status).toBe(401)
    const { token } = await offer((await sensor({ secret: true })).id)
    expect((await ask(here.port, 'renewal', { body: other.pem, token })).status).toBe(401)
  })

  it('that is revoked stops within a second, on connections that stand as well, and cannot be renewed', async () => {
    const { id, name: called, pair } = await enrolled()
    const { name: beside, pair: good } = await enrolled()
    const second = await openMachinesHere(here.db)
    try {
      await Promise.all([here, second].map((node) => node.doors.known.refresh()))
      // A reader that waits for news keeps its request open.
      const waiting = here.sender(called, { cert: pair }).raw('getEvents', { wait: 30, id: 1_000_000 })
      const ended = waiting.then(
        () => 'answered',
        () => 'cut',
      )
      for (const port of [here.port, second.port])
        expect((await here.sender(called, { cert: pair, port }).raw('getInfo')).status).toBe(200)
      await new Promise((done) => setTimeout(done, 300))
      expect(await revoke(id)).toBe(1)
      const late = new Promise((done) => setTimeout(() => done('late'), 1_000))
      expect(await Promise.race([ended, late])).toBe('cut')
      for (const port of [here.port, second.port]) {
        expect((await here.sender(called, { cert: pair, port }).raw('getInfo')).status).toBe(403)
        expect((await here.sender(beside, { cert: good, port }).raw('getInfo')).status).toBe(200)
      }
      const fresh = await requestFor(called)
      expect((await ask(here.port, 'renewal', { body: fresh.pem, pair })).status).toBe(401)
    } finally {
      await second.close()
    }
  })

  it('given after a revocation counts; others signed for the name no longer do', async () => {
    const { id, name: called, pair } = await enrolled()
    const unlisted = await here.certificate(called)
    await here.doors.known.refresh()
    expect((await here.sender(called, { cert: unlisted }).raw('getInfo')).status).toBe(200)
    await revoke(id)
    const { token } = await offer(id)
    const request = await requestFor(called)
    const again = { cert: (await enrol({ token, body: request.pem })).body, key: request.key }
    await here.doors.known.refresh()
    const by = async (cert: { cert: string; key: string }) =>
      (await here.sender(called, { cert }).raw('getInfo')).status
    expect([await by(pair), await by(unlisted), await by(again)]).toEqual([403, 403, 200])
  })

  it('that is revoked stands in the list that others fetch, signed by the authority', async () => {
    const { id, pair } = await enrolled()
    const serial = new X509Certificate(pair.cert).serialNumber
    await revoke(id)
    here.now.ms += 5_000
    const answer = await ask(here.port, 'revocations')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/pkix-crl'])
    expect(Buffer.from(answer.body, 'latin1').toString('hex').toUpperCase()).toContain(serial)
    expect((await ask(here.port, 'authority')).body).toBe(here.ca.cert)
  })

  it('is given at the terminal in the same way, and listed', async () => {
    const { id, name: called } = await sensor()
    const operator = { ...coordinator, person: 0 }
    const { token } = await asEngine(here.db, (tx) => enrolment.offer(tx, id, operator, here.now.ms))
    expect((await enrol({ token, body: (await requestFor(called)).pem })).status).toBe(200)
    expect(await asEngine(here.db, (tx) => enrolment.revoke(tx, id, operator, here.now.ms))).toBe(1)
  })
})
