/** Keys of groups, made by who leads the group: a program reads the group's feed with one and nothing else. */
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import type { Lang } from '../../../platform/i18n.ts'
import { hashToken, newToken } from '../../../platform/sessions.ts'
import { COORDINATORS, person as personScope } from '../../../values/scopes.ts'

/** Not that of API keys: the doors of people's programs know nothing of it. */
export const groupKeyPrefix = 'hsg_'
export const longestLabel = 60
export const lives = [90, 180, 365] as const
const mostKeys = 20
const dayMs = 86_400_000

export interface Group {
  id: number
  slug: string
  name: string
}

export interface GroupKey {
  id: number
  label: string
  maker: string | null
  /** Whom the maker acts for. */
  org: number | null
  /** ms since 1970 */
  expiresAt: number
  /** `YYYY-MM-DD` */
  usedOn: string | null
}

/** Groups that the actor of the transaction leads, by name. */
export async function groupsLed(tx: Queryable): Promise<Group[]> {
  const { rows } = await tx.query<Group & Record<string, unknown>>(
    `select id, slug, name from groups where closed_at is null and id = any ((select led_groups())::int[]) order by name collate "cs-x-icu", id`,
  )
  return rows
}

/** Throws NotFound for a group that the actor does not lead. */
export async function groupLed(tx: Queryable, slug: string): Promise<Group> {
  const group = (await groupsLed(tx)).find((one) => one.slug === slug)
  if (!group) throw new NotFound('There is no such group')
  return group
}

/** Those that are not revoked and not over, the newest first; as the actor of the transaction. */
export async function keysOf(tx: Queryable, group: number): Promise<GroupKey[]> {
  const { rows } = await tx.query<GroupKey & Record<string, unknown>>(
    `select k.id, k.label, (select p.name from people p where p.id = k.made_by) as maker, (select max(e.org_id) from engagements e where e.person_id = k.made_by) as org,
       (extract(epoch from k.expires_at) * 1000)::float8 as "expiresAt", k.last_used_on::text as "usedOn"
     from group_keys k where k.group_id = $1 and k.revoked_at is null and k.expires_at > (select actor_now()) order by k.id desc`,
    [group],
  )
  return rows
}

/** A key of a group that the actor was found to lead; it is told this once. Throws Invalid, WrongState. */
export async function makeGroupKey(
  tx: Tx,
  group: Group,
  wanted: { label: string; days: number },
  by: Actor,
  now: number,
): Promise<string> {
  const label = wanted.label.normalize('NFC').trim()
  const wrong = {
    ...(label === '' || label.length > longestLabel || /\p{Cc}/u.test(label) ? { label: 'label' } : {}),
    ...(lives.some((life) => life === wanted.days) ? {} : { days: 'days' }),
  }
  if (Object.keys(wrong).length > 0) throw new Invalid('The key cannot be made so.', wrong)
  await tx.query(`select pg_advisory_xact_lock(hashtext('keys of group'), $1)`, [group.id])
  const { rows: alive } = await tx.query<{ n: number }>(
    'select count(*)::int as n from group_keys where group_id = $1 and revoked_at is null and expires_at > to_timestamp($2 / 1000.0)',
    [group.id, now],
  )
  if ((alive[0]?.n ?? 0) >= mostKeys)
    throw new WrongState('There are too many keys of the group: revoke some.')
  const key = groupKeyPrefix + newToken()
  const { rows } = await tx.query<{ id: number }>(
    `insert into group_keys (group_id, label, key_hash, made_by, made_at, expires_at)
     values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0)) returning id`,
    [group.id, label, hashToken(key), by.person, now, now + wanted.days * dayMs],
  )
  await trail(tx, 'group-key-add', rows[0]?.id ?? 0, by, { label, group: group.name }, now)
  return key
}

/** Ends a key of such a group at once, everywhere: each request asks. Throws NotFound. */
export async function revokeGroupKey(
  tx: Tx,
  group: Group,
  id: number,
  by: Actor,
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ label: string }>(
    `update group_keys set revoked_at = to_timestamp($3 / 1000.0), revoked_by = $4
     where id = $1 and group_id = $2 and revoked_at is null returning label`,
    [id, group.id, now, by.person],
  )
  const label = rows[0]?.label
  if (label === undefined) throw new NotFound('There is no such key.')
  await trail(tx, 'group-key-revoke', id, by, { label, group: group.name }, now)
}

const trail = (tx: Tx, verb: string, id: number, by: Actor, detail: object, now: number): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `exchange.${verb}`,
    object: `group key ${id}`,
    detail,
    readers: [COORDINATORS, personScope(by.person)],
  })

export interface Opened {
  group: Group
  /** As whom the key reads: the group's sending and what is public, and nothing of its maker's. */
  actor: Actor
}

/** What a key opens now; null for one that is unknown, over, revoked, of a group that was closed, or whose maker leads it no more. */
export async function openedBy(db: Database, key: string, now: number): Promise<Opened | null> {
  return asEngine(db, async (tx) => {
    await tx.query(`select set_config('hsoc.now', $1, true)`, [new Date(now).toISOString()])
    const { rows } = await tx.query<Group & { key: number; label: string; language: Lang }>(
      `select g.id, g.slug, g.name, k.id as key, k.label, p.language from group_keys k join groups g on g.id = k.group_id join people p on p.id = k.made_by
       where k.key_hash = $1 and k.id in (select a.id from group_keys_alive() a)`,
      [hashToken(key)],
    )
    const found = rows[0]
    if (!found) return null
    await tx.query(
      `update group_keys set last_used_on = $2::date where id = $1 and last_used_on is distinct from $2::date`,
      [found.key, new Date(now).toISOString().slice(0, 10)],
    )
    const { id, slug, name, label, language } = found
    return {
      group: { id, slug, name },
      actor: {
        ...{ person: 0, name: label, email: `group key ${found.key}`, language, engagements: [] },
        key: { id: found.key, strict: false, group: id },
      },
    }
  })
}
