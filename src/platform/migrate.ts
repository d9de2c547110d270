/** Brings a database to the newest schema: plain SQL files, forward only, each in its own transaction, once. */
import { createHash, createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { projectRoot } from './content.ts'
import { Unavailable } from './errors.ts'

const serving = ['hsoc_app', 'hsoc_engine'] as const

/** Password of a serving role: every node that knows the owner's URL and secret derives the same one. */
function passwordOf(role: string, ownerUrl: string, secret: string): string {
  return createHmac('sha256', new URL(ownerUrl).password || secret)
    .update(role)
    .digest('base64url')
}

function urlOf(role: string, ownerUrl: string, secret: string): string {
  const url = new URL(ownerUrl)
  url.username = role
  url.password = passwordOf(role, ownerUrl, secret)
  return url.href
}

/** The URLs with which the program serves; the owner's URL is used for migrating only. */
export const servingUrls = (ownerUrl: string, secret: string): { app: string; engine: string } => ({
  app: urlOf('hsoc_app', ownerUrl, secret),
  engine: urlOf('hsoc_engine', ownerUrl, secret),
})

async function canSignIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function ensureRoles(owner: pg.Client, ownerUrl: string, secret: string): Promise<void> {
  for (const role of serving) {
    if (await canSignIn(urlOf(role, ownerUrl, secret))) continue
    const password = passwordOf(role, ownerUrl, secret)
    const { rowCount } = await owner.query('select 1 from pg_roles where rolname = $1', [role])
    const sql = `${rowCount ? 'alter' : 'create'} role ${role} login nosuperuser nobypassrls password '${password}'`
    try {
      await owner.query(sql)
    } catch (error) {
      throw new Error(
        `The database user in HSOC_DATABASE_URL cannot create the role ${role} (${(error as Error).message}). ` +
          `Let it (alter role … createrole), or let an administrator create the roles hsoc_app and hsoc_engine once.`,
      )
    }
  }
}

const files = (): string[] =>
  readdirSync(join(projectRoot, 'migrations'))
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()

async function applyMissing(owner: pg.Client): Promise<string[]> {
  await owner.query(
    'create table if not exists schema_migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())',
  )
  const { rows } = await owner.query<{ name: string; hash: string }>(
    'select name, hash from schema_migrations',
  )
  const done = new Map(rows.map((row) => [row.name, row.hash]))
  const applied: string[] = []
  for (const name of files()) {
    const sql = readFileSync(join(projectRoot, 'migrations', name), 'utf8')
    const hash = createHash('sha256').update(sql).digest('hex')
    const before = done.get(name)
    if (before === hash) continue
    if (before)
      throw new Error(`Migration ${name} was changed after it had been applied; add a new one instead.`)
    await owner.query('begin')
    try {
      await owner.query(sql)
      await owner.query('insert into schema_migrations (name, hash) values ($1, $2)', [name, hash])
      await owner.query('commit')
    } catch (error) {
      await owner.query('rollback')
      throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error })
    }
    applied.push(name)
  }
  return applied
}

/**
 * Whoever serves must be bound by the policies: no superuser, no BYPASSRLS, owner of nothing. Temporary tables are no
 * possession: those of another node's open connections are there now, those of a crash stay until they are cleared.
 */
export async function refuseUnboundRoles(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ rolname: string; why: string }>(
    `select r.rolname, case when r.rolsuper then 'is a superuser' when r.rolbypassrls then 'has BYPASSRLS'
        else 'owns ' || (select c.relname from pg_class c where c.relowner = r.oid and c.relpersistence <> 't' limit 1) end as why
     from pg_roles r where r.rolname = any ($1)
       and (r.rolsuper or r.rolbypassrls or exists (select 1 from pg_class c where c.relowner = r.oid and c.relpersistence <> 't'))`,
    [[...serving]],
  )
  const first = rows[0]
  if (first)
    throw new Error(
      `The role ${first.rolname} ${first.why}: it must be bound by row-level security. Change that and start again.`,
    )
}

/** Why the owner's connection failed, in words of whoever wrote `HSOC_DATABASE_URL`. */
function refusedBy(ownerUrl: string, error: unknown): Unavailable {
  const { hostname, port, username, pathname } = new URL(ownerUrl)
  const { code = '', message } = error as Error & { code?: string }
  const database = decodeURIComponent(pathname.slice(1))
  const advice = code.startsWith('28')
    ? `does not let the user "${decodeURIComponent(username)}" in: check the name and the password`
    : code === '3D000'
      ? `has no database "${database}": create it (create database ${database} owner …), or name another one`
      : 'does not answer: is it running, and is the address right?'
  return new Unavailable(
    `PostgreSQL at ${hostname}:${port || 5432} (HSOC_DATABASE_URL) ${advice} (${message || code})`,
    {
      cause: error,
    },
  )
}

async function connectOwner(ownerUrl: string): Promise<pg.Client> {
  const owner = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  try {
    await owner.connect()
    return owner
  } catch (error) {
    throw refusedBy(ownerUrl, error)
  }
}

/** Migrates as the owner and answers the names of the migrations applied now. Safe to run on several nodes at once. */
export async function migrate(ownerUrl: string, secret: string): Promise<string[]> {
  const owner = await connectOwner(ownerUrl)
  try {
    const { rows } = await owner.query<{ server_version_num: string }>('show server_version_num')
    if (Number(rows[0]?.server_version_num) < 150000) throw new Error('hSOC needs PostgreSQL 15 or newer.')
    await owner.query('select pg_advisory_lock(715001)')
    await ensureRoles(owner, ownerUrl, secret)
    const applied = await applyMissing(owner)
    await refuseUnboundRoles(owner)
    return applied
  } finally {
    await owner.end()
  }
}
