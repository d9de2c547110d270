/** A provider of text messages by HTTP on loopback: it takes messages as JSON, and posts receipts and replies to where it is told. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SmsConfig } from '../src/platform/config-channels.ts'
import { smsBackIn } from '../src/platform/config-sms-back.ts'

export interface SmsGateway {
  /** As an operator would set it; replies come back. */
  sms: Extract<SmsConfig, { by: 'http' }>
  /** What it took, in order; `name` is what it calls the message. */
  taken: { to: string; text: string; ref: string; name: string }[]
  /** Whether it answers; a message that it took in silence goes out all the same. */
  silent: boolean
  close(): Promise<void>
}

export const backKey = 'the-gateway-comes-with-this-key'
export const smsBack = smsBackIn(backKey, '{"reference": "ref"}')

export async function openSmsGateway(): Promise<SmsGateway> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const name = `G-${gateway.taken.length + 1}`
    gateway.taken.push({ ...JSON.parse(Buffer.concat(parts).toString('utf8')), name })
    if (!gateway.silent)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: name }))
    else response.destroy()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const gateway: SmsGateway = {
    sms: {
      by: 'http',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"to":"{number}","text":"{text}","ref":"{id}"}',
      from: '+420555999',
    },
    taken: [],
    silent: false,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
  return gateway
}

/** Posts as a gateway does; answers status and what was said. */
export async function post(
  url: string,
  body: string | object,
  headers: Record<string, string> = {},
): Promise<{ status: number; said: Record<string, unknown> }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: answer.status, said: (await answer.json()) as Record<string, unknown> }
}
