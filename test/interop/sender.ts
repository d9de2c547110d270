/**
 * A Warden sender that behaves as the stock Python client 3.0-beta3 does (spec "Warden 3", sections 2 and 12): one TLS
 * connection a request, no host name check, chunks, retries of what failed by the server's fault, final errors at once.
 */
import http from 'node:http'
import https from 'node:https'

export interface SenderOptions {
  port: number
  host?: string
  /** Name of the client; sent as `client` when there is no secret, never both. */
  name: string
  secret?: string
  cert?: { cert: string; key: string }
  /** HTTP without TLS. */
  plain?: boolean
  base?: string
  retry?: number
  pauseMs?: number
  timeoutMs?: number
  sendEventsLimit?: number
  getEventsLimit?: number
  /** Told of every request, for tests that count them. */
  onRequest?(method: string, events: number): void
}

export interface SenderError {
  error: number
  message: string
  events?: number[]
  events_id?: (string | null)[]
  send_events_limit?: number
  [more: string]: unknown
}

export type Outcome = { saved: number; errors: [] } | { saved: null; errors: SenderError[] }

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

interface Failed {
  errors: SenderError[]
}

const isFailed = (value: unknown): value is Failed =>
  typeof value === 'object' && value !== null && Array.isArray((value as Failed).errors)

/** JSON as Python writes it: ASCII only, with spaces behind commas and colons left out of the comparison. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const final = (message: string, error = 0): Failed => ({ errors: [{ error, message }] })

export interface Sender {
  getInfo(): Promise<unknown>
  getEvents(
    args?: Record<string, string | number | string[]>,
  ): Promise<{ lastid: number; events: unknown[] } | Failed>
  sendEvents(events: unknown[]): Promise<Outcome>
  /** One request as the client makes it, with the raw answer; throws what the connection threw. */
  raw(method: string, args?: Record<string, unknown>, body?: string | Buffer): Promise<Answer>
  /** The server's limit as advised last; the client keeps the smallest it was ever told. */
  limit(): number
}

export function openSender(options: SenderOptions): Sender {
  let sendLimit = options.sendEventsLimit ?? 500
  const { retry = 20, pauseMs = 10_000 } = options

  const raw: Sender['raw'] = (method, args = {}, body) => {
    const query = new URLSearchParams()
    const identity = options.secret === undefined ? { client: options.name } : { secret: options.secret }
    for (const [key, value] of Object.entries({ ...args, ...identity }))
      for (const one of [value].flat()) query.append(key, String(one))
    return ask(options, `${options.base ?? '/warden3'}/${method}?${query}`, body)
  }

  const request = async (method: string, args = {}, payload?: unknown[]): Promise<unknown> => {
    options.onRequest?.(method, payload?.length ?? 0)
    let answer: Answer
    try {
      answer = await raw(method, args, payload === undefined ? undefined : asciiJson(payload))
    } catch (error) {
      return final(`Sending of request to server failed: ${(error as Error).message}`)
    }
    return understood(answer)
  }

  const sendRaw = async (events: unknown[], offset: number): Promise<unknown> => {
    const result = await request('sendEvents', {}, events)
    if (!isFailed(result)) return result
    for (const error of result.errors) {
      if (error.send_events_limit) sendLimit = Math.min(sendLimit, error.send_events_limit)
      if (error.events) error.events = error.events.map((i) => i + offset)
    }
    return result
  }

  const sendChunked = async (events: unknown[]): Promise<SenderError[]> => {
    const errors: SenderError[] = []
    const limit = sendLimit
    for (let offset = 0; offset < events.length; offset += limit) {
      const result = await sendRaw(events.slice(offset, offset + limit), offset)
      if (isFailed(result)) errors.push(...result.errors)
    }
    return errors
  }

  const sendEvents = async (all: unknown[]): Promise<Outcome> => {
    if (all.length === 0) return { saved: 0, errors: [] }
    const finals: SenderError[] = []
    let events: unknown[] = [...all]
    let places = all.map((_, i) => i)
    for (let left = retry; events.length > 0 && left > 0; ) {
      if (left < retry) await new Promise((done) => setTimeout(done, pauseMs))
      const errors = await sendChunked(events)
      left--
      const again: number[] = []
      for (const error of errors.sort((a, b) => a.error - b.error)) {
        // An error that names no events means all of the call.
        const named = error.events ?? events.map((_, i) => i)
        for (const i of named) if (i >= events.length) throw new RangeError('list index out of range')
        const open = named.filter((i) => events[i] !== null)
        if (error.error < 500 || left === 0) {
          if (open.length > 0) finals.push({ ...error, events: open.map((i) => places[i] as number) })
          for (const i of open) events[i] = null
        } else again.push(...open)
      }
      events = again.map((i) => events[i])
      places = again.map((i) => places[i] as number)
    }
    return finals.length > 0 ? { saved: null, errors: finals } : { saved: all.length, errors: [] }
  }

  return {
    raw,
    sendEvents,
    limit: () => sendLimit,
    getInfo: async () => {
      const info = (await request('getInfo')) as { send_events_limit?: number }
      if (info.send_events_limit) sendLimit = Math.min(sendLimit, info.send_events_limit)
      return info
    },
    getEvents: async (args = {}) =>
      (await request('getEvents', { count: options.getEventsLimit ?? 6000, ...args })) as
        | { lastid: number; events: unknown[] }
        | Failed,
  }
}

function understood({ status, body }: Answer): unknown {
  let data: unknown
  try {
    data = JSON.parse(body)
  } catch {
    if (status === 200) return final('JSON message parsing failed')
  }
  if (status === 200) return data
  return isFailed(data) ? { errors: data.errors } : final('Generic server HTTP error', status)
}

/** One request on a connection of its own; the answer counts only after all was written. */
function ask(options: SenderOptions, path: string, body?: string | Buffer): Promise<Answer> {
  const { host = '127.0.0.1', port, cert, plain } = options
  return new Promise((resolve, reject) => {
    const { request } = plain ? http : https
    const call = request({
      host,
      port,
      path,
      method: body === undefined ? 'GET' : 'POST',
      agent: false,
      timeout: options.timeoutMs ?? 60_000,
      headers: {
        'accept-encoding': 'identity',
        connection: 'keep-alive',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
      ...(plain ? {} : { rejectUnauthorized: false, minVersion: 'TLSv1.3', ...cert }),
    })
    call.on('timeout', () => call.destroy(new Error('timed out')))
    call.on('error', reject)
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const answer = {
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }
        const done = (): void => {
          resolve(answer)
          call.destroy()
        }
        if (call.writableFinished) done()
        else call.once('finish', done)
      })
    })
    call.end(body)
  })
}
