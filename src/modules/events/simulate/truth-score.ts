/** How much of a day's truth the notices to people have told. */
import { type SeverityName, severities } from '../event.ts'
import type { Incident, RuleId } from './truth.ts'

/** A warning as its receiver got it. */
export interface Notice {
  /** Slug of the organisation told; null = the coordinators. */
  org: string | null
  rule: string
  /** Foreign address or /24, where the notice names one. */
  source?: string | null
  /** The member's own host, where the notice names one. */
  host?: string | null
  atMs: number
  severity: SeverityName
}

/** One organisation that had to be told of one incident, and was not. */
export interface Miss {
  incident: string
  rule: RuleId
  org: string | null
}

export interface Score {
  /** Parts of 1 of the pairs (incident, organisation to be told); 1 when there is nothing to tell. */
  recall: number
  recallByRule: Partial<Record<RuleId, number>>
  missed: Miss[]
}

/** A notice may come this long after the incident ended: the daily digest is in time. */
const graceMs = 26 * 3_600_000

/**
 * Each pair of incident and organisation counts once. It is told when a notice to that organisation by an accepted
 * rule, severe enough and in time, names one of the incident's addresses (W5 and W6 may name none).
 */
export function score(truth: readonly Incident[], notices: Iterable<Notice>): Score {
  const byOrg = new Map<string | null, Notice[]>()
  for (const notice of notices) {
    const list = byOrg.get(notice.org)
    if (list) list.push(notice)
    else byOrg.set(notice.org, [notice])
  }
  const tally = new Map<RuleId, { told: number; all: number }>()
  const missed: Miss[] = []
  for (const incident of truth) {
    const addressees = incident.organisations.length > 0 ? incident.organisations : [null]
    for (const org of addressees) {
      const count = tally.get(incident.rule) ?? { told: 0, all: 0 }
      const told = (byOrg.get(org) ?? []).some((notice) => tells(notice, incident))
      if (!told) missed.push({ incident: incident.id, rule: incident.rule, org })
      tally.set(incident.rule, { told: count.told + (told ? 1 : 0), all: count.all + 1 })
    }
  }
  return { ...shares(tally), missed }
}

function tells(notice: Notice, incident: Incident): boolean {
  const rules: string[] = [incident.rule, ...incident.alsoBy]
  return (
    rules.includes(notice.rule) &&
    notice.atMs >= incident.fromMs &&
    notice.atMs <= incident.toMs + graceMs &&
    severities.indexOf(notice.severity) >= severities.indexOf(incident.minSeverity) &&
    names(notice, incident)
  )
}

function names(notice: Notice, incident: Incident): boolean {
  if (!notice.source && !notice.host) return incident.rule === 'W5' || incident.rule === 'W6'
  const known = new Set([...incident.sources, ...incident.hosts])
  if (known.size === 0) return true
  return known.has(notice.source ?? '') || known.has(notice.host ?? '')
}

function shares(tally: Map<RuleId, { told: number; all: number }>): Pick<Score, 'recall' | 'recallByRule'> {
  const recallByRule: Partial<Record<RuleId, number>> = {}
  let [told, all] = [0, 0]
  for (const [rule, count] of tally) {
    recallByRule[rule] = count.told / count.all
    told += count.told
    all += count.all
  }
  return { recall: all === 0 ? 1 : told / all, recallByRule }
}
