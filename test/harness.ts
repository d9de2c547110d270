/** A real database, hospitals and people with names, sensors, and a clock that tests move. */
import pg from 'pg'
import { inject } from 'vitest'
import { bounds } from '../src/values/inet.ts'

export { bounds }

import type { Actor, Engagement, Role } from '../src/platform/access.ts'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { servingUrls } from '../src/platform/migrate.ts'
import { parseNet } from '../src/values/address.ts'
import { testSecret } from './postgres-setup.ts'
import { wordlessLines } from './trail-words.ts'

export interface TestDatabase extends Database {
  /** The owner's URL of this one database. */
  url: string
  drop(): Promise<void>
}

let made = 0

/** A fresh, migrated and empty database; drop it in `afterAll`. */
export async function createDatabase(): Promise<TestDatabase> {
  const url = new URL(inject('postgres'))
  const name = `t_${process.pid}_${++made}_${Math.random().toString(36).slice(2, 8)}`
  const admin = new URL(url)
  admin.pathname = '/postgres'
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: admin.href })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  // Copying a template fails while another copy of it is being made: wait and try again.
  for (let tries = 0; ; tries++) {
    try {
      await run(`create database ${name} template hsoc_template`)
      break
    } catch (error) {
      if (tries > 100) throw error
      await new Promise((done) => setTimeout(done, 50))
    }
  }
  url.pathname = `/${name}`
  const db = openDatabase(servingUrls(url.href, testSecret), { app: 4, engine: 4 })
  return {
    ...db,
    url: url.href,
    drop: async () => {
      // Some tests take the database or its tables away themselves: there is nothing to look at then.
      const missing = await wordlessLines(db).catch(() => [])
      await db.close()
      await run(`drop database if exists ${name} with (force)`)
      if (missing.length > 0)
        throw new Error(`Lines of the trail without words in locales/: ${missing.join('; ')}`)
    },
  }
}

/** 2026-03-03 08:00 UTC, a Tuesday: nine in the morning in Prague. */
export const tuesday = Date.UTC(2026, 2, 3, 8)

export interface Hospital {
  id: number
  name: string
}

export async function addHospital(
  db: Database,
  name: string,
  prefixes: string[],
  options: { kind?: string; domains?: string[]; language?: string } = {},
): Promise<Hospital> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into organisations (name, kind, region, language, contact_email, rules_accepted_at, created_at, changed_at)
     values ($1, $2, 'Kraj Vysočina', $3, $4, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0)) returning id`,
    [name, options.kind ?? 'hospital', options.language ?? 'cs', `it@${slug(name)}.example`, tuesday],
  )
  const id = rows[0]?.id as number
  await db.engine.query('update organisations set readers = array[2, 1000 + 4 * id] where id = $1', [id])
  for (const text of prefixes) {
    const net = parseNet(text)
    if (!net) throw new Error(`${text} is no prefix`)
    await db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, recorded_at) values ($1, $2, $3, $4, to_timestamp($5 / 1000.0))`,
      [id, ...bounds(net), net.text, tuesday],
    )
  }
  for (const domain of options.domains ?? [])
    await db.engine.query('insert into domains (org_id, domain) values ($1, $2)', [id, domain])
  return { id, name }
}

const slug = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .toLowerCase()
    .replace(/^-|-$/g, '')

const month = 30 * 86_400_000

/** An exercise that is on from a month before Tuesday to a month after it, unless told otherwise; opened at its beginning. */
export async function addExercise(
  db: Database,
  id: string,
  times: { from: number; to: number } = { from: tuesday - month, to: tuesday + month },
): Promise<void> {
  await db.engine.query(
    `insert into exercises (id, title, starts_at, ends_at, created_at)
     values ($1, $1, to_timestamp($2 / 1000.0), to_timestamp($3 / 1000.0), to_timestamp($2 / 1000.0))`,
    [id, times.from, times.to],
  )
}

/** A person with roles: `[['admin', hospital]]`, `[['coordinator', null]]`. */
export async function addPerson(
  db: Database,
  name: string,
  engagements: [Role, Hospital | null][],
  language: 'cs' | 'en' = 'cs',
): Promise<Actor> {
  const email = `${slug(name)}@people.example`
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into people (email, name, language, created_at) values ($1, $2, $3, to_timestamp($4 / 1000.0)) returning id`,
    [email, name, language, tuesday],
  )
  const person = rows[0]?.id as number
  for (const [role, org] of engagements)
    await db.engine.query(
      `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, $3, to_timestamp($4 / 1000.0))`,
      [person, org?.id ?? null, role, tuesday - 86_400_000],
    )
  await db.engine.query('select people_set_readers($1)', [person])
  return {
    person,
    name,
    email,
    language,
    engagements: engagements.map(
      ([role, org]): Engagement => ({ role, org: org?.id ?? null, orgName: org?.name ?? null }),
    ),
  }
}
