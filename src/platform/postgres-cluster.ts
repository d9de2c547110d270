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
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Unavailable } from './errors.ts'
import { makeFolder } from './folders.ts'
import { answering, diskFull, freePort, readLines } from './postgres-answers.ts'
import { type Binaries, serverAccount, shippedBinDir, usableBinaries } from './postgres-binaries.ts'
import type { Place, PostgresLog, Running } from './postgres-place.ts'
import { settings, type Tuning, walCompression } from './postgres-settings.ts'
import { postgresIn, startOf } from './processes.ts'

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

/** Folder, programs and password. Root leaves the folder searchable, so that the server's account reaches its own. */
export function prepare(options: PostgresOptions): Place {
  makeFolder(options.dataDir, process.getuid?.() === 0 ? 0o711 : 0o700)
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

/** Starts the server of a folder in which none runs, making the cluster first where there is none. */
export async function launch(place: Place, options: PostgresOptions): Promise<Running> {
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
    if (await answering(place, { pid, port }, options.log)) {
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
      log('Ending processes of a PostgreSQL whose postmaster is gone', 'warn')
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
      child.on('error', (error) => options.log(`PostgreSQL did not start: ${error.message}`, 'error'))
      child.unref()
      return child.pid ?? 0
    })
  } finally {
    closeSync(output)
  }
}

function explained(place: Place, said: string): Unavailable {
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new Unavailable(diskFull(place))
  }
  const last = said.trim().split('\n').slice(-8).join('\n')
  return new Unavailable(`PostgreSQL does not start in ${place.cluster} (log: ${place.logFile}):\n${last}`)
}

/** Fast shutdown: sessions are ended, everything is written. After 30 s the crash-safe immediate one. */
export async function end(pid: number): Promise<void> {
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
