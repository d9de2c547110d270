/** Which warning lists name what a person wants to take as an indicator: asked now and then, so nothing is kept in memory. */
import { setImmediate } from 'node:timers/promises'
import type { Net } from '../../../values/address.ts'
import { eachList } from './load.ts'
import {
  isHeldForReview,
  type Label,
  labelsOfHost,
  labelsOfNet,
  type MatcherSet,
  matcherOf,
  namesMail,
} from './match.ts'

export type Host = { net: Net } | { name: string } | { mail: string }

/**
 * What lists say of one host: `held` names those that know it as harmless, `cloud` those by which others live there too. Of a sender of mail
 * the first name the address itself, the others the domain, from which others write as well.
 */
export interface Listed {
  held: string[]
  cloud: string[]
}

/** For each host, in their order; block lists say nothing here. Other work goes on between two lists. */
export async function listsNaming(dir: string, hosts: Host[]): Promise<Listed[]> {
  const answers = hosts.map((): Listed => ({ held: [], cloud: [] }))
  for (const list of eachList(dir)) {
    const set = matcherOf([list])
    for (const [at, host] of hosts.entries()) {
      if ('mail' in host) {
        const named = list.group === 'block-list' ? null : namesMail(list, host.mail)
        const domain = host.mail.slice(host.mail.lastIndexOf('@') + 1)
        if (named === 'address') answers[at]?.held.push(list.name)
        else if (named === 'domain' || isHeldForReview(labelsOfName(set, domain)))
          answers[at]?.cloud.push(list.name)
        continue
      }
      const labels =
        'name' in host
          ? labelsOfName(set, host.name)
          : [...labelsOfNet(set, host.net, 'source'), ...labelsOfNet(set, host.net, 'target')]
      if (isHeldForReview(labels)) answers[at]?.[isCloud(labels) ? 'cloud' : 'held'].push(list.name)
    }
    await setImmediate()
  }
  return answers
}

/** Lists of sites name them with `www.` or without, and mean both. */
const labelsOfName = (set: MatcherSet, name: string): Label[] =>
  [name, name.replace(/^www\./, '')].flatMap((one) => labelsOfHost(set, one))

/** Attackers rent there like everybody: a reason to look twice, none to refuse (exchange.md 7). */
const isCloud = (labels: readonly Label[]): boolean => labels.every((label) => label.group === 'cloud-tenant')
