import https from 'node:https'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certifyNewKey, makeAuthority } from '../../src/platform/certificates.ts'
import { eventOf, type Machines, openMachinesHere } from './machines.ts'
import { type Answer, openSender, type SenderOptions } from './sender.ts'

let here: Machines
beforeAll(async () => {
  here = await openMachinesHere()
})
afterAll(() => here.close())

/** One request with exactly this path and method. */
function ask(
  path: string,
  options: https.RequestOptions & { body?: string | undefined } = {},
): Promise<Answer> {
  const { body, ...more } = options
  return new Promise((resolve, reject) => {
    const call = https.request(
      { host: '127.0.0.1', port: here.port, path, agent: false, rejectUnauthorized: false, ...more },
      (response) => {
        let text = ''
        response
          .on('data', (chunk) => (text += chunk))
          .on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          )
      },
    )
    call.on('error', reject).end(body)
  })
}
const said = ({ status, body }: Answer) => [status, JSON.parse(body).errors?.[0]?.message]
const cliff = [404, "You've fallen off the cliff."]
const unknown = [403, "I'm watching. Authenticate."]

describe('a record with a certificate of a host and a secret', () => {
  const name = 'cz.hsoc.nem_a.host1'
  let secret: string
  let cert: { cert: string; key: string }
  const as = (query: string, method = 'getInfo', body?: string) =>
    ask(`/warden3/${method}?${query}`, { ...cert, method: body === undefined ? 'GET' : 'POST', body })
  beforeAll(async () => {
    secret = await here.addSensor(name, { hostname: 'sonda.nem-a.example' })
    cert = await here.certificate('anything', { sans: ['other.example', 'Sonda.nem-a.example'] })
  })

  it('is refused or let in exactly as the table says', async () => {
    expect(said(await as(`secret=${secret}`, 'getWrong'))).toEqual(cliff)
    expect(said(await as(`secret=${secret}`, ''))).toEqual(cliff)
    for (const query of [
      `client=${name}`,
      '',
      'client=cz.wrong',
      `client=cz.wrong&secret=${secret}`,
      `client=${name}&secret=wrong`,
    ])
      expect(said(await as(query)), query).toEqual(unknown)
    for (const query of [
      `secret=${secret}`,
      `client=${name}&secret=${secret}`,
      `client=${name.toUpperCase()}&secret=${secret}`,
    ])
      expect((await as(query)).status, query).toBe(200)
  })

  it('has its filters and bodies judged as the table says', async () => {
    const read = (query: string, body?: string) => as(`secret=${secret}&${query}`, 'getEvents', body)
    expect(said(await read('cat=bflm'))).toEqual([422, 'Wrong tag or category used in query.'])
    expect(said(await read('cat=Other&nocat=Test'))).toEqual([
      422,
      'Unrealizable conditions. Choose cat or nocat option.',
    ])
    for (const body of ['[1]', '{#$%^']) expect((await read('', body)).status).toBe(200)
    for (const query of ['self=test', 'bad=guy', 'cat=', 'count=&id='])
      expect((await read(query)).status).toBe(200)
  })

  it('is not let in by the secret without its host, nor by another host', async () => {
    expect(said(await ask(`/warden3/getInfo?secret=${secret}`))).toEqual(unknown)
    const other = await here.certificate('anything', { sans: ['other.example'] })
    expect(said(await ask(`/warden3/getInfo?secret=${secret}`, other))).toEqual(unknown)
  })
})

