/** The built program as it is run for real: a folder of its own, its own PostgreSQL, ports on loopback, signals. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from './asking.ts'

const root = path.join(import.meta.dirname, '..', '..')
const node = path.join(root, 'node_modules', '.bin', 'node')
const cli = path.join(root, 'dist', 'cli.js')

const kinds = ['parent', 'pages', 'intake', 'worker'] as const
export type Kind = (typeof kinds)[number]

export interface Command {
  status: number
  out: string
  err: string
}

export interface Program {
  dir: string
  port: number
  sensorPort: number
  httpPort: number
  /** Starts and answers when the pages say that they are ready. */
  start(): Promise<void>
  /** From now on a parent that ended is started again, as systemd would; answers how to stop doing so. */
  keepAlive(): () => void
  /** How often it was started. */
  starts(): number
  /** Living processes of Node by what they are. */
  family(): Partial<Record<Kind, number>>
  /** The embedded PostgreSQL's postmaster, or null. */
  postmaster(): number | null
  /** A command of bin/hsoc beside the program. */
  hsoc(words: string[], input?: string): Promise<Command>
  /** What it wrote to its log and on the terminal. */
  said(): string
  /** SIGTERM, as systemd stops it; resolves when it ended. */
  stop(): Promise<void>
  /** Ends whatever is left and removes the folder. */
  remove(): Promise<void>
}

/** Builds when something changed; throws with the compiler's words. */
export function build(): void {
  const done = spawnSync(path.join(root, 'bin', 'build'), { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`the program could not be built:\n${done.stderr}`)
}

export async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as net.AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const statOf = (pid: number): string[] => {
  const text = read(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

export const isAlive = (pid: number): boolean => !['', 'Z', 'X'].includes(statOf(pid)[0] ?? '')

export const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && Number(statOf(pid)[1]) === parent && isAlive(pid))

/** Kilobytes that a process held at most so far. */
export const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)

/** Ends processes as a power cut would; those that are gone already are no matter. */
export function kill9(pids: number[]): void {
  for (const pid of pids)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {}
}

/** Resolves when `holds` does; throws with what was awaited after `ms`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 120_000,
): Promise<void> {
  for (const end = performance.now() + ms; !(await holds()); await pause(25))
    if (performance.now() > end) throw new Error(`after ${Math.round(ms / 1000)} s still not: ${what}`)
}

const open = new Set<() => void>()
process.on('exit', () => {
  for (const end of open) end()
})

/** A folder and ports for a program; `more` adds to its environment. Nothing is started yet. */
export async function openProgram(more: Record<string, string> = {}): Promise<Program> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'hsoc-faults-'))
  // The server's account has to find its own folder below.
  chmodSync(dir, 0o711)
  const dataDir = more.HSOC_DATA ?? path.join(dir, 'data')
  const [port, sensorPort, httpPort] = [await freePort(), await freePort(), await freePort()]
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: 'en_US.UTF-8',
    HSOC_DATA: dataDir,
    HSOC_HOST: '127.0.0.1',
    HSOC_PORT: String(port),
    HSOC_SENSOR_PORT: String(sensorPort),
    HSOC_HTTP_PORT: String(httpPort),
    HSOC_LOG_LEVEL: 'warn',
    // What is tried here is not the sign-in: people come in by password alone.
    HSOC_SECOND_FACTOR: 'off',
    ...more,
  }
  const logFile = path.join(dir, 'said.log')
  let parent: ChildProcess | null = null
  let starts = 0
  let keeping: NodeJS.Timeout | undefined
  /** Every process of Node that was seen, so that children of a killed parent are found too. */
  const mark = `HSOC_DATA=${dataDir}\0`
  const isOurs = (pid: number): boolean => read(`/proc/${pid}/environ`).includes(mark)

  const launch = (): void => {
    const output = openSync(logFile, 'a')
    parent = spawn(node, [cli, 'start'], { env, stdio: ['ignore', output, output], detached: true })
    closeSync(output)
    starts++
  }
  const ours = (): [Kind, number][] =>
    readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && isAlive(pid) && isOurs(pid))
      .map((pid): [Kind, number] => {
        const kind = kinds.find((one) => read(`/proc/${pid}/environ`).includes(`CHILD=${one}\0`))
        return [kind ?? 'parent', pid]
      })
  const postmaster = (): number | null => {
    const pid = Number(read(path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid')).split('\n')[0])
    return pid > 0 && isAlive(pid) && read(`/proc/${pid}/comm`).trim() === 'postgres' ? pid : null
  }
  const endAll = (): void => {
    kill9(ours().map(([, pid]) => pid))
    const server = postmaster()
    if (server) process.kill(server, 'SIGQUIT')
  }
  open.add(endAll)

  const isReady = async (): Promise<boolean> =>
    (await ask({ port, path: '/health/ready', timeoutMs: 2_000 }).catch(() => null))?.status === 200

  return {
    dir,
    port,
    sensorPort,
    httpPort,
    postmaster,
    starts: () => starts,
    said: () => read(logFile),
    family: () => Object.fromEntries(ours().reverse()),
    start: async () => {
      launch()
      await until('the program is ready', isReady).catch((error: Error) => {
        throw new Error(`${error.message}\n${read(logFile).slice(-2_000)}`)
      })
    },
    keepAlive: () => {
      keeping = setInterval(() => {
        if (parent && (parent.exitCode !== null || parent.signalCode !== null)) launch()
      }, 100)
      return () => clearInterval(keeping)
    },
    hsoc: (words, input = '') =>
      new Promise((resolve, reject) => {
        const child = spawn(node, [cli, ...words], { env })
        const said = { out: '', err: '' }
        child.stdout.on('data', (piece) => {
          said.out += piece
        })
        child.stderr.on('data', (piece) => {
          said.err += piece
        })
        child.on('error', reject)
        child.on('close', (status) => resolve({ status: status ?? -1, ...said }))
        child.stdin.end(input)
      }),
    stop: async () => {
      const child = parent
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await until('the program ended', () => child.exitCode !== null || child.signalCode !== null)
    },
    remove: async () => {
      clearInterval(keeping)
      endAll()
      await until('everything ended', () => ours().length === 0 && postmaster() === null)
      open.delete(endAll)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
