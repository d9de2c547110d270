import { X509Certificate } from 'node:crypto'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openMachines } from '../../src/machines.ts'
import * as enrolment from '../../src/modules/events/enrolment.ts'
import { handOver, trust } from '../../src/modules/events/handover.ts'
import { disable } from '../../src/modules/events/sensors.ts'
import { asEngine } from '../../src/platform/database.ts'
import { serverOptions } from '../../src/platform/tls.ts'
import { listen } from '../listening.ts'
import { ask, requestFor } from './certificate-request.ts'
import { openEnrolling, why } from './enrolling.ts'
import { openMachinesHere } from './machines.ts'

const at = openEnrolling()

describe('a certificate', () => {
  it('is renewed by itself in its last sixty days, and the old one goes on until its end', async () => {
    const { id, name: called, pair } = await at.enrolled()
    await at.here.doors.known.refresh()
    const fresh = await requestFor(called)
    const early = await ask(at.here.port, 'renewal', { body: fresh.pem, pair })
    expect(why(early)).toEqual([409, expect.stringMatching(/^Too early: it can be renewed from 20\d\d-/)])
    await at.age(id, 310)
    const answer = await ask(at.here.port, 'renewal', { body: fresh.pem, pair })
    expect(answer.status).toBe(200)
    await at.here.doors.known.refresh()
    const next = { cert: answer.body, key: fresh.key }
    for (const cert of [pair, next])
      expect((await at.here.sender(called, { cert }).raw('getInfo')).status).toBe(200)
    const { rows } = await at.here.db.engine.query(
      'select via from sensor_certificates where sensor_id = $1 order by issued_at',
      [id],
    )
    expect(rows).toEqual([{ via: 'enrolment' }, { via: 'renewal' }])
  })

  it('is renewed for its own sensor alone, and never without it', async () => {
    const { id, pair } = await at.enrolled()
    await at.here.doors.known.refresh()
    await at.age(id, 310)
    const other = await requestFor('cz.hsoc.other')
    expect((await ask(at.here.port, 'renewal', { body: other.pem, pair })).status).toBe(422)
    expect((await ask(at.here.port, 'renewal', { body: other.pem })).status).toBe(401)
    const { token } = await at.offer((await at.sensor({ secret: true })).id)
    expect((await ask(at.here.port, 'renewal', { body: other.pem, token })).status).toBe(401)
  })

  it('that is revoked stops within a second, on connections that stand as well, and cannot be renewed', async () => {
    const { id, name: called, pair } = await at.enrolled()
    const { name: beside, pair: good } = await at.enrolled()
    const second = await openMachinesHere(at.here.db)
    try {
      await Promise.all([at.here, second].map((node) => node.doors.known.refresh()))
      // A reader that waits for news keeps its request open.
      const waiting = at.here.sender(called, { cert: pair }).raw('getEvents', { wait: 30, id: 1_000_000 })
      const ended = waiting.then(
        () => 'answered',
        () => 'cut',
      )
      for (const port of [at.here.port, second.port])
        expect((await at.here.sender(called, { cert: pair, port }).raw('getInfo')).status).toBe(200)
      await new Promise((done) => setTimeout(done, 300))
      expect(await at.revoke(id)).toBe(1)
      const late = new Promise((done) => setTimeout(() => done('late'), 1_000))
      expect(await Promise.race([ended, late])).toBe('cut')
      for (const port of [at.here.port, second.port]) {
        expect((await at.here.sender(called, { cert: pair, port }).raw('getInfo')).status).toBe(403)
        expect((await at.here.sender(beside, { cert: good, port }).raw('getInfo')).status).toBe(200)
      }
      const fresh = await requestFor(called)
      expect((await ask(at.here.port, 'renewal', { body: fresh.pem, pair })).status).toBe(401)
    } finally {
      await second.close()
    }
  })

  it('given after a revocation counts; others signed for the name no longer do', async () => {
    const { id, name: called, pair } = await at.enrolled()
    const unlisted = await at.here.certificate(called)
    await at.here.doors.known.refresh()
    expect((await at.here.sender(called, { cert: unlisted }).raw('getInfo')).status).toBe(200)
    await at.revoke(id)
    const { token } = await at.offer(id)
    const request = await requestFor(called)
    const again = { cert: (await at.enrol({ token, body: request.pem })).body, key: request.key }
    await at.here.doors.known.refresh()
    const by = async (cert: { cert: string; key: string }) =>
      (await at.here.sender(called, { cert }).raw('getInfo')).status
    expect([await by(pair), await by(unlisted), await by(again)]).toEqual([403, 403, 200])
  })

  it('that is revoked stands in the list that others fetch, signed by the authority', async () => {
    const { id, pair } = await at.enrolled()
    const serial = new X509Certificate(pair.cert).serialNumber
    await at.revoke(id)
    at.here.now.ms += 5_000
    const answer = await ask(at.here.port, 'revocations')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/pkix-crl'])
    expect(Buffer.from(answer.body, 'latin1').toString('hex').toUpperCase()).toContain(serial)
    expect((await ask(at.here.port, 'authority')).body).toBe(at.here.ca.cert)
  })

  it('of a disabled sensor stands in that list too', async () => {
    const { name: called, pair } = await at.enrolled()
    await disable(at.here.db.engine, called, at.here.now.ms)
    at.here.now.ms += 5_000
    const { body } = await ask(at.here.port, 'revocations')
    const serial = new X509Certificate(pair.cert).serialNumber
    expect(Buffer.from(body, 'latin1').toString('hex').toUpperCase()).toContain(serial)
  })

  it("is got, used, renewed and revoked by the pages' port as well", async () => {
    const { here } = at
    const app = await openMachines(here.context, here.doors)
    const socket = path.join(here.dataDir, 'intake.sock')
    const own = http.createServer((request, response) => app.routing(request, response))
    own.on('connection', trust)
    await new Promise<void>((done) => own.listen(socket, done))
    const tls = await serverOptions(
      { dataDir: here.dataDir, baseUrl: 'https://localhost', tls: { mode: 'self' } },
      [here.ca.cert],
      Date.now(),
    )
    const handler = handOver(socket, (_request, response) => response.writeHead(404).end())
    const front = await listen({ host: '127.0.0.1', port: 0, tls, plain: false, handler })
    try {
      const { id, name: called } = await at.sensor()
      const { token } = await at.offer(id)
      const request = await requestFor(called)
      const got = await ask(front.port, 'enrolment', { token, body: request.pem })
      const pair = { cert: got.body, key: request.key }
      await here.doors.known.refresh()
      const info = async () =>
        (await here.sender(called, { cert: pair, port: front.port }).raw('getInfo')).status
      expect([got.status, await info()]).toEqual([200, 200])
      await at.age(id, 310)
      expect((await ask(front.port, 'renewal', { body: request.pem, pair })).status).toBe(200)
      // A header of the sender's own making is worth nothing on a port of the network.
      const forged = Buffer.from(JSON.stringify({ cn: called, sans: [], fingerprint: '00' })).toString(
        'base64url',
      )
      const headers = { 'x-hsoc-peer': forged }
      for (const port of [front.port, here.port])
        expect((await ask(port, 'renewal', { body: request.pem, headers })).status).toBe(401)
      await at.revoke(id)
      await here.doors.known.refresh()
      expect(await info()).toBe(403)
      expect((await ask(front.port, 'renewal', { body: request.pem, pair })).status).toBe(401)
    } finally {
      await front.close(100)
      own.closeAllConnections()
      own.close()
      await app.close()
    }
  })

  it('is given at the terminal in the same way, and listed', async () => {
    const { id, name: called } = await at.sensor()
    const operator = { ...at.coordinator, person: 0 }
    const { token } = await asEngine(at.here.db, (tx) => enrolment.offer(tx, id, operator, at.here.now.ms))
    expect((await at.enrol({ token, body: (await requestFor(called)).pem })).status).toBe(200)
    expect(await asEngine(at.here.db, (tx) => enrolment.revoke(tx, id, operator, at.here.now.ms))).toBe(1)
  })
})
