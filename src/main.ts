/**
 * Start and stop. The parent starts the database, migrates, holds the listening sockets and keeps three children
 * alive: pages, intake, worker. A child that ends is started again; while it is away connections wait at the parent.
 */
import cluster, { type Worker } from 'node:cluster'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Running, Serving } from './boot.ts'
import { keepBaseUrl } from './platform/base-url.ts'
import { type Config, loadConfig } from './platform/config.ts'
import { makeFolder } from './platform/folders.ts'
import { type Held, type HeldPort, holdPort } from './platform/held-ports.ts'
import { createLogger, type Logger, postgresLog } from './platform/log.ts'
import { migrate, servingUrls } from './platform/migrate.ts'
import { type Postgres, startPostgres } from './platform/postgres.ts'

const kinds = ['intake', 'pages', 'worker'] as const
type Kind = (typeof kinds)[number]

/** Sockets have short path names on every system; the data folder may be deep. */
const socketOf = (config: Config): string => {
  const inData = path.join(config.dataDir, 'run', 'intake.sock')
  return inData.length < 100
    ? inData
    : path.join('/tmp', `hsoc-${process.ppid}-${path.basename(config.dataDir)}.sock`)
}

/** Each process loads only what it runs: the parent and the worker need no pages. */
const runs: Record<Kind, (config: Config, urls: Serving, held: Held[]) => Promise<Running>> = {
  pages: async (config, urls, held) =>
    (await import('./pages-process.ts')).runPages(config, urls, process.env.INTAKE_SOCKET as string, held),
  intake: async (config, urls, held) =>
    (await import('./intake-process.ts')).runIntake(config, urls, process.env.INTAKE_SOCKET as string, held),
  worker: async (config, urls) => (await import('./worker-process.ts')).runWorker(config, urls),
}

/**
 * Greatest heap of each process, MB: of what lives long, and of each part of what is new. Without bounds the engine takes
 * its measure from the machine and lets hundreds of megabytes of garbage stand; with them it collects in time. `growth`:
 * how many per cent of what lives may come on top before the old part is collected; the engine's own 30 has the intake
 * collect five times a second. `isSmall`: code that runs seldom is kept smaller; the intake's runs all the time.
 */
const heaps: Record<Kind, { old: number; young: number; growth?: number; isSmall?: true }> = {
  pages: { old: 160, young: 2, isSmall: true },
  intake: { old: 96, young: 4, growth: 150 },
  worker: { old: 128, young: 2, isSmall: true },
}

const bounds = ({ old, young, growth, isSmall }: (typeof heaps)[Kind]): string[] => [
  `--max-old-space-size=${old}`,
  `--max-semi-space-size=${young}`,
  ...(growth ? [`--heap-growing-percent=${growth}`] : []),
  ...(isSmall ? ['--optimize-for-size'] : []),
]

/** The C library keeps freed memory for each thread apart; two stores are enough for processes with one busy thread. */
const lean = { MALLOC_ARENA_MAX: '2' }

