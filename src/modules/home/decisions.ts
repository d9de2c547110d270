/** What waits for a coordinator's decision besides warnings, counted as the pages that the counts open list it. */
import { type Queryable, together } from '../../platform/database.ts'
import { countWaiting } from '../exchange/index.ts'
import { countWaitingClaims } from '../members/index.ts'

export const decisions = [
  'claims',
  'applications',
  'recoveries',
  'merges',
  'glass',
  'written',
  'advisories',
  'sources',
  'blocklists',
] as const
export type Decisions = Record<(typeof decisions)[number], number>

/** Where each kind is decided. */
export const decidedAt: Record<keyof Decisions, string> = {
  claims: '/addresses#waiting',
  applications: '/applications',
  recoveries: '/recoveries',
  merges: '/people/doubles#waiting',
  glass: '/trail/glass?review=waiting',
  written: '/warnings/written?state=waiting',
  advisories: '/advisories?waiting=1',
  sources: '/advisories/sources#waiting',
  blocklists: '/blocklists/review#waiting',
}

/** As the actor of the transaction. Of a merging, the week in which the second coordinator may say yes has to go on. */
export async function decisionsOf(tx: Queryable): Promise<Decisions> {
  const { claims, others, blocklists } = await together({
    claims: countWaitingClaims(tx),
    others: othersOf(tx),
    blocklists: countWaiting(tx),
  })
  return { claims, ...others, blocklists }
}

type Others = Omit<Decisions, 'claims' | 'blocklists'>

async function othersOf(tx: Queryable): Promise<Others> {
  const { rows } = await tx.query<Others & Record<string, unknown>>(
    `select
       (select count(*)::int from applications where state in ('applied', 'vetted')) as applications,
       (select count(*)::int from recoveries r join people p on p.id = r.person_id
         where r.confirmed_at is null and r.withdrawn_at is null and r.expires_at > (select actor_now())) as recoveries,
       (select count(*)::int from person_merges where merged_at is null and ended_at is null
         and asked_at > (select actor_now()) - interval '7 days') as merges,
       (select count(*)::int from glass_openings where reviewed_at is null
         and coalesce(ended_at, ends_at) <= (select actor_now())) as glass,
       (select count(*)::int from written_warnings w where exists (select 1 from written_versions v where v.warning_id = w.id
         and (v.state = 'review' or v.state = 'published' and w.state = 'published' and v.review_due_at is not null and v.judged_at is null))) as written,
       (select count(*)::int from advisory_confirmations where confirmed_at is null) as advisories,
       (select count(*)::int from advisory_source_confirmations where confirmed_at is null) as sources`,
  )
  return rows[0] as Others // a row of counts is always there
}
