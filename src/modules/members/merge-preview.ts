/** What a merger would do, said before it is done; and the mergers of an organisation. As the actor of the transaction. */
import type { Tx } from '../../platform/database.ts'
import { type Colleague, colleagues } from './colleagues.ts'
import { managersOf } from './managing.ts'
import { type Other, readOther } from './members.ts'
import { type Obstacle, obstacle, undoableUntil } from './merging.ts'

export interface Preview {
  org: Other & { status: string }
  into: Other & { status: string }
  obstacle: Obstacle | null
  networks: string[]
  domains: string[]
  /** Warnings that are not closed. */
  warnings: number
  /** Sensors that may send. */
  sensors: number
  /** API keys in force. */
  keys: number
  signatures: number
  people: (Colleague & { manages: boolean })[]
  /** People who manage the successor's people now. */
  managers: number
}

interface Row {
  id: number
  org_id: number
  name: string
  status: string
  merged: boolean
  networks: string[]
  domains: string[]
  warnings: number
  sensors: number
  keys: number
  signatures: number
}

const inForce = 'valid_from <= (select actor_now()) and valid_to > (select actor_now())'

async function lookAt(tx: Tx, org: number): Promise<Row> {
  await readOther(tx, org)
  const { rows } = await tx.query<Row & Record<string, unknown>>(
    `select o.id, o.id as org_id, o.name, o.status, o.merged_into is not null as merged,
       array(select text from networks where org_id = o.id and closed_at is null and ${inForce} order by family(net_from), net_from, id) as networks,
       array(select domain from domains where org_id = o.id and closed_at is null and ${inForce} order by domain) as domains,
       (select count(*)::int from warnings where org_id = any ((select organisation_with_merged($1))::int[]) and lane = 0 and state <> 'closed') as warnings,
       (select count(*)::int from sensors where org_id = o.id and disabled_at is null) as sensors,
       (select count(*)::int from api_keys where org_id = o.id and revoked_at is null and expires_at > (select actor_now())) as keys,
       (select count(*)::int from signatures where org_id = o.id and state <> 'withdrawn') as signatures
     from organisations o where o.id = $1`,
    [org],
  )
  return rows[0] as Row // readOther has thrown where there is none
}

/** Throws NotFound. */
export async function preview(tx: Tx, org: number, into: number, now: number): Promise<Preview> {
  const from = await lookAt(tx, org)
  const to = await lookAt(tx, into)
  const managers = await managersOf(tx, org, now)
  const { networks, domains, warnings, sensors, keys, signatures } = from
  const found = await colleagues(tx, org)
  return {
    org: from,
    into: to,
    obstacle: obstacle(from, to),
    ...{ networks, domains, warnings, sensors, keys, signatures },
    people: found.map((person) => ({ ...person, manages: managers.includes(person.id) })),
    managers: (await managersOf(tx, into, now)).length,
  }
}

export interface Merger {
  org: Other
  into: Other
  reason: string
  by: string
  /** Milliseconds since 1970. */
  at: number
  /** Until when it can be undone; null for one that was. */
  undoable: number | null
  undone: { at: number; by: string; reason: string } | null
}

interface MergerRow extends Omit<Merger, 'undoable' | 'undone'> {
  undoneAt: number | null
  undoneBy: string | null
  undoneReason: string | null
}

/** Into which it was merged and what was merged into it, also what was undone; the newest first, at most 100. */
export async function mergers(tx: Tx, org: number): Promise<Merger[]> {
  const { rows } = await tx.query<MergerRow & Record<string, unknown>>(
    `select g.org_id, json_build_object('id', g.org_id, 'name', o.name) as org, json_build_object('id', g.into_id, 'name', i.name) as into,
       g.reason, g.actor as by, (extract(epoch from g.at) * 1000)::float8 as at, (extract(epoch from g.undone_at) * 1000)::float8 as "undoneAt",
       g.undone_actor as "undoneBy", g.undone_reason as "undoneReason"
     from organisation_merges g join organisations o on o.id = g.org_id join organisations i on i.id = g.into_id
     where g.org_id = $1 or g.into_id = $1 order by g.at desc, g.id desc limit 100`,
    [org],
  )
  return rows.map(({ org: from, into, reason, by, at, undoneAt, undoneBy, undoneReason }) => ({
    ...{ org: from, into, reason, by, at },
    undoable: undoneAt === null ? undoableUntil(at) : null,
    undone: undoneAt === null ? null : { at: undoneAt, by: undoneBy ?? '', reason: undoneReason ?? '' },
  }))
}
