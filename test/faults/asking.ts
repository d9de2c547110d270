/** Requests over HTTPS as a plain client makes them: each on a connection of its own, with a limit of patience. */
import type { IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'

export interface Question {
  port: number
  path: string
  method?: string
  headers?: Record<string, string>
  body?: Buffer | string | Readable
  timeoutMs?: number
  /** Gives up after so many bytes of the body, without waiting for an answer. */
  cutAfter?: number
}

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Throws what the connection threw. */
export function ask(question: Question): Promise<Reply> {
  const { port, path, body, headers = {}, cutAfter } = question
  return new Promise((resolve, reject) => {
    const request = https.request({
      host: '127.0.0.1',
      port,
      path,
      method: question.method ?? (body === undefined ? 'GET' : 'POST'),
      agent: false,
      timeout: question.timeoutMs ?? 30_000,
      // A self-made certificate on one machine: its name proves nothing here.
      rejectUnauthorized: false,
      headers: {
        ...(typeof body === 'string' || Buffer.isBuffer(body)
          ? { 'content-length': String(Buffer.byteLength(body)) }
          : {}),
        ...headers,
      },
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString(),
        })
        request.destroy()
      })
    })
    if (body === undefined) request.end()
    else if (cutAfter !== undefined && (typeof body === 'string' || Buffer.isBuffer(body))) {
      request.write(Buffer.from(body).subarray(0, cutAfter), () => request.destroy(new Error('cut off')))
    } else if (typeof body === 'string' || Buffer.isBuffer(body)) request.end(body)
    else body.on('error', () => {}).pipe(request)
  })
}
