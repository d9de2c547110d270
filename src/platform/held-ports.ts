/**
 * Ports that the parent holds: it accepts what comes and hands each connection on, unread, to the process that serves
 * there. While that one is away connections wait here, as a port that nobody listens at would refuse them.
 */
import type { Worker } from 'node:cluster'
import net from 'node:net'

/** Beyond these a flood would fill the parent's memory. */
const mostWaiting = 2_000

/** Who is handed connections; a process of `cluster.fork`, or what a test puts there. */
export type Server = Pick<Worker, 'isConnected' | 'send'>

export interface HeldPort {
  port: number
  /** Hands on what waits and what comes; null: it waits. */
  servedBy(server: Server | null): void
  close(): void
}

/** What a child is told of a port that is held for it. */
export interface Held {
  name: string
  port: number
}

interface Arrival {
  arrived: string
}

/** `host` null: all addresses. `name` tells the ports of one process apart. */
export async function holdPort(name: string, host: string | null, port: number): Promise<HeldPort> {
  const waiting = new Set<net.Socket>()
  let server: Server | null = null
  const give = (socket: net.Socket, to: Server): void =>
    void to.send({ arrived: name } satisfies Arrival, socket, () => {})
  const front = net.createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    if (server?.isConnected()) return give(socket, server)
    if (waiting.size >= mostWaiting) return void socket.destroy()
    waiting.add(socket)
    socket.once('close', () => waiting.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    front.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is in use by another program; set another one.`, { cause: error })
          : error,
      ),
    )
    front.listen({ port, ...(host ? { host } : {}) }, resolve)
  })
  return {
    port: (front.address() as net.AddressInfo).port,
    servedBy: (next) => {
      server = next
      if (!next) return
      for (const socket of waiting) if (!socket.destroyed) give(socket, next)
      waiting.clear()
    },
    close: () => {
      front.close()
      for (const socket of waiting) socket.destroy()
    },
  }
}

/** In the process that serves: what the parent hands on for the port `name`. */
export function onArrival(name: string, take: (socket: net.Socket) => void): void {
  process.on('message', (message: Partial<Arrival> | null, socket: unknown): void => {
    // Whoever gave up meanwhile leaves no socket behind.
    if (message?.arrived === name && socket instanceof net.Socket) take(socket)
  })
}
