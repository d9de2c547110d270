/** The command line as people meet it: the built program in a process of its own, with its words, its exit code and its end. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { projectRoot } from '../../src/platform/content.ts'
import { postgresIn } from '../../src/platform/processes.ts'
import { testSecret } from '../postgres-setup.ts'

export interface Said {
  code: number | null
  out: string
  err: string
}

export interface Place {
  folder: string
  env: Record<string, string>
  /** Runs a command to its end; `stdin` is what it reads. */
  hsoc(words: string[], stdin?: string | Buffer): Promise<Said>
  remove(): void
}

const program = path.join(projectRoot, 'dist', 'cli.js')

/** What `bin/hsoc` does before it starts the program; once is enough for many commands. */
let isBuilt = false
function built(): void {
  if (!isBuilt) execFileSync(path.join(projectRoot, 'bin', 'setup'), { stdio: 'pipe' })
  isBuilt = true
}

/** Nothing of the tester's own configuration reaches the program. */
const clean = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(HSOC_|LC_|LANG|NODE_OPTIONS|VITEST)/.test(name)),
  )

/** A data folder of its own, on the given database, or with the PostgreSQL that the program starts itself. */
export function openPlace(databaseUrl: string | null, more: Record<string, string> = {}): Place {
  built()
  const folder = mkdtempSync(path.join(tmpdir(), 'hsoc-cli-'))
  const env: Record<string, string> = {
    HSOC_DATA: path.join(folder, 'data'),
    LANG: 'C.UTF-8',
    ...(databaseUrl ? { HSOC_DATABASE_URL: databaseUrl, HSOC_SECRET: testSecret } : {}),
    ...more,
  }
  return {
    folder,
    env,
    hsoc: (words, stdin = '') => finished(run(words, env), stdin),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const run = (words: string[], env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [program, ...words], { env: { ...clean(), ...env }, stdio: 'pipe' })

function finished(child: ChildProcess, stdin: string | Buffer): Promise<Said> {
  const said: Said = { code: null, out: '', err: '' }
  child.stdout?.on('data', (text: Buffer) => (said.out += text))
  child.stderr?.on('data', (text: Buffer) => (said.err += text))
  // A command may end without having read what it was given.
  child.stdin?.on('error', () => {})
  child.stdin?.end(stdin)
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...said, code })))
}

export interface Server {
  pid: number
  /** Everything it wrote so far. */
  said(): string
  /** Resolves with the whole output when `sign` stands in it; throws when the program ends before. */
  until(sign: RegExp): Promise<string>
  /** Sends the signal and answers the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** A command that goes on until it is stopped (`start`, `demo`). */
export function serve(words: string[], env: Record<string, string>): Server {
  const child = run(words, env)
  let text = ''
  let look: () => void = () => {}
  const hear = (part: Buffer): void => {
    text += part
    look()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return {
    pid: child.pid as number,
    said: () => text,
    until: (sign) =>
      new Promise((resolve, reject) => {
        look = () => sign.test(text) && resolve(text)
        void ended.then((code) => reject(new Error(`ended with ${code} before ${sign}:\n${text}`)))
        look()
      }),
    stop: (signal = 'SIGINT') => {
      child.kill(signal)
      return ended
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

const read = (pid: string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return '' // gone meanwhile, or somebody else's
  }
}

const pidsIn = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
    .filter((pid) => read(pid, 'cmdline').includes(folder) || read(pid, 'environ').includes(folder))

/** Processes that were started with this folder and still live, by what they are. */
export const livingIn = (folder: string): string[] =>
  pidsIn(folder)
    .map((pid) => read(pid, 'cmdline').replaceAll('\0', ' ').trim())
    .filter(Boolean)

/** How far each of the program's own processes lets others go first (0 not at all), by its kind; `postgres` the furthest of its server's. */
export function nicenessIn(folder: string): Record<string, number> {
  const found: Record<string, number> = {}
  const niceness = (pid: string): number => {
    const stat = read(pid, 'stat')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  }
  for (const pid of pidsIn(folder)) {
    const kind = /(?:^|\0)CHILD=(\w+)/.exec(read(pid, 'environ'))?.[1]
    if (kind) found[kind] = niceness(pid)
  }
  for (const pid of postgresIn(path.join(realpathSync(folder), 'data', 'postgres', 'cluster')))
    found.postgres = Math.max(found.postgres ?? 0, niceness(String(pid)))
  return found
}

/** Waits up to ten seconds for what may take a moment; answers the last value. */
export async function eventually<R>(ask: () => R | Promise<R>, good: (value: R) => boolean): Promise<R> {
  let value = await ask()
  for (let tries = 0; tries < 100 && !good(value); tries++) {
    await new Promise((done) => setTimeout(done, 100))
    value = await ask()
  }
  return value
}
