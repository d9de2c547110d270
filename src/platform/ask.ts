/** One request to a server of somebody else: bounded in time and size, never redirected, and what failed says whether it had gone out. */
import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'

export interface Question {
  url: string
  method: string
  headers: Record<string, string>
  /** Left out of a GET. */
  body: string | Buffer
}

export interface AskLimits {
  /** Milliseconds for everything. */
  wholeMs: number
  /** Bytes of the answer that are read; the rest is left. */
  answerBytes: number
}

export interface Answer {
  status: number
  text: string
}

export class AskFailed extends Error {
  override name = 'AskFailed'
  /** Nothing can have reached the other side. */
  readonly isUnsent: boolean
  constructor(message: string, isUnsent: boolean) {
    super(message)
    this.isUnsent = isUnsent
  }
}

/** Asks on a connection of its own. `address`: the only one that is connected to, whatever the name says by then. Throws `AskFailed`. */
export function ask(
  { url, method, headers, body }: Question,
  { wholeMs, answerBytes }: AskLimits,
  address?: string,
): Promise<Answer> {
  const target = URL.parse(url)
  if (!target || !/^https?:$/.test(target.protocol))
    return Promise.reject(new AskFailed('no address of the web', true))
  const isSecure = target.protocol === 'https:'
  const lookup: LookupFunction | undefined = address
    ? (_host, options, done) =>
        options.all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address))
    : undefined
  return new Promise((resolve, reject) => {
    let isConnected = false
    const call = (isSecure ? overHttps : overHttp)(target, {
      method,
      // A kept connection that ended meanwhile would look like a request cut off on its way.
      agent: false,
      headers: {
        ...headers,
        ...(method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      ...(lookup ? { lookup } : {}),
    })
    const fail = (error: Error & { code?: string }): void => {
      clearTimeout(timer)
      reject(new AskFailed(error.code ?? error.message, !isConnected))
    }
    const timer = setTimeout(
      () => call.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })),
      wholeMs,
    )
    call.on('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true
      }),
    )
    call.on('error', fail)
    call.on('response', (answer) => {
      const parts: Buffer[] = []
      let size = 0
      const end = (): void => {
        clearTimeout(timer)
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') })
        call.destroy()
      }
      answer.on('data', (part: Buffer) => {
        size += part.length
        if (size > answerBytes) end()
        else parts.push(part)
      })
      answer.on('end', end)
      answer.on('error', fail)
    })
    call.end(method === 'GET' ? undefined : body)
  })
}
