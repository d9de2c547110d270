/** A climb: what nobody has taken yet, on its way up the steps of a policy that is copied at the beginning. */
import type { Tx } from '../../../platform/database.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { defaultPolicies, type Policy, policyOf, policyShape } from '../../duty/index.ts'

export type Cause = 'critical' | 'emergency' | 'sensor' | 'handed-up' | 'nobody' | 'review' | 'heartbeat'
export type EndWhy = 'answered' | 'over' | 'closed' | 'handed-up' | 'reviewed'
export type FirstNotice = 'new' | 'update' | 'relapse' | 'ladder' | 'exercise'

/** What it is about: one of the two. */
export interface Thing {
  warning: number | null
  written: number | null
  /** Whose it is; null: the coordinators' own. */
  org: number | null
  severity: number
}

export interface Beginning extends Thing {
  kind: 'member' | 'csirt'
  cause: Cause
  /** Of the notice that went out with it; its first step tells nobody whom that told. */
  told?: { topic: string; kind: FirstNotice }
  /** An exercise stays one. */
  exercise?: boolean
}

export interface Climb extends Thing {
  id: number
  kind: 'member' | 'csirt'
  cause: Cause
  topic: string | null
  noticeKind: FirstNotice
  policy: Policy
  round: number
  firstRound: number
  nextNo: number
  /** ms since 1970: when the round began. */
  roundAt: number
}

const minuteMs = 60_000

/** Begins a climb; nothing where one about the same is under way. */
export async function begin(tx: Tx, wanted: Beginning, now: number): Promise<void> {
  const { kind, cause, org, warning, written, severity, told } = wanted
  const policy = await policyOf(tx, kind === 'csirt' ? null : org, kind)
  const first = policy.steps[0]
  await tx.query(
    `insert into oncall_climbs (kind, cause, org_id, warning_id, written_id, severity, topic, notice_kind, policy, round_at, next_at, began_at, readers)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10 / 1000.0), to_timestamp($11 / 1000.0), to_timestamp($10 / 1000.0), $12)
     on conflict do nothing`,
    [
      kind,
      cause,
      org,
      warning,
      written,
      severity,
      told?.topic ?? null,
      wanted.exercise ? 'exercise' : (told?.kind ?? 'ladder'),
      JSON.stringify(policy),
      now,
      now + (first?.delayMin ?? 0) * minuteMs,
      kind === 'csirt' || org === null ? [COORDINATORS] : [COORDINATORS, readersOfOrg(org)],
    ],
  )
}

const columns = `id, kind, cause, org_id as org, warning_id as warning, written_id as written, severity, topic, notice_kind as "noticeKind",
  policy, round, first_round as "firstRound", next_no as "nextNo", (extract(epoch from round_at) * 1000)::float8 as "roundAt"`

/** The next whose step is due, kept from other workers until the transaction ends. */
export async function claimDue(tx: Tx, now: number): Promise<Climb | undefined> {
  const { rows } = await tx.query<Climb & Record<string, unknown>>(
    `select ${columns} from oncall_climbs where next_at <= to_timestamp($1 / 1000.0)
     order by next_at, id limit 1 for update skip locked`,
    [now],
  )
  const [climb] = rows
  // The steps of another version of the program cannot be read: the usual ones still reach somebody.
  return (
    climb && { ...climb, policy: policyShape.safeParse(climb.policy).data ?? defaultPolicies[climb.kind] }
  )
}

/** Its step failed: others come first, and it is tried again. */
export async function setAside(tx: Tx, id: number, now: number): Promise<void> {
  await tx.query('update oncall_climbs set next_at = to_timestamp($2 / 1000.0) where id = $1', [
    id,
    now + minuteMs,
  ])
}

/** Why it has nothing to climb for any more; null while it has. */
export async function overOf(tx: Tx, id: number, now: number): Promise<EndWhy | null> {
  const { rows } = await tx.query<{ why: EndWhy | null }>(
    'select oncall_over(c, to_timestamp($2 / 1000.0)) as why from oncall_climbs c where c.id = $1',
    [id, now],
  )
  return rows[0]?.why ?? null
}

export async function end(tx: Tx, id: number, why: EndWhy, now: number): Promise<void> {
  await tx.query(
    `update oncall_climbs set state = 'ended', ended_why = $2, ended_at = to_timestamp($3 / 1000.0), next_at = null
     where id = $1 and ended_at is null`,
    [id, why, now],
  )
}

/** What waits of its messages begins so. */
export const topicOf = (id: number): string => `oncall ${id} `

/** When the steps begin again: as long after the last as that came after the one before it, at least five minutes. */
export function nextRoundAt({ steps }: Policy, roundAt: number): number {
  const [last, before] = [steps.at(-1)?.delayMin ?? 0, steps.at(-2)?.delayMin ?? 0]
  return roundAt + (last + Math.max(5, last - before)) * minuteMs
}