/** What loading, starting and migrating left behind is given back: a process that hardly allocates would keep it for months. */
function tidyUp(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

async function child(kind: Kind): Promise<void> {
  const config = loadConfig()
  const running = await runs[kind](
    config,
    JSON.parse(process.env.SERVING_URLS as string) as Serving,
    JSON.parse(process.env.HELD_PORTS as string) as Held[],
  )
  process.send?.({ ready: kind, ports: running.ports })
  tidyUp()
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    // From now on connections wait for whoever comes next.
    if (process.connected) process.send?.({ leaving: kind })
    setTimeout(() => process.exit(1), 15_000).unref()
    running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  // Ctrl-C reaches the whole group: the parent says when.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
}

type Doors = Record<Kind, Record<string, HeldPort>>

/** The ports of each process, open before any of them runs. */
async function openDoors(config: Config, log: Logger): Promise<Doors> {
  const doors: Doors = { pages: {}, intake: {}, worker: {} }
  doors.pages.pages = await holdPort('pages', config.host, config.port)
  if (config.httpPort !== null) doors.pages.plain = await holdPort('plain', '127.0.0.1', config.httpPort)
  if (config.sensorPort === config.port) return doors
  try {
    doors.intake.sensors = await holdPort('sensors', config.host, config.sensorPort)
  } catch (error) {
    // Sensors still reach us by the pages' port; that is better than no intake at all.
    log.error(
      { err: error, port: config.sensorPort },
      "the sensors' own port could not be opened; set HSOC_SENSOR_PORT to a free one",
    )
  }
  return doors
}

const heldOf = (doors: Record<string, HeldPort>): Held[] =>
  Object.entries(doors).map(([name, { port }]) => ({ name, port }))

interface Started {
  ports: Partial<Record<Kind, number[]>>
  stop(): Promise<void>
}

/** Starts everything and answers when all children are ready; `migrated` hears what brought the database up to date. */
export async function start(
  config: Config,
  migrated: (names: string[]) => void = () => {},
): Promise<Started> {
  const log = createLogger(config.logLevel).child({ process: 'parent' })
  makeFolder(path.join(config.dataDir, 'run'), 0o700)
  keepBaseUrl(config)
  const postgres = config.databaseUrl
    ? null
    : await startPostgres({ dataDir: path.join(config.dataDir, 'postgres'), log: postgresLog(log) })
  const ownerUrl = config.databaseUrl ?? (postgres?.url as string)
  const applied = await migrate(ownerUrl, config.secret)
  if (applied.length > 0) migrated(applied)
  /** As of now: our own server may have had to come back on another port. */
  const urls = (): Serving => ({
    ...servingUrls(config.databaseUrl ?? (postgres?.url as string), config.secret),
    cluster: postgres?.clusterDir ?? null,
  })
  const socket = socketOf(config)
  const exec = path.join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'main.ts' : 'main.js')
  const doors = await openDoors(config, log)
  const served = (kind: Kind, by: Worker | null): void => {
    for (const door of Object.values(doors[kind])) door.servedBy(by)
  }
  const workers = new Map<Kind, Worker>()
  const ports: Partial<Record<Kind, number[]>> = {}
  let stopping = false

  const fork = (kind: Kind, waited: number): Promise<void> =>
    new Promise((resolve) => {
      cluster.setupPrimary({ exec, execArgv: [...process.execArgv, ...bounds(heaps[kind])] })
      const own = {
        CHILD: kind,
        SERVING_URLS: JSON.stringify(urls()),
        INTAKE_SOCKET: socket,
        HELD_PORTS: JSON.stringify(heldOf(doors[kind])),
      }
      const worker = cluster.fork({ ...own, ...lean })
      workers.set(kind, worker)
      const since = Date.now()
      worker.on('message', (message: { ready?: Kind; leaving?: Kind; ports?: number[] }) => {
        if (message.leaving === kind) served(kind, null)
        if (message.ready !== kind) return
        served(kind, worker)
        ports[kind] = message.ports ?? []
        resolve()
      })
      worker.on('exit', (code, signal) => {
        served(kind, null)
        if (stopping) return
        const pause = Date.now() - since > 10_000 ? 100 : Math.min(10_000, waited * 2)
        log.error({ kind, code, signal, pause }, 'a process ended and is started again')
        setTimeout(() => void (stopping || fork(kind, pause).then(resolve)), pause)
      })
    })

  await Promise.all(kinds.map((kind) => fork(kind, 100)))
  tidyUp()
  const moves = postgres ? followPort(postgres, log, () => [...workers.values()]) : null
  return {
    ports,
    stop: async () => {
      stopping = true
      clearInterval(moves ?? undefined)
      for (const door of kinds.flatMap((kind) => Object.values(doors[kind]))) door.close()
      const ended = [...workers.values()].map(
        (worker) =>
          new Promise<void>((done) => (worker.isDead() ? done() : worker.once('exit', () => done()))),
      )
      for (const worker of workers.values()) worker.process.kill('SIGTERM')
      await Promise.all(ended)
      await postgres?.stop()
    },
  }
}

/** Children learn where the database is when they start: one that came back on another port needs them started again. */
function followPort(postgres: Postgres, log: Logger, children: () => Worker[]): NodeJS.Timeout {
  let known = postgres.port
  return setInterval(() => {
    if (postgres.port === known) return
    log.warn(
      { from: known, to: postgres.port },
      'PostgreSQL had to change its port; all processes start anew',
    )
    known = postgres.port
    for (const child of children()) child.process.kill('SIGTERM')
  }, 500).unref()
}

if (process.env.CHILD) {
  child(process.env.CHILD as Kind).catch((error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? error}\n`)
    process.exit(1)
  })
}
