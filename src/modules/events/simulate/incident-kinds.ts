/** One function per kind of labelled incident: here the members' own machines and sensors. */
import { campaign, gotThrough, slowScan, volume } from './incident-attacks.ts'
import { textV4 } from './sector.ts'
import { minuteMs, type Stage, strand } from './stage.ts'
import type { Origin, Strand } from './strand.ts'
import type { TopicName } from './topics.ts'
import type { IncidentKind } from './truth.ts'

export const kinds: Record<IncidentKind, (stage: Stage) => void> = {
  'own-host': ownHost,
  'got-through': gotThrough,
  campaign,
  'slow-scan': slowScan,
  volume,
  'sensor-silent': sensorSilent,
}

const ownHostVariants = [
  'cc',
  'cc-target',
  'scan-out',
  'login-out',
  'spam-out',
  'trojan',
  'phishing',
] as const
const outwardTopic = {
  'scan-out': 'scan',
  'login-out': 'login',
  'spam-out': 'spam',
  trojan: 'trojan',
  phishing: 'phishing',
} satisfies Record<string, TopicName>

/** A member's machine misbehaves (rule W1): control server, outward scans and logins, spam, trojan, phishing page. */
function ownHost(stage: Stage): void {
  const { random } = stage
  const planted = stage.incidents.filter((i) => i.kind === 'own-host').length
  const variant = ownHostVariants[planted % ownHostVariants.length] ?? 'cc'
  const member = stage.member()
  const host = stage.host(member)
  const lengthMs = random.between(40, 260) * minuteMs
  const fromMs = stage.start(lengthMs)
  const toMs = fromMs + lengthMs
  const span = { home: member.index, fromMs, toMs }
  const sources: string[] = []
  let main: Strand
  if (variant === 'cc' || variant === 'cc-target') {
    const foreign = stage.setup.addresses.inNet(stage.net(), random)
    sources.push(foreign)
    const control: Origin = { address: foreign, types: ['CC', 'Botnet'] }
    const inside: Origin = { address: host, types: ['Botnet'] }
    const asTarget = variant === 'cc-target'
    main = strand('cc', random, {
      ...span,
      origins: asTarget ? [control] : [control, inside],
      groups: asTarget ? [{ member: member.index, hosts: [host] }] : [],
      count: stage.amount(8, 60),
      verdict: 'passed',
    })
  } else {
    main = strand(outwardTopic[variant], random, {
      ...span,
      origins: [
        { address: host, url: variant === 'phishing' ? `http://${member.slug}.example/ucet/` : undefined },
      ],
      groups: variant === 'phishing' ? [] : [{ member: null, hosts: strangers(stage, 60) }],
      count: stage.amount(12, 260),
      verdict: variant !== 'phishing' && random.chance(0.4) ? 'dropped' : 'passed',
      spread: 6,
    })
  }
  const strands = [main]
  if (member.sensor !== null) {
    strands.push({ ...main, local: true, verdict: 'unknown', count: Math.ceil(main.count / 4) })
  }
  const minSeverity = variant === 'cc-target' ? 'medium' : 'high'
  stage.add(
    {
      kind: 'own-host',
      variant,
      organisations: [member.slug],
      rule: 'W1',
      alsoBy: [],
      minSeverity,
      sources,
      hosts: [host],
      sensor: null,
      fromMs,
      toMs,
      needsHistory: false,
    },
    strands,
  )
}

/** Addresses outside that nobody else is: random, not counted as sources because they are only targets. */
function strangers(stage: Stage, n: number): string[] {
  const base = 198 * 16777216 + 19 * 65536
  return Array.from({ length: n }, () => textV4(base + stage.random.below(65536)))
}

/** A member's own sensor says nothing for hours (rule W5); what it would have seen comes from the perimeter. */
function sensorSilent(stage: Stage): void {
  const { random, setup } = stage
  const silent = new Set(stage.silences.map((s) => s.sensor))
  const able = setup.members.filter((m) => m.sensor !== null && !silent.has(m.sensor))
  if (able.length === 0) return
  const member = random.pick(able)
  const lengthMs = random.between(120, 240) * minuteMs
  const fromMs = stage.start(lengthMs)
  const toMs = fromMs + lengthMs
  const sensor = member.sensor ?? ''
  stage.silences.push({ sensor, fromMs, toMs })
  stage.add(
    {
      kind: 'sensor-silent',
      variant: 'own-sensor',
      organisations: [member.slug],
      rule: 'W5',
      alsoBy: [],
      minSeverity: 'medium',
      sources: [],
      hosts: [],
      sensor,
      fromMs,
      toMs,
      needsHistory: true,
    },
    [],
  )
}
