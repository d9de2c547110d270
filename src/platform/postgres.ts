import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { Unavailable } from './errors.ts'
import { type Binaries, serverAccount, shippedBinDir, usableBinaries } from './postgres-binaries.ts'
import { settings, type Tuning, walCompression } from './postgres-settings.ts'
import { delist, enlist, locked, postgresIn, startOf, worksIn } from './processes.ts'

/** The part of a logger that the launcher speaks to; a pino logger fits. */
export interface PostgresLog {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

export interface PostgresOptions {
  /** Our folder: `cluster/` (the server's own), `password`, `port`, `postgres.log`, `users/`. Made when missing. */
  dataDir: string
  /** Loopback port; without it the one of last time where free, else any free one. */
  port?: number
  log: PostgresLog
  tuning?: Tuning
  /** Real fsync; by default on, for `tuning: 'test'` off. */
  sync?: boolean
  /** Other programs than those of npm, for example /usr/lib/postgresql/15/bin. */
  binDir?: string
  /** The account that root starts the server as; nobody (65534) by default. */
  uid?: number
  /** Start the server again when it dies while we use it; on by default. */
  supervise?: boolean
}

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

interface Place {
  dataDir: string
  cluster: string
  users: string
  /** This use among the users: one process may use a folder more than once. */
  use: string
  lock: string
  logFile: string
  binaries: Binaries
  password: string
}

interface Running {
  pid: number
  port: number
}

/** A recovery after a crash reads at most `max_wal_size` of log; beyond ten minutes something else is wrong. */
const startLimitMs = 600_000

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
      pid => options.log.info(`Waiting for process ${pid}, which starts or stops PostgreSQL`),
      work,
    )
  const ensure = () =>
    exclusively(async () => {
      const found = (await join(place, options)) ?? (await launch(place, options))
      enlist(place.users, place.use)
      return found
    })
  let running = await ensure()
  await createDatabase(place, running.port)
  const release = releaseOnExit(place, () => running.pid)
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
      release()
      await exclusively(async () => {
        const others = delist(place.users, place.use)
        if (others.length > 0) options.log.info(`PostgreSQL stays for process ${others.join(', ')}`)
        else await end(running.pid)
      })
    },
  }
}

/** Debian's PostgreSQL 15, for tests against the oldest supported release; null where it is not installed. */
export async function startDebianPostgres15(options: PostgresOptions): Promise<Postgres | null> {
  const binDir = '/usr/lib/postgresql/15/bin'
  return existsSync(path.join(binDir, 'postgres')) ? startPostgres({ ...options, binDir }) : null
}

const urlOf = (place: Place, port: number, database = 'hsoc') =>
  `postgres://postgres:${place.password}@127.0.0.1:${port}/${database}`

/** Folder, programs and password. Root leaves the folder searchable, so that the server's account reaches its own. */
function prepare(options: PostgresOptions): Place {
  mkdirSync(options.dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  const dataDir = realpathSync(options.dataDir)
  const cluster = path.join(dataDir, 'cluster')
  const account = serverAccount(cluster, options.uid)
  const binaries = usableBinaries(options.binDir ?? shippedBinDir(), account)
  return {
    dataDir,
    cluster,
    users: path.join(dataDir, 'users'),
    use: `${process.pid}-${randomBytes(4).toString('hex')}`,
    lock: path.join(dataDir, 'lock'),
    logFile: path.join(dataDir, 'postgres.log'),
    binaries,
    password: keptPassword(path.join(dataDir, 'password')),
  }
}

function keptPassword(file: string): string {
  try {
    writeFileSync(file, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!existsSync(file)) throw error
  }
  return readFileSync(file, 'utf8').trim()
}

/** The server that already works in this folder, once it answers; null when there is none. */
async function join(place: Place, options: PostgresOptions): Promise<Running | null> {
  const lines = readLines(path.join(place.cluster, 'postmaster.pid'))
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (!pid || !port || !worksIn(pid, place.cluster)) return null
  const answer = await answering(place, { pid, port }, options)
  if (answer) options.log.info(`Joined PostgreSQL (process ${pid}, port ${port}) that was already running`)
  return answer ? { pid, port } : null
}

function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
}

