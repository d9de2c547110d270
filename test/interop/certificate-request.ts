/** Certificate requests as a sensor's machine makes them, good and bad. */
import 'reflect-metadata'
import https from 'node:https'
import * as x509 from '@peculiar/x509'
import { pemOf } from '../../src/platform/certificates.ts'
import type { Answer } from './sender.ts'

const kinds = {
  p256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  p384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  p521: { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
  rsa: rsaOf(2048),
  weak: rsaOf(1024),
  ed25519: { name: 'Ed25519' },
}

function rsaOf(modulusLength: number) {
  const publicExponent = new Uint8Array([1, 0, 1])
  return { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent, hash: 'SHA-256' }
}

export interface Made {
  pem: string
  der: Buffer
  key: string
}

/** A request with a fresh key of that kind; `cn` null leaves the name out. */
export async function requestFor(cn: string | null, kind: keyof typeof kinds = 'p256'): Promise<Made> {
  const way = kinds[kind] as EcKeyGenParams & EcdsaParams
  const keys = await crypto.subtle.generateKey(way, true, ['sign', 'verify'])
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    ...(cn === null ? {} : { name: [{ CN: [cn] }] }),
    keys: keys as CryptoKeyPair,
    signingAlgorithm: way,
  })
  return {
    pem: made.toString('pem'),
    der: Buffer.from(made.rawData),
    key: pemOf((keys as CryptoKeyPair).privateKey),
  }
}

export interface Asked {
  method?: string
  token?: string
  body?: string | Buffer
  json?: boolean
  pair?: { cert: string; key: string }
  headers?: Record<string, string>
}

/** One request at the door for certificates; throws what the connection threw. */
export function ask(port: number, path: string, asked: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = https.request(
      {
        host: '127.0.0.1',
        port,
        path: `/api/v1/sensors/${path}`,
        method: asked.method ?? (asked.body === undefined ? 'GET' : 'POST'),
        agent: false,
        rejectUnauthorized: false,
        minVersion: 'TLSv1.3',
        headers: {
          ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
          ...asked.headers,
          ...(asked.json ? { accept: 'application/json' } : {}),
        },
        ...(asked.pair ? { cert: asked.pair.cert, key: asked.pair.key } : {}),
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('latin1'),
          }),
        )
      },
    )
    call.on('error', reject)
    call.end(asked.body)
  })
}
