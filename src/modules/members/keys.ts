/** API keys: made, listed and revoked by who speaks for an organisation. The key itself is told once and kept nowhere. */
import { type Actor, isCoordinator, rolesAt } from '../../platform/access.ts'
import { keyPrefix } from '../../platform/api-keys.ts'
import { record } from '../../platform/audit.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { forgottenBefore } from '../../platform/retention.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import { type KeyScope, keyScopes } from '../../values/key-scopes.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'

export interface KeyLine {
  id: number
  label: string
  org: number | null
  orgName: string | null
  scopes: KeyScope[]
  perMinute: number
  madeAt: number
  madeBy: string | null
  expiresAt: number
  revokedAt: number | null
  /** Day of the last use, `YYYY-MM-DD`; null when it was never used. */
  lastUsedOn: string | null
  /** What it read in the last seven days, the most first. */
  uses: { route: string; n: number }[]
}

export interface NewKey {
  /** Null: the coordinators'. */
  org: number | null
  label: string
  scopes: string[]
  days: number
  perMinute?: number
}

const dayMs = 86_400_000
export const mostDays = 365
export const mostPerMinute = 600
const mostKeys = 50
const longestLabel = 100

/** Coordinators for themselves and for everybody, a representative for its own organisation; nobody else. */
export const mayManageKeys = (actor: Actor, org: number | null): boolean =>
  isCoordinator(actor) || (org !== null && rolesAt(actor, org).includes('representative'))

/** Organisations for which the actor may make keys. */
export const keyOrganisations = (actor: Actor): number[] => [
  ...new Set(
    actor.engagements.flatMap((e) =>
      e.role === 'representative' && e.org !== null && e.through == null ? [e.org] : [],
    ),
  ),
]

const isScope = (word: string): word is KeyScope => (keyScopes as readonly string[]).includes(word)

function checked(wanted: NewKey): Required<NewKey> & { scopes: KeyScope[] } {
  const label = wanted.label.normalize('NFC').trim()
  const scopes = [...new Set(wanted.scopes)].filter(isScope)
  const perMinute = wanted.perMinute ?? 60
  const fields: Record<string, string> = {
    ...(label === '' || label.length > longestLabel || /\p{Cc}/u.test(label)
      ? { label: `1 to ${longestLabel} characters` }
      : {}),
    ...(scopes.length < new Set(wanted.scopes).size || !scopes.some((scope) => scope !== 'strict')
      ? { scopes: `at least one of ${keyScopes.filter((scope) => scope !== 'strict').join(', ')}` }
      : {}),
    ...(Number.isInteger(wanted.days) && wanted.days >= 1 && wanted.days <= mostDays
      ? {}
      : { days: `1 to ${mostDays}` }),
    ...(Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= mostPerMinute
      ? {}
      : { perMinute: `1 to ${mostPerMinute}` }),
  }
  const wrong = Object.entries(fields).map(([name, what]) => `${name}: ${what}`)
  if (wrong.length > 0) throw new Invalid(`The key cannot be made so: ${wrong.join('; ')}.`, fields)
  return { ...wanted, label, scopes, perMinute }
}

