/**
 * Machines may also come to the pages' port. The pages' process hands their requests on to the intake's process over a
 * private socket of this machine, so that parsing a flood of events never holds up a page. Who the sender proved to be
 * travels in a header that is believed on that socket only.
 */
import { type IncomingMessage, request as ask, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { peer } from '../../platform/tls.ts'
import { readBody } from './warden/body.ts'

const header = 'x-hsoc-peer'
const trusted = new WeakSet<Socket>()

/** Marks a connection of the private socket. */
export const trust = (socket: Socket): void => void trusted.add(socket)

/** The certificate that the handing process verified; null for anything that came another way. */
export function handedPeer(request: IncomingMessage): { cn: string; sans: string[] } | null {
  const text = request.headers[header]
  if (typeof text !== 'string' || !trusted.has(request.socket)) return null
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as { cn: string; sans: string[] }
}

const isMachines = (url: string): boolean => /^\/warden3(?:\/|\?|$)/.test(url) || /^\/api\/v1\/events(?:\?|$)/.test(url)

/** Answers while the intake's process is away: busy, never a final error, with the events of the call named. */
async function away(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, false).catch(() => null)
  if (response.headersSent || response.destroyed) return
  const elements = body && body.kind !== 'whole' ? body.elements : 0
  const events = elements > 0 ? { events: Array.from({ length: elements }, (_, i) => i), events_id: new Array(elements).fill(null) } : {}
  const method = (request.url ?? '').replace(/^\/warden3\/*/, '').split('?')[0]
  const document = (request.url ?? '').startsWith('/warden3')
    ? { method, req_id: 0, errors: [{ error: 503, message: 'Server is busy', ...events }] }
    : { error: 'unavailable', message: 'The intake is starting; send the same again in a few seconds.' }
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '5' }).end(JSON.stringify(document))
}

/** Takes machines' requests away from a server's handler and gives them to the intake at `socketPath`. */
export function handOver(socketPath: string, others: (request: IncomingMessage, response: ServerResponse) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (!isMachines(request.url ?? '')) return others(request, response)
    const proved = peer(request.socket)
    const headers: Record<string, string | string[]> = { ...(request.headers as Record<string, string>) }
    delete headers[header]
    delete headers.expect
    headers['x-forwarded-for'] = request.socket.remoteAddress ?? ''
    if (proved) headers[header] = Buffer.from(JSON.stringify({ cn: proved.cn, sans: proved.sans })).toString('base64url')
    const onward = ask({ socketPath, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 503, answer.statusMessage, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => {
      request.unpipe(onward)
      if (response.headersSent) response.destroy()
      else void away(request, response)
    })
    request.on('aborted', () => onward.destroy())
    request.pipe(onward)
  }
}
