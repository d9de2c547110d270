/** One port for both: a connection that begins with a TLS handshake is served as HTTPS, a plain one as HTTP. */
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import https from 'node:https'
import type net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { TlsOptions } from 'node:tls'

export interface Door {
  /** Serves a connection, of which nothing was read yet. */
  take(socket: net.Socket): void
  /** Lets running answers end for `graceMs`, then closes what is left. */
  close(graceMs?: number): Promise<void>
}

export interface ServingOptions {
  /** Null: plain HTTP only. */
  tls: TlsOptions | null
  /** May plain HTTP be served? Else it is sent to https. Loopback always may. */
  plain: boolean
  handler: RequestListener
}

const handshake = 0x16
const firstByteMs = 10_000
/** A connection without a request for so long is idle. */
const busyMs = 1_000

const isLoopback = (address: string | undefined): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address ?? '')

function limits(server: Server): void {
  server.headersTimeout = 20_000
  // Bodies have limits of their own: a general one would answer 408, which ends a sensor's batch for good.
  server.requestTimeout = 0
  server.keepAliveTimeout = 30_000
  server.maxHeadersCount = 100
}

function elsewhere(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(308, { location: `https://${request.headers.host ?? ''}${request.url ?? '/'}` }).end()
}

export function serveConnections(options: ServingOptions): Door {
  let closing = false
  const handler: RequestListener = (request, response) => {
    if (closing) response.setHeader('connection', 'close')
    options.handler(request, response)
  }
  const plain = http.createServer((request, response) =>
    options.plain || !options.tls || isLoopback(request.socket.remoteAddress)
      ? handler(request, response)
      : elsewhere(request, response),
  )
  const secure = options.tls ? https.createServer({ ...options.tls }, handler) : null
  for (const server of [plain, ...(secure ? [secure] : [])]) limits(server as Server)
  const open = new Set<net.Socket>()
  const take = (socket: net.Socket): void => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    if (!secure) return void plain.emit('connection', socket)
    socket.setTimeout(firstByteMs, () => socket.destroy())
    socket.once('data', (chunk: Buffer) => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.pause()
      socket.unshift(chunk)
      ;(chunk[0] === handshake ? secure : plain).emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  }
  return {
    take,
    // The parent hands on no more by now; what was under way from it is served as the others are.
    close: async (graceMs = 3_000) => {
      closing = true
      const began = performance.now()
      while (open.size > 0 && performance.now() - began < graceMs) {
        // Whoever sends all the time is told with an answer; a connection closed by us just then would lose a request.
        if (performance.now() - began > Math.min(busyMs, graceMs / 2)) {
          plain.closeIdleConnections()
          ;(secure as Server | null)?.closeIdleConnections()
        }
        await pause(20)
      }
      for (const socket of open) socket.destroy()
    },
  }
}
