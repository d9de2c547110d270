/** Turns the planned cells of one hour into strands: which members, which addresses, when, with what verdict. */

import type { NoiseSource } from './noise-sources.ts'
import type { NoisePlan } from './plan.ts'
import { drawWeighted, type Random, randomFrom } from './random.ts'
import { textV4 } from './sector.ts'
import type { Setup } from './setup.ts'
import { hourMs, type Strand, type TargetGroup } from './strand.ts'

/** At or below this many events an hour a source keeps to its few addresses. */
const quiet = 5

export function noiseOfHour(setup: Setup, plan: NoisePlan, hour: number): Strand[] {
  const random = randomFrom(`${setup.key}:hour:${hour}`)
  const cells = plan.hours[hour]
  const strands: Strand[] = []
  for (let i = 0; cells && i < cells.source.length; i++) {
    const source = plan.sources[cells.source[i] ?? 0]
    if (source) strands.push(strandOf(setup, source, cells.topic[i] ?? 0, cells.count[i] ?? 1, hour, random))
  }
  return strands
}

function strandOf(
  setup: Setup,
  source: NoiseSource,
  topicIndex: number,
  count: number,
  hour: number,
  random: Random,
): Strand {
  const topic = source.topics[topicIndex]
  const service = source.services[topicIndex]
  if (!topic || !service) throw new RangeError('a cell names a topic its source does not have')
  const { nature } = source
  const outward = nature.from === 'own' && !nature.spoofed
  const partly = nature.from === 'partner' && nature.reach === 2 && random.chance(0.1)
  const start = setup.startMs + hour * hourMs
  const lengthMs = Math.round(hourMs * Math.min(1, 0.1 + random.part() * (count < 60 ? 0.9 : 1.6)))
  const fromMs = start + random.below(hourMs - lengthMs + 1)
  return {
    topic,
    service,
    origins: [source.origin],
    groups: outward ? [{ member: null, hosts: strangers(random) }] : targetsOf(setup, source, count, random),
    home: source.home[0] ?? 0,
    local: nature.from === 'local',
    verdict: partly ? 'partial' : nature.verdict,
    share: partly ? random.between(30, 80) : nature.verdict === 'dropped' ? 100 : 0,
    fromMs,
    toMs: fromMs + lengthMs,
    count,
    spread: topic.flows[1] > 100 ? 12 : 6,
    inOrder: false,
    cursor: 0,
    exercise: null,
  }
}

/** Busy sources go through members one after another, with enough at each not to look like a slow scan. */
function targetsOf(setup: Setup, source: NoiseSource, count: number, random: Random): readonly TargetGroup[] {
  if (count <= quiet) return source.few
  const wanted = Math.max(1, Math.min(source.nature.reach, Math.floor(count / 12)))
  const able = source.home.length > 0 ? source.home : setup.members.map((m) => m.index)
  const weights = able.map((index) => {
    const member = setup.members[index]
    return member && (!source.v6 || member.v6.length > 0) ? member.weight : 0
  })
  const drawn = drawWeighted(weights, wanted, random)
  const groups: TargetGroup[] = []
  for (const i of drawn) {
    const member = setup.members[able[i] ?? 0]
    const hosts = (source.v6 ? member?.v6 : member?.v4) ?? []
    if (!member || hosts.length === 0) continue
    const from = random.below(hosts.length)
    groups.push({ member: member.index, hosts: hosts.slice(from, from + 40) })
  }
  return groups.length > 0 ? groups : source.few
}

function strangers(random: Random): string[] {
  const base = 198 * 16777216 + 19 * 65536
  return [textV4(base + random.below(65536)), textV4(base + random.below(65536))]
}
