/** Asking a source: limits on size, time and redirects, no private networks, and a name for each way in which it can fail. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { isAllowed, judgeAddress, publicLookup } from './addresses.ts'
import { FetchFailed } from './failed.ts'

export interface Limits {
  /** Greatest size of a document, bytes. */
  bytes: number
  /** For one question with all its redirects. */
  timeoutMs: number
}

/** A document past 20 MB is refused while it streams; lists of thousands of documents are smaller too. */
export const limits: Limits = { bytes: 20 * 1_048_576, timeoutMs: 60_000 }
const mostRedirects = 3

export interface Asked {
  etag?: string | null
  modified?: string | null
  /** Bytes; the limit of documents when not said. */
  most?: number
}

export interface Answer {
  /** Null: it has not changed since (304). */
  bytes: Buffer | null
  etag: string | null
  modified: string | null
  /** Where it came from in the end. */
  url: string
}

export interface Asker {
  ask(url: string, asked?: Asked): Promise<Answer>
  close(): void
}

const headerOf = (answer: IncomingMessage, name: string, most: number): string | null => {
  const value = answer.headers[name]
  return typeof value === 'string' && value.length <= most ? value : null
}

/** One source's connections; `privateHosts` are those that the operator allowed. */
export function openAsker(privateHosts: readonly string[], given: Limits = limits): Asker {
  const secure = new Agent({ keepAlive: true, maxSockets: 4 })
  const plain = new HttpAgent({ keepAlive: true, maxSockets: 4 })

  const once = (url: URL, asked: Asked, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const isFree = isAllowed(url, privateHosts)
      const options = {
        agent: url.protocol === 'https:' ? secure : plain,
        signal,
        headers: {
          'user-agent': 'hSOC',
          accept: '*/*',
          'accept-encoding': 'identity',
          ...(asked.etag ? { 'if-none-match': asked.etag } : {}),
          ...(asked.modified ? { 'if-modified-since': asked.modified } : {}),
        },
        ...(isFree ? {} : { lookup: publicLookup }),
      }
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve)
      request.on('error', reject)
      request.end()
    })

  const follow = async (text: string, asked: Asked, signal: AbortSignal): Promise<Answer> => {
    let url = judgeAddress(text, privateHosts)
    for (let hop = 0; ; hop++) {
      const answer = await once(url, asked, signal)
      const status = answer.statusCode ?? 0
      const { location } = answer.headers
      if ([301, 302, 303, 307, 308].includes(status) && location) {
        answer.destroy()
        if (hop >= mostRedirects) throw new FetchFailed('redirects', url.host)
        if (!URL.canParse(location, url)) throw new FetchFailed('address', location)
        url = judgeAddress(new URL(location, url).href, privateHosts)
        continue
      }
      return { ...(await readAnswer(answer, status, asked.most ?? given.bytes)), url: url.href }
    }
  }

  return {
    ask: async (url, asked = {}) => {
      const signal = AbortSignal.timeout(given.timeoutMs)
      try {
        return await follow(url, asked, signal)
      } catch (error) {
        throw signal.aborted ? new FetchFailed('timeout', url) : named(error, url)
      }
    },
    close: () => {
      secure.destroy()
      plain.destroy()
    },
  }
}

async function readAnswer(
  answer: IncomingMessage,
  status: number,
  most: number,
): Promise<Omit<Answer, 'url'>> {
  const told = { etag: headerOf(answer, 'etag', 500), modified: headerOf(answer, 'last-modified', 100) }
  if (status === 304) {
    answer.resume()
    return { bytes: null, ...told }
  }
  const fail = (error: FetchFailed): never => {
    answer.destroy()
    throw error
  }
  if (status !== 200) fail(new FetchFailed('status', String(status), status))
  const encoding = answer.headers['content-encoding']
  if (encoding && encoding !== 'identity') fail(new FetchFailed('encoding', encoding))
  const announced = Number(answer.headers['content-length'] ?? 0)
  if (announced > most) fail(new FetchFailed('too-large', String(announced)))
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length
    if (size > most) fail(new FetchFailed('too-large', `> ${most}`))
    parts.push(part)
  }
  if (!answer.complete) fail(new FetchFailed('truncated', String(size)))
  return { bytes: Buffer.concat(parts), ...told }
}

const codes: Record<string, FetchFailed['reason']> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ENODATA: 'dns',
  ECONNRESET: 'truncated',
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
  EPIPE: 'truncated',
}

function named(error: unknown, url: string): FetchFailed {
  if (error instanceof FetchFailed) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  const reason = codes[code] ?? (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code) ? 'tls' : 'failed')
  return new FetchFailed(reason, `${URL.canParse(url) ? new URL(url).host : url} ${code || message}`)
}
