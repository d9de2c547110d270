/** The stage of the simulation: members with hosts, sensors, and the addresses outside. */
import { Invalid } from '../../../platform/errors.ts'
import { type Random, randomFrom } from './random.ts'

/** An organisation as in content/demo-sector.json; other keys are ignored. */
export interface Organisation {
  name: string
  slug: string
  kind: string
  /** IPv4 and IPv6 in CIDR form; IPv6 at most /64. A longer prefix of another organisation is left to it. */
  prefixes: string[]
}

export interface Member {
  slug: string
  index: number
  /** Share of the attention of noise; larger houses draw more. */
  weight: number
  /** The perimeter sensor this member sits behind. */
  perimeter: string
  /** Its own sensor, where it has one. */
  sensor: string | null
  v4: string[]
  v6: string[]
}

export interface SimulatedSensor {
  name: string
  /** Slug of the owner; null for sensors of the shared perimeter. */
  member: string | null
}

const attention: Record<string, number> = {
  university_hospital: 8,
  region: 4,
  hospital: 3,
  institute: 2,
  ambulance: 1.5,
  clinic: 0.5,
}
const membersPerPerimeter = 10
const ownSensors = 6
const hostsPerMember = 160

/** Members with their hosts drawn from the seed. Throws Invalid when a campaign could not find enough members. */
export function castMembers(organisations: readonly Organisation[], seed: string): Member[] {
  if (organisations.length < 12) throw new Invalid('The simulation needs at least 12 organisations.')
  const owners = organisations.map((o) => o.prefixes.filter((p) => !p.includes(':')).map(parseV4))
  const withSensor = new Set(sensorOwners(organisations).map((o) => o.slug))
  return organisations.map((o, index) => {
    const random = randomFrom(`${seed}:hosts:${o.slug}`)
    const others = owners.filter((_, i) => i !== index).flat()
    return {
      slug: o.slug,
      index,
      weight: attention[o.kind] ?? 1,
      perimeter: perimeterOf(index),
      sensor: withSensor.has(o.slug) ? ownSensorOf(o.slug) : null,
      v4: drawV4(owners[index] ?? [], others, random),
      v6: drawV6(
        o.prefixes.filter((p) => p.includes(':')),
        random,
      ),
    }
  })
}

/** The sensors that appear in a day: one perimeter sensor per ten members and a few of the largest members' own. */
export function sensorsOf(organisations: readonly Organisation[]): SimulatedSensor[] {
  const perimeters = new Set(organisations.map((_, i) => perimeterOf(i)))
  return [
    ...[...perimeters].map((name) => ({ name, member: null })),
    ...sensorOwners(organisations).map((o) => ({ name: ownSensorOf(o.slug), member: o.slug })),
  ]
}

const perimeterOf = (index: number) => `cz.hsoc.perimetr${Math.floor(index / membersPerPerimeter) + 1}`
const ownSensorOf = (slug: string) => `cz.hsoc.${slug}.ids`

function sensorOwners(organisations: readonly Organisation[]): Organisation[] {
  const large = organisations.filter((o) => o.kind === 'university_hospital' || o.kind === 'hospital')
  return large.slice(0, ownSensors)
}

interface Block {
  base: number
  size: number
}

function parseV4(prefix: string): Block {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(prefix)
  if (!match) throw new Invalid(`Not an IPv4 prefix: ${prefix}`)
  const [a, b, c, d, length] = match.slice(1).map(Number) as [number, number, number, number, number]
  return { base: a * 16777216 + b * 65536 + c * 256 + d, size: 2 ** (32 - length) }
}

export const textV4 = (n: number) => `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`

function drawV4(blocks: Block[], others: Block[], random: Random): string[] {
  const hosts = new Set<string>()
  if (blocks.length === 0) return []
  for (let tries = 0; tries < hostsPerMember * 3 && hosts.size < hostsPerMember; tries++) {
    const block = random.pick(blocks)
    const address = block.base + random.between(1, Math.max(1, block.size - 2))
    const delegated = others.some(
      (o) => o.size < block.size && address >= o.base && address < o.base + o.size,
    )
    if (!delegated) hosts.add(textV4(address))
  }
  return [...hosts]
}

function drawV6(prefixes: string[], random: Random): string[] {
  if (prefixes.length === 0) return []
  const hosts = new Set<string>()
  while (hosts.size < 40) {
    const head = (random.pick(prefixes).split('::')[0] ?? '').split(':')
    const groups = [...head, '0', '0', '0'].slice(0, Math.max(3, head.length))
    if (groups.length < 4) groups.push(random.between(1, 64).toString(16))
    hosts.add(canonicalV6(`${groups.join(':')}::${random.between(1, 65535).toString(16)}`))
  }
  return [...hosts]
}

/** RFC 5952 form; the URL parser writes exactly that. */
export function canonicalV6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1)
}
