import { existsSync, readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { Unavailable } from './errors.ts'
import type { Place, PostgresLog, Running } from './postgres-place.ts'
import { startOf, worksIn } from './processes.ts'

/** A recovery after a crash reads at most `max_wal_size` of log; beyond ten minutes something else is wrong. */
const startLimitMs = 600_000

/** Superuser's address of a database on the server. */
export const urlOf = (place: Place, port: number, database = 'hsoc') =>
  `postgres://postgres:${place.password}@127.0.0.1:${port}/${database}`

/** The server that already works in this folder, once it answers; null when there is none. */
export async function join(place: Place, log: PostgresLog): Promise<Running | null> {
  const lines = readLines(path.join(place.cluster, 'postmaster.pid'))
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (!pid || !port || !worksIn(pid, place.cluster)) return null
  const answer = await answering(place, { pid, port }, log)
  if (answer) log(`Joined PostgreSQL (process ${pid}, port ${port}) that was already running`, 'info')
  return answer ? { pid, port } : null
}

/** True once the server answers a query, false when its process ended first. */
export async function answering(place: Place, server: Running, log: PostgresLog): Promise<boolean> {
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
      log(`PostgreSQL is starting (${seconds} s); after a crash it reads its log first`, 'info')
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

export const diskFull = ({ dataDir }: Place): string =>
  `The disk of ${dataDir} is full. Free some space and start again; nothing is lost.`

/** Makes the database `hsoc` when it is missing. Throws Unavailable. */
export async function createDatabase(place: Place, port: number): Promise<void> {
  const problem = await query(urlOf(place, port, 'postgres'), 'create database hsoc')
  // 42P04: there already; 23505: another process makes it at this moment.
  if (problem !== null && problem !== '42P04' && problem !== '23505') {
    // 53100: disk_full; a new database takes some 30 MB.
    if (problem === '53100') throw new Unavailable(diskFull(place))
    throw new Unavailable(`The database hsoc could not be created (code ${problem}); see ${place.logFile}.`)
  }
}

/** The wanted port when it is free on loopback, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = net.createServer()
    const found = await new Promise<number | null>((resolve) => {
      server.once('error', () => resolve(null))
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : null)
      })
    })
    if (found === null) continue
    await new Promise((resolve) => server.close(resolve))
    return found
  }
  throw new Unavailable('No free port on 127.0.0.1.')
}

/** The lines of a small file; none when it is missing. */
export function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
}
