/** What an organisation says of its own lists: its choices, what it lets through, and what broke its care. */
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { hostIn, indicatorOf, neverListed } from '../../../values/indicators.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { requireRight } from './may.ts'
import { inOrder, judgeReports, type Outcome } from './reports.ts'
import { type Choices, isKind, type Kind } from './types.ts'

const mostExceptions = 1_000
const longestReason = 500

export interface Excepted {
  kind: Kind
  value: string
  /** How many entries of the organisation's lists it took off. */
  gone: number
  /** What others have of it. */
  outcome: Outcome
}

export async function choose(tx: Tx, org: number, choices: Choices, by: Actor, now: number): Promise<void> {
  requireRight(by, 'keep', org)
  const { kinds, sources, confidence, maxDays } = choices
  await tx.query(
    `insert into blocklist_choices (org_id, kinds, sources, confidence, max_days, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0))
     on conflict (org_id) do update set kinds = excluded.kinds, sources = excluded.sources, confidence = excluded.confidence, max_days = excluded.max_days,
       changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [org, kinds, sources, confidence, maxDays, by.person, now],
  )
  await trail(tx, 'choose', 'blocklist', org, by, { kinds, sources, confidence, days: maxDays }, now)
  await tx.query('select announce($1, $2)', ['blocklists', `org ${org}`])
}

export interface Exception {
  org: number
  value: string
  reason: string
  /** It broke the care: others are to know. */
  broke: boolean
  /** The firewall whose key said so, and who was shown that key; null: a person. */
  device: { id: number; keyBy: number | null } | null
}

/**
 * Lets a value through at the organisation, at once. A false positive has to be on its lists, and may concern others
 * (reports.ts). `Invalid` for what is no indicator, wider than any entry, or reported though it is not listed.
 */
export async function except(tx: Tx, wanted: Exception, by: Actor, now: number): Promise<Excepted> {
  const { org, broke, device } = wanted
  if (device === null) requireRight(by, broke ? 'report' : 'keep', org)
  const found = indicatorOf(wanted.value)
  const reason = wanted.reason.normalize('NFC').trim().slice(0, longestReason)
  if (!found || !isKind(found.kind))
    throw new Invalid('This is no address, network, domain, URL or SHA-256.', { value: 'value' })
  if (neverListed(found) === 'wide') throw new Invalid('The network is too wide.', { value: 'wide' })
  const { kind, value } = found
  const at = new Date(now).toISOString()
  if (broke) await inOrder(tx)
  const items = await matching(tx, org, { kind, value })
  const about = items.filter((one) => one.about)
  if (broke && about.length === 0) throw new Invalid('This is not on your lists.', { value: 'absent' })
  const { rows: own } = await tx.query<{ n: number }>(
    'select count(*)::int as n from blocklist_exceptions where org_id = $1 and ended_at is null',
    [org],
  )
  if ((own[0]?.n ?? 0) >= mostExceptions) throw new WrongState('There are too many exceptions: end some.')
  // A wider item that blocked it is let through with it, else it would still be blocked.
  const values = new Map(
    [{ kind, value }, ...(broke ? about : [])].map((one) => [`${one.kind} ${one.value}`, one]),
  )
  const { rows } = await tx.query<{ id: number }>(
    `insert into blocklist_exceptions (org_id, kind, value, net, host, broke, reason, device_id, key_by, person_id, made_at)
     select $1, k, v, case when k in ('ip', 'net') then v::inet end, case when k = 'domain' then v end, $4, $5, $6, $7, $8, $9
     from unnest($2::text[], $3::text[]) as given (k, v) returning id`,
    [
      ...[org, [...values.values()].map((one) => one.kind), [...values.values()].map((one) => one.value)],
      ...[broke, reason, device?.id ?? null, device?.keyBy ?? null, by.person || null, at],
    ],
  )
  const ids = about.map((one) => one.id)
  const outcome = broke ? await judgeReports(tx, ids, at) : 'alone'
  const { rows: pruned } = await tx.query<{ gone: number }>('select blocklist_prune($1, $2) as gone', [
    items.map((one) => one.id),
    at,
  ])
  const verb = broke ? 'false-positive' : 'except'
  await trail(tx, verb, `exception ${rows[0]?.id}`, org, by, { value, ...(reason ? { reason } : {}) }, now)
  await tx.query('select announce($1, $2)', ['blocklists', `org ${org}`])
  for (const one of ids) await tx.query('select announce($1, $2)', ['blocklists', `item ${one}`])
  return { kind, value, gone: pruned[0]?.gone ?? 0, outcome }
}

interface Matched {
  id: string
  kind: Kind
  value: string
  /** It is the value, or the value lies inside of it: a report is about it. */
  about: boolean
}

/** What of the organisation's lists blocks a value, or is part of it. */
async function matching(tx: Tx, org: number, given: { kind: Kind; value: string }): Promise<Matched[]> {
  const host = hostIn(given)
  const [net, name] = [
    host && 'net' in host ? host.net.text : null,
    host && 'name' in host ? host.name : null,
  ]
  const { rows } = await tx.query<Matched & Record<string, unknown>>(
    `select distinct i.id::text, i.kind, i.value, i.kind = $2 and i.value = $3 or i.kind in ('ip', 'net') and i.net >>= $4::inet is true
         or i.kind = 'domain' and ($5 = i.host or right($5, length(i.host) + 1) = '.' || i.host) is true as about
     from blocklist_entries e join blocklist_items i on i.id = e.item_id
     where e.org_id = $1 and (i.kind = $2 and i.value = $3 or $2 in ('ip', 'net') and i.net && $4::inet
       or $2 = 'url' and i.kind in ('ip', 'net') and i.net && $4::inet
       or $2 = 'domain' and (i.host = $5 or right(i.host, length($5) + 1) = '.' || $5)
       or i.kind = 'domain' and ($5 = i.host or right($5, length(i.host) + 1) = '.' || i.host))`,
    [org, given.kind, given.value, net, name],
  )
  return rows
}

/** Takes an exception back: what it let through is blocked again. */
export async function endException(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const { rows } = await tx.query<{ org: number; value: string }>(
    'select org_id as org, value from blocklist_exceptions where id = $1',
    [id],
  )
  const found = rows[0]
  if (!found) throw new NotFound('There is no such exception.')
  requireRight(by, 'keep', found.org)
  const { rowCount } = await tx.query(
    'update blocklist_exceptions set ended_at = to_timestamp($2 / 1000.0), ended_by = $3 where id = $1 and ended_at is null',
    [id, now, by.person],
  )
  if (!rowCount) throw new WrongState('This exception has ended already.')
  await trail(tx, 'except-end', `exception ${id}`, found.org, by, { value: found.value }, now)
  await tx.query('select announce($1, $2)', ['blocklists', `org ${found.org}`])
}

const trail = (
  tx: Tx,
  verb: string,
  object: string,
  org: number,
  by: Actor,
  detail: object,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `exchange.${verb}`,
    object,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org)],
  })
