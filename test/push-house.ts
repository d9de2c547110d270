/**
 * A push service on loopback (RFC 8030) with one browser behind it, that opens what it gets (RFC 8291) by the standard library and
 * checks who sent it (RFC 8292) by another library than the product's.
 */
import { createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, importJWK, jwtVerify } from 'jose'

export interface Shown {
  content: Record<string, unknown>
  urgency: string
  topic: string
  ttl: number
  /** What the sender says of itself. */
  from: Record<string, unknown>
  /** The same under its signature. */
  token: string
  bytes: number
}

export interface PushHouse {
  origin: string
  /** What the browser subscribed with. */
  subscription: { endpoint: string; p256dh: string; auth: string }
  shown: Shown[]
  /** With which status the next messages are answered; `silent` never. */
  answer: number | 'silent'
  close(): Promise<void>
}

const hkdf = (salt: Buffer, secret: Buffer, info: Buffer, length: number): Buffer => {
  const key = createHmac('sha256', salt).update(secret).digest()
  return createHmac('sha256', key)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length)
}

export async function openPushHouse(publicKey: () => Promise<string>): Promise<PushHouse> {
  const browser = createECDH('prime256v1')
  const point = browser.generateKeys()
  const auth = randomBytes(16)

  /** RFC 8188 with the key of RFC 8291, one record. */
  function opened(body: Buffer): string {
    const salt = body.subarray(0, 16)
    const size = body[20] ?? 0
    const sender = body.subarray(21, 21 + size)
    const shared = browser.computeSecret(sender)
    const ikm = hkdf(auth, shared, Buffer.concat([Buffer.from('WebPush: info\0'), point, sender]), 32)
    const key = hkdf(salt, ikm, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
    const nonce = hkdf(salt, ikm, Buffer.from('Content-Encoding: nonce\0'), 12)
    const sealed = body.subarray(21 + size)
    const decipher = createDecipheriv('aes-128-gcm', key, nonce)
    decipher.setAuthTag(sealed.subarray(-16))
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8')
  }

  const shown: Shown[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts)
    if (service.answer === 'silent') return
    if (service.answer !== 201) return void response.writeHead(service.answer).end('no')
    const [, token = '', key = ''] =
      /^vapid t=([^,]+), ?k=(\S+)$/.exec(request.headers.authorization ?? '') ?? []
    const bytes = Buffer.from(key, 'base64url')
    const jwk = await importJWK({
      kty: 'EC',
      crv: 'P-256',
      alg: 'ES256',
      x: bytes.subarray(1, 33).toString('base64url'),
      y: bytes.subarray(33).toString('base64url'),
    })
    const isOurs = key === (await publicKey())
    const isSigned = await jwtVerify(token, jwk, {
      audience: service.origin,
      currentDate: new Date(((decodeJwt(token).exp ?? 0) - 60) * 1000),
    }).then(
      () => true,
      () => false,
    )
    if (!isOurs || !isSigned || request.headers['content-encoding'] !== 'aes128gcm')
      return void response.writeHead(403).end('who are you')
    shown.push({
      content: JSON.parse(opened(body)),
      urgency: String(request.headers.urgency),
      topic: String(request.headers.topic),
      ttl: Number(request.headers.ttl),
      from: { ...decodeJwt(token) },
      token,
      bytes: body.length,
    })
    response.writeHead(201, { location: `${service.origin}/m/${shown.length}` }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const service: PushHouse = {
    origin,
    subscription: {
      endpoint: `${origin}/to/${randomBytes(8).toString('hex')}`,
      p256dh: point.toString('base64url'),
      auth: auth.toString('base64url'),
    },
    shown,
    answer: 201,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
  return service
}
