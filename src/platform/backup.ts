/**
 * Backup of an installation whose PostgreSQL is our own: a physical copy taken while the program works, and its way back.
 * PostgreSQL's manual, "Making a Base Backup Using the Low Level API".
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { Invalid, Unavailable, WrongState } from './errors.ts'
import { makeFolder } from './folders.ts'
import type { Postgres } from './postgres.ts'
import { serverAccount } from './postgres-binaries.ts'

export interface BackupNote {
  /** Name of this file's form, so that a later release can tell an old backup. */
  form: 'hsoc-backup-1'
  /** ISO time of the end of the backup: everything acknowledged before it is inside. */
  at: string
  /** `18` */
  postgres: string
  /** Newest migration inside. */
  schema: string | null
  files: number
  bytes: number
}

const noteName = 'hsoc-backup.json'
/** What belongs to the installation besides the database; without `secret` and `password` it could not be opened. */
const beside = ['secret', 'tls', 'postgres/password']
/** Made anew by every start, or of another server's life. */
const leftOut = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'pg_internal.init',
  'backup_label',
  'tablespace_map',
])
const emptied = new Set([
  'pg_wal',
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])

export type BackupProgress = (bytes: number, total: number | null) => void

/**
 * Copies everything into `folder`, which must not exist or be empty. The database goes on working. Throws Invalid,
 * Unavailable; a broken backup has no note in it and cannot be restored by accident.
 */
export async function backup(
  postgres: Postgres,
  dataDir: string,
  folder: string,
  now: () => number,
  progress: BackupProgress = () => {},
): Promise<BackupNote> {
  const target = path.resolve(folder)
  if (isInside(target, path.resolve(dataDir)))
    throw new Invalid(
      `The backup cannot lie inside of ${dataDir}: choose a folder elsewhere, best on another disk.`,
    )
  requireEmpty(target)
  makeFolder(target, 0o700)
  const client = new pg.Client({ connectionString: postgres.url, application_name: 'hsoc-backup' })
  await client.connect()
  try {
    const sizes = { files: 0, bytes: 0 }
    const note = await copyCluster(
      client,
      postgres.clusterDir,
      path.join(target, 'postgres', 'cluster'),
      (bytes, total) => {
        sizes.files++
        sizes.bytes += bytes
        progress(sizes.bytes, total)
      },
    )
    for (const name of beside) copyTree(path.join(dataDir, name), path.join(target, name), () => {})
    const whole: BackupNote = { form: 'hsoc-backup-1', at: new Date(now()).toISOString(), ...note, ...sizes }
    writeDurably(path.join(target, noteName), `${JSON.stringify(whole, null, 2)}\n`)
    return whole
  } finally {
    await client.end()
  }
}

async function copyCluster(
  client: pg.Client,
  from: string,
  to: string,
  counted: BackupProgress,
): Promise<Pick<BackupNote, 'postgres' | 'schema'>> {
  const ask = async (sql: string): Promise<Record<string, string>> => (await client.query(sql)).rows[0] ?? {}
  const total = Number((await ask('select sum(pg_database_size(oid))::bigint as n from pg_database')).n)
  // The slot keeps the log that is written meanwhile; it goes with this session, even when we are killed.
  await client.query(`select pg_create_physical_replication_slot('hsoc_backup', true, true)`)
  const { first } = await ask(`select pg_walfile_name(pg_backup_start('hsoc', true)) as first`)
  copyTree(from, to, (bytes) => counted(bytes, total), { skip: leftOut, empty: emptied, mayVanish: true })
  const end = await ask(
    'select pg_walfile_name(lsn) as last, labelfile, spcmapfile from pg_backup_stop(false)',
  )
  if (first === undefined || end.last === undefined)
    throw new Unavailable('PostgreSQL did not say where the backup begins.')
  for (const segment of segmentsBetween(path.join(from, 'pg_wal'), first, end.last))
    counted(copyDurably(path.join(from, 'pg_wal', segment), path.join(to, 'pg_wal', segment)), total)
  writeDurably(path.join(to, 'backup_label'), end.labelfile ?? '')
  if (end.spcmapfile) writeDurably(path.join(to, 'tablespace_map'), end.spcmapfile)
  const schema = await ask('select max(name) as name from schema_migrations').catch(
    () => ({}) as Record<string, string>,
  )
  return { postgres: readFileSync(path.join(from, 'PG_VERSION'), 'utf8').trim(), schema: schema.name ?? null }
}

