/**
 * Whether an address still works, from what came back of it: a score that fades, then a trial by mail, and only where that
 * comes back too is the address left alone. Nothing of it is silent: whoever can mend it is told, and sees it on a page.
 */

import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { mailLost } from '../../members/index.ts'
import { tellOfSuspended } from './tell.ts'

const dayMs = 86_400_000
const weekMs = 7 * dayMs

/** What one return weighs; at `trialAt` the address is tried. Source: mail, VERP and bounces. */
const weights = { hard: 3, soft: 1 } as const
const trialAt = 5
/** More addresses than this within an hour: then it is rather we who are not liked, and nobody's address is at fault. */
const stormAddresses = 20
const hourMs = 3_600_000
/** A return comes within minutes or, of a server that was away, within two days. */
export const trialMs = 2 * dayMs

export type Weighty = keyof typeof weights

export interface Returned {
  delivery: number
  address: string
  kind: Weighty
  said: string
}

interface Standing {
  id: number
  score: number
  scoredAt: number
  kind: Weighty
  trial: number | null
  suspended: boolean
}

export const iso = (at: number): string => new Date(at).toISOString()

/** One less for each week without a return. */
export const faded = ({ score, scoredAt }: { score: number; scoredAt: number }, now: number): number =>
  Math.max(0, score - Math.floor(Math.max(0, now - scoredAt) / weekMs))

/** Counts a return against its address. `storm`: not counted, because too many came at once. */
export async function weigh(tx: Tx, returned: Returned, now: number): Promise<'counted' | 'storm'> {
  const { rows: readers } = await tx.query<{ readers: number[] }>(
    'select mail_address_readers($1, $2) as readers',
    [returned.address, iso(now)],
  )
  // Nobody's any more, or a visitor's who proved nothing yet: there is nobody to mend it and nothing to keep.
  if (!readers[0] || readers[0].readers.length === 0) return 'counted'
  const before = await standingOf(tx, returned.address)
  if (before?.trial === returned.delivery) {
    await suspend(tx, before.id, returned, readers[0].readers, now)
    return 'counted'
  }
  if (await isStorm(tx, now)) return 'storm'
  const isRepeated =
    before?.kind === 'soft' && returned.kind === 'soft' && now - before.scoredAt < dayMs && before.score > 0
  const score = (before ? faded(before, now) : 0) + (isRepeated ? 0 : weights[returned.kind])
  const { rows } = await tx.query<{ id: number }>(
    `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, readers)
     values (address_key($1), $1, $2, $3, $3, $4, $5, $6)
     on conflict (address_key) do update set score = $2, scored_at = case when $7 then mail_standings.scored_at else $3 end, bounced_at = $3,
       kind = $4, said = $5, readers = $6
     returning id`,
    [returned.address, score, iso(now), returned.kind, returned.said, readers[0].readers, isRepeated],
  )
  if (score >= trialAt && !before?.suspended && !before?.trial && rows[0]) await begin(tx, rows[0].id, now)
  return 'counted'
}

async function standingOf(tx: Tx, address: string): Promise<Standing | null> {
  const { rows } = await tx.query<Standing & Record<string, unknown>>(
    `select id, score, (extract(epoch from scored_at) * 1000)::float8 as "scoredAt", kind, probe_id as trial, suspended_at is not null as suspended
     from mail_standings where address_key = address_key($1) for update`,
    [address],
  )
  return rows[0] ?? null
}

async function isStorm(tx: Tx, now: number): Promise<boolean> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(distinct lower(address))::int as n from deliveries where bounced_at > $1`,
    [iso(now - hourMs)],
  )
  return (rows[0]?.n ?? 0) > stormAddresses
}

/** Queues the mail that tries an address. It goes to whom the last mail there was for, and says so little that anybody may read it. */
export async function begin(tx: Tx, standing: number, now: number): Promise<void> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into deliveries (kind, topic, person_id, org_id, address, detail, decided_at, due_at, readers)
     select 'account', 'trial of address ' || s.id || ' ' || $2::timestamptz, d.person_id, case when d.person_id is null then d.org_id end, s.address,
       jsonb_build_object('template', 'address-trial', 'as', case when d.person_id is null then 'contact' else 'member' end), $2, $2, s.readers
     from mail_standings s cross join lateral (select person_id, org_id from deliveries
       where address_key(address) = s.address_key and (person_id is not null or org_id is not null) order by id desc limit 1) d
     where s.id = $1 on conflict (topic, address) do nothing returning id`,
    [standing, iso(now)],
  )
  await tx.query('update mail_standings set probe_id = $2 where id = $1', [standing, rows[0]?.id ?? null])
  await tx.query(`select announce('outbox', '')`)
}

/** The trial came back: from now on the address is left alone, its contacts are proved no more, and who can mend it is told. */
async function suspend(
  tx: Tx,
  standing: number,
  { address, kind, said }: Returned,
  readers: number[],
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ since: Date | null }>(
    'select suspended_at as since from mail_standings where id = $1',
    [standing],
  )
  await tx.query(
    `update mail_standings set suspended_at = coalesce(suspended_at, $2), probe_id = null, bounced_at = $2, kind = $3, said = $4, readers = $5
     where id = $1`,
    [standing, iso(now), kind, said, readers],
  )
  if (rows[0]?.since) return
  await mailLost(tx, address, now)
  await record(tx, {
    at: now,
    actor: null,
    verb: 'channels.suspend-address',
    object: `mail address ${standing}`,
    readers,
  })
  await tellOfSuspended(tx, { address, readers }, now)
}

/** Ends trials that nothing came back of, and forgets what is nobody's address any more or was quiet for long. */
export async function settle(tx: Tx, now: number): Promise<void> {
  const { rows } = await tx.query<{ id: number; readers: number[]; suspended: boolean }>(
    `with arrived as (select s.id, s.readers, s.suspended_at is not null as suspended from mail_standings s
       join deliveries d on d.id = s.probe_id where d.state in ('sent', 'delivered') and d.sent_at < $1 for update of s)
     delete from mail_standings s using arrived a where s.id = a.id returning s.id, a.readers, a.suspended`,
    [iso(now - trialMs)],
  )
  for (const { id, readers } of rows.filter(({ suspended }) => suspended))
    await record(tx, {
      at: now,
      actor: null,
      verb: 'channels.restore-address',
      object: `mail address ${id}`,
      readers,
    })
  // A trial that never went out, or that our own server did not take, has shown nothing.
  await tx.query(
    `update mail_standings s set probe_id = null from deliveries d where d.id = s.probe_id and d.state in ('failed', 'dropped', 'held')`,
  )
  await tx.query(
    `delete from mail_standings s where cardinality(mail_address_readers(address, $1)) = 0
       or (suspended_at is null and probe_id is null and scored_at < $2)
       or exists (select 1 from contact_points c where c.channel = 'mail' and lower(c.value) = lower(s.address) and c.verified_at > s.suspended_at)`,
    [iso(now), iso(now - trialAt * weekMs)],
  )
}
