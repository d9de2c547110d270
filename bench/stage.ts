/**
 * A place to measure in: a folder that goes away afterwards, our own PostgreSQL with real fsync, the fictional sector
 * of 46 organisations with 5,000 prefixes, its sensors with certificates, people, and keys of thirty days.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { authorityOf } from '../src/modules/events/authority.ts'
import { type Organisation, type SimulatedSensor, sensorsOf } from '../src/modules/events/simulate/sector.ts'
import { certifyNewKey, type KeyPair } from '../src/platform/certificates.ts'
import { readContent } from '../src/platform/content.ts'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { migrate, servingUrls } from '../src/platform/migrate.ts'
import { type Postgres, startPostgres } from '../src/platform/postgres.ts'
import { bounds } from '../src/values/inet.ts'
import { isInside, type Net, parseNet } from './prefixes.ts'
import { events } from './product.ts'

export const secret = 'a-secret-of-the-benchmark-alone-0123456789'
export const zone = 'Europe/Prague'

interface SectorOrganisation extends Organisation {
  region: string
  domains: string[]
  contact_email: string
  language: string
}

export interface StageSensor extends SimulatedSensor {
  pair: KeyPair
}

export interface Stage {
  dir: string
  /** Process number of PostgreSQL's postmaster. */
  postmaster: number
  owner: pg.Pool
  db: Database
  organisations: SectorOrganisation[]
  /** Record numbers by slug. */
  ids: Map<string, number>
  sensors: StageSensor[]
  ca: KeyPair
  /** A coordinator's record number. */
  coordinator: number
  close(): Promise<void>
}

const prefixesInAll = 5_000

export const sector = (): SectorOrganisation[] =>
  (readContent('demo-sector.json') as { organisations: SectorOrganisation[] }).organisations

/** A day of the past in Prague; `back` 1 is yesterday. Events of it are neither late archives nor of the future. */
export function dayBack(back: number, now = Date.now()): string {
  return new Date(now - back * 86_400_000).toLocaleDateString('sv-SE', { timeZone: zone })
}

export async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as net.AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

