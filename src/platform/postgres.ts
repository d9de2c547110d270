import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createDatabase, join, readLines, urlOf } from './postgres-answers.ts'
import { end, launch, type PostgresOptions, prepare } from './postgres-cluster.ts'
import type { Place, PostgresLog } from './postgres-place.ts'
import { delist, enlist, locked, startOf, worksIn } from './processes.ts'

export type { PostgresOptions } from './postgres-cluster.ts'
export type { PostgresLog } from './postgres-place.ts'

export interface Postgres {
  /** Superuser's address of the database `hsoc`. */
  readonly url: string
  readonly port: number
  /** The server's process number now; another one after a restart. */
  readonly pid: number
  /** The server's own folder (PGDATA). */
  readonly clusterDir: string
  /** Gives the server up; it ends with its last user. */
  stop(): Promise<void>
  /** Ends the server as a power cut would; supervision starts it again. For tests. */
  kill9(): void
}

/** Does a PostgreSQL work in this data folder at this moment? Nothing is started or waited for. */
export function isRunning(dataDir: string): boolean {
  const cluster = path.join(existsSync(dataDir) ? realpathSync(dataDir) : dataDir, 'cluster')
  return worksIn(Number(readLines(path.join(cluster, 'postmaster.pid'))[0]), cluster)
}

/**
 * Starts the PostgreSQL of a data folder, or joins it when it runs already: left behind by a killed program or
 * used by another one (a command beside the server). The users of one folder share one server; it ends when the
 * last of them stops or ends normally, survives a `kill -9` of them, and is found again by the next start.
 * Throws Unavailable with a sentence that says what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const place = prepare(options)
  const exclusively = <T>(work: () => Promise<T>) =>
    locked(
      place.lock,
      (pid) => options.log(`Waiting for process ${pid}, which starts or stops PostgreSQL`, 'info'),
      work,
    )
  const ensure = () =>
    exclusively(async () => {
      const found = (await join(place, options.log)) ?? (await launch(place, options))
      enlist(place.users, place.use)
      return found
    })
  let running = await ensure()
  const release = releaseOnExit(place, () => running.pid)
  const giveUp = async (): Promise<void> => {
    release()
    await exclusively(() => leave(place, running.pid, options.log))
  }
  try {
    await createDatabase(place, running.port)
  } catch (error) {
    await giveUp()
    throw error
  }
  const supervision =
    options.supervise === false
      ? null
      : supervise(
          () => running.pid,
          options.log,
          async () => {
            running = await ensure()
          },
        )
  return {
    get url() {
      return urlOf(place, running.port)
    },
    get port() {
      return running.port
    },
    get pid() {
      return running.pid
    },
    clusterDir: place.cluster,
    kill9: () => void process.kill(running.pid, 'SIGKILL'),
    async stop() {
      await supervision?.end()
      await giveUp()
    },
  }
}

/** Ends the server unless another process uses it. */
async function leave(place: Place, pid: number, log: PostgresLog): Promise<void> {
  const others = delist(place.users, place.use)
  if (others.length > 0) log(`PostgreSQL stays for process ${others.join(', ')}`, 'info')
  else await end(pid)
}

/** Debian's PostgreSQL 15, for tests against the oldest supported release; null where it is not installed. */
export async function startDebianPostgres15(options: PostgresOptions): Promise<Postgres | null> {
  const binDir = '/usr/lib/postgresql/15/bin'
  return existsSync(path.join(binDir, 'postgres')) ? startPostgres({ ...options, binDir }) : null
}

/**
 * Lets the server end with this process: at its normal end, and at a signal that nobody else in it answers (then
 * the signal is raised again). Returns what takes the arrangement back.
 */
function releaseOnExit(place: Place, pid: () => number): () => void {
  const leave = () => {
    if (delist(place.users, place.use).length === 0 && worksIn(pid(), place.cluster))
      process.kill(pid(), 'SIGINT')
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return
    leave()
    release()
    process.kill(process.pid, signal)
  }
  const release = () => {
    process.off('exit', leave)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.on('exit', leave)
  for (const signal of signals) process.on(signal, onSignal)
  return release
}

/** Looks four times a second whether the server lives and has it started again, ever more slowly when that fails. */
function supervise(pid: () => number, log: PostgresLog, restart: () => Promise<void>) {
  let ended = false
  let work = Promise.resolve()
  let busy = false
  const look = async () => {
    for (let waitMs = 500; !ended && startOf(pid()) === null; waitMs = Math.min(30_000, waitMs * 2)) {
      log('PostgreSQL ended unexpectedly; starting it again', 'warn')
      try {
        await restart()
      } catch (error) {
        log(error instanceof Error ? error.message : String(error), 'error')
        for (let waited = 0; !ended && waited < waitMs; waited += 100)
          await pause(100, undefined, { ref: false })
      }
    }
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    work = look().finally(() => {
      busy = false
    })
  }, 250)
  timer.unref()
  return {
    async end() {
      ended = true
      clearInterval(timer)
      await work
    },
  }
}