describe('a record with a certificate of a name', () => {
  it('is known by the name, by the common name, or when nothing is said', async () => {
    const name = 'cz.hsoc.nem_a.named'
    await here.addSensor(name, { secret: false, certCn: 'Sonda1.nem-a.example' })
    const cert = await here.certificate('sonda1.nem-a.example')
    for (const query of [
      '',
      `client=${name}`,
      'client=SONDA1.nem-a.example',
      `client=${name}&secret=ignored`,
    ])
      expect((await ask(`/warden3/getInfo?${query}`, cert)).status, query).toBe(200)
    expect(said(await ask('/warden3/getInfo?client=cz.hsoc.other', cert))).toEqual(unknown)
    expect(said(await ask(`/warden3/getInfo?client=${name}`))).toEqual(unknown)
  })

  it('of another authority, expired, or without any is answered 403, not by TLS', async () => {
    const name = 'cz.hsoc.nem_a.strict'
    const key = await here.addSensor(name)
    const foreign = await certifyNewKey(
      await makeAuthority('Foreign', Date.now()),
      { cn: name, days: 365 },
      Date.now(),
    )
    const old = await certifyNewKey(here.ca, { cn: name, days: 2 }, Date.now() - 10 * 86_400_000)
    for (const cert of [foreign, old]) {
      expect(said(await ask(`/warden3/getInfo?client=${name}`, cert))).toEqual(unknown)
      // A certificate that was refused is no "no certificate": the secret does not count beside it.
      expect(said(await ask(`/warden3/getInfo?secret=${key}`, cert))).toEqual(unknown)
    }
    expect((await ask(`/warden3/getInfo?secret=${key}`)).status).toBe(200)
    expect(said(await ask('/warden3/getInfo'))).toEqual(unknown)
  })

  it('is not let in by the secret of another record that has a certificate of its own', async () => {
    const key = await here.addSensor('cz.hsoc.nem_a.both', { certCn: 'both.example' })
    await here.addSensor('cz.hsoc.nem_a.else', { secret: false, certCn: 'else.example' })
    const own = await here.certificate('both.example')
    const other = await here.certificate('else.example')
    expect((await ask(`/warden3/getInfo?secret=${key}`, own)).status).toBe(200)
    expect(said(await ask(`/warden3/getInfo?secret=${key}`, other))).toEqual(unknown)
  })
})