async function launch(place: Place, options: PostgresOptions): Promise<Running> {
  await endOrphans(place, options.log)
  if (!existsSync(place.cluster)) await initialise(place, options)
  const cluster = readLines(path.join(place.cluster, 'PG_VERSION'))[0]
  if (Number(cluster) !== place.binaries.major) {
    throw new Unavailable(
      `The database in ${place.cluster} was made by PostgreSQL ${cluster}, the installed one is ` +
        `${place.binaries.major}. Back it up with the old release of hSOC and restore it with this one.`,
    )
  }
  const wanted = options.port ?? Number(readLines(path.join(place.dataDir, 'port'))[0] ?? 0)
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(wanted)
    if (options.port && port !== options.port)
      throw new Unavailable(`Port ${options.port} on 127.0.0.1 is taken.`)
    const from = existsSync(place.logFile) ? statSync(place.logFile).size : 0
    const pid = serve(place, port, options)
    if (await answering(place, { pid, port }, options)) {
      writeFileSync(path.join(place.dataDir, 'port'), `${port}\n`, { mode: 0o600 })
      return { pid, port }
    }
    const said = readFileSync(place.logFile).subarray(from).toString('utf8')
    if (attempt === 3 || !/Address already in use|still in use/.test(said)) throw explained(place, said)
    await pause(500)
  }
}

/**
 * Children of a killed postmaster leave by themselves within moments; one that is busy would keep the new
 * postmaster from starting. A postmaster.pid whose number now belongs to a stranger would do the same.
 */
async function endOrphans(place: Place, log: PostgresLog): Promise<void> {
  for (let waited = 0; postgresIn(place.cluster).length > 0; waited += 100) {
    if (waited === 5000) {
      log.warn('Ending processes of a PostgreSQL whose postmaster is gone')
      for (const pid of postgresIn(place.cluster)) process.kill(pid, 'SIGKILL')
    }
    if (waited > 15_000) throw new Unavailable(`Old PostgreSQL processes in ${place.cluster} do not end.`)
    await pause(100)
  }
  const pidFile = path.join(place.cluster, 'postmaster.pid')
  const pid = Number(readLines(pidFile)[0])
  if (pid && startOf(pid) !== null) rmSync(pidFile, { force: true })
}

/**
 * Makes the cluster aside and moves it into place when whole, so that a killed first start leaves no half of one.
 */
