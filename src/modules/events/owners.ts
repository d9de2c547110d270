/** Whom an event concerns: each side of it against the register as it was at the event's time. */
import {
  contains,
  dotted,
  isPrivate,
  isSingle,
  isSpecial,
  isTooWide,
  type Net,
} from '../../values/address.ts'
import type { Register } from '../members/index.ts'
import type { Derived, End, SourceKey } from './event.ts'
import { severityAt } from './match-severity.ts'
import type { Sensor } from './sensors.ts'

export const sides = { none: 0, source: 1, target: 2, internal: 3 } as const

/** One organisation's part in an event. */
export interface Match {
  org: number
  side: 1 | 2 | 3
  className: string
  key: SourceKey
  severity: number
  network: number | null
  /** The member's own address, when it is a single one. */
  host: string | null
  /** The other end, when it is a single address. */
  peer: string | null
}

interface Own {
  org: number
  network: number | null
  label: string | null
  net: Net | null
  host: string | null
  end: End
}

/** More rows than this for one event would let a single message fill a table. */
const maxMatches = 256

function ownersOfNet(
  net: Net,
  end: End,
  sensor: Sensor,
  register: Register,
  atMs: number,
): { org: number; network: number | null; label: string | null }[] {
  if (isTooWide(net)) return []
  if (isSingle(net) && isSpecial(net)) return []
  if (isPrivate(net))
    return sensor.inside
      .filter((inside) => contains(inside.net, net))
      .map((inside) => ({ org: inside.org, network: null, label: null }))
  const held = register.ownersOf(net, atMs)
  if (held.length > 0)
    return held.flatMap((record) => [
      { org: record.org, network: record.id, label: record.label },
      ...record.parents.map((org) => ({ org, network: record.id, label: record.label })),
    ])
  // A range over several records belongs to each, unless it only hides where in it the address lies.
  if (isSingle(net) || end.imprecise) return []
  return register
    .touchedBy(net, atMs)
    .map((record) => ({ org: record.org, network: record.id, label: record.label }))
}

function ownOf(ends: End[], sensor: Sensor, register: Register, atMs: number): Own[] {
  const found: Own[] = []
  for (const end of ends) {
    for (const net of end.nets)
      for (const owner of ownersOfNet(net, end, sensor, register, atMs))
        found.push({ ...owner, net, host: null, end })
    if (end.nets.length === 0)
      for (const host of end.hosts)
        for (const org of register.ownersOfHost(host, atMs))
          found.push({ org, network: null, label: null, net: null, host, end })
  }
  return found
}

const single = (net: Net | null | undefined): string | null =>
  net && isSingle(net) ? (net.v === 4 ? dotted(net.lo) : net.text) : null

function peerOf(ends: End[], org: number, own: Own[]): string | null {
  for (const end of ends)
    for (const net of end.nets) {
      const text = single(net)
      if (text && !own.some((o) => o.org === org && o.net?.text === net.text)) return text
    }
  return null
}

const ownKey = (own: Own): SourceKey => {
  if (!own.net) return { text: own.host ?? 'none', kind: 'host', counted: false }
  if (!isSingle(own.net)) return { text: own.net.text, kind: 'range', counted: false }
  return { text: own.net.text, kind: 'address', counted: !own.end.spoofed }
}

/**
 * The organisations concerned, each on its side: our host as source is known by its own address, as target by the
 * attacker's key. Both ends in one organisation give one row of the internal side.
 */
export function matchesOf(derived: Derived, sensor: Sensor, register: Register): Match[] {
  const atMs = derived.detectedMs
  const sources = ownOf(derived.sources, sensor, register, atMs)
  const targets = ownOf(derived.targets, sensor, register, atMs)
  if (sources.length === 0 && targets.length === 0) return []
  const matches = new Map<string, Match>()
  const put = (match: Match): void => {
    const id = `${match.org} ${match.side} ${match.key.text}`
    if (matches.size < maxMatches && !matches.has(id)) matches.set(id, match)
  }
  for (const own of sources) {
    const inside = targets.some((t) => t.org === own.org)
    put({
      org: own.org,
      side: inside ? sides.internal : sides.source,
      className: inside ? `${derived.sourceClass}-internal` : derived.sourceClass,
      key: ownKey(own),
      severity: severityAt(derived, 'source', own.end, own.label),
      network: own.network,
      host: single(own.net),
      peer: peerOf([...derived.targets, ...derived.sources], own.org, sources),
    })
  }
  for (const own of targets) {
    if (sources.some((s) => s.org === own.org)) continue
    for (const key of derived.keys)
      put({
        org: own.org,
        side: sides.target,
        className: `${derived.targetClass}-target`,
        key,
        severity: severityAt(derived, 'target', own.end, own.label),
        network: own.network,
        host: single(own.net),
        peer: peerOf(derived.sources, own.org, []),
      })
  }
  // What a sensor on trial says is nobody's business but its owner's.
  if (derived.lane === 'test') return [...matches.values()].filter((match) => match.org === sensor.org)
  return [...matches.values()]
}
