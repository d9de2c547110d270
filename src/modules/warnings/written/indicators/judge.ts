/** What must not be taken as an indicator, and why: nobody's lists may cut off a hospital, a service that all need, or ourselves. */
import type { Settings } from '../../../../platform/context.ts'
import type { Queryable } from '../../../../platform/database.ts'
import { type Net, parseNet } from '../../../../values/address.ts'
import { hostIn, type Indicator, type Never, neverListed } from '../../../../values/indicators.ts'
import { bounds } from '../../../../values/inet.ts'
import { criticalServices, listsNaming, neverListOf } from '../../../events/index.ts'
import { type Found, keyOf } from './find.ts'

/** What the judgement knows of this installation. */
export interface Grounds {
  listsDir: string | null
  /** Names of hSOC itself. */
  ours: string[]
  /** Documentation ranges and names are taken: the demonstration and tests live in them. */
  madeUp: boolean
}

export type Refusal =
  | { why: Never | 'hostbits' | 'ours' }
  /** Of which organisation it is, what of the never-list it meets, or which list names it. */
  | { why: 'own' | 'never' | 'listed'; by: string }

export interface Judged extends Found {
  refusal: Refusal | null
  /** The list of a cloud, or of a sender's provider, that names it: taken with care. */
  cloud: string | null
}

export function groundsOf({ listsDir, baseUrl, sensorsUrl, contacts, demo }: Settings): Grounds {
  const host = new URL(baseUrl).hostname
  const sensors = sensorsUrl === undefined ? [] : [new URL(sensorsUrl).hostname]
  const mail = (contacts ?? []).flatMap((one) => /^mailto:[^@]+@([^?]+)/.exec(one)?.[1] ?? [])
  const madeUp = demo || host.endsWith('.example') || host === 'localhost' || parseNet(host) !== null
  return { listsDir, ours: [...new Set([host, ...sensors, ...mail])], madeUp }
}

/** Reads the warning lists; do it before a transaction begins. Empty where there are none. */
export async function askLists(
  { listsDir }: Grounds,
  found: Indicator[],
): Promise<Map<string, { held: string[]; cloud: string[] }>> {
  const asked = found.flatMap((one) => {
    const host = one.kind === 'email' ? { mail: one.value } : hostIn(one)
    return host ? [{ key: keyOf(one), host }] : []
  })
  if (listsDir === null || asked.length === 0) return new Map()
  const answers = await listsNaming(
    listsDir,
    asked.map((one) => one.host),
  )
  return new Map(asked.map(({ key }, at) => [key, answers[at] ?? { held: [], cloud: [] }]))
}

/** As a coordinator, who reads all registers. */
export async function judge(
  tx: Queryable,
  found: Found[],
  grounds: Grounds,
  lists: Awaited<ReturnType<typeof askLists>>,
  now: number,
): Promise<Judged[]> {
  const owners = await ownersOf(tx, found, now)
  const never = await neverMet(tx, found)
  return found.map((one) => {
    const said = lists.get(keyOf(one))
    return {
      ...one,
      refusal: refusalOf(one, grounds, { owners, never, listed: said?.held[0] }),
      cloud: said?.cloud[0] ?? null,
    }
  })
}

function refusalOf(
  one: Found,
  { ours, madeUp }: Grounds,
  met: { owners: Map<string, string>; never: Map<string, string>; listed: string | undefined },
): Refusal | null {
  if (one.fault) return { why: one.fault }
  const useless = neverListed(one)
  if (useless && !(useless === 'documentation' && madeUp)) return { why: useless }
  const host = hostIn(one)
  if (
    host &&
    'name' in host &&
    ours.some((own) => isSameOrBelow(host.name, own) || isSameOrBelow(own, host.name))
  )
    return { why: 'ours' }
  const owner = met.owners.get(keyOf(one))
  if (owner !== undefined) return { why: 'own', by: owner }
  const service = met.never.get(keyOf(one))
  if (service !== undefined) return { why: 'never', by: service }
  return met.listed === undefined ? null : { why: 'listed', by: met.listed }
}

const isSameOrBelow = (name: string, above: string): boolean => name === above || name.endsWith(`.${above}`)

/** What of the never-list each of them meets: services that all need, and what coordinators put there; by `keyOf`. */
export async function neverMet(tx: Queryable, asked: Indicator[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ value: string }>(
    'select value from blocklist_never where removed_at is null',
  )
  const list = neverListOf({
    entries: [
      ...rows.map(({ value }) => ({ value, list: 'coordinator' as const })),
      ...criticalServices().map(({ value }) => ({ value, list: 'critical' as const })),
    ],
    publicLists: () => [],
    production: false,
  })
  return new Map(
    asked.flatMap((one) => {
      const hit = list.hits(one).find((met) => met.list === 'critical' || met.list === 'coordinator')
      return hit ? [[keyOf(one), hit.what] as const] : []
    }),
  )
}

/** Whose registered network or domain it touches, from within or around; by `keyOf`. */
export async function ownersOf(tx: Queryable, asked: Indicator[], now: number): Promise<Map<string, string>> {
  const nets: { key: string; net: Net }[] = []
  const names: { key: string; name: string; whole: boolean }[] = []
  for (const one of asked) {
    const host = hostIn(one)
    if (host && 'net' in host) nets.push({ key: keyOf(one), net: host.net })
    // Who blocks a name blocks all below it; a page of it, or a sender, is that one alone.
    if (host && 'name' in host) names.push({ key: keyOf(one), name: host.name, whole: one.kind === 'domain' })
  }
  const { rows } = await tx.query<{ key: string; name: string }>(
    `select distinct on (key) key, name from (
       select a.key, o.name from unnest($1::text[], $2::inet[], $3::inet[]) as a (key, low, high)
         join networks n on n.net_from <= a.high and n.net_to >= a.low and family(n.net_from) = family(a.low)
           and n.valid_from <= to_timestamp($7 / 1000.0) and n.valid_to > to_timestamp($7 / 1000.0)
         join organisations o on o.id = n.org_id and o.status <> 'left'
       union all
       select a.key, o.name from unnest($4::text[], $5::text[], $6::bool[]) as a (key, name, whole)
         join domains d on (a.name = d.domain or right(a.name, length(d.domain) + 1) = '.' || d.domain
             or a.whole and right(d.domain, length(a.name) + 1) = '.' || a.name)
           and d.valid_from <= to_timestamp($7 / 1000.0) and d.valid_to > to_timestamp($7 / 1000.0)
         join organisations o on o.id = d.org_id and o.status <> 'left') owned
     order by key, name`,
    [
      nets.map((one) => one.key),
      nets.map((one) => bounds(one.net)[0]),
      nets.map((one) => bounds(one.net)[1]),
      names.map((one) => one.key),
      names.map((one) => one.name),
      names.map((one) => one.whole),
      now,
    ],
  )
  return new Map(rows.map((row) => [row.key, row.name]))
}