/** Segments of the log from the first to the last needed, and the histories of timelines. */
const segmentsBetween = (folder: string, first: string, last: string): string[] =>
  readdirSync(folder).filter(
    (name) => (/^[0-9A-F]{24}$/.test(name) && name >= first && name <= last) || name.endsWith('.history'),
  )

interface CopyRules {
  skip: Set<string>
  empty: Set<string>
  /** Files may go while we copy (a table is dropped); the log that is copied with them knows it. */
  mayVanish: boolean
}

function copyTree(from: string, to: string, copied: (bytes: number) => void, rules?: CopyRules): void {
  const found = lstatSync(from, { throwIfNoEntry: false })
  if (!found) return
  if (found.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to)
    return
  }
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
  if (!found.isDirectory()) {
    if (!found.isFile()) return
    try {
      copied(copyDurably(from, to))
    } catch (error) {
      if (!rules?.mayVanish || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    return
  }
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(from)) {
    if (rules?.skip.has(name) || /^pgsql_tmp/.test(name)) continue
    if (rules?.empty.has(name)) mkdirSync(path.join(to, name), { recursive: true, mode: 0o700 })
    else copyTree(path.join(from, name), path.join(to, name), copied, rules)
  }
}

/** Answers the bytes copied. */
function copyDurably(from: string, to: string): number {
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
  copyFileSync(from, to)
  chmodSync(to, 0o600)
  const fd = openSync(to, 'r+')
  fsyncSync(fd)
  closeSync(fd)
  return lstatSync(to).size
}

function writeDurably(file: string, text: string): void {
  const fd = openSync(file, 'w', 0o600)
  writeFileSync(fd, text)
  fsyncSync(fd)
  closeSync(fd)
}

/** The note of a whole backup. Throws Invalid when `folder` holds none. */
export function readNote(folder: string): BackupNote {
  try {
    const note = JSON.parse(readFileSync(path.join(folder, noteName), 'utf8')) as BackupNote
    if (note.form === 'hsoc-backup-1') return note
  } catch {
    // Told below: whatever is wrong with the note, there is nothing to restore from.
  }
  throw new Invalid(`There is no whole backup in ${folder}: a finished one holds the file ${noteName}.`)
}

/**
 * Puts a backup into an empty data folder. The next start reads the log that was copied with it and goes on from there.
 * Throws Invalid for a folder without a whole backup, WrongState for a data folder that is in use.
 */
export function restore(folder: string, dataDir: string, progress: BackupProgress = () => {}): BackupNote {
  const note = readNote(folder)
  const target = path.resolve(dataDir)
  // A secret alone is what the configuration makes when it is read.
  if (existsSync(target) && readdirSync(target).some((name) => name !== 'secret'))
    throw new WrongState(`${target} is not empty: choose another HSOC_DATA, or move what is there aside.`)
  const isRoot = process.getuid?.() === 0
  makeFolder(target, isRoot ? 0o711 : 0o700)
  rmSync(path.join(target, 'secret'), { force: true })
  let bytes = 0
  const counted = (more: number): void => {
    bytes += more
    progress(bytes, note.bytes)
  }
  for (const name of beside) copyTree(path.join(folder, name), path.join(target, name), () => {})
  const cluster = path.join(target, 'postgres', 'cluster')
  const fresh = `${cluster}.restoring`
  copyTree(path.join(folder, 'postgres', 'cluster'), fresh, counted)
  if (isRoot) {
    chmodSync(path.join(target, 'postgres'), 0o711)
    give(fresh, serverAccount(cluster))
  }
  // Only a whole copy gets the name under which it is started.
  renameSync(fresh, cluster)
  return note
}

/** PostgreSQL runs as another account when we are root, and starts in a folder of its own only. */
function give(place: string, account: { uid: number; gid: number }): void {
  chownSync(place, account.uid, account.gid)
  if (lstatSync(place).isDirectory())
    for (const name of readdirSync(place)) give(path.join(place, name), account)
}

function requireEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Invalid(`${folder} is not empty: every backup gets a folder of its own.`)
}

const isInside = (folder: string, outer: string): boolean =>
  folder === outer || folder.startsWith(`${outer}${path.sep}`)
