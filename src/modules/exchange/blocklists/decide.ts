/** What coordinators decide for everybody: items by their word, what is withdrawn or let through, the never-list, jumps. */
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { parseNet } from '../../../values/address.ts'
import { daysListed, domainName, indicatorOf, neverListed } from '../../../values/indicators.ts'
import { ANY_MEMBER, ANY_MEMBER_KEY, ANY_MEMBER_STRICT_KEY, COORDINATORS } from '../../../values/scopes.ts'
import type { Hit } from '../../events/index.ts'
import { requireCoordinator } from './may.ts'
import { isKind, type List } from './types.ts'

const longestReason = 500
const mostDays = 365
const passMs = 3_600_000
const forMembers = [COORDINATORS, ANY_MEMBER, ANY_MEMBER_KEY, ANY_MEMBER_STRICT_KEY]

function reasonIn(text: string): string {
  const reason = text.normalize('NFC').trim()
  if (reason === '' || reason.length > longestReason) throw new Invalid('Say why.', { reason: 'reason' })
  return reason
}

/** An item by a coordinator's word; the never-list is asked before it stands on any list. Answers its number. */
export async function enter(
  tx: Tx,
  wanted: { value: string; reason: string; days: number | null },
  by: Actor,
  now: number,
): Promise<{ id: string; value: string }> {
  requireCoordinator(by)
  const reason = reasonIn(wanted.reason)
  const found = indicatorOf(wanted.value)
  if (!found || !isKind(found.kind))
    throw new Invalid('This is no address, network, domain, URL or SHA-256.', { value: 'value' })
  if (neverListed(found) === 'wide') throw new Invalid('The network is too wide.', { value: 'wide' })
  const days = wanted.days ?? daysListed[found.kind] ?? 0
  if (!Number.isInteger(days) || days < 1 || days > mostDays)
    throw new Invalid('The time is not right.', { days: 'days' })
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ id: string }>('select blocklist_put($1, $2, $3)::text as id', [
    found.kind,
    found.value,
    at,
  ])
  const id = rows[0]?.id as string // the function always answers
  await tx.query(
    `insert into blocklist_sources (item_id, source, ref, observers, readers, added_at, seen_at, ends_at, person_id, reason)
     values ($1, 'coordinator', 0, 1, $2, $3, $3, $3::timestamptz + make_interval(days => $4), $5, $6)
     on conflict (item_id, source, ref) do update set added_at = excluded.added_at, seen_at = excluded.seen_at, ends_at = excluded.ends_at,
       ended_at = null, person_id = excluded.person_id, reason = excluded.reason`,
    [id, forMembers, at, days, by.person, reason],
  )
  // A coordinator's word opens what was withdrawn before; what is confirmed stays so.
  await tx.query(
    `update blocklist_items set state = 'candidate', closed_at = null, closed_why = null, closed_by = null, reason = '', judged_at = $2,
       seen_at = greatest(seen_at, $2), ends_at = greatest(ends_at, $2::timestamptz + make_interval(days => $3))
     where id = $1 and state in ('candidate', 'withdrawn', 'expired')`,
    [id, at, days],
  )
  await done(tx, 'indicator-enter', `indicator ${id}`, by, { value: found.value, days, reason }, now)
  return { id, value: found.value }
}

interface Item extends Record<string, unknown> {
  value: string
  state: string
  hits: Hit[] | null
  /** Reports wait for a coordinator. */
  reported: boolean
}

