/** A device with passkeys, made of arithmetic alone, so that tests can let it lie (WebAuthn Level 3, section 6). */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

export interface Device {
  /** What it answers when it is to make a passkey, and when it is to use it. */
  make(challenge: string, lies?: Lies): object
  use(challenge: string, lies?: Lies): object
}

export interface Lies {
  origin?: string
  rpId?: string
  /** False: nobody gave a PIN or a finger. */
  verified?: boolean
  counter?: number
  /** Another passkey's name, or a broken signature. */
  id?: string
  signature?: string
  type?: string
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()
const text = (bytes: Buffer): string => bytes.toString('base64url')

/** RFC 9053: an ES256 key as CBOR of five entries. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])
}

/** `counts` false: like synced passkeys it always says 0. */
export function openDevice(site: { origin: string; rpId: string }, counts = true): Device {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(16)
  let counter = 0
  const client = (type: string, challenge: string, lies: Lies): Buffer =>
    Buffer.from(JSON.stringify({ type: lies.type ?? type, challenge, origin: lies.origin ?? site.origin }))
  const data = (flags: number, lies: Lies): Buffer => {
    if (counts) counter++
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lies.counter ?? counter)
    const seen = lies.verified === false ? flags & ~0x04 : flags
    return Buffer.concat([sha256(lies.rpId ?? site.rpId), Buffer.from([seen]), count])
  }
  const answer = (lies: Lies, response: object): object => ({
    id: lies.id ?? text(id),
    rawId: lies.id ?? text(id),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  })
  return {
    make: (challenge, lies = {}) => {
      const size = Buffer.from([0, id.length])
      const authData = Buffer.concat([data(0x45, lies), Buffer.alloc(16), size, id, coseOf(publicKey)])
      // {"fmt": "none", "attStmt": {}, "authData": bytes}
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.from([authData.length]),
        authData,
      ])
      return answer(lies, {
        clientDataJSON: text(client('webauthn.create', challenge, lies)),
        attestationObject: text(attestation),
        transports: ['internal'],
      })
    },
    use: (challenge, lies = {}) => {
      const authenticatorData = data(0x05, lies)
      const clientData = client('webauthn.get', challenge, lies)
      const signed = createSign('sha256')
        .update(authenticatorData)
        .update(sha256(clientData))
        .sign(privateKey)
      return answer(lies, {
        clientDataJSON: text(clientData),
        authenticatorData: text(authenticatorData),
        signature: lies.signature ?? text(signed),
      })
    },
  }
}