async function initialise(place: Place, options: PostgresOptions): Promise<void> {
  const { binaries } = place
  const fresh = `${place.cluster}.new`
  const secret = mkdtempSync(path.join(os.tmpdir(), 'hsoc-init-'))
  try {
    rmSync(fresh, { recursive: true, force: true })
    mkdirSync(fresh, { mode: 0o700 })
    writeFileSync(path.join(secret, 'password'), place.password, { mode: 0o600 })
    for (const file of [fresh, secret, path.join(secret, 'password')])
      chownSync(file, binaries.uid, binaries.gid)
    const locale =
      binaries.major >= 17
        ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
        : ['--locale=C.UTF-8']
    const account = [
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${path.join(secret, 'password')}`,
    ]
    const sync = syncs(options) ? [] : ['--no-sync']
    withFolder(place, fresh, (argument, fd) => {
      const made = spawnSync(
        path.join(binaries.binDir, 'initdb'),
        ['-D', argument, '--encoding=UTF8', ...locale, ...account, ...sync],
        { ...childOptions(binaries), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', fd] },
      )
      if (made.status !== 0)
        throw explained(place, `${made.error?.message ?? ''}${made.stdout}${made.stderr}`)
    })
    renameSync(fresh, place.cluster)
  } finally {
    rmSync(secret, { recursive: true, force: true })
    rmSync(fresh, { recursive: true, force: true })
  }
}

const syncs = (options: PostgresOptions) => options.sync ?? options.tuning !== 'test'

const childOptions = ({ uid, gid }: Binaries) => ({
  ...(process.getuid?.() === 0 ? { uid, gid } : {}),
  cwd: '/',
  env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
})

/**
 * Gives `use` the folder's name as the server's account can open it. Where the way there is closed to the account
 * (a data folder in root's home), the folder is handed over open, as descriptor 3, and named by that.
 */
function withFolder<T>(place: Place, folder: string, use: (argument: string, fd: number) => T): T {
  const fd = openSync(folder, 'r')
  try {
    const enter = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], childOptions(place.binaries))
    return use(enter.status === 0 ? folder : '/proc/self/fd/3', fd)
  } finally {
    closeSync(fd)
  }
}

/** Starts the postmaster in a session of its own, so that Ctrl-C in a terminal reaches us and not it. */
function serve(place: Place, port: number, options: PostgresOptions): number {
  if (existsSync(place.logFile) && statSync(place.logFile).size > 10_000_000) {
    renameSync(place.logFile, `${place.logFile}.1`)
  }
  const output = openSync(place.logFile, 'a', 0o600)
  try {
    return withFolder(place, place.cluster, (argument, fd) => {
      const set = {
        ...settings(options.tuning ?? 'normal', syncs(options)),
        wal_compression: walCompression(place.binaries, argument, fd),
        port: String(port),
      }
      const child = spawn(
        path.join(place.binaries.binDir, 'postgres'),
        ['-D', argument, ...Object.entries(set).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
        {
          ...childOptions(place.binaries),
          detached: true,
          stdio: ['ignore', output, output, fd],
        } satisfies SpawnOptions,
      )
      child.on('error', error => options.log.error(`PostgreSQL did not start: ${error.message}`))
      child.unref()
      return child.pid ?? 0
    })
  } finally {
    closeSync(output)
  }
}

/** True once the server answers a query, false when its process ended first. */
async function answering(place: Place, server: Running, options: PostgresOptions): Promise<boolean> {
  const began = performance.now()
  let told = 0
  while (startOf(server.pid) !== null) {
    const problem = await query(urlOf(place, server.port, 'postgres'), 'select 1')
    if (problem === null) return true
    if (problem.startsWith('28')) {
      throw new Unavailable(
        `PostgreSQL refuses the password in ${place.dataDir}/password. Was the file replaced?`,
      )
    }
    const seconds = Math.floor((performance.now() - began) / 1000)
    if (seconds * 1000 > startLimitMs) {
      throw new Unavailable(`PostgreSQL does not answer after ten minutes; its log is ${place.logFile}.`)
    }
    if (seconds >= told + 5) {
      told = seconds
      options.log.info(`PostgreSQL is starting (${seconds} s); after a crash it reads its log first`)
    }
    await pause(30)
  }
  return false
}

/** Runs one statement on a connection of its own; returns null, or the failure's code. */
async function query(url: string, sql: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(sql)
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(place: Place, port: number): Promise<void> {
  const problem = await query(urlOf(place, port, 'postgres'), 'create database hsoc')
  // 42P04: there already; 23505: another process makes it at this moment.
  if (problem !== null && problem !== '42P04' && problem !== '23505') {
    throw new Unavailable(`The database hsoc could not be created (code ${problem}); see ${place.logFile}.`)
  }
}

/** The wanted port when it is free on loopback, else any free one. */
async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = net.createServer()
    const found = await new Promise<number | null>(resolve => {
      server.once('error', () => resolve(null))
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : null)
      })
    })
    if (found === null) continue
    await new Promise(resolve => server.close(resolve))
    return found
  }
  throw new Unavailable('No free port on 127.0.0.1.')
}

function explained(place: Place, said: string): Unavailable {
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new Unavailable(
      `The disk of ${place.dataDir} is full. Free some space and start again; nothing is lost.`,
    )
  }
  const last = said.trim().split('\n').slice(-8).join('\n')
  return new Unavailable(`PostgreSQL does not start in ${place.cluster} (log: ${place.logFile}):\n${last}`)
}

/** Fast shutdown: sessions are ended, everything is written. After 30 s the crash-safe immediate one. */
async function end(pid: number): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5000],
  ] as const) {
    if (startOf(pid) === null) return
    process.kill(pid, signal)
    for (let waited = 0; waited < limitMs && startOf(pid) !== null; waited += 20) await pause(20)
  }
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
      log.warn('PostgreSQL ended unexpectedly; starting it again')
      try {
        await restart()
      } catch (error) {
        log.error(error instanceof Error ? error.message : String(error))
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
