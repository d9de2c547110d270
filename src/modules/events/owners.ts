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
import type { NetworkRecord, Register } from '../members/index.ts'
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

const ownBy = (org: number, record: NetworkRecord | null, net: Net, end: End): Own => ({
  org,
  network: record?.id ?? null,
  label: record?.label ?? null,
  net,
  host: null,
  end,
})

/** Adds those whose the address or range is. */
function addOwners(found: Own[], net: Net, end: End, sensor: Sensor, register: Register, atMs: number): void {
  if (isTooWide(net)) return
  if (isSingle(net) && isSpecial(net)) return
  if (isPrivate(net)) {
    for (const inside of sensor.inside)
      if (contains(inside.net, net)) found.push(ownBy(inside.org, null, net, end))
    return
  }
  const held = register.ownersOf(net, atMs)
  for (const record of held) {
    found.push(ownBy(record.org, record, net, end))
    for (const org of record.parents) found.push(ownBy(org, record, net, end))
  }
  // A range over several records belongs to each, unless it only hides where in it the address lies.
  if (held.length > 0 || isSingle(net) || end.imprecise) return
  for (const record of register.touchedBy(net, atMs)) found.push(ownBy(record.org, record, net, end))
}

function ownOf(ends: End[], sensor: Sensor, register: Register, atMs: number): Own[] {
  const found: Own[] = []
  for (const end of ends) {
    for (const net of end.nets) addOwners(found, net, end, sensor, register, atMs)
    if (end.nets.length === 0)
      for (const host of end.hosts)
        for (const org of register.ownersOfHost(host, atMs))
          found.push({ org, network: null, label: null, net: null, host, end })
  }
  return found
}

const single = (net: Net | null | undefined): string | null =>
  net && isSingle(net) ? (net.v === 4 ? dotted(net.lo) : net.text) : null

/** The first single address of the ends that is not the member's own. */
function peerOf(ends: End[], more: End[], org: number, own: Own[]): string | null {
  for (const list of [ends, more])
    for (const end of list)
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
  const matches: Match[] = []
  const isNew = (org: number, side: number, key: SourceKey): boolean =>
    matches.length < maxMatches &&
    !matches.some((m) => m.org === org && m.side === side && m.key.text === key.text)
  for (const own of sources) {
    const inside = targets.some((t) => t.org === own.org)
    const side = inside ? sides.internal : sides.source
    const key = ownKey(own)
    if (!isNew(own.org, side, key)) continue
    matches.push({
      org: own.org,
      side,
      className: inside ? `${derived.sourceClass}-internal` : derived.sourceClass,
      key,
      severity: severityAt(derived, 'source', own.end, own.label),
      network: own.network,
      host: single(own.net),
      peer: peerOf(derived.targets, derived.sources, own.org, sources),
    })
  }
  for (const own of targets) {
    if (sources.some((s) => s.org === own.org)) continue
    for (const key of derived.keys) {
      if (!isNew(own.org, sides.target, key)) continue
      matches.push({
        org: own.org,
        side: sides.target,
        className: `${derived.targetClass}-target`,
        key,
        severity: severityAt(derived, 'target', own.end, own.label),
        network: own.network,
        host: single(own.net),
        peer: peerOf(derived.sources, [], own.org, []),
      })
    }
  }
  // What a sensor on trial says is nobody's business but its owner's.
  return derived.lane === 'test' ? matches.filter((match) => match.org === sensor.org) : matches
}
