/** A push service on loopback that takes every message (RFC 8030) and notes when; what they hold stays sealed. */
import { createECDH, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PushOffice {
  origin: string
  /** What every browser subscribed with. */
  keys: { p256dh: string; auth: string }
  /** Path and reading of `performance.now()` of each message taken so far. */
  taken: { path: string; at: number }[]
  close(): Promise<void>
}

export async function openPushOffice(): Promise<PushOffice> {
  const taken: PushOffice['taken'] = []
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      taken.push({ path: request.url ?? '', at: performance.now() })
      response.writeHead(201).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: {
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
    },
    taken,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}
