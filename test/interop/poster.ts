/** A sender for `/api/v1/events`: whole bodies or pieces, packed or plain, with the key or without. */
import https from 'node:https'
import { gzipSync } from 'node:zlib'

export interface Posting {
  key?: string
  type?: string
  /** Behind the path: `?format=eve`. */
  query?: string
  gzip?: boolean
  headers?: Record<string, string>
}

export interface Posted {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** The parsed answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into the answer freely
  body: any
}

/** Posts one body, or pieces as a stream of chunks; rejects when the connection breaks before an answer came. */
export function post(
  port: number,
  body: string | Buffer | AsyncIterable<Buffer>,
  { key, type, query = '', gzip = false, headers = {} }: Posting = {},
): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const call = https.request({
      host: '127.0.0.1',
      port,
      path: `/api/v1/events${query}`,
      method: 'POST',
      agent: false,
      rejectUnauthorized: false,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
        ...headers,
      },
    })
    call.on('error', reject)
    call.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) })
        call.destroy()
      })
    })
    if (typeof body === 'string' || Buffer.isBuffer(body)) call.end(gzip ? gzipSync(body) : Buffer.from(body))
    else void writeAll(call, body)
  })
}

async function writeAll(call: NodeJS.WritableStream, body: AsyncIterable<Buffer>): Promise<void> {
  for await (const part of body) if (!call.write(part)) await new Promise((done) => call.once('drain', done))
  call.end()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Events one a line. */
export const ndjson = (events: unknown[]): string => events.map((one) => `${JSON.stringify(one)}\n`).join('')

/** The body cut into pieces of some bytes. */
export async function* inPieces(body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < body.length; from += size) yield body.subarray(from, from + size)
}