/** Makes a key and answers it, this once. `Invalid` names what is wrong with what was wanted. */
export async function addKey(
  tx: Tx,
  wanted: NewKey,
  by: Actor,
  now: number,
): Promise<{ id: number; key: string; expiresAt: number }> {
  if (!isCoordinator(by) && !keyOrganisations(by).some((org) => org === wanted.org))
    throw new Forbidden('Keys are made by the representative.')
  const { org, label, scopes, days, perMinute } = checked(wanted)
  const { rows: alive } = await tx.query<{ n: number }>(
    `select count(*)::int as n from api_keys where org_id is not distinct from $1 and revoked_at is null and expires_at > to_timestamp($2 / 1000.0)`,
    [org, now],
  )
  if ((alive[0]?.n ?? 0) >= mostKeys) throw new WrongState(`There are ${mostKeys} keys already: revoke some.`)
  const key = keyPrefix + newToken()
  const expiresAt = now + days * dayMs
  const { rows } = await tx.query<{ id: number }>(
    `insert into api_keys (key_hash, org_id, label, scopes, per_minute, made_at, made_by, expires_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), $7, to_timestamp($8 / 1000.0)) returning id`,
    [hashToken(key), org, label, scopes, perMinute, now, by.person || null, expiresAt],
  )
  const id = rows[0]?.id as number
  await trail(
    tx,
    'key-add',
    { id, org },
    by,
    { label, scopes, until: new Date(expiresAt).toISOString() },
    now,
  )
  return { id, key, expiresAt }
}

/** Ends a key at once, everywhere: each request asks. `NotFound` for another's, `WrongState` for one that is over. */
export async function revokeKey(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { rows } = await tx.query<{ org: number | null }>(
    'select org_id as org from api_keys where id = $1',
    [id],
  )
  const found = rows[0]
  if (!found) throw new NotFound('There is no such key.')
  if (!mayManageKeys(by, found.org)) throw new Forbidden('Keys are revoked by the representative.')
  const { rowCount } = await tx.query(
    `update api_keys set revoked_at = to_timestamp($2 / 1000.0), revoked_by = $3
     where id = $1 and revoked_at is null and expires_at > to_timestamp($2 / 1000.0)`,
    [id, now, by.person || null],
  )
  if (!rowCount) throw new WrongState('This key is over already.')
  await trail(tx, 'key-revoke', { id, org: found.org }, by, {}, now)
}

const trail = (
  tx: Tx,
  verb: string,
  key: { id: number; org: number | null },
  by: Actor,
  detail: object,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `members.${verb}`,
    object: `key ${key.id}`,
    org: key.org,
    detail,
    readers: [COORDINATORS, ...(key.org === null ? [] : [readersOfOrg(key.org)])],
  })

/** The keys that the actor of the transaction sees, those that work first; what is over for a year is left out. */
export async function listKeys(tx: Queryable, now: number): Promise<KeyLine[]> {
  const ms = (column: string): string => `extract(epoch from k.${column})::float8 * 1000`
  const { rows } = await tx.query<KeyLine & Record<string, unknown>>(
    `select k.id, k.label, k.org_id as org, o.name as "orgName", k.scopes, k.per_minute as "perMinute", ${ms('made_at')} as "madeAt", p.name as "madeBy",
       ${ms('expires_at')} as "expiresAt", ${ms('revoked_at')} as "revokedAt", k.last_used_on as "lastUsedOn",
       coalesce((select json_agg(json_build_object('route', u.route, 'n', u.n) order by u.n desc, u.route) from (
         select route, sum(uses)::int as n from api_key_uses u where u.key_id = k.id and u.on_day > (to_timestamp($1 / 1000.0) at time zone 'UTC')::date - 7
         group by route) u), '[]') as uses
     from api_keys k left join organisations o on o.id = k.org_id left join people p on p.id = k.made_by
     where least(k.expires_at, k.revoked_at) > to_timestamp($1 / 1000.0) - interval '1 year'
     order by k.revoked_at is not null or k.expires_at <= to_timestamp($1 / 1000.0), o.name nulls first, k.id desc limit 500`,
    [now],
  )
  return rows
}

/** The ledger of use is kept for two years, the minutes of limits for an hour. */
export async function forgetUses(db: Queryable, now: number): Promise<void> {
  await db.query(`delete from api_key_uses where on_day < ($1::timestamptz at time zone 'UTC')::date`, [
    await forgottenBefore(db, 'api_key_uses', now),
  ])
  await db.query(`delete from api_key_minutes where minute < to_timestamp($1 / 1000.0) - interval '1 hour'`, [
    now,
  ])
}
