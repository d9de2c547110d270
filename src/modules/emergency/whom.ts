/** Who an organisation's step reaches and by which way: the preview shows it, and each step asks anew when it fires. */
import { kept, type Queryable } from '../../platform/database.ts'
import { gathered } from '../../platform/gathered.ts'
import { type PolicyChannel, peopleOf, type Step } from '../duty/index.ts'

export interface Told {
  /** Null: the contact address of the organisation, where nobody acts for it. */
  person: number | null
  name: string | null
  channel: PolicyChannel
  address: string
}

type Found = Told & { person: number; n: number }

/** A telephone is any proved number that coordinators may see, for them to call. */
const found = gathered(async (db, asked: { org: number; people: number[] }[]): Promise<Told[][]> => {
  const wanted = asked.flatMap(({ org, people }, n) =>
    people.map((person, place) => ({ n, org, person, place })),
  )
  const { rows } = await db.query<Found & Record<string, unknown>>(
    kept(`select w.n, w.person, p.name, x.channel, x.address
     from jsonb_to_recordset($1::jsonb) as w (n int, org int, person int, place int) join people p on p.id = w.person cross join lateral (
       select 'mail' as channel, p.email as address, 0 as at
         where not exists (select 1 from mail_standings s where s.address_key = address_key(p.email) and s.suspended_at is not null)
       union
       select a.channel, a.address, 0 from short_addresses(w.person) a where a.channel = 'push'
       union
       select k.channel, c.value, c.id from contact_points c
         cross join lateral (select 'sms' as channel where c.channel = 'sms' union all select 'phone' where c.channel in ('sms', 'phone') and c.readers && '{2}') k
         where c.person_id = w.person and c.org_id = any ((select organisation_with_merged(w.org))::int[]) and c.ended_at is null and c.verified_at is not null
     ) x order by w.n, w.place, array_position(array['mail', 'sms', 'push', 'phone'], x.channel), x.at, x.address`),
    [JSON.stringify(wanted)],
  )
  const ways = asked.map((): Told[] => [])
  for (const { n, ...one } of rows) ways[n]?.push(one)
  return ways
})

/** Addresses of people by way: mail addresses that work, proved numbers, devices that subscribed. */
export async function waysOf(tx: Queryable, org: number, people: number[]): Promise<Told[]> {
  if (people.length === 0) return []
  const seen = new Set<string>()
  return (await found(tx, { org, people })).filter(({ person, channel, address }) => {
    const key = `${person} ${channel} ${address}`
    return !seen.has(key) && seen.add(key)
  })
}

/** Everybody of a step, the first named first; without anybody the contact address of the organisation, if it has one. */
export async function stepReaches(tx: Queryable, org: number, step: Step, now: number): Promise<Told[]> {
  const named = new Set<number>()
  for (const target of step.targets) {
    if (target === 'coordinator') continue
    for (const person of await peopleOf(tx, org, target, now)) named.add(person)
  }
  const people = [...named]
  const told = (await waysOf(tx, org, people)).filter(({ channel }) => step.channels.includes(channel))
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
