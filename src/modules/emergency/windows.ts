/** When an organisation wants no drill: it is then excused, not silent. */
import { type Actor, type Role, rolesAt } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'

export interface Window {
  id: number
  org: number
  orgName: string
  from: number
  to: number
  reason: string
  by: string | null
}

const keepers: Role[] = ['representative', 'security_manager', 'admin']
const longestMs = 31 * 86_400_000

export const mayProtect = (actor: Actor, org: number): boolean =>
  rolesAt(actor, org).some((role) => keepers.includes(role))

/** Those that are not over. */
export async function windows(tx: Queryable, now: number): Promise<Window[]> {
  const { rows } = await tx.query<Window & Record<string, unknown>>(
    `select w.id, w.org_id as org, o.name as "orgName", extract(epoch from w.from_at)::float8 * 1000 as from, extract(epoch from w.to_at)::float8 * 1000 as to,
       w.reason, (select p.name from people p where p.id = w.declared_by) as by
     from protected_windows w join organisations o on o.id = w.org_id
     where w.withdrawn_at is null and w.to_at > to_timestamp($1 / 1000.0) order by w.from_at, w.id limit 200`,
    [now],
  )
  return rows
}

/** Throws Forbidden, Invalid by field. */
export async function protect(
  tx: Tx,
  wanted: { org: number; from: number; to: number; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const { org, from, to } = wanted
  if (!mayProtect(by, org))
    throw new Forbidden(
      'The representative, the security manager and the administrators say when no drill may come',
    )
  const reason = wanted.reason.trim()
  const wrong: Record<string, string> = {}
  if (!(to > from) || !(to > now)) wrong.to = 'order'
  else if (to - from > longestMs) wrong.to = 'long'
  if (reason.length < 3 || reason.length > 200) wrong.reason = 'reason'
  if (Object.keys(wrong).length > 0) throw new Invalid('The time cannot be so', wrong)
  const { rows } = await tx.query<{ id: number }>(
    `insert into protected_windows (org_id, from_at, to_at, reason, declared_by, declared_at)
     values ($1, to_timestamp($2 / 1000.0), to_timestamp($3 / 1000.0), $4, $5, to_timestamp($6 / 1000.0)) returning id`,
    [org, from, to, reason, by.person, now],
  )
  await line(tx, 'protect', rows[0]?.id ?? 0, org, by, now)
}

/** Takes one back. NotFound where the actor does not keep it. */
export async function unprotect(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { rows } = await tx.query<{ org: number }>(
    'select org_id as org from protected_windows where id = $1 and withdrawn_at is null for update',
    [id],
  )
  const org = rows[0]?.org
  if (org === undefined || rolesAt(by, org).length === 0) throw new NotFound('There is no such time')
  if (!mayProtect(by, org))
    throw new Forbidden(
      'The representative, the security manager and the administrators say when no drill may come',
    )
  await tx.query('update protected_windows set withdrawn_at = to_timestamp($2 / 1000.0) where id = $1', [
    id,
    now,
  ])
  await line(tx, 'unprotect', id, org, by, now)
}

const line = (tx: Tx, verb: string, id: number, org: number, by: Actor, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `emergency.${verb}`,
    object: `protected window ${id}`,
    org,
    readers: [COORDINATORS, readersOfOrg(org)],
  })
