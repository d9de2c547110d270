/** How an organisation takes part: from one status to another, with the reason, by whom and when. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { organisationLine } from './organisation-line.ts'
import { reasonOf } from './reason.ts'
import { keep } from './sharing-rules.ts'

export const statuses = ['prospect', 'follower', 'participant', 'signatory', 'left'] as const
export type Status = (typeof statuses)[number]

/** From which statuses one may come; whatever is not here is refused. */
export const comesFrom = {
  prospect: [],
  follower: ['prospect'],
  participant: ['prospect', 'follower', 'left'],
  signatory: ['participant'],
  left: ['participant', 'signatory'],
} satisfies Record<Status, Status[]>

/** Where an organisation may go from its status. */
export const waysOn = (from: string): Status[] =>
  statuses.filter((to) => (comesFrom[to] as string[]).includes(from))

export interface Move {
  to: Status
  reason: string
  /** That the rules of sharing are accepted as of this move; needed once, to become a participant. */
  rulesAccepted: boolean
}

/**
 * Moves an organisation. People of one that left lose access with their next request, its sensors may send but read nothing. Throws NotFound, Invalid (no reason),
 * WrongState (not from where it stands; rules not accepted; no signature to be a signatory by).
 */
export async function move(tx: Tx, org: number, wanted: Move, by: Actor, now: number): Promise<void> {
  const reason = reasonOf(wanted.reason)
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ was: string }>(
    `update organisations o set status = $2, changed_at = $3,
       rules_accepted_at = coalesce(o.rules_accepted_at, case when $4 and $2 = 'participant' then $3::timestamptz end)
     from (select id, status from organisations where id = $1 for update) was
     where o.id = was.id and o.merged_into is null and was.status = any ($5)
       and ($2 <> 'participant' or $4 or o.rules_accepted_at is not null)
       and ($2 <> 'signatory' or exists (select 1 from signatures s where s.org_id = o.id and s.state <> 'withdrawn'))
     returning was.status as was`,
    [org, wanted.to, at, wanted.rulesAccepted, comesFrom[wanted.to]],
  )
  if (!rows[0]) return refuse(tx, org, wanted)
  await tx.query(
    `insert into organisation_moves (org_id, from_status, to_status, reason, person_id, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [org, rows[0].was, wanted.to, reason, by.person, by.name, at],
  )
  if (wanted.rulesAccepted && wanted.to === 'participant') await keep(tx, org, reason, by, now)
  // Its sensors may read no more, or again.
  if (rows[0].was === 'left' || wanted.to === 'left') await tx.query(`select announce('sensors', '')`)
  await organisationLine(tx, 'members.move', org, { from: rows[0].was, to: wanted.to, reason }, by, now)
}

async function refuse(tx: Tx, org: number, { to }: Move): Promise<never> {
  const { rows } = await tx.query<{ status: string }>('select status from organisations where id = $1', [org])
  if (!rows[0]) throw new NotFound('There is no such organisation')
  const { status } = rows[0]
  const allowed = waysOn(status)
  if (!allowed.includes(to))
    throw new WrongState(`From ${status} an organisation can become: ${allowed.join(', ') || 'nothing else'}`)
  if (to === 'participant')
    throw new Invalid('The rules of sharing are not accepted yet.', { rulesAccepted: 'rules' })
  throw new Invalid('There is no signature of this organisation.', { to: 'unsigned' })
}

export interface MoveLine {
  from: string
  to: string
  reason: string
  by: string
  /** Milliseconds since 1970. */
  at: number
}

/** What happened to the status, the newest first; at most 100. */
export async function moves(tx: Tx, org: number): Promise<MoveLine[]> {
  const { rows } = await tx.query<MoveLine>(
    `select from_status as "from", to_status as "to", reason, actor as "by", (extract(epoch from at) * 1000)::float8 as at
     from organisation_moves where org_id = $1 order by at desc, id desc limit 100`,
    [org],
  )
  return rows
}
