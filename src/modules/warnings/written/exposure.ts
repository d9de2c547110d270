/** Whom of its audience a warning concerns, and why (sharing.md 11, matching). It decides who is asked to answer, never who may read. */
import { type Net, parseNet } from '../../../values/address.ts'
import type { Rules } from './types.ts'

/** An organisation as the rules look at it. */
export interface Exposable {
  networks: string[]
  domains: string[]
  kind: string
  region: string | null
}

export type Reason =
  | { why: 'all' }
  | { why: 'network'; own: string; rule: string }
  | { why: 'domain'; own: string; rule: string }
  | { why: 'kind' | 'region'; own: string }

/** At most so many reasons are kept of one organisation. */
const mostReasons = 10

const overlap = (a: Net, b: Net): boolean => a.v === b.v && a.lo <= b.hi && b.lo <= a.hi

/** Equal, or a name below it. */
const isBelow = (name: string, above: string): boolean => name === above || name.endsWith(`.${above}`)

/** Its rules name what hospitals run: of whom that holds, `owners.ts` finds, and the organisation alone learns. */
export const namesProducts = ({ products }: Rules): boolean => (products ?? []).length > 0

/**
 * The reasons for which the warning concerns the organisation; empty where it does not, or where only its inventory says so.
 * Without any rule it concerns everybody.
 */
export function reasonsOf(rules: Rules, org: Exposable): Reason[] {
  const { prefixes, domains, kinds, regions } = rules
  const lists = [prefixes, domains, kinds, regions, rules.products ?? []]
  if (rules.all || lists.every((list) => list.length === 0)) return [{ why: 'all' }]
  const own = org.networks.flatMap((text) => parseNet(text) ?? [])
  const reasons: Reason[] = []
  for (const rule of prefixes) {
    const net = parseNet(rule)
    for (const mine of net ? own.filter((one) => overlap(one, net)) : [])
      reasons.push({ why: 'network', own: mine.text, rule })
  }
  for (const rule of domains)
    for (const mine of org.domains.filter((one) => isBelow(one, rule) || isBelow(rule, one)))
      reasons.push({ why: 'domain', own: mine, rule })
  if (kinds.includes(org.kind)) reasons.push({ why: 'kind', own: org.kind })
  if (org.region !== null && regions.includes(org.region)) reasons.push({ why: 'region', own: org.region })
  return reasons.slice(0, mostReasons)
}
