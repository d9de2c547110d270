/**
 * Break-glass access: a coordinator reads for an hour what one organisation keeps to itself. Who is told, when it is over and
 * what it opens stand in `migrations/0044-trail-glass.sql`; here are the deeds and what pages show of them.
 */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'

export const glassMinutes = 60
export const reviewHours = 24
export const shortestReason = 10
export const longestReason = 1_000
export const longestText = 4_000

export const verdicts = ['justified', 'unjustified'] as const
export type Verdict = (typeof verdicts)[number]

export interface Opening {
  id: number
  org: number
  orgName: string | null
  person: number
  /** Names as they were then. */
  opener: string
  reason: string
  /** Milliseconds since 1970. */
  openedAt: number
  /** When it ends, or when a coordinator ended it. */
  endsAt: number
  isOpen: boolean
  reviewDueAt: number
  reviewer: string | null
  reviewedAt: number | null
  verdict: Verdict | null
  finding: string | null
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

const columns = `g.id, g.org_id as org, o.name as "orgName", g.person_id as person, g.opener, g.reason,
  ${ms('g.opened_at')} as "openedAt", ${ms('coalesce(g.ended_at, g.ends_at)')} as "endsAt",
  coalesce(g.ended_at, g.ends_at) > actor_now() as "isOpen", ${ms('g.review_due_at')} as "reviewDueAt",
  g.reviewer, ${ms('g.reviewed_at')} as "reviewedAt", g.verdict, g.finding`
const joined = `glass_openings g left join organisations o on o.id = g.org_id`

/** Newest first, as the actor of the transaction may read them; at most the newest `limit`. */
export async function listOpenings(tx: Queryable, limit: number): Promise<Opening[]> {
  const { rows } = await tx.query<Opening & Record<string, unknown>>(
    `select ${columns} from ${joined} order by g.id desc limit $1`,
    [limit],
  )
  return rows
}

/** Throws NotFound where there is none that the actor may read. */
export async function openingOf(tx: Queryable, id: number): Promise<Opening> {
  const { rows } = await tx.query<Opening & Record<string, unknown>>(
    `select ${columns} from ${joined} where g.id = $1`,
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such break-glass access')
  return rows[0]
}

/** To which the actor may open it: those that are not its own. */
export async function glassChoices(tx: Queryable): Promise<{ id: number; name: string }[]> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    `select id, name from organisations where not id = any (actor_orgs()) order by name, id limit 5000`,
  )
  return rows
}

const written = (text: string, shortest: number, longest: number): string | null => {
  const said = text.trim()
  return said.length < shortest || said.length > longest ? null : said
}

/**
 * Opens it for the coordinator `by` until an hour from now; the organisation is told in the same transaction. Invalid without
 * an organisation or a reason, WrongState while another one of theirs is open.
 */
export async function openGlass(
  tx: Tx,
  given: { org: number; reason: string },
  by: Actor,
  now: number,
): Promise<number> {
  const reason = written(given.reason, shortestReason, longestReason)
  if (reason === null) throw new Invalid('Reason', { reason: 'reason' })
  const { rowCount } = await tx.query(
    `select 1 from organisations where id = $1 and not id = any (actor_orgs())`,
    [given.org],
  )
  if (!rowCount) throw new Invalid('Organisation', { org: 'org' })
  const id = await insert(tx, given.org, reason, by)
  const until = new Date(now + glassMinutes * 60_000).toISOString()
  await trail(tx, 'open-glass', { id, org: given.org }, { reason, until }, by, now)
  return id
}

async function insert(tx: Tx, org: number, reason: string, by: Actor): Promise<number> {
  try {
    const { rows } = await tx.query<{ id: number }>(
      `insert into glass_openings (org_id, person_id, opener, reason, opened_at, ends_at, review_due_at, readers)
       select $1, $2, $7, $3, actor_now(), actor_now() + make_interval(mins => $4), actor_now() + make_interval(hours => $5), $6 returning id`,
      [org, by.person, reason, glassMinutes, reviewHours, [COORDINATORS, readersOfOrg(org)], by.name],
    )
    return rows[0]?.id as number
  } catch (error) {
    // exclusion_violation: theirs of before is still open.
    if ((error as { code?: string }).code === '23P01')
      throw new WrongState('You have break-glass access open already: end it first.')
    throw error
  }
}