async function itemOf(tx: Tx, id: string): Promise<Item> {
  const { rows } = await tx.query<Item>(
    'select value, state, hits, reported_at is not null as reported from blocklist_items where id = $1 for update',
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such indicator.')
  return rows[0]
}

/** Off all lists in this transaction, whoever said it; only a coordinator brings it back. */
export async function withdraw(tx: Tx, id: string, why: string, by: Actor, now: number): Promise<void> {
  requireCoordinator(by)
  const reason = reasonIn(why)
  const { value, state } = await itemOf(tx, id)
  if (state === 'withdrawn') throw new WrongState('This indicator is withdrawn already.')
  const at = new Date(now).toISOString()
  await tx.query(
    `update blocklist_items set state = 'withdrawn', closed_at = $2, closed_why = 'coordinator', closed_by = $3, reason = $4, reported_at = null where id = $1`,
    [id, at, by.person, reason],
  )
  await tx.query('select blocklist_prune(array[$1::bigint], $2)', [id, at])
  await done(tx, 'indicator-withdraw', `indicator ${id}`, by, { value, reason }, now)
}

/** Brings back what was withdrawn, keeps what was reported, or lets through what the never-list met; never what is firm there. */
export async function letThrough(tx: Tx, id: string, why: string, by: Actor, now: number): Promise<void> {
  requireCoordinator(by)
  const reason = reasonIn(why)
  const { value, state, hits, reported } = await itemOf(tx, id)
  if (hits?.some(({ firm }) => firm))
    throw new WrongState('Nobody may list this: it is reserved, or belongs to a member.')
  if (state !== 'withdrawn' && hits === null && !reported)
    throw new WrongState('Nothing holds this indicator back.')
  const at = new Date(now).toISOString()
  await tx.query(
    `update blocklist_items set state = case state when 'withdrawn' then 'candidate' else state end, closed_at = null, closed_why = null, closed_by = null, reason = '', reported_at = null, judged_at = $3,
       overruled_by = case when hits is null then null else $2::int end, overruled_at = case when hits is null then null else $3::timestamptz end,
       overruled_why = case when hits is null then null else $4 end
     where id = $1`,
    [id, by.person, at, reason],
  )
  await done(tx, 'indicator-return', `indicator ${id}`, by, { value, reason }, now)
}

/** Something that no list may carry from now on. */
export async function addNever(
  tx: Tx,
  wanted: { value: string; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  requireCoordinator(by)
  const reason = reasonIn(wanted.reason)
  const text = wanted.value.trim()
  const net = parseNet(text)?.text ?? null
  const host = net === null ? domainName(text) : null
  if ((net === null && host === null) || net?.includes('-'))
    throw new Invalid('This is no address, network or domain.', { value: 'never' })
  const value = net ?? host
  await tx.query(
    'insert into blocklist_never (value, net, host, reason, added_by, added_at) values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0))',
    [value, net, host, reason, by.person, now],
  )
  await done(tx, 'never-add', 'never-list', by, { value, reason }, now)
}

export async function removeNever(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  requireCoordinator(by)
  const { rows } = await tx.query<{ value: string }>(
    'update blocklist_never set removed_at = to_timestamp($2 / 1000.0), removed_by = $3 where id = $1 and removed_at is null returning value',
    [id, now, by.person],
  )
  if (!rows[0]) throw new NotFound('There is no such entry.')
  await done(tx, 'never-remove', 'never-list', by, { value: rows[0].value }, now)
}

/** Lets through, for an hour, the jumps of one list that wait at any organisation. */
export async function passJump(tx: Tx, list: List, by: Actor, now: number): Promise<void> {
  requireCoordinator(by)
  const { rows } = await tx.query<{ org: number }>(
    'update blocklist_lists set passed_until = to_timestamp($2 / 1000.0) where list = $1 and held is not null returning org_id as org',
    [list, now + passMs],
  )
  if (rows.length === 0) throw new WrongState('No such list waits for anybody.')
  for (const { org } of rows) await tx.query('select announce($1, $2)', ['blocklists', `org ${org}`])
  await done(tx, 'jump-pass', `blocklist ${list}`, by, { lists: rows.length }, now)
}

async function done(
  tx: Tx,
  verb: string,
  object: string,
  by: Actor,
  detail: object,
  now: number,
): Promise<void> {
  await record(tx, { at: now, actor: by, verb: `exchange.${verb}`, object, detail, readers: [COORDINATORS] })
  const item = /^indicator (\d+)$/.exec(object)?.[1]
  await tx.query('select announce($1, $2)', ['blocklists', item ? `item ${item}` : object])
}
