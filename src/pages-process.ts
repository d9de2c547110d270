/** The process that serves people. Machines that come to its port are handed on to the intake's process. */
import { openPages } from './app.ts'
import { boot, type Running, type Serving } from './boot.ts'
import { authoritiesTrusted, handOver } from './modules/events/machines.ts'
import { loadStarting } from './modules/site/index.ts'
import type { Config } from './platform/config.ts'
import { type Listening, listen } from './platform/listen.ts'
import { serverOptions } from './platform/tls.ts'

export async function runPages(config: Config, urls: Serving, intakeSocket: string): Promise<Running> {
  const context = boot(config, urls, 'pages', { app: 8, engine: 3 })
  // Only a first start needs them; without its database the process still has to say so to whoever asks.
  await loadStarting(context.db, context.clock()).catch((error: unknown) =>
    context.log.warn({ err: error }, 'the first texts of the public web could not be loaded'),
  )
  const app = await openPages(context)
  const handler = handOver(intakeSocket, (request, response) => app.routing(request, response))
  const now = context.clock()
  const tls = await serverOptions(config, await authoritiesTrusted(context.db.engine, config, now), now)
  const doors: Listening[] = [
    await listen({ host: config.host, port: config.port, tls, plain: config.tls.mode === 'off', handler }),
  ]
  if (config.httpPort !== null)
    doors.push(await listen({ host: '127.0.0.1', port: config.httpPort, tls: null, plain: true, handler }))
  return {
    ports: doors.map((door) => door.port),
    stop: async () => {
      await Promise.all(doors.map((door) => door.close()))
      await app.close()
      await context.close()
    },
  }
}
