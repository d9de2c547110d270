/**
 * Machines may also come to the pages' port. The pages' process hands their requests on to the intake's process over a
 * private socket of this machine, so that parsing a flood of events never holds up a page. Who the sender proved to be
 * travels in a header that is believed on that socket only.
 */
import {
  request as ask,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import { connect, type Socket } from 'node:net'
import { type Peer, presented } from '../../platform/tls.ts'
import { documentOf, unnamed } from './warden/answers.ts'
import { readBody } from './warden/body.ts'
import { ElementCounter } from './warden/element-counter.ts'

type Shown = Peer | { refused: string }

const header = 'x-hsoc-peer'
const trusted = new WeakSet<Socket>()
/** They speak of one connection and are not handed on. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']

/** Marks a connection of the private socket. */
export const trust = (socket: Socket): void => void trusted.add(socket)

/** What the handing process saw of a certificate; null for none, and for anything that came another way. */
export function handedPeer(request: IncomingMessage): Shown | null {
  const text = request.headers[header]
  if (typeof text !== 'string' || !trusted.has(request.socket)) return null
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Shown
}

/** The address from which a handed request came; null for one that came here by itself. */
export function handedFrom(request: IncomingMessage): string | null {
  return trusted.has(request.socket) ? String(request.headers['x-forwarded-for'] ?? '') : null
}

const isMachines = (url: string): boolean =>
  /^\/warden3(?:\/|\?|$)/.test(url) ||
  /^\/api\/v1\/(?:events|sensors\/(?:enrolment|renewal|authority|revocations))(?:\?|$)/.test(url)

/** Keeps what went by of a body, to count its events only if that becomes needed. */
function witness(request: IncomingMessage): () => number {
  const counter = new ElementCounter()
  let kept: Buffer[] = []
  let size = 0
  const count = (): void => {
    for (const chunk of kept) counter.push(chunk)
    kept = []
  }
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    kept.push(chunk)
    if (size > 1_048_576) count()
  })
  return () => {
    count()
    return counter.elements
  }
}

/** Answers while the intake's process is away: busy, never a final error, with the events of the call named. */
async function away(
  request: IncomingMessage,
  response: ServerResponse,
  elements: () => number,
): Promise<void> {
  await readBody(request, false, 20_000).catch(() => null)
  if (response.headersSent || response.destroyed) return
  const method = (request.url ?? '').replace(/^\/warden3\/*/, '').split('?')[0] ?? ''
  const named = method === 'sendEvents' ? unnamed(elements()) : {}
  const document = (request.url ?? '').startsWith('/warden3')
    ? documentOf(method, [{ error: 503, message: 'Server is busy', ...named }])
    : JSON.stringify({
        error: 'unavailable',
        message: 'The intake is starting; send the same again in a few seconds.',
      })
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '5' }).end(document)
}

function headersFor(request: IncomingMessage): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...request.headers }
  for (const name of [...ofConnection, header]) delete headers[name]
  headers['x-forwarded-for'] = request.socket.remoteAddress ?? ''
  const shown = presented(request.socket)
  if (shown) headers[header] = Buffer.from(JSON.stringify(shown)).toString('base64url')
  return headers
}

function pass(request: IncomingMessage, response: ServerResponse, socket: Socket): void {
  const elements = witness(request)
  const onward = ask(
    {
      createConnection: () => socket,
      path: request.url,
      method: request.method,
      headers: headersFor(request),
    },
    (answer) => {
      const headers: OutgoingHttpHeaders = { ...answer.headers }
      for (const name of [...ofConnection, 'transfer-encoding']) delete headers[name]
      response.writeHead(answer.statusCode ?? 503, answer.statusMessage, headers)
      answer.on('error', () => response.destroy())
      answer.pipe(response)
    },
  )
  onward.on('error', () => {
    request.unpipe(onward)
    if (response.headersSent) response.destroy()
    else void away(request, response, elements)
  })
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

/** Takes machines' requests away from a server's handler and gives them to the intake at `socketPath`. */
export function handOver(
  socketPath: string,
  others: (request: IncomingMessage, response: ServerResponse) => void,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (!isMachines(request.url ?? '')) {
      others(request, response)
      return
    }
    // Nothing of the body is read before somebody is there to take it.
    const socket = connect(socketPath)
    const refused = (): void => void away(request, response, witness(request))
    socket.once('error', refused).once('connect', () => {
      socket.off('error', refused)
      pass(request, response, socket)
    })
  }
}
