/** A door of the program on a port of its own, without the parent that holds the ports of a real one. */
import net from 'node:net'
import { type ServingOptions, serveConnections } from '../src/platform/listen.ts'

export interface Listening {
  port: number
  close(graceMs?: number): Promise<void>
}

export async function listen(options: ServingOptions & { host: string; port: number }): Promise<Listening> {
  const door = serveConnections(options)
  const server = net.createServer(door.take)
  await new Promise<void>((resolve) => server.listen(options.port, options.host, resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    close: async (graceMs) => {
      server.close()
      await door.close(graceMs)
    },
  }
}
