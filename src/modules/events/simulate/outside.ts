/**
 * The internet around the sector, on benchmark and documentation ranges: 198.19.0.0/16, 203.0.113.0/24 and
 * the upper half of 2001:db8::/32. Each /24 has one character for the whole seed, because rules also look at
 * the neighbourhood of a source: a quiet partner's network must not look like a campaign by accident.
 */
import { Invalid } from '../../../platform/errors.ts'
import { type Random, randomFrom, shuffled } from './random.ts'
import { canonicalV6, type Member } from './sector.ts'

/**
 * `open` anybody's hosts, all they do is dropped · `affine` attackers interested in at most four members ·
 * `partner` suppliers that speak with two members and pass · `local` seen only by one member's own sensor ·
 * `stage` where labelled incidents come from, beside ordinary scanners.
 */
export type Character = 'open' | 'affine' | 'partner' | 'local' | 'stage'

export interface Net {
  /** First three numbers, `198.19.7`. */
  head: string
  character: Character
  /** Indexes of the members it has to do with; empty = all. */
  home: number[]
}

const shares: Record<Exclude<Character, 'open'>, number> = { affine: 40, partner: 48, local: 18, stage: 40 }

/** All /24 networks outside with their characters, the same for every day of a seed. */
export function castNets(members: readonly Member[], seed: string): Record<Character, Net[]> {
  const random = randomFrom(`${seed}:nets`)
  const heads = shuffled(
    Array.from({ length: 256 }, (_, i) => `198.19.${i}`),
    random,
  )
  const nets: Record<Character, Net[]> = { open: [], affine: [], partner: [], local: [], stage: [] }
  for (const character of ['affine', 'partner', 'local', 'stage'] as const) {
    heads.splice(0, shares[character]).forEach((head, i) => {
      const home = character === 'local' ? evenly(members, i) : homeOf(character, members, random)
      nets[character].push({ head, character, home })
    })
  }
  for (const head of [...heads, '203.0.113']) nets.open.push({ head, character: 'open', home: [] })
  return nets
}

/** Members with a sensor of their own in turn, so that none of these sensors is naturally quiet. */
function evenly(members: readonly Member[], i: number): number[] {
  const able = members.filter((m) => m.sensor !== null)
  return able.length > 0 ? [able[i % able.length]?.index ?? 0] : []
}

/** The members that a source of this character concerns itself with. */
export function homeOf(character: Character, members: readonly Member[], random: Random): number[] {
  const count = { open: 0, stage: 0, affine: 4, partner: 2, local: 1 }[character]
  return shuffled(members, random)
    .slice(0, count)
    .map((m) => m.index)
}

/** Hands out addresses that were not handed out before. */
export interface Addresses {
  used: Set<string>
  /** A free IPv4 host of this network; Invalid when it is full. */
  inNet(net: Net, random: Random): string
  /** A free IPv6 host in a /48 of its own. */
  v6(random: Random): string
}

export function addresses(): Addresses {
  const used = new Set<string>()
  const claim = (draw: () => string) => {
    for (let tries = 0; tries < 4000; tries++) {
      const text = draw()
      if (!used.has(text)) {
        used.add(text)
        return text
      }
    }
    throw new Invalid('Too many sources for the address ranges of the simulation.')
  }
  return {
    used,
    // 240 and above stay free for the exercise
    inNet: (net, random) => claim(() => `${net.head}.${random.between(1, 239)}`),
    v6: (random) =>
      claim(() => {
        const site = (0x8000 + random.below(0x7fff)).toString(16)
        return canonicalV6(
          `2001:db8:${site}:${random.between(1, 9)}::${random.between(1, 4095).toString(16)}`,
        )
      }),
  }
}
