/** Helpers for planting incidents: free members, hosts, foreign addresses, times, and the list of what was planted. */

import type { Net } from './outside.ts'
import { type Random, randomFrom, shuffled } from './random.ts'
import type { Member } from './sector.ts'
import type { Setup } from './setup.ts'
import type { Silence } from './silence.ts'
import type { Strand } from './strand.ts'
import { type TopicName, topics } from './topics.ts'
import type { Incident } from './truth.ts'

export interface Stage {
  setup: Setup
  random: Random
  incidents: Incident[]
  strands: Strand[]
  silences: Silence[]
  /** A member that no other single incident of the day concerns, as long as there are any. */
  member(fits?: (m: Member) => boolean): Member
  /** A host of the member that is not used by noise as a source. */
  host(member: Member): string
  /** A foreign network of its own. */
  net(): Net
  /** Start of a stretch of this length that ends within the day. */
  start(lengthMs: number): number
  /** Number of messages, scaled by the size of the day but never under `low`. */
  amount(low: number, high: number): number
  add(incident: Omit<Incident, 'id' | 'events'>, strands: Strand[]): void
}

export const minuteMs = 60_000

export function stageOf(setup: Setup): Stage {
  const random = randomFrom(`${setup.key}:incidents`)
  const nets = shuffled(setup.nets.stage, random)
  const free = shuffled(setup.members, random)
  const hosts = new Set<string>()
  let nextNet = 0
  const stage: Stage = {
    setup,
    random,
    incidents: [],
    strands: [],
    silences: [],
    member(fits = () => true) {
      const at = free.findIndex((m) => m.v4.length > 3 && fits(m))
      const chosen = free[at] ?? setup.members.find(fits) ?? random.pick(setup.members)
      if (at >= 0) free.splice(at, 1)
      return chosen
    },
    host(member) {
      const able = member.v4.filter((h, i) => i % 2 === 1 && !hosts.has(h))
      const host = random.pick(able.length > 0 ? able : member.v4)
      hosts.add(host)
      return host
    },
    net: () => nets[nextNet++ % nets.length] as Net, // there are always stage networks
    start: (lengthMs) => setup.startMs + random.below(setup.endMs - setup.startMs - lengthMs),
    amount: (low, high) => random.between(low, Math.max(low, Math.round(high * Math.sqrt(setup.scale)))),
    add(incident, strands) {
      const events = strands.reduce((sum, s) => sum + s.count, 0)
      stage.incidents.push({ ...incident, id: '', events })
      stage.strands.push(...strands)
    },
  }
  return stage
}

/** A strand with the usual values filled in; the service is the same for all its messages. */
export function strand(
  topic: TopicName,
  random: Random,
  given: Pick<Strand, 'origins' | 'groups' | 'home' | 'fromMs' | 'toMs' | 'count'> & Partial<Strand>,
): Strand {
  return {
    topic: topics[topic],
    service: random.pick(topics[topic].services),
    local: false,
    verdict: 'dropped',
    share: 100,
    spread: 1,
    inOrder: false,
    cursor: 0,
    exercise: null,
    ...given,
  }
}
