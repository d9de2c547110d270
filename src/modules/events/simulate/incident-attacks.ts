/** Labelled attacks from outside; each function plants one (a campaign that gets through adds its W3 part). */
import { shuffled } from './random.ts'
import type { Member } from './sector.ts'
import { minuteMs, type Stage, strand } from './stage.ts'
import { hourMs, type Strand } from './strand.ts'
import type { TopicName } from './topics.ts'

const throughTopics: TopicName[] = ['exploit', 'login', 'trojan', 'access']

/** Dropped tries, then some pass (rule W3); in part of the cases the machine hit then speaks to the attacker. */
export function gotThrough(stage: Stage): void {
  const { random } = stage
  const planted = stage.incidents.filter((i) => i.kind === 'got-through').length
  const topic = throughTopics[planted % throughTopics.length] ?? 'exploit'
  const member = stage.member()
  const attacker = stage.setup.addresses.inNet(stage.net(), random)
  const host = stage.host(member)
  const lengthMs = random.between(15, 70) * minuteMs
  const fromMs = stage.start(lengthMs + 30 * minuteMs)
  const hitMs = fromMs + Math.round(lengthMs * 0.6)
  const toMs = fromMs + lengthMs
  const partial = random.chance(0.3)
  const tries = strand(topic, random, {
    origins: [{ address: attacker }],
    groups: [{ member: member.index, hosts: [host, ...member.v4.slice(0, 3)] }],
    home: member.index,
    fromMs,
    toMs: hitMs,
    count: stage.amount(8, 50),
    spread: 2,
  })
  const hits: Strand = {
    ...tries,
    groups: [{ member: member.index, hosts: [host] }],
    fromMs: hitMs,
    toMs,
    count: random.between(3, 18),
    verdict: partial ? 'partial' : 'passed',
    share: partial ? random.between(20, 90) : 0,
  }
  const answered = planted % 2 === 1
  const answer = strand('connection', random, {
    origins: [{ address: host }],
    groups: [{ member: null, hosts: [attacker] }],
    home: member.index,
    fromMs: toMs - minuteMs,
    toMs: toMs + 12 * minuteMs,
    count: random.between(2, 6),
    verdict: 'passed',
  })
  stage.add(
    {
      kind: 'got-through',
      variant: answered ? `${topic}-answered` : topic,
      organisations: [member.slug],
      rule: 'W3',
      alsoBy: [],
      minSeverity: answered ? 'critical' : 'high',
      sources: [attacker],
      hosts: [host],
      sensor: null,
      fromMs: hitMs,
      toMs: answered ? answer.toMs : toMs,
      needsHistory: false,
    },
    answered ? [tries, hits, answer] : [tries, hits],
  )
}

/** One source or one /24 at six or more members within 50 minutes (rule W2), now and then with a hit that passes. */
export function campaign(stage: Stage): void {
  const { random, setup } = stage
  const planted = stage.incidents.filter((i) => i.kind === 'campaign').length
  const passed = planted % 2 === 0
  const wide = planted % 3 === 1
  const topic: TopicName = passed && random.chance(0.5) ? 'login' : 'exploit'
  const net = stage.net()
  const attackers = Array.from({ length: wide ? random.between(4, 7) : 1 }, () =>
    setup.addresses.inNet(net, random),
  )
  const hit = shuffled(setup.members, random).slice(0, random.between(6, 13))
  const lengthMs = random.between(15, 48) * minuteMs
  const fromMs = stage.start(lengthMs)
  const toMs = fromMs + lengthMs
  const model = strand(topic, random, { origins: [], groups: [], home: 0, fromMs, toMs, count: 0, spread: 3 })
  const at = (m: Member, i: number): Strand => ({
    ...model,
    origins: [{ address: attackers[i % attackers.length] as string }], // at least one attacker
    groups: [{ member: m.index, hosts: m.v4.slice(0, 12) }],
    home: m.index,
    count: random.between(2, 6),
  })
  const strands = hit.map(at)
  const common = {
    sources: wide ? [...attackers, `${net.head}.0/24`] : attackers,
    sensor: null,
    fromMs,
    toMs,
    needsHistory: false,
  }
  stage.add(
    {
      kind: 'campaign',
      variant: `${wide ? 'network' : 'source'}${passed ? '-passed' : ''}`,
      ...common,
      organisations: hit.map((m) => m.slug),
      rule: 'W2',
      alsoBy: ['W3'],
      minSeverity: passed ? 'high' : 'medium',
      hosts: [],
    },
    strands,
  )
  const unlucky = hit[0]
  if (!passed || !unlucky) return
  const host = stage.host(unlucky)
  const through: Strand = {
    ...at(unlucky, 0),
    groups: [{ member: unlucky.index, hosts: [host] }],
    fromMs: Math.round((fromMs + toMs) / 2),
    verdict: 'passed',
    share: 0,
    count: random.between(2, 5),
  }
  stage.add(
    {
      kind: 'got-through',
      variant: 'in-campaign',
      ...common,
      fromMs: through.fromMs,
      organisations: [unlucky.slug],
      rule: 'W3',
      alsoBy: ['W2'],
      minSeverity: 'high',
      hosts: [host],
    },
    [through],
  )
}

