/** The process that takes events: the sensors' own port and a private socket for what comes by the pages' port. */
import { rmSync } from 'node:fs'
import http from 'node:http'
import { boot, type Running, type Serving } from './boot.ts'
import { openMachines } from './machines.ts'
import { authoritiesTrusted, openDoors, trust } from './modules/events/machines.ts'
import type { Config } from './platform/config.ts'
import { type Held, onArrival } from './platform/held-ports.ts'
import { serveConnections } from './platform/listen.ts'
import { giveWay } from './platform/priority.ts'
import { serverOptions } from './platform/tls.ts'

async function listenPrivately(path: string, handler: http.RequestListener): Promise<http.Server> {
  rmSync(path, { force: true })
  const server = http.createServer(handler)
  server.requestTimeout = 0
  server.on('connection', trust)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, exclusive: true }, resolve)
  })
  return server
}

export async function runIntake(
  config: Config,
  urls: Serving,
  socket: string,
  held: Held[],
): Promise<Running> {
  const context = boot(config, urls, 'intake', { app: 2, engine: 6 })
  giveWay(context.db, urls.cluster)
  const doors = openDoors(context)
  const app = await openMachines(context, doors)
  const handler: http.RequestListener = (request, response) => app.routing(request, response)
  const own = await listenPrivately(socket, handler)
  const now = context.clock()
  const tls =
    held.length > 0
      ? await serverOptions(config, await authoritiesTrusted(context.db.engine, config, now), now)
      : null
  const front = held.map(({ name }) => {
    const door = serveConnections({ tls, plain: config.tls.mode === 'off', handler })
    onArrival(name, door.take)
    return door
  })
  return {
    ports: held.map(({ port }) => port),
    stop: async () => {
      // Running requests end first: an acknowledged event must be stored, and a stored one acknowledged where possible.
      await Promise.all(front.map((door) => door.close(5_000)))
      await new Promise<void>((done) => {
        own.close(() => done())
        own.closeIdleConnections()
      })
      doors.known.close()
      await app.close()
      await context.close()
    },
  }
}