describe('rights and paths', () => {
  it('let a writer write, a reader read, and both ask who they are', async () => {
    const reader = await here.addSensor('cz.hsoc.nem_b.reader', { rights: ['read'] })
    const writer = await here.addSensor('cz.hsoc.nem_b.writer', { rights: ['write'] })
    const event = JSON.stringify([eventOf('cz.hsoc.nem_b.reader', 'x')])
    const refused = await ask(`/warden3/sendEvents?secret=${reader}`, { method: 'POST', body: event })
    expect(JSON.parse(refused.body).errors).toEqual([
      { error: 403, message: "I'm watching. Not authorized.", client: 'cz.hsoc.nem_b.reader' },
    ])
    expect((await ask(`/warden3/getEvents?secret=${writer}`)).status).toBe(403)
    for (const key of [reader, writer]) expect((await ask(`/warden3/getInfo?secret=${key}`)).status).toBe(200)
    const debug = JSON.parse((await ask(`/warden3/getDebug?secret=${reader}`)).body)
    expect(debug.client).toEqual({
      name: 'cz.hsoc.nem_b.reader',
      rights: { read: true, write: false, test: false },
      scope: 'own',
    })
    expect(JSON.stringify(debug)).not.toContain(reader)
  })

  it('take GET and POST alike, slashes in front, and nothing else', async () => {
    const key = await here.addSensor('cz.hsoc.nem_b.paths')
    for (const path of ['/warden3/getInfo', '/warden3//getInfo', '/warden3///getInfo'])
      for (const method of ['GET', 'POST'])
        expect((await ask(`${path}?secret=${key}`, { method })).status, path).toBe(200)
    const put = await ask(`/warden3/getInfo?secret=${key}`, { method: 'PUT' })
    expect([put.status, put.headers.allow]).toEqual([405, 'GET, POST'])
    for (const path of [
      '/warden3',
      '/warden3/',
      '/warden3/getinfo',
      '/warden3/getInfo/',
      '/warden3/x/getInfo',
    ])
      expect(said(await ask(`${path}?secret=${key}`)), path).toEqual(cliff)
    const events = JSON.stringify([eventOf('cz.hsoc.nem_b.paths', 'by-get')])
    const headers = { 'content-length': String(events.length) }
    const sent = await ask(`/warden3/sendEvents?secret=${key}`, { method: 'GET', headers, body: events })
    expect([sent.status, sent.body]).toEqual([200, '{"saved":1}'])
  })

  it('take a bearer key instead of the secret in the address', async () => {
    const key = await here.addSensor('cz.hsoc.nem_b.bearer')
    expect((await ask('/warden3/getInfo', { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
  })

  it('follow a change of the record at once, and end with it', async () => {
    const { disable, rotate } = await import('../../src/modules/events/sensors.ts')
    const name = 'cz.hsoc.nem_b.rotated'
    const old = await here.addSensor(name)
    const fresh = await rotate(here.db.engine, name, here.context.settings.secret)
    await expect.poll(async () => (await ask(`/warden3/getInfo?secret=${fresh}`)).status).toBe(200)
    expect((await ask(`/warden3/getInfo?secret=${old}`)).status).toBe(403)
    await disable(here.db.engine, name, here.now.ms)
    await expect.poll(async () => (await ask(`/warden3/getInfo?secret=${fresh}`)).status).toBe(403)
  })
})

describe('what sensors of all kinds send', () => {
  const big = (name: string, n: number) =>
    JSON.stringify(Array.from({ length: n }, (_, i) => eventOf(name, `big-${i}`, { Note: 'x'.repeat(2000) })))

  it('is asked for when it waits to be asked, and may come without a content type', async () => {
    const name = 'cz.hsoc.nem_c.waits'
    const key = await here.addSensor(name)
    const body = big(name, 400)
    const answer = await new Promise<[boolean, number]>((resolve, reject) => {
      let asked = false
      const call = https.request(
        {
          host: '127.0.0.1',
          port: here.port,
          path: `/warden3/sendEvents?secret=${key}`,
          method: 'POST',
          agent: false,
          rejectUnauthorized: false,
          headers: { expect: '100-continue', 'content-length': String(body.length) },
        },
        (response) => resolve([asked, response.resume().statusCode ?? 0]),
      )
      call.on('continue', () => {
        asked = true
        call.end(body)
      })
      call.on('error', reject).flushHeaders()
    })
    expect(answer).toEqual([true, 200])
    for (const type of [
      undefined,
      'text/plain',
      'application/json; charset=nonsense',
      'image/png',
      'multipart/form-data',
      '!!',
    ])
      expect(
        (
          await ask(`/warden3/sendEvents?secret=${key}`, {
            method: 'POST',
            body: '[]',
            headers: type ? { 'content-type': type } : {},
          })
        ).body,
      ).toBe('{"saved":0}')
    const chunked = await ask(`/warden3/sendEvents?secret=${key}`, {
      method: 'POST',
      body: '[]',
      headers: { 'transfer-encoding': 'chunked' },
    })
    expect(chunked.status).toBe(200)
  })

  it('is read to its end before it is refused, so that the sender sees why', async () => {
    const sender = (options: Partial<SenderOptions>) =>
      openSender({ port: here.port, name: 'cz.hsoc.nobody', pauseMs: 5, retry: 2, ...options })
    const { errors } = await sender({ secret: 'wrong' }).sendEvents(JSON.parse(big('cz.hsoc.nobody', 499)))
    expect(errors).toEqual([expect.objectContaining({ error: 403, message: "I'm watching. Authenticate." })])
    expect((await ask('/warden3/nowhere', { method: 'POST', body: big('x', 499) })).status).toBe(404)
  })

  it('may go away in the middle without harm', async () => {
    const name = 'cz.hsoc.nem_c.leaves'
    const key = await here.addSensor(name)
    await new Promise<void>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: here.port, rejectUnauthorized: false }, () => {
        socket.write(
          `POST /warden3/sendEvents?secret=${key} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n[{"ID":`,
        )
        setTimeout(() => socket.destroy(), 50)
      })
      socket.on('close', () => resolve()).on('error', () => {})
    })
    expect((await ask(`/warden3/getInfo?secret=${key}`)).status).toBe(200)
  })

  it('never shows a secret in a log line or an answer', async () => {
    const name = 'cz.hsoc.nem_c.discreet'
    const key = await here.addSensor(name)
    const wrong = 'this-secret-is-wrong-and-must-not-be-seen'
    const answers = [
      await ask(`/warden3/getInfo?client=${name}&secret=${wrong}`),
      await ask(`/warden3/nothing?secret=${key}`),
      await ask(`/warden3/getEvents?secret=${key}&cat=wrong`),
      await ask(`/warden3/sendEvents?secret=${key}`, { method: 'POST', body: '[{"a":1}' }),
      await ask('/warden3/getInfo', { headers: { authorization: `Bearer ${wrong}` } }),
      await ask('/api/v1/events', {
        method: 'POST',
        body: '1',
        headers: { authorization: `Bearer ${wrong}` },
      }),
      await ask('/api/v1/events?format=nothing', {
        method: 'POST',
        body: '1',
        headers: { authorization: `Bearer ${key}` },
      }),
    ]
    const everything = [...here.logged, ...answers.map((a) => JSON.stringify(a))].join('\n')
    expect(everything).not.toContain(wrong)
    expect(everything).not.toContain(key)
    expect(here.logged.filter((line) => line.includes(name) && line.includes('127.0.0.1'))).toHaveLength(1)
  })
})
