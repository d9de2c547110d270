/** The generic HTTP gateway, with a real server on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GatewayAccess, openGateway } from './gateway.ts'

interface Asked {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

let asked: Asked[]
let reply: (response: ServerResponse) => void
let base: string
let server: ReturnType<typeof createServer>
beforeEach(async () => {
  asked = []
  reply = (response) => response.end('{"id": "g-1"}')
  server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    asked.push({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.concat(parts).toString('utf8'),
    })
    reply(response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(
  () =>
    new Promise<void>((done) => {
      server.closeAllConnections()
      server.close(() => done())
    }),
)

const way = (more: Partial<GatewayAccess> = {}) =>
  openGateway({ url: `${base}/send`, method: 'POST', headers: {}, body: '', from: 'hSOC', ...more }, false, {
    wholeMs: 300,
  })
const text = 'a "b" & c={number}'
const send = (more: Partial<GatewayAccess> = {}) =>
  way(more).send({ id: 7, text, number: '', path: '/', urgent: true, thread: '' }, '+420555000001')

describe('a gateway', () => {
  it('is asked as its operator wrote, each value encoded as its place needs it', async () => {
    const json = { 'Content-Type': 'application/json', Authorization: 'Bearer hush' }
    expect(
      await send({ headers: json, body: '{"to":"{number}","text":"{text}","ref":{id},"from":"{from}"}' }),
    ).toEqual({
      kind: 'sent',
      id: 'g-1',
      said: '200 {"id": "g-1"}',
    })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ to: '+420555000001', text, ref: 7, from: 'hSOC' })
    expect(asked[0]?.headers.authorization).toBe('Bearer hush')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    await send({ headers: form, body: 'to={number}&text={text}' })
    expect(Object.fromEntries(new URLSearchParams(asked[1]?.body))).toEqual({ to: '+420555000001', text })
    await send({ method: 'GET', url: `${base}/send?to={number}&text={text}` })
    expect(asked[2]).toMatchObject({ method: 'GET', body: '' })
    expect(Object.fromEntries(new URL(asked[2]?.url ?? '', base).searchParams)).toEqual({
      to: '+420555000001',
      text,
    })
    await send({ headers: { 'content-type': 'application/xml' }, body: '<t>{text}</t>' })
    expect(asked[3]?.body).toBe('<t>a &#34;b&#34; &#38; c={number}</t>')
  })

  it.each([
    ['{"messages":[{"status":{"id":26},"messageId":"22-1"}]}', '22-1'],
    ['{"ids":[421332671],"usage":{}}', '421332671'],
    ['{"sid":"SM1","id":1}', 'SM1'],
    ['queued', null],
  ])('that answers %s has called the message %s', async (answer, id) => {
    reply = (response) => response.end(answer)
    expect(await send()).toMatchObject({ kind: 'sent', id })
  })

  it.each([
    [400, 'message'],
    [404, 'message'],
    [302, 'message'],
    [401, 'provider'],
    [429, 'provider'],
    [503, 'provider'],
  ])('that answers %i has not sent it: %s', async (status, about) => {
    reply = (response) => response.writeHead(status, { location: 'http://192.0.2.1/' }).end('no')
    expect(await send()).toEqual({ kind: 'failed', about, said: `${status} no` })
    expect(asked).toHaveLength(1)
  })

  it('that does not answer, or breaks off, may have sent it; one that is not there has not', async () => {
    reply = () => {}
    expect((await send()).kind).toBe('unknown')
    reply = (response) => response.destroy()
    expect((await send()).kind).toBe('unknown')
    server.closeAllConnections()
    await new Promise<void>((done) => server.close(() => done()))
    expect(await send()).toMatchObject({ kind: 'failed', about: 'connection' })
  })

  it('that answers with a flood is read as far as is of use', async () => {
    reply = (response) => response.end('x'.repeat(5_000_000))
    const outcome = await send()
    expect([outcome.kind, outcome.said.length < 300]).toEqual(['sent', true])
  })
})
