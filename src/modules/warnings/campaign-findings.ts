/** What a campaign says to whom: each member of itself and a band, the coordinators the whole. */

import { bandOf } from '../events/index.ts'
import type { Group } from './campaigns.ts'
import { leadOf } from './classbook.ts'
import { doneOf, findingOf } from './explain.ts'
import type { Episode, Place, Surroundings } from './gather.ts'
import { severityAt } from './rules/w2.ts'
import type { RuleSettings } from './rules.ts'
import type { Finding, Met } from './types.ts'

interface Context {
  settings: RuleSettings
  around: Surroundings
  names: Map<number, string>
  now: number
}

/** Members are told of others only as a band; from five on the rule itself says that there are so many. */
const inAll = (members: number): string => bandOf(members, Number.POSITIVE_INFINITY) ?? ''

const countsOfMembers = new Set(['members', 'membersPassed'])
/** A member never reads how many others were hit. */
const withoutCounts = (thresholds: Met[]): Met[] => thresholds.filter((met) => !countsOfMembers.has(met.name))

export const topicOf = (group: Group): string => `net ${group.net}`

/** The finding for one member hit; `hits` are its own episodes of the group. */
export function memberFinding(group: Group, hits: Episode[], place: Place, context: Context): Finding | null {
  const { judged, campaign } = group
  const lead = hits.reduce<Episode | null>(
    (best, e) => (best === null || e.severity > best.severity ? e : best),
    null,
  )
  const member = campaign.members.find((m) => m.org === lead?.org)
  if (!judged.fires || !lead || !member) return null
  const told = judged.told === 'members'
  if (!told && member.passed + member.partial === 0) return null
  const finding = findingOf(
    'W2',
    topicOf(group),
    lead,
    {
      severity: severityAt(member, judged.severity),
      steps: member.intrusion
        ? [...judged.steps, { from: judged.severity, to: 4, why: 'intrusion' }]
        : judged.steps,
      thresholds: told ? withoutCounts(judged.thresholds) : [],
      words: told ? 'W2' : 'W2-few',
    },
    {
      ...context,
      place,
      params: {
        source: hits.length > 1 ? group.net : lead.text,
        minutes: context.settings.params.minutes ?? 60,
        threshold: context.settings.params.members ?? 5,
        band: told ? inAll(campaign.members.length) : '',
        n: member.events,
      },
    },
  )
  finding.episodes = hits.map((e) => e.id)
  finding.first = Math.min(...hits.map((e) => e.first))
  finding.last = Math.max(...hits.map((e) => e.last))
  finding.explanation.sources = [...new Set(hits.map((e) => e.text))].slice(0, 50)
  finding.explanation.done = doneOf(member)
  return finding
}

/** The coordinators' own warning of the whole campaign, members by name. */
export function sectorFinding(group: Group, names: Map<number, string>, context: Context): Finding | null {
  const { judged, campaign, episodes } = group
  const widest = episodes[0]
  if (!judged.fires || !widest) return null
  const sum = { events: 0, dropped: 0, passed: 0, partial: 0 }
  for (const m of campaign.members)
    for (const key of ['events', 'dropped', 'passed', 'partial'] as const) sum[key] += m[key]
  const severity = campaign.members.some((m) => m.intrusion) ? 4 : judged.severity
  const finding = findingOf(
    'W2',
    topicOf(group),
    { ...widest, ...sum, org: 0 },
    { severity, steps: judged.steps, thresholds: judged.thresholds, words: 'W2-sector' },
    {
      ...context,
      place: { hosts: [], network: null },
      params: {
        source: group.net,
        band: String(campaign.members.length),
        value: campaign.members.length,
        minutes: context.settings.params.minutes ?? 60,
        threshold: judged.thresholds[0]?.threshold ?? 0,
      },
    },
  )
  finding.org = null
  finding.episodes = episodes.map((e) => e.id)
  finding.first = Math.min(...episodes.map((e) => e.first))
  finding.last = Math.max(...episodes.map((e) => e.last))
  finding.explanation.cls = leadOf(campaign.classes)?.base ?? null
  finding.explanation.sources = [...new Set(episodes.map((e) => e.text))].slice(0, 50)
  finding.explanation.members = campaign.members.map((m) => ({ id: m.org, name: names.get(m.org) ?? '' }))
  return finding
}
