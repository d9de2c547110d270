/** Who sits in a group, who waits and who is invited, as far as the reader may see. */
import type { Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { OwnSeat } from './standing.ts'

export interface Seated {
  person: number
  name: string
  orgId: number
  orgName: string
  way: OwnSeat['way']
  /** Milliseconds since 1970. */
  since: number
  /** Null without an end of its own. */
  endsAt: number | null
  member: boolean
  moderator: boolean
  /** Null where it is not the reader's to know. */
  muted: boolean | null
}

export interface RosterFilter {
  /** Part of a person's or an organisation's name, case and accents aside. */
  q?: string | undefined
  /** `PERSON-ORGANISATION` of the last row of the page before. */
  after?: string | undefined
}

const columns = `r.person_id as person, r.name, r.org_id as "orgId", r.org_name as "orgName", r.way, (extract(epoch from r.since) * 1000)::float8 as since,
  case when isfinite(r.ends_at) then (extract(epoch from r.ends_at) * 1000)::float8 end as "endsAt", r.member, r.moderator, r.muted`

const bare = (sql: string): string => `translate(lower(${sql}), 'áčďéěíňóřšťúůýžäöü', 'acdeeinorstuuyzaou')`
/** Czech order of names. */
const order = (alias: string): string =>
  `lower(${alias}.name) collate "cs-x-icu", ${alias}.person_id, ${alias}.org_id`

export const rosterPage = 50

/** In Czech order of names; one row more than a page holds when others follow. `total` counts what the filter finds. */
export async function roster(
  tx: Tx,
  group: number,
  filter: RosterFilter,
): Promise<{ rows: Seated[]; total: number; next: string | null }> {
  const q = filter.q?.trim() ?? ''
  const like = q === '' ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`
  const [person, org] = (filter.after ?? '').split('-').map(Number)
  const found = `group_roster($1) r where ($2::text is null or ${bare('r.name')} like ${bare('$2')} or ${bare('r.org_name')} like ${bare('$2')})`
  const { rows: counted } = await tx.query<{ n: number }>(`select count(*)::int as n from ${found}`, [
    group,
    like,
  ])
  const { rows } = await tx.query<Seated & Record<string, unknown>>(
    `select ${columns} from ${found} and ($3::int is null or (${order('r')}) >
       (select ${order('a')} from group_roster($1) a where a.person_id = $3 and a.org_id = $4))
     order by ${order('r')} limit $5`,
    [group, like, person || null, org || null, rosterPage + 1],
  )
  const shown = rows.slice(0, rosterPage)
  const last = rows.length > rosterPage ? shown.at(-1) : undefined
  return { rows: shown, total: counted[0]?.n ?? 0, next: last ? `${last.person}-${last.orgId}` : null }
}

/** Names of those who lead the group besides the coordinators; empty to whoever may not read who sits there. */
export async function moderators(tx: Tx, group: number): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select name from (select distinct person_id, name from group_roster($1) where moderator) r order by lower(name) collate "cs-x-icu"`,
    [group],
  )
  return rows.map(({ name }) => name)
}

/** One person's seats. Throws NotFound. */
export async function seatedPerson(tx: Tx, group: number, person: number): Promise<Seated[]> {
  const { rows } = await tx.query<Seated & Record<string, unknown>>(
    `select ${columns} from group_roster($1) r where r.person_id = $2 order by lower(r.org_name) collate "cs-x-icu"`,
    [group, person],
  )
  if (rows.length === 0) throw new NotFound('This person does not sit in the group')
  return rows
}

export interface Request {
  id: number
  name: string
  orgId: number
  orgName: string
  reason: string
  since: number
}

/** Who waits to be let in, the longest first; at most 200. */
export async function requests(tx: Tx, group: number): Promise<Request[]> {
  const { rows } = await tx.query<Request & Record<string, unknown>>(
    `select id, name, org_id as "orgId", org_name as "orgName", reason, (extract(epoch from since) * 1000)::float8 as since
     from group_requests($1) order by since, id limit 200`,
    [group],
  )
  return rows
}

/** How many wait in each group that the reader leads. */
export async function waiting(tx: Tx): Promise<Map<number, number>> {
  const { rows } = await tx.query<{ group: number; n: number }>(
    `select s.group_id as "group", count(*)::int as n from seats s
     where s.state = 'asked' and s.ends_at > actor_now() and s.group_id = any ((select led_groups())::int[]) group by s.group_id`,
  )
  return new Map(rows.map(({ group, n }) => [group, n]))
}

export interface OpenInvitation {
  id: number
  address: string
  reason: string
  seatUntil: number
  expiresAt: number
}

/** Invitations that nobody has answered, the newest first; at most 200. */
export async function openInvitations(tx: Tx, group: number): Promise<OpenInvitation[]> {
  const { rows } = await tx.query<OpenInvitation & Record<string, unknown>>(
    `select id, address, reason, (extract(epoch from seat_until) * 1000)::float8 as "seatUntil", (extract(epoch from expires_at) * 1000)::float8 as "expiresAt"
     from group_invitations where group_id = $1 and ended_at is null and expires_at > actor_now() order by invited_at desc, id desc limit 200`,
    [group],
  )
  return rows
}
