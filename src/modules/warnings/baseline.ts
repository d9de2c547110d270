/**
 * The yardstick for our mails: periodic reports with threshold and relapse, as Mentat sends them (its model, our code).
 * Per organisation and severity a report is made at the end of each period. Class and source that were reported are
 * then suppressed; what still happens in the last part of the suppression comes back as a relapse when it ends.
 */

export type BaselineSeverity = 'info' | 'low' | 'medium' | 'high' | 'critical'

export interface BaselineEvent {
  atMs: number
  org: string
  cls: string
  source: string
  severity: BaselineSeverity
}

/** All in milliseconds; a relapse of 0 means none. */
export interface Interval {
  periodMs: number
  thresholdMs: number
  relapseMs: number
}

export interface BaselineReport {
  org: string
  severity: BaselineSeverity
  atMs: number
  kind: 'new' | 'relapse' | 'mixed'
  keys: { cls: string; source: string; events: number }[]
}

/** Mails if each report is one summary, and if each of its sources gets a mail of its own. */
export interface MailCount {
  summary: number
  perSource: number
}

export interface BaselineResult {
  mails: MailCount
  byOrg: Map<string, MailCount>
  reports: BaselineReport[]
}

export interface BaselineOptions {
  intervals?: Partial<Record<BaselineSeverity, Interval | null>>
  /** Reports due up to here are made even if no event comes any more; else up to the end of the last period. */
  endMs?: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Mentat's defaults; `info` is never reported. */
export const mentatIntervals: Record<BaselineSeverity, Interval | null> = {
  critical: { periodMs: 10 * minute, thresholdMs: 2 * hour, relapseMs: 0 },
  high: { periodMs: 10 * minute, thresholdMs: day, relapseMs: 12 * hour },
  medium: { periodMs: 2 * hour, thresholdMs: 6 * day, relapseMs: 2 * day },
  low: { periodMs: day, thresholdMs: 6 * day, relapseMs: 2 * day },
  info: null,
}

/** One organisation at one severity. */
interface Group {
  org: string
  severity: BaselineSeverity
  interval: Interval
  fresh: Map<string, number>
  /** Suppressed keys: until when, and events seen in the relapse window. */
  held: Map<string, { untilMs: number; relapsed: number }>
}

/** Runs the model over events in order of time (throws RangeError otherwise). Periods are aligned to 1970 UTC. */
export function baselineReports(
  events: Iterable<BaselineEvent>,
  options: BaselineOptions = {},
): BaselineResult {
  const intervals = { ...mentatIntervals, ...options.intervals }
  const lanes = (Object.entries(intervals) as [BaselineSeverity, Interval | null][]).flatMap(
    ([severity, interval]) => (interval ? [laneOf(severity, interval)] : []),
  )
  const bySeverity = new Map(lanes.map((lane) => [lane.severity, lane]))
  const reports: BaselineReport[] = []
  let lastMs = Number.NEGATIVE_INFINITY
  for (const event of events) {
    if (event.atMs < lastMs) throw new RangeError('The events must be in order of time.')
    lastMs = event.atMs
    const lane = bySeverity.get(event.severity)
    if (!lane) continue
    advance(lane, event.atMs, reports)
    note(lane, event)
  }
  for (const lane of lanes) {
    const end = options.endMs ?? ceilTo(lastMs + 1, lane.interval.periodMs)
    if (Number.isFinite(end)) advance(lane, end, reports)
  }
  return { ...countMails(reports), reports: reports.sort((a, b) => a.atMs - b.atMs) }
}

/** All groups of one severity share the clock of its periods. */
interface Lane {
  severity: BaselineSeverity
  interval: Interval
  groups: Map<string, Group>
  /** The next run; unknown before the first event. */
  nextRunMs: number | null
}

const laneOf = (severity: BaselineSeverity, interval: Interval): Lane => ({
  severity,
  interval,
  groups: new Map(),
  nextRunMs: null,
})

const ceilTo = (ms: number, step: number) => Math.ceil(ms / step) * step

/** Makes every run that is due at or before this time; an event at the very moment of a run belongs to the next. */
function advance(lane: Lane, nowMs: number, reports: BaselineReport[]): void {
  const { periodMs } = lane.interval
  if (lane.nextRunMs === null) lane.nextRunMs = (Math.floor(nowMs / periodMs) + 1) * periodMs
  while (lane.nextRunMs <= nowMs) {
    for (const group of lane.groups.values()) run(group, lane.nextRunMs, reports)
    lane.nextRunMs += periodMs
  }
}

function note(lane: Lane, event: BaselineEvent): void {
  let group = lane.groups.get(event.org)
  if (!group) {
    group = {
      org: event.org,
      severity: lane.severity,
      interval: lane.interval,
      fresh: new Map(),
      held: new Map(),
    }
    lane.groups.set(event.org, group)
  }
  const key = `${event.cls}\t${event.source}`
  const held = group.held.get(key)
  if (!held || held.untilMs <= event.atMs) group.fresh.set(key, (group.fresh.get(key) ?? 0) + 1)
  else if (event.atMs >= held.untilMs - lane.interval.relapseMs && lane.interval.relapseMs > 0)
    held.relapsed++
}

function run(group: Group, atMs: number, reports: BaselineReport[]): void {
  const found = new Map<string, number>()
  let relapses = 0
  for (const [key, held] of group.held) {
    if (held.untilMs > atMs) continue
    group.held.delete(key)
    if (held.relapsed === 0) continue
    found.set(key, held.relapsed)
    relapses++
  }
  const fresh = group.fresh.size
  for (const [key, events] of group.fresh) found.set(key, (found.get(key) ?? 0) + events)
  group.fresh.clear()
  if (found.size === 0) return
  for (const key of found.keys()) {
    group.held.set(key, { untilMs: atMs + group.interval.thresholdMs, relapsed: 0 })
  }
  reports.push({
    org: group.org,
    severity: group.severity,
    atMs,
    kind: relapses === 0 ? 'new' : fresh === 0 ? 'relapse' : 'mixed',
    keys: [...found].map(([key, events]) => {
      const [cls = '', source = ''] = key.split('\t')
      return { cls, source, events }
    }),
  })
}

function countMails(reports: readonly BaselineReport[]): Pick<BaselineResult, 'mails' | 'byOrg'> {
  const mails: MailCount = { summary: 0, perSource: 0 }
  const byOrg = new Map<string, MailCount>()
  for (const report of reports) {
    const own = byOrg.get(report.org) ?? { summary: 0, perSource: 0 }
    byOrg.set(report.org, own)
    const sources = new Set(report.keys.map((k) => k.source)).size
    for (const count of [mails, own]) {
      count.summary++
      count.perSource += sources
    }
  }
  return { mails, byOrg }
}
