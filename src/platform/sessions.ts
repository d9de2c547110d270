/** Our own opaque sessions: a random token in a cookie, its hash in the database. */
import { createHash, randomBytes } from 'node:crypto'
import type { Actor, Engagement, Role } from './access.ts'
import type { Context } from './context.ts'
import { kept, named, type Queryable } from './database.ts'
import { type Proof, type Reach, reachOf } from './strength.ts'

export interface Session {
  actor: Actor
  csrf: string
  tokenHash: Buffer
  /** What its holder proved to be who they are, and when last (ms since 1970). */
  ways: Proof[]
  provedAt: number
  /** The person has a second means of sign-in. */
  hasSecond: boolean
  /** Short of `full` it opens only the routes that say so. */
  reach: Reach
}

/** A session ends 12 hours after its last use and in any case after 7 days. */
const idleMs = 12 * 3_600_000
const longestMs = 7 * 86_400_000
const minuteMs = 60_000
const mostKept = 10_000

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()
export const newToken = (): string => randomBytes(24).toString('base64url')

interface Row {
  person_id: number
  email: string
  name: string
  language: 'cs' | 'en'
  csrf: string
  engagements: { org_id: number | null; org_name: string | null; role: Role; through: number | null }[]
  ways: Proof[]
  proved_at: Date
  has_second: boolean
}

/** The holder of a token, or null when it is unknown, over, or its person was disabled. Leaving ends access at once. */
export async function sessionOf(
  context: Context,
  token: string | undefined,
  now: number,
): Promise<Session | null> {
  if (!token) return null
  const tokenHash = hashToken(token)
  const { rows } = await context.db.app
    .query<Row>('select * from session_person($1, to_timestamp($2 / 1000.0))', [tokenHash, now])
    .catch((error: unknown) => Promise.reject(named(error)))
  const row = rows[0]
  if (!row) return null
  if (row.ways.some(isOfProvider) && !(await holds(context, tokenHash, now))) return null
  const engagements = row.engagements.map(
    (e): Engagement => ({
      org: e.org_id,
      orgName: e.org_name,
      role: e.role,
      ...(e.through === null ? {} : { through: e.through }),
    }),
  )
  const roles = engagements.map((e) => e.role)
  return {
    actor: { person: row.person_id, name: row.name, email: row.email, language: row.language, engagements },
    csrf: row.csrf,
    tokenHash,
    ways: row.ways,
    provedAt: row.proved_at.getTime(),
    hasSecond: row.has_second,
    reach: reachOf({ ways: row.ways, hasSecond: row.has_second, roles }, context.settings),
  }
}

const isOfProvider = (way: Proof): boolean => way === 'provider' || way === 'provider-mfa'

/** Whether its holder is still nothing but what the provider of the sign-in could vouch for. */
async function holds(context: Context, tokenHash: Buffer, now: number): Promise<boolean> {
  const { rows } = await context.db.app
    .query<{ beyond: number }>('select provider_session_beyond($1, to_timestamp($2 / 1000.0)) as beyond', [
      tokenHash,
      now,
    ])
    .catch((error: unknown) => Promise.reject(named(error)))
  return rows[0]?.beyond === 0
}

export interface Beginning {
  person: number
  from: { address: string; agent: string }
  ways: Proof[]
  /** How long it lasts unless it is used; 12 hours unless said. */
  lifeMs?: number
  /** Its token, where something of the same turn to the database needs it; a new one unless given. */
  token?: string
}

/** Begins a session and answers its token, which only the cookie holds. */
export async function begin(
  db: Queryable,
  { person, from, ways, lifeMs = idleMs, token = newToken() }: Beginning,
  now: number,
): Promise<string> {
  await db.query(
    kept(`insert into sessions (token_hash, person_id, csrf, created_at, seen_at, proved_at, expires_at, address, agent, ways)
     values ($1, $2, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), to_timestamp($5 / 1000.0), $6, $7, $8)`),
    [hashToken(token), person, newToken(), now, now + lifeMs, from.address, from.agent.slice(0, 300), ways],
  )
  return token
}

/** The holder has just proved it once more. */
export async function prove(db: Queryable, tokenHash: Buffer, now: number): Promise<void> {
  await db.query('update sessions set proved_at = to_timestamp($2 / 1000.0) where token_hash = $1', [
    tokenHash,
    now,
  ])
}

/** Prolongs sessions in use; the database is asked at most once a minute for each. */
export function openKeeper(context: Context): (tokenHash: Buffer, now: number) => Promise<void> {
  const prolonged = new Map<string, number>()
  return async (tokenHash, now) => {
    const key = tokenHash.toString('base64')
    if (now - (prolonged.get(key) ?? -Infinity) < minuteMs) return
    if (prolonged.size >= mostKept) prolonged.clear()
    prolonged.set(key, now)
    await prolong(context, tokenHash, now)
  }
}

async function prolong(context: Context, tokenHash: Buffer, now: number): Promise<void> {
  await context.db.engine.query(
    `update sessions set seen_at = to_timestamp($2::float8 / 1000.0),
       expires_at = least(to_timestamp(($2::float8 + $3::float8) / 1000.0), created_at + make_interval(secs => $4))
     where token_hash = $1 and seen_at < to_timestamp(($2::float8 - ${minuteMs}) / 1000.0)`,
    [tokenHash, now, idleMs, longestMs / 1000],
  )
}

export async function end(db: Queryable, tokenHash: Buffer): Promise<void> {
  await db.query(
    `with gone as (delete from sessions where token_hash = $1 returning person_id) select announce('people', person_id::text) from gone`,
    [tokenHash],
  )
}

/** The same for one of a person's own; answers whether there was such a session. */
export async function endOf(db: Queryable, person: number, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    `with gone as (delete from sessions where token_hash = $1 and person_id = $2 returning person_id)
     select announce('people', person_id::text) from gone`,
    [tokenHash, person],
  )
  return rowCount === 1
}

/** Ends a person's sessions, but the one of `except`: after a new password, and when it leaves. Answers how many. */
export async function endAll(db: Queryable, person: number, except: Buffer | null = null): Promise<number> {
  const { rowCount } = await db.query(
    'delete from sessions where person_id = $1 and token_hash is distinct from $2',
    [person, except],
  )
  await db.query(`select announce('people', $1)`, [String(person)])
  return rowCount ?? 0
}

/** Deletes sessions that are over. */
export async function forgetOver(db: Queryable, now: number): Promise<void> {
  await db.query('delete from sessions where expires_at <= to_timestamp($1 / 1000.0)', [now])
}