export async function openStage(options: { keys: number; prefixes?: number }): Promise<Stage> {
  const dir = mkdtempSync(path.join(process.env.HSOC_BENCH_DIR ?? os.tmpdir(), 'hsoc-bench-'))
  let postgres: Postgres | null = null
  const leave = async (): Promise<void> => {
    await postgres?.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  // Whoever stops the benchmark early leaves nothing behind either.
  const interrupted = (): void => void leave().finally(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  const close = async (): Promise<void> => {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await leave()
  }
  try {
    postgres = await startPostgres({ dataDir: path.join(dir, 'postgres'), log: () => {} })
    return await furnish(dir, postgres, close, options)
  } catch (error) {
    await close()
    throw error
  }
}

async function furnish(
  dir: string,
  postgres: Postgres,
  leave: () => Promise<void>,
  options: { keys: number; prefixes?: number },
): Promise<Stage> {
  await migrate(postgres.url, secret)
  const owner = new pg.Pool({ connectionString: postgres.url, max: 6 })
  owner.on('error', () => {})
  const db = openDatabase(servingUrls(postgres.url, secret), { app: 4, engine: 4 })
  const organisations = sector()
  const ids = await settle(owner, organisations)
  await widen(owner, organisations, ids, options.prefixes ?? prefixesInAll)
  const ca = await authorityOf(db.engine, { secret }, Date.now())
  const sensors: StageSensor[] = []
  for (const sensor of sensorsOf(organisations)) {
    const member = organisations.find((o) => o.slug === sensor.member)?.name ?? null
    const rights = { rights: ['write'], secret: false, certCn: sensor.name }
    await (await events()).add(db.engine, { name: sensor.name, member, ...rights }, secret, Date.now())
    sensors.push({ ...sensor, pair: await certifyNewKey(ca, { cn: sensor.name, days: 365 }, Date.now()) })
  }
  const coordinator = await addPerson(owner, 'koordinace@bench.example', 'coordinator', null)
  await fillKeys(owner, options.keys)
  await owner.query('analyze')
  return {
    dir,
    postmaster: postgres.pid,
    owner,
    db,
    organisations,
    ids,
    sensors,
    ca,
    coordinator,
    close: async () => {
      await db.close()
      await owner.end()
      await leave()
    },
  }
}

async function settle(owner: pg.Pool, organisations: SectorOrganisation[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  for (const o of organisations) {
    const { rows } = await owner.query<{ id: number }>(
      `insert into organisations (name, kind, region, language, contact_email, rules_accepted_at, created_at, changed_at)
       values ($1, $2, $3, $4, $5, now() - interval '1 year', now() - interval '1 year', now()) returning id`,
      [o.name, o.kind, o.region, o.language, o.contact_email],
    )
    const id = rows[0]?.id as number
    ids.set(o.slug, id)
    for (const prefix of o.prefixes) await insertNetworks(owner, [{ org: id, net: parseNet(prefix) }])
    for (const domain of o.domains)
      await owner.query('insert into domains (org_id, domain) values ($1, $2)', [id, domain])
    await addPerson(owner, `sluzba@${o.slug}.example`, 'duty', id)
  }
  await owner.query('update organisations set readers = array[2, 1000 + 4 * id]')
  return ids
}

async function insertNetworks(owner: pg.Pool, records: { org: number; net: Net }[]): Promise<void> {
  const ends = records.map((r) => bounds(r.net))
  await owner.query(
    `insert into networks (org_id, net_from, net_to, text, recorded_at)
     select o, f, t, x, now() - interval '1 year' from unnest($1::int[], $2::inet[], $3::inet[], $4::text[]) as u (o, f, t, x)`,
    [
      records.map((r) => r.org),
      ends.map(([from]) => from),
      ends.map(([, to]) => to),
      records.map((r) => r.net.text),
    ],
  )
}

/** Fills the register up with parts of the members' own ranges, so that each look-up meets nested prefixes. */
async function widen(
  owner: pg.Pool,
  organisations: SectorOrganisation[],
  ids: Map<string, number>,
  wanted: number,
): Promise<void> {
  const held = organisations.flatMap((o) =>
    o.prefixes.map((p) => ({ org: ids.get(o.slug) as number, net: parseNet(p) })),
  )
  const parts: typeof held = []
  for (const { org, net } of held.filter((h) => h.net.v === 4 && h.net.hi - h.net.lo >= 64))
    for (let at = Number(net.lo); at < Number(net.hi); at += 16) {
      const part = parseNet(`${[24, 16, 8, 0].map((s) => (at >>> s) & 255).join('.')}/28`)
      if (held.some((other) => other.org !== org && isInside(part, other.net) && isInside(other.net, net)))
        continue
      parts.push({ org, net: part })
    }
  const six = held.filter((h) => h.net.v === 6)
  for (let i = 0; parts.length + held.length < wanted && six.length > 0; i++) {
    const { org, net } = six[i % six.length] as (typeof held)[number]
    const head = net.text.split('::')[0] as string
    parts.push({ org, net: parseNet(`${head}:${(0x1000 + Math.floor(i / six.length)).toString(16)}::/64`) })
  }
  await insertNetworks(owner, parts.slice(0, Math.max(0, wanted - held.length)))
}

async function addPerson(owner: pg.Pool, email: string, role: string, org: number | null): Promise<number> {
  const { rows } = await owner.query<{ id: number }>(
    `insert into people (email, name, language, created_at) values ($1, $1, 'cs', now()) returning id`,
    [email],
  )
  const id = rows[0]?.id as number
  await owner.query(
    `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, $3, now() - interval '1 year')`,
    [id, org, role],
  )
  await owner.query('select people_set_readers($1)', [id])
  return id
}

/** Keys as thirty days leave them: random, in the table whose uniqueness the intake relies on. */
async function fillKeys(owner: pg.Pool, keys: number): Promise<void> {
  if (keys === 0) return
  const { rows } = await owner.query<{ name: string }>(
    `select conname as name from pg_constraint where conrelid = 'event_keys'::regclass and contype = 'p'`,
  )
  await owner.query(`alter table event_keys drop constraint ${rows[0]?.name}`)
  await owner.query(
    `insert into event_keys (key, batch_id, idx)
     select hashint8extended(n, 7), -1 - n / 500, (n % 500)::int from generate_series(1, $1::bigint) n on conflict do nothing`,
    [keys],
  )
  await owner.query(`set maintenance_work_mem = '1GB'`)
  await owner.query(`alter table event_keys add constraint ${rows[0]?.name} primary key (key)`)
}
