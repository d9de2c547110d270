import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disable } from '../../src/modules/events/sensors.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import { addPerson } from '../harness.ts'
import { requestFor } from './certificate-request.ts'
import { openEnrolling, why } from './enrolling.ts'
import { eventOf } from './machines.ts'

const day = 86_400_000
const at = openEnrolling()

const blocks = (pem: string): string[] => pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []

describe('a sensor with a token', () => {
  it('gets a certificate for its own key, with which the stock client sends over mutual TLS 1.3', async () => {
    const { pair, name: called } = await at.enrolled()
    const [own, authority] = blocks(pair.cert).map((pem) => new X509Certificate(pem))
    expect(own?.subject).toBe(`CN=${called}`)
    expect(authority?.fingerprint256).toBe(new X509Certificate(at.here.ca.cert).fingerprint256)
    expect(own?.verify((authority as X509Certificate).publicKey)).toBe(true)
    expect(own?.ca).toBe(false)
    // OID of clientAuth, and nothing else.
    expect(own?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(own?.validToDate.getTime()).toBeCloseTo(at.here.now.ms + 365 * day, -5)
    await at.here.doors.known.refresh()
    const sender = at.here.sender(called, { cert: pair })
    expect(await sender.getInfo()).toMatchObject({ version: '3.0-hsoc' })
    expect(await sender.sendEvents([eventOf(called, 'enrolled-1')])).toEqual({ saved: 1, errors: [] })
  })

  it('gets it as JSON when it asks for that, with the authority and the end', async () => {
    const { id, name: called } = await at.sensor()
    const { token } = await at.offer(id)
    const answer = await at.enrol({ token, json: true, body: (await requestFor(called)).der })
    const given = JSON.parse(answer.body)
    expect(given).toMatchObject({ name: called, authority: at.here.ca.cert })
    expect(new X509Certificate(given.certificate).serialNumber.toLowerCase()).toBe(given.serial)
    expect(Date.parse(given.until)).toBeGreaterThan(at.here.now.ms + 364 * day)
  })

  it('may bring any of the good kinds of key, and no name at all', async () => {
    for (const kind of ['rsa', 'p256', 'p384', 'ed25519'] as const) {
      const { id } = await at.sensor()
      const { token } = await at.offer(id)
      expect((await at.enrol({ token, body: (await requestFor(null, kind)).pem })).status, kind).toBe(200)
    }
  })

  it('keeps its secret beside the certificate', async () => {
    const { id, name: called } = await at.sensor({ secret: true })
    const { token } = await at.offer(id)
    const request = await requestFor(called.toUpperCase())
    const answer = await at.enrol({ token, body: request.pem })
    expect(answer.status).toBe(200)
    await at.here.doors.known.refresh()
    const by = at.here.sender(called, { cert: { cert: answer.body, key: request.key } })
    expect((await by.raw('getInfo')).status).toBe(200)
  })

  it('is in the trail from the token to the revocation, without the token', async () => {
    const { id, name: called, token } = await at.enrolled()
    await at.revoke(id)
    const { rows } = await at.here.db.engine.query(
      'select verb, actor, org_id, detail from audit where object = $1 order by id',
      [`sensor ${called}`],
    )
    expect(rows.map((row) => [row.verb, row.actor, row.org_id])).toEqual([
      ['events.sensor-enrol', at.admin.email, at.hospital.id],
      ['events.sensor-enrolment', 'hsoc', at.hospital.id],
      ['events.sensor-revoke', at.admin.email, at.hospital.id],
    ])
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(at.here.logged.join('\n')).not.toContain(token)
    const kept = await at.here.db.engine.query('select * from sensor_enrolments')
    expect(JSON.stringify(kept.rows)).not.toContain(token)
  })
})

describe('a token', () => {
  it('is good for one certificate: of two requests at once one wins', async () => {
    const { id, name: called } = await at.sensor()
    const { token } = await at.offer(id)
    const bodies = await Promise.all([1, 2, 3, 4].map(async () => (await requestFor(called)).pem))
    const answers = await Promise.all(bodies.map((body) => at.enrol({ token, body })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409])
    expect(why(await at.enrol({ token, body: bodies[0] as string }))).toEqual([
      409,
      'This token was used already: ask for a new one.',
    ])
    const { rows } = await at.here.db.engine.query('select 1 from sensor_certificates where sensor_id = $1', [
      id,
    ])
    expect(rows.length).toBe(1)
  })

  it('that is wrong, missing, over, replaced or of a disabled sensor gives nothing and says why', async () => {
    const { id, name: called } = await at.sensor()
    const body = (await requestFor(called)).pem
    expect(why(await at.enrol({ body }))[0]).toBe(401)
    expect(why(await at.enrol({ token: 'wrong', body }))).toEqual([401, 'This token is not known.'])
    const first = await at.offer(id)
    const second = await at.offer(id, at.coordinator, 1)
    expect(why(await at.enrol({ token: first.token, body }))[1]).toContain('was replaced or withdrawn')
    at.here.now.ms += 3_600_000
    expect(why(await at.enrol({ token: second.token, body }))[1]).toContain('has expired')
    at.here.now.ms -= 3_600_000
    const third = await at.offer(id)
    await disable(at.here.db.engine, called, at.here.now.ms)
    expect(why(await at.enrol({ token: third.token, body }))).toEqual([
      409,
      `The sensor "${called}" is disabled.`,
    ])
    await expect(at.offer(id)).rejects.toThrow(/disabled/)
  })

  it('is made by who manages the sensor alone, and waits for an hour to thirty days', async () => {
    const { id } = await at.sensor()
    await expect(at.offer(id, at.stranger)).rejects.toThrow(/no such sensor/)
    await expect(at.revoke(id, at.stranger)).rejects.toThrow(/no such sensor/)
    const operator = await addPerson(at.here.db, `Olga Provozní ${id}`, [['operator', null]])
    const manager = await addPerson(at.here.db, `Magda Ředitelka ${id}`, [['manager', at.hospital]])
    for (const by of [operator, manager]) {
      await expect(at.offer(id, by)).rejects.toThrow(/managed by its organisation/)
      await expect(at.revoke(id, by)).rejects.toThrow(/managed by its organisation/)
    }
    for (const hours of [0, -1, 721, Number.NaN])
      await expect(at.offer(id, at.admin, hours)).rejects.toThrow(/hours/)
    // The rule stands in the database too: what a member writes is of its own sensors, and by itself.
    const write = (by: Actor, person: number) =>
      asActor(at.here.db, by, at.here.now.ms, (tx) =>
        tx.query(
          `insert into sensor_enrolments (token_hash, sensor_id, made_at, made_by, expires_at) values ('\\x00', $1, now(), $2, now())`,
          [id, person],
        ),
      )
    await expect(write(at.stranger, at.stranger.person)).rejects.toThrow(/row-level security/)
    await expect(write(at.admin, at.coordinator.person)).rejects.toThrow(/row-level security/)
    const seen = await asActor(at.here.db, at.stranger, at.here.now.ms, (tx) =>
      tx.query('select id from sensor_enrolments'),
    )
    expect(seen.rows).toEqual([])
    await expect(
      asActor(at.here.db, at.admin, at.here.now.ms, (tx) =>
        tx.query('select token_hash from sensor_enrolments'),
      ),
    ).rejects.toThrow(/permission denied/)
  })

  it('outlives a request that cannot be certified', async () => {
    const { id, name: called } = await at.sensor()
    const { token } = await at.offer(id)
    const good = await requestFor(called)
    const forged = Buffer.from(good.der)
    forged[forged.length - 1] = (forged.at(-1) as number) ^ 1
    const bad: [string, string | Buffer, number, RegExp][] = [
      ['nothing', '', 422, /no certificate request/],
      ['text', 'hello', 422, /no certificate request/],
      ['broken PEM', good.pem.replace(/[A-Z]{5}/, '!!!!!'), 422, /no certificate request/],
      ['half a request', good.der.subarray(0, 60), 422, /no certificate request/],
      ['a certificate', at.here.ca.cert, 422, /no certificate request/],
      ['a weak key', (await requestFor(called, 'weak')).pem, 422, /2048/],
      ['another curve', (await requestFor(called, 'p521')).pem, 422, /P-256/],
      ['a bad signature', forged, 422, /signature/],
      ['another name', (await requestFor('cz.hsoc.other')).pem, 422, new RegExp(called)],
      ['1 MB', Buffer.alloc(1_048_576, 'A'), 413, /large/],
    ]
    for (const [what, body, status, reason] of bad) {
      const answer = await at.enrol({ token, body })
      expect([what, answer.status], answer.body).toEqual([what, status])
      expect(why(answer)[1], what).toMatch(reason)
    }
    expect((await at.enrol({ token, body: good.pem })).status).toBe(200)
  })

  it('meets any bytes with a named refusal', async () => {
    const { id } = await at.sensor()
    const { token } = await at.offer(id)
    const head = (await requestFor('cz.hsoc.x')).der.subarray(0, 40)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, begun) => {
        const body = begun ? Buffer.concat([head, bytes]) : Buffer.from(bytes)
        expect((await at.enrol({ token, body })).status).toBe(422)
      }),
      { numRuns: 60 },
    )
  })
})
