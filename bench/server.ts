/** Starts and stops the real program, the command `hsoc start`, over a stage. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { childrenOf } from './processes.ts'
import { freePort, type Stage, secret } from './stage.ts'

export interface Server {
  sensorPort: number
  httpPort: number
  /** Process numbers of the parent and its children. */
  pids(): number[]
  stop(): Promise<void>
}

const startMs = 60_000

/** The program over the stage's data folder; `more` adds to its environment. */
export async function startServer(stage: Stage, more: Record<string, string> = {}): Promise<Server> {
  const [port, sensorPort, httpPort] = [await freePort(), await freePort(), await freePort()]
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../dist/cli.js'), 'start'], {
    env: {
      ...process.env,
      HSOC_DATA: stage.dir,
      HSOC_SECRET: secret,
      HSOC_HOST: '127.0.0.1',
      HSOC_PORT: String(port),
      HSOC_SENSOR_PORT: String(sensorPort),
      HSOC_HTTP_PORT: String(httpPort),
      HSOC_LOG_LEVEL: 'warn',
      // What is measured signs in by password alone.
      HSOC_SECOND_FACTOR: 'off',
      LC_ALL: 'C.UTF-8',
      ...more,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  // Whatever ends the benchmark ends it too.
  process.once('exit', () => child.kill('SIGTERM'))
  await ready(child)
  return {
    sensorPort,
    httpPort,
    pids: () => [child.pid as number, ...childrenOf(child.pid as number).filter(isNode)],
    stop: () => ended(child),
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = false
    let said = ''
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error('the program did not start in a minute'))
    }, startMs)
    // What it says of itself at start and end is usual; all between is a trouble.
    let quiet = true
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (!quiet && !child.killed) process.stderr.write(text)
      if (running) return
      said += text
      if (!said.includes('hSOC is running')) return
      running = true
      clearTimeout(timer)
      setTimeout(() => {
        quiet = false
        resolve()
      }, 500)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the program ended while starting (${code}): ${said}`))
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

/** PostgreSQL, which the parent may have started, is not one of ours. */
function isNode(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
  } catch {
    return false
  }
}
