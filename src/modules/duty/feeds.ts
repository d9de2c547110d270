/** Duties in somebody's own calendar: feeds made, listed, ended, and read by the token in their address. */
import type { Actor, Engagement } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { named, type Tx } from '../../platform/database.ts'
import { NotFound, WrongState } from '../../platform/errors.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import { person as personScope } from '../../values/scopes.ts'

export interface Feed {
  id: number
  /** Null: all shifts of the person. */
  duty: number | null
  dutyName: string | null
  /** ms since 1970 */
  madeAt: number
}

const mostFeeds = 20
const iso = (at: number): string => new Date(at).toISOString()

/** The reader's own that are not ended, the newest first. */
export async function feedsOf(tx: Tx): Promise<Feed[]> {
  const { rows } = await tx.query<Feed & Record<string, unknown>>(
    `select f.id, f.schedule_id as duty, s.name as "dutyName", (extract(epoch from f.made_at) * 1000)::float8 as "madeAt"
     from duty_feeds f left join duty_schedules s on s.id = f.schedule_id
     where f.person_id = (select actor_person()) and f.ended_at is null order by f.id desc`,
  )
  return rows
}

/** Makes a feed of a duty that the actor was found to see, or of the actor's own shifts (null); answers its token, which is kept nowhere. */
export async function makeFeed(tx: Tx, duty: number | null, by: Actor, now: number): Promise<string> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('duty feeds of'), $1)`, [by.person])
  const { rows: held } = await tx.query<{ n: number }>(
    'select count(*)::int as n from duty_feeds where person_id = $1 and ended_at is null',
    [by.person],
  )
  if ((held[0]?.n ?? 0) >= mostFeeds) throw new WrongState('There are as many feeds as there may be')
  const token = newToken()
  const { rows } = await tx.query<{ id: number }>(
    'insert into duty_feeds (person_id, schedule_id, token_hash, made_at) values ($1, $2, $3, $4) returning id',
    [by.person, duty, hashToken(token), iso(now)],
  )
  await tell(tx, { verb: 'make-feed', id: rows[0]?.id ?? 0 }, by, now)
  return token
}

/** Ends a feed of the actor's own: its address answers nothing any more. Throws NotFound. */
export async function endFeed(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { rowCount } = await tx.query(
    'update duty_feeds set ended_at = $3 where id = $1 and person_id = $2 and ended_at is null',
    [id, by.person, iso(now)],
  )
  if (!rowCount) throw new NotFound('There is no such feed')
  await tell(tx, { verb: 'end-feed', id }, by, now)
}

interface Deed {
  verb: 'make-feed' | 'end-feed'
  id: number
}

const tell = (tx: Tx, { verb, id }: Deed, by: Actor, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `duty.${verb}`,
    object: `duty feed ${id}`,
    detail: {},
    readers: [personScope(by.person)],
  })

interface Row {
  schedule_id: number | null
  person_id: number
  email: string
  name: string
  language: 'cs' | 'en'
  engagements: Engagement[]
}

/** The owner of a token, with the roles of this moment, and the duty. Throws NotFound: unknown, ended, or the owner has left. */
export async function feedOf(
  context: Context,
  token: string,
  now: number,
): Promise<{ actor: Actor; duty: number | null }> {
  const { rows } = await context.db.app
    .query<Row & Record<string, unknown>>('select * from duty_feed($1, $2)', [hashToken(token), iso(now)])
    .catch((error: unknown) => Promise.reject(named(error)))
  const row = rows[0]
  if (!row) throw new NotFound('There is no such calendar')
  const { person_id: person, email, name, language, engagements } = row
  return { actor: { person, email, name, language, engagements }, duty: row.schedule_id }
}
