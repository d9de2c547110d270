/** From a rule's judgement to a finding that explains itself. */

import { leadOf } from './classbook.ts'
import { isLowered } from './credibility.ts'
import { classesOf, type Episode, type Place, type Surroundings } from './gather.ts'
import type { RuleSettings } from './rules.ts'
import type { Explanation, Finding, Met, RuleId, SeverityStep, Title } from './types.ts'

const hourMs = 3_600_000
const most = 50

export interface Judgement {
  severity: number
  steps: SeverityStep[]
  thresholds: Met[]
  words: string
}

export const doneOf = (v: {
  events: number
  dropped: number
  passed: number
  partial: number
}): Explanation['done'] => {
  if (v.events > 0 && v.dropped === v.events) return 'dropped'
  if (v.dropped > 0 || v.partial > 0) return 'partly'
  return v.passed > 0 ? 'nothing' : 'unknown'
}

const verdictOf = (done: Explanation['done']): Title['verdict'] =>
  done === 'dropped' ? 'dropped' : done === 'partly' ? 'partial' : done === 'nothing' ? 'passed' : 'unknown'

/** A finding of one member's episode by W1, W2, W3 or W7. */
export function findingOf(
  rule: RuleId,
  topic: string,
  episode: Episode,
  judged: Judgement,
  context: {
    settings: RuleSettings
    around: Surroundings
    place: Place
    names: Map<number, string>
    now: number
    params?: Title['params']
  },
): Finding {
  const { settings, around, place, names, now } = context
  const own = episode.side !== 2
  const lead = leadOf(classesOf(episode, around.book))
  const cls = lead?.base ?? null
  const done = doneOf(episode)
  const through = episode.passed + episode.partial
  const main = judged.thresholds[0]
  const params = {
    source: episode.text,
    host: own ? episode.text : (place.hosts[0] ?? ''),
    n: own || through === 0 ? episode.events : through,
    value: main?.value ?? 0,
    threshold: main?.threshold ?? 0,
    ...context.params,
  }
  return {
    rule,
    version: settings.version,
    org: episode.org,
    topic,
    lane: episode.lane,
    exercise: episode.exercise,
    side: episode.side,
    family: episode.family,
    key: episode.key,
    sensor: null,
    severity: judged.severity,
    title: {
      words: judged.words,
      cls,
      side: own ? 'source' : 'target',
      verdict: verdictOf(done),
      params: {},
    },
    explanation: {
      rule,
      version: settings.version,
      words: judged.words,
      params,
      thresholds: judged.thresholds,
      steps: judged.steps,
      cls,
      network: place.network,
      verdicts: {
        dropped: episode.dropped,
        passed: episode.passed,
        partial: episode.partial,
        unknown: episode.events - episode.dropped - through,
      },
      events: episode.events,
      detectors: episode.detectors.slice(0, most).map((id) => ({
        name: names.get(id) ?? '',
        lowered: episode.classes.some((c) => isLowered(around.lowered, episode.org, id, c)),
      })),
      labels: episode.labels.map(({ list, group, version }) => ({ list, group, version })),
      hosts: (own ? [episode.text] : place.hosts).slice(0, most),
      sources: own ? [] : [episode.text],
      ports: episode.ports.slice(0, most),
      done,
      times: { event: episode.last, decided: now },
    },
    episodes: [episode.id],
    first: episode.first,
    last: episode.last,
    rate: Math.round(episode.events / Math.max(1, (episode.last - episode.first) / hourMs)),
  }
}