/** Any coordinator ends it, at once and everywhere. */
export async function endGlass(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const found = await openingOf(tx, id)
  const { rowCount } = await tx.query(
    `update glass_openings set ended_at = actor_now(), ended_by = $2 where id = $1 and ended_at is null and ends_at > actor_now()`,
    [id, by.person],
  )
  if (!rowCount) throw new WrongState('It is over already.')
  await trail(tx, 'end-glass', found, {}, by, now)
}

/** Another coordinator than who opened it says, once it is over, whether it was right, and why. */
export async function reviewGlass(
  tx: Tx,
  id: number,
  given: { verdict: Verdict; finding: string },
  by: Actor,
  now: number,
): Promise<void> {
  const found = await openingOf(tx, id)
  const finding = written(given.finding, shortestReason, longestText)
  if (finding === null) throw new Invalid('Finding', { finding: 'finding' })
  if (found.person === by.person) throw new WrongState('Another coordinator has to review it.')
  const { rowCount } = await tx.query(
    `update glass_openings set reviewed_by = $2, reviewer = $5, reviewed_at = actor_now(), verdict = $3, finding = $4
     where id = $1 and reviewed_at is null and coalesce(ended_at, ends_at) <= actor_now()`,
    [id, by.person, given.verdict, finding, by.name],
  )
  if (!rowCount) throw new WrongState('It is still open, or it was reviewed already.')
  await trail(tx, 'review-glass', found, { verdict: given.verdict, finding }, by, now)
}

export interface Comment {
  id: number
  author: string
  text: string
  /** Milliseconds since 1970. */
  at: number
}

export async function commentsOf(tx: Queryable, id: number): Promise<Comment[]> {
  const { rows } = await tx.query<Comment & Record<string, unknown>>(
    `select id, author, text, ${ms('at')} as at from glass_comments where opening_id = $1 order by id limit 500`,
    [id],
  )
  return rows
}

/** Whoever may read it may say what they think of it. */
export async function commentGlass(tx: Tx, id: number, text: string, by: Actor, now: number): Promise<void> {
  const found = await openingOf(tx, id)
  const said = written(text, 1, longestText)
  if (said === null) throw new Invalid('Comment', { text: 'text' })
  await tx.query(
    'insert into glass_comments (opening_id, person_id, author, text, at) select $1, $2, $3, $4, actor_now()',
    [id, by.person, by.name, said],
  )
  await trail(tx, 'comment-glass', found, {}, by, now)
}

const trail = (
  tx: Tx,
  verb: string,
  { id, org }: { id: number; org: number },
  detail: object,
  by: Actor,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `trail.${verb}`,
    object: `glass ${id}`,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org)],
  })

const dayMs = 86_400_000

/** Mails all coordinators about what nobody judged in time, once a day each; answers how many openings those were. */
export async function remindOfGlass(tx: Tx, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `update glass_openings g set reminded_at = to_timestamp($1::float8 / 1000)
     where g.reviewed_at is null and g.review_due_at <= to_timestamp($1::float8 / 1000)
       and (g.reminded_at is null or g.reminded_at <= to_timestamp(($1::float8 - ${dayMs}) / 1000))
     returning g.id`,
    [now],
  )
  for (const { id } of rows)
    await tx.query(
      `select queue_account_mail('glass:' || g.id || ':due:' || $2::bigint, c.id, c.email, jsonb_build_object('template', 'glass-unreviewed', 'glass', g.id,
         'organisation', o.name, 'by', g.opener, 'reason', g.reason, 'due', g.review_due_at), to_timestamp($2::float8 / 1000))
       from glass_openings g join organisations o on o.id = g.org_id,
         lateral (select distinct c.id, c.email from people c join engagements e on e.person_id = c.id
           where e.role = 'coordinator' and c.disabled_at is null and e.valid_from <= to_timestamp($2::float8 / 1000)
             and e.valid_to > to_timestamp($2::float8 / 1000)) c
       where g.id = $1`,
      [id, now],
    )
  return rows.length
}
