import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  isRunning,
  type Postgres,
  type PostgresOptions,
  startDebianPostgres15,
  startPostgres,
} from './postgres.ts'
import { shippedBinDir } from './postgres-binaries.ts'
import { startOf } from './processes.ts'

const log = () => {}
const isRoot = process.getuid?.() === 0
const launcher = fileURLToPath(new URL('./postgres.ts', import.meta.url))

let folder = ''
let started: Postgres[] = []
let children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hsoc-postgres-'))
  chmodSync(folder, 0o755)
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const postgres of started) await postgres.stop()
  children = []
  started = []
  rmSync(folder, { recursive: true, force: true })
})

async function start(options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir: path.join(folder, 'db'), log, tuning: 'test', ...options })
  started.push(postgres)
  return postgres
}

async function ask(url: string, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(sql)).rows[0]
  } finally {
    await client.end()
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1000) throw new Error('waited in vain')
    await pause(20)
  }
}

/** Another program that starts the same folder's server, says its number and goes on living. */
async function otherProgram(
  dataDir: string,
  account: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; pid: number }> {
  const script = `import { startPostgres } from ${JSON.stringify(launcher)}
    const log = () => {}
    const postgres = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, log, tuning: 'test' })
    console.log('pid ' + postgres.pid)
    process.stdin.on('data', () => process.exit(0))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    ...account,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  await until(() => /pid \d+\n/.test(said) || child.exitCode !== null)
  const pid = /pid (\d+)\n/.exec(said)?.[1]
  if (!pid) throw new Error(said)
  return { child, pid: Number(pid) }
}

test('a first start makes a private database, a second one finds it on the same port', async () => {
  const first = await start()
  expect(new URL(first.url).hostname).toBe('127.0.0.1')
  await ask(first.url, 'create table kept as select 7 as n')
  const told = await ask(
    first.url,
    `select datlocprovider as provider, pg_encoding_to_char(encoding) as encoding,
      current_setting('password_encryption') as password from pg_database where datname = current_database()`,
  )
  expect(told).toEqual({ provider: 'b', encoding: 'UTF8', password: 'scram-sha-256' })
  expect(statSync(first.clusterDir).mode & 0o777).toBe(0o700)
  expect(statSync(path.join(folder, 'db', 'password')).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o755)
  await first.stop()
  expect(startOf(first.pid)).toBeNull()
  const second = await start()
  expect(second.port).toBe(first.port)
  expect(await ask(second.url, 'select n from kept')).toEqual({ n: 7 })
})

test('a wrong password is refused', async () => {
  const { url } = await start()
  const wrong = new URL(url)
  wrong.password = 'wrong'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password')
})

test('users of one folder share a server, which ends with the last of them', async () => {
  const [one, two] = await Promise.all([start(), start()])
  expect(two.pid).toBe(one.pid)
  await one.stop()
  expect(await ask(two.url, 'select 1 as n')).toEqual({ n: 1 })
  await two.stop()
  expect(startOf(two.pid)).toBeNull()
})

test('a server killed by force comes back by itself with everything committed', async () => {
  const postgres = await start({ sync: true })
  const { port, pid } = postgres
  await ask(postgres.url, 'create table kept as select 7 as n')
  postgres.kill9()
  await until(() => postgres.pid !== pid)
  expect(postgres.port).toBe(port)
  expect(await ask(postgres.url, 'select n from kept')).toEqual({ n: 7 })
})

test('a server whose program was killed by force lives on and is joined', async () => {
  const other = await otherProgram(path.join(folder, 'db'))
  other.child.kill('SIGKILL')
  await until(() => other.child.signalCode !== null)
  const postgres = await start()
  expect(postgres.pid).toBe(other.pid)
  await postgres.stop()
  expect(startOf(other.pid)).toBeNull()
})

test.each(['SIGTERM', 'SIGINT', 'end'] as const)('a server ends with its program (%s)', async (how) => {
  const other = await otherProgram(path.join(folder, 'db'))
  if (how === 'end') other.child.stdin?.write('\n')
  else other.child.kill(how)
  await until(() => startOf(other.pid) === null)
  await until(() => other.child.exitCode !== null || other.child.signalCode !== null)
  expect(other.child.signalCode).toBe(how === 'end' ? null : how)
})

test('a postmaster.pid that names a stranger does not keep the server from starting', async () => {
  const first = await start()
  await first.stop()
  writeFileSync(
    path.join(first.clusterDir, 'postmaster.pid'),
    `${process.pid}\n${first.clusterDir}\n0\n${first.port}\n`,
  )
  const second = await start()
  expect(await ask(second.url, 'select 1 as n')).toEqual({ n: 1 })
})

test('a first start that was cut off is begun anew', async () => {
  mkdirSync(path.join(folder, 'db', 'cluster.new', 'base'), { recursive: true })
  const postgres = await start()
  expect(await ask(postgres.url, 'select 1 as n')).toEqual({ n: 1 })
})

test('a port that is taken is named', async () => {
  const first = await start()
  await expect(start({ dataDir: path.join(folder, 'other'), port: first.port })).rejects.toThrow(
    `Port ${first.port} on 127.0.0.1 is taken`,
  )
})

test('missing programs lead to HSOC_DATABASE_URL', async () => {
  await expect(start({ binDir: path.join(folder, 'none') })).rejects.toThrow('HSOC_DATABASE_URL')
})

test('an account without a passwd entry leads to HSOC_DATABASE_URL', async (context) => {
  if (!isRoot) context.skip('only root can choose the account')
  await expect(start({ uid: 54_321 })).rejects.toThrow(/54321 has no entry.*HSOC_DATABASE_URL/)
})

test('root starts it from a home that is closed to the server account', async (context) => {
  if (!isRoot) context.skip('only root starts the server as somebody else')
  const home = path.join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  cpSync(path.dirname(shippedBinDir()), path.join(home, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  const postgres = await start({ dataDir: path.join(home, 'db'), binDir: path.join(home, 'native', 'bin') })
  expect(await ask(postgres.url, 'select 1 as n')).toEqual({ n: 1 })
  expect(statSync(home).mode & 0o777).toBe(0o700)
  const pid = postgres.pid
  postgres.kill9()
  await until(() => postgres.pid !== pid)
  expect(await ask(postgres.url, 'select pg_reload_conf() as reloaded')).toEqual({ reloaded: true })
})

test('an ordinary user starts it as himself', async (context) => {
  if (isRoot && spawnSync('test', ['-r', launcher], { uid: 65_534, gid: 65_534 }).status !== 0) {
    context.skip('the checkout is not readable for the ordinary user of this test')
  }
  const dataDir = path.join(folder, 'db')
  if (isRoot) chownSync(folder, 65_534, 65_534)
  const other = await otherProgram(dataDir, isRoot ? { uid: 65_534, gid: 65_534 } : {})
  expect(statSync(path.join(dataDir, 'cluster')).uid).toBe(isRoot ? 65_534 : process.getuid?.())
  other.child.stdin?.write('\n')
  await until(() => startOf(other.pid) === null)
})

test.for(['12m', '40m'])('a full disk of %s is named, and nothing goes on', async (size, context) => {
  const small = path.join(folder, 'small')
  mkdirSync(small)
  const mounted =
    isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', small]).status === 0
  if (!mounted) context.skip('a small disk can be mounted only by root')
  try {
    await expect(start({ dataDir: path.join(small, 'db') })).rejects.toThrow('is full')
    expect(isRunning(path.join(small, 'db'))).toBe(false)
  } finally {
    spawnSync('umount', [small])
  }
})

test("Debian's PostgreSQL 15 starts the same way", async (context) => {
  if (!existsSync('/usr/lib/postgresql/15/bin')) context.skip('postgresql-15 is not installed')
  const postgres = await startDebianPostgres15({ dataDir: path.join(folder, 'db'), log, tuning: 'test' })
  if (!postgres) throw new Error('not started')
  started.push(postgres)
  expect(
    await ask(postgres.url, "select current_setting('server_version_num')::int / 10000 as major"),
  ).toEqual({
    major: 15,
  })
  await postgres.stop()
  await expect(start()).rejects.toThrow('made by PostgreSQL 15')
})
