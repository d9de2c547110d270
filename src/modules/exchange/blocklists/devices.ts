/** Firewalls that fetch: each has a key of its own, which opens the lists of its organisation and nothing else. */
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { hashToken, newToken } from '../../../platform/sessions.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { requireRight } from './may.ts'
import { dayMs } from './types.ts'

/** Not that of API keys: the doors of people's programs know nothing of it. */
export const edlPrefix = 'hse_'
const overlapMs = 7 * dayMs
const mostDevices = 50
export const longestLabel = 60
export const lives = [90, 180, 365, 730] as const

interface MadeKey {
  id: number
  key: string
  expiresAt: number
}

const newKey = (): string => edlPrefix + newToken()
const unix = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

/** A firewall with its key, which is told this once. */
export async function addDevice(
  tx: Tx,
  wanted: { org: number; label: string; days: number },
  by: Actor,
  now: number,
): Promise<MadeKey> {
  const { org, days } = wanted
  requireRight(by, 'keep', org)
  const label = wanted.label.normalize('NFC').trim()
  const wrong = {
    ...(label === '' || label.length > longestLabel || /\p{Cc}/u.test(label) ? { label: 'label' } : {}),
    ...(lives.some((life) => life === days) ? {} : { days: 'days' }),
  }
  if (Object.keys(wrong).length > 0) throw new Invalid('The firewall cannot be entered so.', wrong)
  const { rows: alive } = await tx.query<{ n: number }>(
    'select count(*)::int as n from blocklist_devices where org_id = $1 and revoked_at is null and expires_at > to_timestamp($2 / 1000.0)',
    [org, now],
  )
  if ((alive[0]?.n ?? 0) >= mostDevices)
    throw new WrongState('There are too many firewalls already: revoke some.')
  const key = newKey()
  const expiresAt = now + days * dayMs
  const { rows } = await tx.query<{ id: number }>(
    `insert into blocklist_devices (org_id, label, key_hash, expires_at, made_by, key_by, made_at)
     values ($1, $2, $3, to_timestamp($4 / 1000.0), $5, $5, to_timestamp($6 / 1000.0)) returning id`,
    [org, label, hashToken(key), expiresAt, by.person, now],
  )
  const id = rows[0]?.id as number // one row was inserted
  await trail(tx, 'device-add', { id, org }, by, { label, until: new Date(expiresAt).toISOString() }, now)
  await tx.query('select announce($1, $2)', ['blocklists', `org ${org}`])
  return { id, key, expiresAt }
}

async function deviceOf(tx: Tx, id: number, by: Actor): Promise<{ org: number; label: string }> {
  const { rows } = await tx.query<{ org: number; label: string }>(
    'select org_id as org, label from blocklist_devices where id = $1 for update',
    [id],
  )
  const found = rows[0]
  if (!found) throw new NotFound('There is no such firewall.')
  requireRight(by, 'keep', found.org)
  return found
}

/** A new key; the one before is good for seven days more, so that nobody has to hurry. */
export async function rotateKey(
  tx: Tx,
  id: number,
  by: Actor,
  now: number,
): Promise<MadeKey & { label: string }> {
  const { org, label } = await deviceOf(tx, id, by)
  const key = newKey()
  const { rows } = await tx.query<{ until: number }>(
    `update blocklist_devices set previous_hash = key_hash, previous_until = least(expires_at, to_timestamp(($2::float8 + $4) / 1000.0)), key_hash = $3, previous_by = key_by, key_by = $5,
       expires_at = to_timestamp($2 / 1000.0) + greatest(expires_at - coalesce(rotated_at, made_at), interval '90 days'), rotated_at = to_timestamp($2 / 1000.0)
     where id = $1 and revoked_at is null returning ${unix('expires_at')} as until`,
    [id, now, hashToken(key), overlapMs, by.person],
  )
  const expiresAt = rows[0]?.until
  if (expiresAt === undefined) throw new WrongState('The key of this firewall is revoked.')
  await trail(tx, 'device-rotate', { id, org }, by, { label, until: new Date(expiresAt).toISOString() }, now)
  return { id, key, expiresAt, label }
}

/** Ends its keys at once, everywhere: each request asks. */
export async function revokeDevice(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { org, label } = await deviceOf(tx, id, by)
  const { rowCount } = await tx.query(
    'update blocklist_devices set revoked_at = to_timestamp($2 / 1000.0), revoked_by = $3 where id = $1 and revoked_at is null',
    [id, now, by.person],
  )
  if (!rowCount) throw new WrongState('The key of this firewall is revoked.')
  await trail(tx, 'device-revoke', { id, org }, by, { label }, now)
}

const trail = (
  tx: Tx,
  verb: string,
  { id, org }: { id: number; org: number },
  by: Actor,
  detail: object,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `exchange.${verb}`,
    object: `firewall ${id}`,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org)],
  })
