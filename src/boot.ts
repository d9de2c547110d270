/** What every process of the program makes of its configuration: connections, bus, clock, log. */
import { channels, openBus } from './platform/bus.ts'
import type { Config } from './platform/config.ts'
import type { Context } from './platform/context.ts'
import { openDatabase } from './platform/database.ts'
import { createLogger } from './platform/log.ts'

export interface Booted extends Context {
  close(): Promise<void>
}

/** `urls` are those of the two serving roles; `max` the greatest number of connections of each. */
export function boot(
  config: Config,
  urls: { app: string; engine: string },
  name: string,
  max: { app: number; engine: number },
): Booted {
  const log = createLogger(config.logLevel).child({ process: name })
  const db = openDatabase(urls, max)
  const bus = openBus(db.listenUrl, [...channels])
  return {
    db,
    bus,
    log,
    clock: Date.now,
    settings: {
      baseUrl: config.baseUrl,
      zone: config.zone,
      secret: config.secret,
      coordinatorPhone: config.coordinatorPhone,
      listsDir: config.listsDir,
      rawDays: config.rawDays,
      metricsKey: config.metricsKey,
      demo: config.demo,
    },
    close: async () => {
      await bus.close()
      await db.close()
    },
  }
}
