/** What merging two accounts would do, said before; and the mergings there are. As the actor of the transaction. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import { type Obstacle, obstacle, undoableUntil, waitingMs } from './merging.ts'
import { type Power, powersGoing } from './powers.ts'

export interface Side {
  id: number
  name: string
  email: string
  /** Milliseconds since 1970. */
  since: number
  merged: boolean
  gone: boolean
  roles: { role: string; place: string | null; byProvider: boolean }[]
  seats: number
  contacts: number
  /** Open warnings taken on. */
  assigned: number
}

export interface Preview {
  person: Side
  into: Side
  obstacle: Obstacle | null
  powers: Power[]
}

async function sideOf(tx: Tx, id: number): Promise<Side> {
  const { rows } = await tx.query<Omit<Side, 'roles'> & Record<string, unknown>>(
    `select p.id, p.name, p.email, (extract(epoch from p.created_at) * 1000)::float8 as since,
       p.merged_into is not null as merged, p.disabled_at is not null as gone,
       (select count(*)::int from seats s where s.person_id = p.id and s.state in ('asked', 'held') and s.ends_at > (select actor_now())) as seats,
       (select count(*)::int from contact_points c where c.person_id = p.id and c.ended_at is null) as contacts,
       (select count(*)::int from warnings w where w.assignee_id = p.id and w.state <> 'closed') as assigned
     from people p where p.id = $1`,
    [id],
  )
  const [side] = rows
  if (!side) throw new NotFound('There is no such person')
  const roles = await tx.query<Side['roles'][number] & Record<string, unknown>>(
    `select e.org_id, e.role, o.name as place, e.source = 'directory' as "byProvider" from engagements e
     left join organisations o on o.id = e.org_id where e.person_id = $1 and e.valid_to > (select actor_now()) order by o.name, e.role`,
    [id],
  )
  return { ...side, roles: roles.rows.map(({ role, place, byProvider }) => ({ role, place, byProvider })) }
}

/** Throws NotFound. */
export async function previewPeople(
  tx: Tx,
  { person, into }: { person: number; into: number },
  by: Actor,
  now: number,
): Promise<Preview> {
  const [from, to] = [await sideOf(tx, person), await sideOf(tx, into)]
  return {
    person: from,
    into: to,
    obstacle: obstacle(from, to, by),
    powers: await powersGoing(tx, person, into, now),
  }
}

export interface Merging {
  id: number
  person: { id: number; name: string; email: string }
  into: { id: number; name: string; email: string }
  reason: string
  askedBy: number
  asker: string
  decider: string | null
  /** Milliseconds since 1970. */
  at: number
  state: 'waiting' | 'merged' | 'dropped' | 'undone'
  /** Until when it can be decided or undone; null where nothing can be any more. */
  until: number | null
  /** Who took it back, and why. */
  ended: { by: string; reason: string } | null
}

interface Row extends Omit<Merging, 'state' | 'until' | 'ended'> {
  askedAt: number
  mergedAt: number | null
  ended: boolean
  ender: string | null
  endedReason: string | null
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/** The newest first, at most 100. */
export async function mergings(tx: Tx, now: number): Promise<Merging[]> {
  const { rows } = await tx.query<Row & Record<string, unknown>>(
    `select g.id, json_build_object('id', p.id, 'name', p.name, 'email', p.email) as person,
       json_build_object('id', i.id, 'name', i.name, 'email', i.email) as into, g.reason, g.asked_by as "askedBy", g.asker, g.decider,
       ${ms('coalesce(g.merged_at, g.asked_at)')} as at, ${ms('g.asked_at')} as "askedAt", ${ms('g.merged_at')} as "mergedAt",
       g.ended_at is not null as ended, g.ender, g.ended_reason as "endedReason"
     from person_merges g join people p on p.id = g.person_id join people i on i.id = g.into_id
     order by g.asked_at desc, g.id desc limit 100`,
  )
  return rows.map((row) => shownOf(row, now))
}

function shownOf(row: Row, now: number): Merging {
  const { id, person, into, reason, askedBy, asker, decider, at, askedAt, mergedAt } = row
  const over = mergedAt === null && askedAt + waitingMs <= now
  const limit = mergedAt === null ? askedAt + waitingMs : undoableUntil(mergedAt)
  return {
    ...{ id, person, into, reason, askedBy, asker, decider, at },
    state:
      row.ended || over
        ? mergedAt === null
          ? 'dropped'
          : 'undone'
        : mergedAt === null
          ? 'waiting'
          : 'merged',
    until: row.ended || limit <= now ? null : limit,
    ended: row.ended && row.ender !== null ? { by: row.ender, reason: row.endedReason ?? '' } : null,
  }
}
