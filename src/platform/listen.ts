/** One port for both: a connection that begins with a TLS handshake is served as HTTPS, a plain one as HTTP. */
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import https from 'node:https'
import net from 'node:net'
import type { TlsOptions } from 'node:tls'

export interface Listening {
  port: number
  /** Stops accepting, lets running answers end for `graceMs`, then closes what is left. */
  close(graceMs?: number): Promise<void>
}

export interface ListenOptions {
  host: string | null
  port: number
  /** Null: plain HTTP only. */
  tls: TlsOptions | null
  /** May plain HTTP be served? Else it is sent to https. Loopback always may. */
  plain: boolean
  handler: RequestListener
}

const handshake = 0x16
const firstByteMs = 10_000

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

function bind(server: net.Server, options: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${options.port} is in use by another program; set another one.`, { cause: error })
          : error,
      ),
    )
    server.listen({ port: options.port, ...(options.host ? { host: options.host } : {}) }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : options.port)
    })
  })
}

export async function listen(options: ListenOptions): Promise<Listening> {
  const plain = http.createServer((request, response) =>
    options.plain || !options.tls || isLoopback(request.socket.remoteAddress)
      ? options.handler(request, response)
      : elsewhere(request, response),
  )
  const secure = options.tls ? https.createServer({ ...options.tls }, options.handler) : null
  for (const server of [plain, ...(secure ? [secure] : [])]) limits(server as Server)
  const open = new Set<net.Socket>()
  const front = net.createServer((socket) => {
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
  })
  const port = await bind(front, options)
  return {
    port,
    close: async (graceMs = 3_000) => {
      const closed = new Promise<void>((done) => front.close(() => done()))
      plain.closeIdleConnections()
      ;(secure as Server | null)?.closeIdleConnections()
      const timer = setTimeout(() => {
        for (const socket of open) socket.destroy()
      }, graceMs)
      const idle = setInterval(() => {
        plain.closeIdleConnections()
        ;(secure as Server | null)?.closeIdleConnections()
      }, 100)
      await closed
      clearTimeout(timer)
      clearInterval(idle)
    },
  }
}