/** Hours of at most four messages each, every time another address (rule W7): one member, or quietly the sector. */
export function slowScan(stage: Stage): void {
  const { random, setup } = stage
  const planted = stage.incidents.filter((i) => i.kind === 'slow-scan').length
  const sector = planted % 3 === 2
  const large = setup.members.filter((m) => m.v4.length >= 45)
  const scanned = sector ? shuffled(large, random).slice(0, 5) : [stage.member((m) => m.v4.length >= 45)]
  const hours = random.between(11, 15)
  // whole hours, so that an even spread never puts more than four messages into one
  const firstHour = random.below(setup.hours - hours)
  const fromMs = setup.startMs + firstHour * hourMs
  const toMs = fromMs + hours * hourMs
  const attacker = setup.addresses.inNet(stage.net(), random)
  const perHour = random.between(3, 4)
  const model = strand('scan', random, {
    origins: [{ address: attacker }],
    groups: [],
    home: 0,
    fromMs,
    toMs,
    count: 0,
    inOrder: true,
  })
  const hosts = scanned.map((m) => ({ member: m.index, hosts: shuffled(m.v4, random).slice(0, 60) }))
  const strands = Array.from({ length: hours }, (_, h): Strand => {
    const group = hosts[h % hosts.length] ?? { member: null, hosts: [] }
    const from = fromMs + h * hourMs
    return {
      ...model,
      groups: [group],
      home: group.member ?? 0,
      fromMs: from,
      toMs: from + hourMs,
      count: perHour,
      cursor: h * perHour,
    }
  })
  stage.add(
    {
      kind: 'slow-scan',
      variant: sector ? 'sector' : 'member',
      organisations: sector ? [] : scanned.map((m) => m.slug),
      rule: 'W7',
      alsoBy: [],
      minSeverity: sector ? 'medium' : 'low',
      sources: [attacker],
      hosts: [],
      sensor: null,
      fromMs,
      toMs,
      needsHistory: false,
    },
    strands,
  )
}

/** Far more than usual at one member (rule W6): a flood of packets partly let in, or of dropped login attempts. */
export function volume(stage: Stage): void {
  const { random, setup } = stage
  const planted = stage.incidents.filter((i) => i.kind === 'volume').length
  const flood = planted % 2 === 0
  const member = stage.member()
  const nets = [stage.net(), stage.net(), stage.net()]
  const n = Math.max(6, Math.round((flood ? 45 : 16) * Math.sqrt(setup.scale)))
  const attackers = Array.from({ length: n }, () => setup.addresses.inNet(random.pick(nets), random))
  const lengthMs = random.between(25, 50) * minuteMs
  // inside one UTC hour: the rule compares hours
  const fromMs = setup.startMs + random.below(setup.hours) * hourMs + random.below(hourMs - lengthMs)
  const toMs = fromMs + lengthMs
  const total = Math.max(160, Math.round(setup.events * 0.0012))
  const host = stage.host(member)
  const model = strand(flood ? 'ddos' : 'login', random, {
    origins: [],
    groups: [{ member: member.index, hosts: flood ? [host] : member.v4.slice(0, 20) }],
    home: member.index,
    fromMs,
    toMs,
    count: 0,
    spread: flood ? 1 : 3,
    verdict: flood ? 'partial' : 'dropped',
    share: flood ? 70 : 100,
  })
  const strands = attackers.map(
    (address): Strand => ({ ...model, origins: [{ address }], count: Math.ceil(total / n) }),
  )
  stage.add(
    {
      kind: 'volume',
      variant: flood ? 'flood' : 'logins',
      organisations: [member.slug],
      rule: 'W6',
      alsoBy: [],
      minSeverity: flood ? 'high' : 'low',
      sources: attackers,
      hosts: flood ? [host] : [],
      sensor: null,
      fromMs,
      toMs,
      needsHistory: true,
    },
    strands,
  )
}
