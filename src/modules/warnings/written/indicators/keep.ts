/** Indicators of a version from the author's choice to their end: proposed, confirmed by publishing, withdrawn. */
import type { Actor } from '../../../../platform/access.ts'
import type { Queryable, Tx } from '../../../../platform/database.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { daysListed, type Indicator, indicatorKinds } from '../../../../values/indicators.ts'
import type { Version } from '../types.ts'
import { neverMet, ownersOf } from './judge.ts'

export interface Kept extends Indicator {
  state: 'proposed' | 'confirmed' | 'withdrawn'
  /** Up to when lists may carry it; null for what no list carries, and before it is confirmed. */
  validUntil: number | null
  withdrawnAt: number | null
}

/** Those of a version that the actor may see, in the order of kinds. */
export async function indicatorsOf(tx: Queryable, warning: number, version: number): Promise<Kept[]> {
  const { rows } = await tx.query<Kept & Record<string, unknown>>(
    `select kind, value, state, extract(epoch from valid_until)::float8 * 1000 as "validUntil",
       extract(epoch from withdrawn_at)::float8 * 1000 as "withdrawnAt"
     from written_indicators where warning_id = $1 and version = $2 order by array_position($3::text[], kind), value`,
    [warning, version, indicatorKinds],
  )
  return rows
}

/** Of many warnings at once, the confirmed ones of what is out; by the warning's id. */
export async function confirmedOf(tx: Queryable, warnings: number[]): Promise<Map<number, Kept[]>> {
  const { rows } = await tx.query<Kept & { warning: number } & Record<string, unknown>>(
    `select i.warning_id as warning, i.kind, i.value, i.state, extract(epoch from i.valid_until)::float8 * 1000 as "validUntil", null as "withdrawnAt"
     from written_indicators i where i.warning_id = any ($1) and i.state = 'confirmed' order by array_position($2::text[], i.kind), i.value`,
    [warnings, indicatorKinds],
  )
  const by = new Map<number, Kept[]>()
  for (const { warning, ...one } of rows) by.set(warning, [...(by.get(warning) ?? []), one])
  return by
}

/** The next version begins with those of the one that is out. */
export async function carryOver(
  tx: Tx,
  out: Pick<Version, 'warning' | 'no'>,
  by: Actor,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into written_indicators (warning_id, version, org_id, kind, value, tlp, readers, proposed_by, proposed_at)
     select i.warning_id, v.no, i.org_id, i.kind, i.value, v.tlp, v.readers, $3, to_timestamp($4 / 1000.0)
     from written_indicators i join written_versions v on v.warning_id = i.warning_id and v.no = $2 + 1
     where i.warning_id = $1 and i.version = $2 and i.state <> 'withdrawn'`,
    [out.warning, out.no, by.person, now],
  )
}

/** They have the label and the readers of their version. */
export async function follow(tx: Tx, version: Pick<Version, 'warning' | 'no'>): Promise<void> {
  await tx.query(
    `update written_indicators i set tlp = v.tlp, readers = v.readers from written_versions v
     where v.warning_id = $1 and v.no = $2 and i.warning_id = v.warning_id and i.version = v.no`,
    [version.warning, version.no],
  )
}

/** Registers change while a draft waits: nothing is published that has become a member's own, or a service that all need. */
export async function refuseTaken(
  tx: Tx,
  { warning, no }: Pick<Version, 'warning' | 'no'>,
  now: number,
): Promise<void> {
  const kept = await indicatorsOf(tx, warning, no)
  const [owners, never] = [await ownersOf(tx, kept, now), await neverMet(tx, kept)]
  if (owners.size + never.size > 0)
    throw new Invalid('Some of them must not be taken', { indicators: 'refused' })
}

/**
 * Publishing by two persons is a coordinator's word: what was proposed is confirmed, and all that the version before had is withdrawn,
 * in the same transaction. After a change that is only editorial their time runs on.
 */
export async function settleIndicators(
  tx: Tx,
  version: Pick<Version, 'warning' | 'no' | 'substantive'>,
  { by, two, now }: { by: Actor; two: boolean; now: number },
): Promise<void> {
  await follow(tx, version)
  if (two) await confirm(tx, version, by, now)
  await tx.query(
    `update written_indicators set state = 'withdrawn', withdrawn_at = to_timestamp($3 / 1000.0)
     where warning_id = $1 and version < $2 and state <> 'withdrawn'`,
    [version.warning, version.no, now],
  )
}

export async function confirm(
  tx: Tx,
  version: Pick<Version, 'warning' | 'no' | 'substantive'>,
  by: Actor,
  now: number,
): Promise<void> {
  const days = JSON.stringify(daysListed)
  await tx.query(
    `update written_indicators i set state = 'confirmed', confirmed_by = $3, confirmed_at = to_timestamp($4 / 1000.0),
       valid_until = coalesce(
         case when not $6 then (select b.valid_until from written_indicators b where b.warning_id = $1 and b.kind = i.kind and b.value = i.value
           and b.state = 'confirmed' and b.version < $2 order by b.version desc limit 1) end,
         to_timestamp($4 / 1000.0) + make_interval(days => ($5::jsonb ->> i.kind)::int))
     where i.warning_id = $1 and i.version = $2 and i.state = 'proposed'`,
    [version.warning, version.no, by.person, now, days, version.substantive],
  )
}
