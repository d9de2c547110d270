/** How an organisation stands, computed whenever it is asked for: what remains open, whether anybody is there. */
import type { Tx } from '../../platform/database.ts'
import { hasRightCheckDigit } from './ico.ts'
import { comesFrom } from './status.ts'

/** An organisation of whose people nobody signed in or did anything for so long is idle. */
export const idleDays = 180

export interface Remains {
  warnings: number
  people: number
  sensors: number
}

/** Warnings that are not closed (exercises aside, as in the list behind the number), people with a role and sensors that may send: what an organisation that leaves leaves behind. */
export async function remains(tx: Tx, org: number): Promise<Remains> {
  const { rows } = await tx.query<Remains>(
    `select (select count(*)::int from warnings where org_id = any ((select organisation_with_merged($1))::int[]) and lane = 0 and state <> 'closed') as warnings,
       (select count(distinct person_id)::int from engagements where org_id = $1
         and valid_from <= (select actor_now()) and valid_to > (select actor_now())) as people,
       (select count(*)::int from sensors where org_id = $1 and disabled_at is null) as sensors`,
    [org],
  )
  return rows[0] ?? { warnings: 0, people: 0, sensors: 0 }
}

/**
 * The last time somebody of the organisation signed in (a session lasts a week at most), in milliseconds; null when nobody
 * ever did. Read from the audit trail, so it is whole for coordinators only.
 */
export async function lastSign(tx: Tx, org: number): Promise<number | null> {
  const { rows } = await tx.query<{ at: number | null }>(
    `select (extract(epoch from max(a.at)) * 1000)::float8 as at from engagements e
     join audit a on a.object = 'person ' || e.person_id and a.verb = 'members.sign-in' where e.org_id = $1`,
    [org],
  )
  return rows[0]?.at ?? null
}

export function isIdle(
  member: { status: string; createdAt: number },
  lastAt: number | null,
  now: number,
): boolean {
  const takesPart = (comesFrom.left as string[]).includes(member.status)
  return takesPart && now - (lastAt ?? member.createdAt) > idleDays * 86_400_000
}

/** What a person should look at in the organisation's number; nothing of it is refused. */
export interface IcoDoubts {
  wrongDigit: boolean
  /** Others that bear the same number: sites of one provider, or one organisation written down twice. */
  shared: { id: number; name: string }[]
}

export async function icoDoubts(tx: Tx, org: number, ico: string | null): Promise<IcoDoubts> {
  if (ico === null) return { wrongDigit: false, shared: [] }
  const { rows } = await tx.query<{ id: number; name: string }>(
    'select id, name from organisations where ico = $1 and id <> $2 order by name collate "cs-x-icu" limit 20',
    [ico, org],
  )
  return { wrongDigit: !hasRightCheckDigit(ico), shared: rows }
}
