/** Who the steps of a policy would be now, by name, and what those people lack. Asked by the program for who may read the policy. */
import type { Tx } from '../../platform/database.ts'
import type { Policy, PolicyChannel } from './policy.ts'
import { peopleOf } from './targets.ts'

export interface ReachedPerson {
  id: number
  name: string
  /** Ways that the step names and that cannot reach this person. */
  lacks: PolicyChannel[]
}

export interface ReachedStep {
  no: number
  people: ReachedPerson[]
}

/** `now` in ms since 1970. */
export async function preview(
  tx: Tx,
  { org, policy, zone }: { org: number | null; policy: Policy; zone: string },
  now: number,
): Promise<ReachedStep[]> {
  const found: ReachedStep[] = []
  for (const { no, targets, channels } of policy.steps) {
    const people = new Set<number>()
    for (const target of targets)
      for (const one of await peopleOf(tx, org, target, now, zone)) people.add(one)
    found.push({ no, people: await lacking(tx, [...people], channels) })
  }
  return found
}

async function lacking(tx: Tx, people: number[], channels: PolicyChannel[]): Promise<ReachedPerson[]> {
  const { rows } = await tx.query<{ id: number; name: string; mail: boolean; sms: boolean }>(
    `select p.id, p.name, not exists (select 1 from mail_standings s where s.address_key = address_key(p.email) and s.suspended_at is not null) as mail,
       exists (select 1 from contact_points c join channel_choices w on w.person_id = c.person_id and w.channel = c.channel
         where c.person_id = p.id and c.channel = 'sms' and c.ended_at is null and c.verified_at is not null) as sms
     from people p where p.id = any ($1) order by p.name collate "cs-x-icu", p.id`,
    [people],
  )
  return rows.map(({ id, name, ...has }) => ({
    id,
    name,
    lacks: (['mail', 'sms'] as const).filter((way) => channels.includes(way) && !has[way]),
  }))
}

/** No step reaches anybody by mail or text message. */
export const reachesNobody = (steps: ReachedStep[]): boolean =>
  steps.every(({ people }) => people.every(({ lacks }) => lacks.includes('mail')))
