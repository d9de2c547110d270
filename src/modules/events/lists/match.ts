/** Which lists hold an address or a host name. Built once from loaded lists, then asked for every event. */

import type { Net } from '../../../values/address.ts'
import { parseNet } from '../../../values/address.ts'
import type { ListEffect, ListGroup } from './groups.ts'
import { groupNames } from './groups.ts'
import type { LoadedList } from './load.ts'
import type { Segments } from './segments.ts'
import { findAny, findWhole, layOut } from './segments.ts'

export interface Label {
  /** Folder of the list. */
  list: string
  name: string
  group: ListGroup
  effect: ListEffect
  version: string
  asOf: Date | null
}

export type Side = 'source' | 'target'

export interface MatcherSet {
  labels: Label[]
  onSources: boolean[]
  onTargets: boolean[]
  v4: Segments<number>
  v6: Segments<bigint>
  exact: Map<string, number[]>
  domains: Map<string, number[]>
  parts: { part: string; list: number }[]
  regexes: { regex: RegExp; list: number }[]
}

/** Longest host name that is looked up (RFC 1035); bounds the time of every expression. */
const longestHost = 253

/** Prepares lists for look-ups; the lists are not changed. */
export function matcherOf(lists: readonly LoadedList[]): MatcherSet {
  const v4: { lo: number; end: number; list: number }[] = []
  const v6: { lo: bigint; end: bigint; list: number }[] = []
  const set: MatcherSet = {
    labels: lists.map(({ folder, name, group, effect, version, asOf }) => {
      return { list: folder, name, group, effect, version, asOf }
    }),
    onSources: lists.map((list) => list.onSources),
    onTargets: lists.map((list) => list.onTargets),
    v4: layOut<number>([]),
    v6: layOut<bigint>([]),
    exact: new Map(),
    domains: new Map(),
    parts: [],
    regexes: [],
  }
  for (const [list, { patterns, onHosts }] of lists.entries()) {
    for (const net of patterns.nets) {
      if (net.v === 4) v4.push({ lo: net.lo, end: net.hi + 1, list })
      else v6.push({ lo: net.lo, end: net.hi + 1n, list })
    }
    // What speaks of senders of mail alone says nothing of hosts (`namesMail`).
    if (!onHosts) continue
    for (const host of patterns.exact) append(set.exact, host, list)
    for (const domain of patterns.domains) append(set.domains, domain, list)
    for (const part of patterns.parts) set.parts.push({ part, list })
    for (const regex of patterns.regexes) set.regexes.push({ regex, list })
  }
  set.v4 = layOut(v4)
  set.v6 = layOut(v6)
  return set
}

function append(map: Map<string, number[]>, key: string, list: number) {
  const lists = map.get(key)
  if (!lists) map.set(key, [list])
  else if (!lists.includes(list)) lists.push(list)
}

/**
 * All lists that hold the address, or the whole of a range or network; strongest group first.
 * `side` respects lists that speak only of sources or only of targets. Text that is no address gives none.
 */
export function labelsOf(set: MatcherSet, addressText: string, side: Side = 'source'): Label[] {
  const net = parseNet(addressText)
  return net ? labelsOfNet(set, net, side) : []
}

/** As `labelsOf`, for an address that is parsed already. */
export function labelsOfNet(set: MatcherSet, net: Net, side: Side = 'source'): Label[] {
  const found = net.v === 4 ? findWhole(set.v4, net.lo, net.hi) : findWhole(set.v6, net.lo, net.hi)
  const speaks = side === 'source' ? set.onSources : set.onTargets
  return ordered(
    set,
    found.filter((list) => speaks[list]),
  )
}

/** All lists that hold any address of the net, of sources or of targets. */
export function labelsTouching(set: MatcherSet, net: Net): Label[] {
  return ordered(set, net.v === 4 ? findAny(set.v4, net.lo, net.hi) : findAny(set.v6, net.lo, net.hi))
}

/** All lists that name the host: exactly, by a domain above it, by a part or by an expression. */
export function labelsOfHost(set: MatcherSet, hostText: string): Label[] {
  const host = hostText.trim().toLowerCase().replace(/\.$/, '')
  if (host === '' || host.length > longestHost) return []
  const found = new Set(set.exact.get(host))
  for (let rest = host; rest !== ''; rest = rest.includes('.') ? rest.slice(rest.indexOf('.') + 1) : '') {
    for (const list of set.domains.get(rest) ?? []) found.add(list)
  }
  for (const { part, list } of set.parts) if (host.includes(part)) found.add(list)
  for (const { regex, list } of set.regexes) if (!found.has(list) && regex.test(host)) found.add(list)
  return ordered(set, [...found])
}

/**
 * Whether a list that speaks of mail names the address itself, or only the domain it is sent from: a part of a name is there a domain, and
 * stands for what lies below it. `mail` in its normal form.
 */
export function namesMail({ onMails, patterns }: LoadedList, mail: string): 'address' | 'domain' | null {
  if (!onMails) return null
  if (patterns.exact.includes(mail) || patterns.regexes.some((regex) => regex.test(mail))) return 'address'
  const host = mail.slice(mail.lastIndexOf('@') + 1)
  const holds = (domain: string): boolean => host === domain || host.endsWith(`.${domain}`)
  return [patterns.exact, patterns.domains, patterns.parts].some((all) => all.some(holds)) ? 'domain' : null
}

function ordered(set: MatcherSet, found: readonly number[]): Label[] {
  return found
    .flatMap((list) => set.labels[list] ?? [])
    .sort((a, b) => rank(a) - rank(b) || (a.list < b.list ? -1 : 1))
}

function rank(label: Label): number {
  return groupNames.indexOf(label.group)
}

/** Whether an imported indicator must wait for a person: any warning list knows it; block lists do not count. */
export function isHeldForReview(labels: readonly Label[]): boolean {
  return labels.some((label) => label.group !== 'block-list')
}
