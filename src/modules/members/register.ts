/**
 * Whose is it: the register of address ranges and domains, held in memory, answering for any moment in time.
 * A register is immutable; a change of the tables makes the program load a new one.
 */
import type { Queryable } from '../../platform/database.ts'
import { type Net, parseNet } from '../../values/address.ts'
import { buildMatcher, type Matcher } from '../../values/ranges.ts'

export interface NetworkRecord {
  id: number
  org: number
  net: Net
  role: string
  label: string
  /** Organisations with a wider record that may see the rows of this one too. */
  parents: number[]
}

interface Row {
  id: number
  org_id: number
  text: string
  role: string
  label: string
  visible_to_parent: boolean
  from_ms: number
  to_ms: number
}

interface DomainRow {
  org_id: number
  domain: string
  from_ms: number
  to_ms: number
}

export interface Register {
  /** The most specific records that hold the whole of `net` at `atMs`; equal ranges answer all their holders. */
  ownersOf(net: Net, atMs: number): readonly NetworkRecord[]
  /** Records that a wider `net` touches at `atMs`. */
  touchedBy(net: Net, atMs: number): NetworkRecord[]
  /** Organisations whose domain is `host` or a parent of it. */
  ownersOfHost(host: string, atMs: number): number[]
  /** Moments at which the register changed: pure functions of time are constant between them. */
  breaks: number[]
}

interface Snapshot {
  matcher: Matcher<NetworkRecord>
  domains: Map<string, number[]>
}

const roleOrder: Record<string, number> = { owner: 0, delegated: 1, provider: 2 }

function parentsOf(row: Row, net: Net, all: { row: Row; net: Net }[]): number[] {
  if (!row.visible_to_parent) return []
  const wider = all.filter(
    (other) =>
      other.row.org_id !== row.org_id &&
      other.net.v === net.v &&
      other.net.lo <= net.lo &&
      other.net.hi >= net.hi,
  )
  return [...new Set(wider.map((other) => other.row.org_id))]
}

function snapshotOf(rows: Row[], domains: DomainRow[], atMs: number): Snapshot {
  const valid = rows
    .filter((row) => row.from_ms <= atMs && atMs < row.to_ms)
    .sort((a, b) => (roleOrder[a.role] ?? 9) - (roleOrder[b.role] ?? 9) || a.id - b.id)
    .flatMap((row) => {
      const net = parseNet(row.text)
      return net ? [{ row, net }] : []
    })
  const records = valid.map(({ row, net }) => ({
    net,
    value: {
      id: row.id,
      org: row.org_id,
      net,
      role: row.role,
      label: row.label,
      parents: parentsOf(row, net, valid),
    },
  }))
  const byDomain = new Map<string, number[]>()
  for (const d of domains) {
    if (d.from_ms > atMs || atMs >= d.to_ms) continue
    byDomain.set(d.domain, [...(byDomain.get(d.domain) ?? []), d.org_id])
  }
  return { matcher: buildMatcher(records), domains: byDomain }
}

/** Keeps the snapshots of the last few periods asked for; almost every event belongs to the newest. */
function registerOf(rows: Row[], domains: DomainRow[]): Register {
  const breaks = [
    ...new Set(
      [...rows, ...domains].flatMap((r) => [r.from_ms, r.to_ms]).filter((ms) => Number.isFinite(ms)),
    ),
  ].sort((a, b) => a - b)
  const cache = new Map<number, Snapshot>()
  const last = breaks.at(-1) ?? Number.NEGATIVE_INFINITY
  const at = (ms: number): Snapshot => {
    const period = ms >= last ? breaks.length : breaks.findIndex((b) => b > ms)
    let found = cache.get(period)
    if (!found) {
      if (cache.size >= 16) cache.delete(cache.keys().next().value as number)
      found = snapshotOf(rows, domains, ms)
      cache.set(period, found)
    }
    return found
  }
  return {
    breaks,
    ownersOf: (net, ms) => at(ms).matcher.match(net),
    touchedBy: (net, ms) => at(ms).matcher.overlapping(net),
    ownersOfHost: (host, ms) => {
      const { domains: known } = at(ms)
      if (known.size === 0) return []
      for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
        const found = known.get(name)
        if (found) return found
      }
      return []
    },
  }
}

const milliseconds = (column: string): string =>
  `case when ${column} = 'infinity' then 'Infinity'::float8 when ${column} = '-infinity' then '-Infinity'::float8
        else extract(epoch from ${column}) * 1000 end`

export async function loadRegister(db: Queryable): Promise<Register> {
  const networks = await db.query<Row>(
    `select id, org_id, text, role, label, visible_to_parent,
       ${milliseconds('valid_from')}::float8 as from_ms, ${milliseconds('valid_to')}::float8 as to_ms from networks order by id`,
  )
  const domains = await db.query<DomainRow>(
    `select org_id, domain, ${milliseconds('valid_from')}::float8 as from_ms, ${milliseconds('valid_to')}::float8 as to_ms
     from domains order by id`,
  )
  return registerOf(networks.rows, domains.rows)
}

/** A register of nobody, for tests and for a start without a database. */
export const emptyRegister: Register = registerOf([], [])
