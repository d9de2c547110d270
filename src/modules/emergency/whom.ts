/** Who an organisation's step reaches and by which way: the preview shows it, and each step asks anew when it fires. */
import type { Queryable, Tx } from '../../platform/database.ts'
import { type PolicyChannel, peopleOf, type Step } from '../duty/index.ts'

export interface Told {
  /** Null: the contact address of the organisation, where nobody acts for it. */
  person: number | null
  name: string | null
  channel: PolicyChannel
  address: string
}

/** Addresses of people by way: mail addresses that work, proved numbers, devices that subscribed. A telephone is any proved number that coordinators may see, for them to call. */
export async function waysOf(tx: Queryable, org: number, people: number[]): Promise<Told[]> {
  if (people.length === 0) return []
  const { rows } = await tx.query<Told & Record<string, unknown>>(
    `select w.person, p.name, w.channel, w.address from (
       select p.id as person, 'mail' as channel, p.email as address, 0 as at from people p
         where p.id = any ($1) and not exists (select 1 from mail_standings s where s.address_key = address_key(p.email) and s.suspended_at is not null)
       union
       select x.person, a.channel, a.address, 0 from unnest($1::int[]) x (person) cross join lateral short_addresses(x.person) a where a.channel = 'push'
       union
       select c.person_id, k.channel, c.value, c.id from contact_points c
         cross join lateral (select 'sms' as channel where c.channel = 'sms' union all select 'phone' where c.channel in ('sms', 'phone') and c.readers && '{2}') k
         where c.person_id = any ($1) and c.org_id = any ((select organisation_with_merged($2))::int[]) and c.ended_at is null and c.verified_at is not null
     ) w join people p on p.id = w.person order by array_position($1, w.person), array_position(array['mail', 'sms', 'push', 'phone'], w.channel), w.at, w.address`,
    [people, org],
  )
  const seen = new Set<string>()
  return rows.filter(({ person, channel, address }) => {
    const key = `${person} ${channel} ${address}`
    return !seen.has(key) && seen.add(key)
  })
}

/** Everybody of a step, the first named first; without anybody the contact address of the organisation, if it has one. */
export async function stepReaches(tx: Tx, org: number, step: Step, now: number): Promise<Told[]> {
  const people: number[] = []
  for (const target of step.targets) {
    if (target === 'coordinator') continue
    for (const person of await peopleOf(tx, org, target, now))
      if (!people.includes(person)) people.push(person)
  }
  const found = await waysOf(tx, org, people)
  const told = found.filter(({ channel }) => step.channels.includes(channel))
  if (told.length > 0 || people.length > 0 || step.no > 1 || !step.channels.includes('mail')) return told
  const { rows } = await tx.query<{ address: string; name: string }>(
    `select o.contact_email as address, o.name from organisations o where o.id = $1 and o.contact_email <> '' and o.status <> 'left'
       and not exists (select 1 from mail_standings s where s.address_key = address_key(o.contact_email) and s.suspended_at is not null)`,
    [org],
  )
  return rows.map(({ address }) => ({ person: null, name: null, channel: 'mail' as const, address }))
}

/** Does a step hand the organisation to a coordinator at the telephone? */
export const isHandedOver = (step: Step): boolean => step.targets.includes('coordinator')
