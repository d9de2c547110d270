/** Who makes the noise: nature, address, home and habits of each source, by rank (0 = the busiest). */
import type { Planted } from './incidents.ts'
import { droppedMix, type Nature, type NatureName, natures, passedMix } from './natures.ts'
import { homeOf } from './outside.ts'
import { type Random, randomFrom, shuffled } from './random.ts'
import type { Setup } from './setup.ts'
import type { Origin, TargetGroup } from './strand.ts'
import { type Service, type Topic, topics } from './topics.ts'

export interface NoiseSource {
  origin: Origin
  nature: Nature
  topics: Topic[]
  /** One service per topic, for good: a change would be another class. */
  services: Service[]
  /** Indexes of the members it may touch; empty = any. */
  home: number[]
  /** The few addresses it tries when it is quiet. */
  few: TargetGroup[]
  v6: boolean
}

/** Sources of this part of the ranks return every day of the seed; the others are new each day. */
const lasting = 0.3
const v6Share = 0.06

/**
 * Natures by rank, so that dropped, passed and unknown get their shares of the events. Passed and unknown
 * sources are never among the very busiest: real perimeters do not let those in.
 */
export function natureOfRanks(
  setup: Setup,
  amounts: readonly number[],
  spoofed: number,
  planted: Planted,
): Nature[] {
  const { known, dropped } = setup.profile
  const from = Math.max(5, Math.round(amounts.length / 90))
  const counted = amounts.length - spoofed
  // ordered by a number of each rank's own, so that ranks keep their nature over the days of a seed
  const luck = amounts.map((_, rank) => randomFrom(`${setup.seed}:order:${rank}`).part())
  const order = Array.from({ length: counted - from }, (_, i) => from + i).sort(
    (a, b) => (luck[a] ?? 0) - (luck[b] ?? 0),
  )
  const through = planted.strands.reduce(
    (sum, s) =>
      sum + (s.verdict === 'passed' ? s.count : s.verdict === 'partial' ? s.count * (1 - s.share / 100) : 0),
    0,
  )
  const unknown = (1 - known) * setup.events - sumUnknown(planted)
  // a tenth of the partners' cells is only partly let through
  const passed = (known * (1 - dropped) * setup.events - through) / (1 - 0.55 * 0.1 * 0.55)
  const unknownRanks = takeUpTo(unknown, order, amounts)
  const passedRanks = takeUpTo(passed, order, amounts)
  return amounts.map((_, rank) => {
    if (rank >= counted) return natures.spoofed
    if (unknownRanks.has(rank)) return natures.local
    return natures[
      fromMix(
        passedRanks.has(rank) ? passedMix : droppedMix,
        randomFrom(`${setup.seed}:nature:${rank}`).part(),
      )
    ]
  })
}

const sumUnknown = (planted: Planted) =>
  planted.strands.reduce((sum, s) => sum + (s.verdict === 'unknown' ? s.count : 0), 0)

/** Takes ranks out of `rest` in order while their events fit into the budget. */
function takeUpTo(budget: number, rest: number[], amounts: readonly number[]): Set<number> {
  const taken = new Set<number>()
  let left = budget
  for (const rank of rest) {
    const amount = amounts[rank] ?? 0
    if (amount > left) continue
    taken.add(rank)
    left -= amount
  }
  rest.splice(0, rest.length, ...rest.filter((rank) => !taken.has(rank)))
  return taken
}

function fromMix(mix: readonly (readonly [NatureName, number])[], luck: number): NatureName {
  let sum = 0
  for (const [name, part] of mix) {
    sum += part
    if (luck < sum) return name
  }
  return mix[0]?.[0] ?? 'scanner'
}

/** One source; everything about it comes from its rank and the seed (and the day, unless it is a lasting one). */
export function drawSource(setup: Setup, nature: Nature, rank: number, ranks: number): NoiseSource {
  const key = rank < ranks * lasting ? setup.seed : setup.key
  const random = randomFrom(`${key}:source:${rank}`)
  const own = nature.from === 'own'
  const v6Members = setup.members.filter((m) => m.v6.length > 0)
  const v6 = !own && nature.from !== 'local' && v6Members.length >= 4 && random.chance(v6Share)
  const place = own
    ? ownHost(setup, random)
    : v6
      ? v6Host(setup, nature, random)
      : v4Host(setup, nature, random)
  const list = nature.topics.map((name) => topics[name])
  return {
    origin: {
      address: place.address,
      types: nature.types,
      spoofed: nature.spoofed,
      hostname: nature.hostname && `n${random.below(90) + 10}.${nature.hostname}`,
    },
    nature,
    topics: list,
    services: list.map((t) => random.pick<Service>(t.services)),
    home: place.home,
    few: fewTargets(setup, nature, place.home, v6, random),
    v6,
  }
}

interface Place {
  address: string
  home: number[]
}

/** Noise uses every second host of a member as its own sources; the others are left to incidents. */
function ownHost(setup: Setup, random: Random): Place {
  for (let tries = 0; tries < 4000; tries++) {
    const member = random.pick(setup.members)
    const half = member.v4.filter((_, i) => i % 2 === 0)
    const address = half.length > 0 ? random.pick(half) : undefined
    if (address && !setup.addresses.used.has(address)) {
      setup.addresses.used.add(address)
      return { address, home: [member.index] }
    }
  }
  return v4Host(setup, natures.partner, random)
}

function v4Host(setup: Setup, nature: Nature, random: Random): Place {
  const from = nature.from === 'own' ? 'partner' : nature.from
  const usable = setup.nets[from].filter((n) => from !== 'local' || n.home.length > 0)
  const net = random.pick(usable)
  return { address: setup.addresses.inNet(net, random), home: net.home }
}

function v6Host(setup: Setup, nature: Nature, random: Random): Place {
  const from = nature.from === 'own' ? 'partner' : nature.from
  const able = setup.members.filter((m) => m.v6.length > 0)
  return { address: setup.addresses.v6(random), home: homeOf(from, able, random) }
}

/** At most twelve addresses of six members: below what makes a slow scan (rule W7). */
function fewTargets(
  setup: Setup,
  nature: Nature,
  home: number[],
  v6: boolean,
  random: Random,
): TargetGroup[] {
  const able =
    home.length > 0 ? home : setup.members.filter((m) => !v6 || m.v6.length > 0).map((m) => m.index)
  const members = shuffled(able, random).slice(0, Math.min(6, nature.reach))
  return members.flatMap((index) => {
    const member = setup.members[index]
    const hosts = (v6 ? member?.v6 : member?.v4) ?? []
    return hosts.length > 0 ? [{ member: index, hosts: shuffled(hosts, random).slice(0, 2) }] : []
  })
}
