/** What every process of the program makes of its configuration: connections, bus, clock, log. */
import { channels, openBus } from './platform/bus.ts'
import type { Config } from './platform/config.ts'
import { sensorsUrlOf } from './platform/config-text.ts'
import type { Context } from './platform/context.ts'
import { openDatabase } from './platform/database.ts'
import { createLogger } from './platform/log.ts'

export interface Booted extends Context {
  close(): Promise<void>
}

/** A process at work: the ports it listens at, and how it ends. */
export interface Running {
  ports: number[]
  stop(): Promise<void>
}

/** Addresses of the two serving roles, and the folder of the database's server when it is our own. */
export interface Serving {
  app: string
  engine: string
  cluster: string | null
}

/** `max` is the greatest number of connections of each role. */
export function boot(
  config: Config,
  urls: Serving,
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
      sensorsUrl: sensorsUrlOf(config),
      proxies: config.proxies,
      zone: config.zone,
      secret: config.secret,
      earlierSecrets: config.earlierSecrets,
      coordinatorPhone: config.coordinatorPhone,
      hasSms: config.sms !== null,
      smsBack: config.smsBack,
      pushHosts: config.pushHosts,
      webhookOrigins: config.webhookOrigins,
      emergencyRoom: config.emergencyRoom,
      contacts: config.contacts,
      pgpKeyFile: config.pgpKeyFile,
      mailFrom: config.mailFrom,
      listsDir: config.listsDir,
      rawDays: config.rawDays,
      sensorAuthority: config.sensorAuthority,
      certificateDays: config.certificateDays,
      metricsKey: config.metricsKey,
      demo: config.demo,
      secondFactor: config.secondFactor,
      dnsServers: config.dnsServers,
      providers: config.providers,
    },
    close: async () => {
      await bus.close()
      await db.close()
    },
  }
}
