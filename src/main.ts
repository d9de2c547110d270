/**
 * Start and stop. The parent starts the database, migrates, holds the listening sockets and keeps three children
 * alive: pages, intake, worker. A child that ends is started again; while it is away connections wait at the parent.
 */
import cluster, { type Worker } from 'node:cluster'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { runIntake } from './intake-process.ts'
import { type Running, runPages } from './pages-process.ts'
import { type Config, loadConfig } from './platform/config.ts'
import { createLogger, postgresLog } from './platform/log.ts'
import { migrate, servingUrls } from './platform/migrate.ts'
import { startPostgres } from './platform/postgres.ts'
import { runWorker } from './worker-process.ts'

const kinds = ['intake', 'pages', 'worker'] as const
type Kind = (typeof kinds)[number]
type Urls = { app: string; engine: string }

/** Sockets have short path names on every system; the data folder may be deep. */
const socketOf = (config: Config): string => {
  const inData = path.join(config.dataDir, 'run', 'intake.sock')
  return inData.length < 100
    ? inData
    : path.join('/tmp', `hsoc-${process.ppid}-${path.basename(config.dataDir)}.sock`)
}

const runs: Record<Kind, (config: Config, urls: Urls) => Promise<Running>> = {
  pages: (config, urls) => runPages(config, urls, process.env.INTAKE_SOCKET as string),
  intake: (config, urls) => runIntake(config, urls, process.env.INTAKE_SOCKET as string),
  worker: (config, urls) => runWorker(config, urls),
}

async function child(kind: Kind): Promise<void> {
  const config = loadConfig()
  const running = await runs[kind](config, JSON.parse(process.env.SERVING_URLS as string) as Urls)
  process.send?.({ ready: kind, ports: running.ports })
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
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

interface Started {
  ports: Partial<Record<Kind, number[]>>
  stop(): Promise<void>
}

/** Starts everything and answers when all children are ready. */
export async function start(config: Config, say: (sentence: string) => void = () => {}): Promise<Started> {
  const log = createLogger(config.logLevel).child({ process: 'parent' })
  mkdirSync(path.join(config.dataDir, 'run'), { recursive: true, mode: 0o700 })
  const postgres = config.databaseUrl
    ? null
    : await startPostgres({ dataDir: path.join(config.dataDir, 'postgres'), log: postgresLog(log) })
  const ownerUrl = config.databaseUrl ?? (postgres?.url as string)
  const applied = await migrate(ownerUrl, config.secret)
  if (applied.length > 0) say(`The database was brought up to date (${applied.length} steps).`)
  const urls = servingUrls(ownerUrl, config.secret)
  const socket = socketOf(config)
  cluster.setupPrimary({
    exec: path.join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'main.ts' : 'main.js'),
  })
  const workers = new Map<Kind, Worker>()
  const ports: Partial<Record<Kind, number[]>> = {}
  let stopping = false

  const fork = (kind: Kind, waited: number): Promise<void> =>
    new Promise((resolve) => {
      const worker = cluster.fork({ CHILD: kind, SERVING_URLS: JSON.stringify(urls), INTAKE_SOCKET: socket })
      workers.set(kind, worker)
      const since = Date.now()
      worker.on('message', (message: { ready?: Kind; ports?: number[] }) => {
        if (message.ready !== kind) return
        ports[kind] = message.ports ?? []
        resolve()
      })
      worker.on('exit', (code, signal) => {
        if (stopping) return
        const pause = Date.now() - since > 10_000 ? 100 : Math.min(10_000, waited * 2)
        log.error({ kind, code, signal, pause }, 'a process ended and is started again')
        setTimeout(() => void (stopping || fork(kind, pause).then(resolve)), pause)
      })
    })

  await Promise.all(kinds.map((kind) => fork(kind, 100)))
  return {
    ports,
    stop: async () => {
      stopping = true
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

if (process.env.CHILD) {
  child(process.env.CHILD as Kind).catch((error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? error}\n`)
    process.exit(1)
  })
}
