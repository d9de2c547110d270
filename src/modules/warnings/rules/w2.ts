/** W2, a campaign: one source, or one network of sources, at several members at once in one kind of attack. */
import { type ClassInfo, isAttack } from '../classbook.ts'
import type { Params } from '../rules.ts'
import type { Met, SeverityStep } from '../types.ts'

/** What the sector sees of one network (/24, /48) or source in the window, research scanners left out. */
export interface Campaign {
  classes: ClassInfo[]
  members: CampaignMember[]
  /** Name of the list, when every source of it is a research scanner. */
  research: string | null
}

export interface CampaignMember {
  org: number
  events: number
  dropped: number
  passed: number
  partial: number
  /** An intrusion at this member by the same source. */
  intrusion: boolean
}

export type CampaignJudged =
  | { fires: true; severity: number; steps: SeverityStep[]; thresholds: Met[]; told: 'members' | 'hit' }
  | { fires: false; research: string | null; value: number; threshold: number }

const [medium, high, critical] = [2, 3, 4]
/** With fewer, each could work out who the others are, whatever threshold was chosen. */
const leastTold = 5
const through = (m: CampaignMember): number => m.passed + m.partial

/** Not dropped: it passed, or nobody at all says that it was dropped. For a mere scan somebody must say that it passed. */
function notDropped({ classes, members }: Campaign): boolean {
  if (members.some((m) => through(m) > 0)) return true
  return (
    classes.some((info) => info.top !== 'Recon' && info.top !== 'Anomaly') &&
    members.every((m) => m.dropped === 0)
  )
}

/**
 * `told: members`: enough are hit to say so to each of them. `told: hit`: only few are; those that were hit by what was
 * not dropped hear of their own hits alone, the coordinators of the whole.
 */
export function w2(campaign: Campaign, params: Params): CampaignJudged {
  const { members: k = 5, membersPassed = 3, severity: lowest = 2, minutes = 60 } = params
  const n = campaign.members.length
  const passed = campaign.members.some((m) => through(m) > 0) && campaign.classes.some(isAttack)
  const needed = passed ? Math.min(membersPassed, k) : k
  if (campaign.research) return { fires: false, research: campaign.research, value: n, threshold: needed }
  const weighty = campaign.classes.some((info) => info.level >= lowest && info.top !== 'Recon')
  if (n < needed || !(notDropped(campaign) || weighty))
    return { fires: false, research: null, value: n, threshold: needed }
  const steps: SeverityStep[] = []
  if (passed) steps.push({ from: medium, to: high, why: 'passed' })
  return {
    fires: true,
    severity: passed ? high : medium,
    steps,
    thresholds: [
      { name: passed ? 'membersPassed' : 'members', threshold: needed, value: n },
      { name: 'minutes', threshold: minutes, value: minutes },
    ],
    told: n >= Math.max(k, leastTold) ? 'members' : 'hit',
  }
}

/** At a member where an intrusion followed it is critical. */
export const severityAt = (member: CampaignMember, severity: number): number =>
  member.intrusion ? critical : severity
