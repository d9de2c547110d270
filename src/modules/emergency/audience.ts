/** Which organisations a call asks: members, fewer by kind and region, without those whom a drill spares. */
import type { Queryable } from '../../platform/database.ts'
import type { Draft } from './types.ts'

export interface Asked {
  org: number
  name: string
  /** The reason of a protected window that falls into a drill. */
  excused: string | null
  /** Had a drill within the last fortnight: it is left out of another one. */
  cooling: boolean
}

const coolingMs = 14 * 86_400_000

/** As of `now`; of a drill with who is excused. Source: emergency.md 7. */
export async function audienceOf(
  tx: Queryable,
  draft: Pick<Draft, 'class' | 'orgs' | 'kinds' | 'regions' | 'withinMin'>,
  now: number,
): Promise<Asked[]> {
  const { rows } = await tx.query<Asked & Record<string, unknown>>(
    `select o.id as org, o.name,
       case when $4 = 'drill' then (select w.reason from protected_windows w where w.org_id = any ((select organisation_with_merged(o.id))::int[])
         and w.withdrawn_at is null and w.from_at < to_timestamp($6 / 1000.0) and w.to_at > to_timestamp($5 / 1000.0) order by w.from_at limit 1) end as excused,
       $4 = 'drill' and exists (select 1 from org_rollcalls r join broadcasts b on b.id = r.broadcast_id
         where r.org_id = any ((select organisation_with_merged(o.id))::int[]) and b.class = 'drill' and b.state <> 'cancelled' and r.excused is null
           and b.released_at > to_timestamp($7 / 1000.0)) as cooling
     from organisations o
     where o.status in ('participant', 'signatory') and ($1::int[] is null and o.rules_accepted_at is not null or o.id in (select organisation_now(x) from unnest($1::int[]) x))
       and ($2::text[] = '{}' or o.kind = any ($2)) and ($3::text[] = '{}' or o.nuts3 = any ($3))
     order by o.name collate "cs-x-icu", o.id`,
    [
      draft.orgs,
      draft.kinds,
      draft.regions,
      draft.class,
      now,
      now + draft.withinMin * 60_000,
      now - coolingMs,
    ],
  )
  return rows
}
