/** The process that serves people. Machines that come to its port are handed on to the intake's process. */
import { openPages } from './app.ts'
import { boot, type Running, type Serving } from './boot.ts'
import { authoritiesTrusted, handOver } from './modules/events/machines.ts'
import { loadStarting } from './modules/site/pages.ts'
import type { Config } from './platform/config.ts'
import { type Held, onArrival } from './platform/held-ports.ts'
import { serveConnections } from './platform/listen.ts'
import { serverOptions } from './platform/tls.ts'

export async function runPages(
  config: Config,
  urls: Serving,
  intakeSocket: string,
  held: Held[],
): Promise<Running> {
  const context = boot(config, urls, 'pages', { app: 8, engine: 3 })
  // Only a first start needs them; without its database the process still has to say so to whoever asks.
  await loadStarting(context.db, context.clock()).catch((error: unknown) =>
    context.log.warn({ err: error }, 'the first texts of the public web could not be loaded'),
  )
  const app = await openPages(context)
  const handler = handOver(intakeSocket, (request, response) => app.routing(request, response))
  const now = context.clock()
  const tls = await serverOptions(config, await authoritiesTrusted(context.db.engine, config, now), now)
  const doors = held.map(({ name }) => {
    const door =
      name === 'plain'
        ? serveConnections({ tls: null, plain: true, handler })
        : serveConnections({ tls, plain: config.tls.mode === 'off', handler })
    onArrival(name, door.take)
    return door
  })
  return {
    ports: held.map(({ port }) => port),
    stop: async () => {
      await Promise.all(doors.map((door) => door.close()))
      await app.close()
      await context.close()
    },
  }
}
