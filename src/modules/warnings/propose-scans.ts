/** Slow scans among the changed episodes, at a member and over the sector. */
import { findingOf } from './explain.ts'
import { type Episode, placeOf } from './gather.ts'
import { put, type Step } from './propose-step.ts'
import { w7, w7Sector } from './rules/w7.ts'
import { nextLook, sectorScanOf, slowCandidates, slowScanOf } from './slow-scans.ts'

export async function slowScans(step: Step, episodes: Episode[]): Promise<void> {
  const { rules } = step
  if (!rules.W7.enabled) return
  const days = rules.W7.params.days ?? 7
  const asked = await slowCandidates(step.tx, episodes, rules.W7.params)
  for (const episode of episodes) {
    if (episode.org === 0) await sectorScan(step, episode, days)
    else if (asked.has(episode.id) && step.decisions.get(episode.id)?.outcome !== 'warning')
      await memberScan(step, episode, days)
  }
}

async function memberScan(step: Step, episode: Episode, days: number): Promise<void> {
  const { tx, rules } = step
  const seen = await slowScanOf(tx, episode, days)
  const judged = w7(seen, seen.followed, rules.W7.params)
  if (judged.fires) {
    const params = {
      days,
      value: judged.thresholds[0]?.value ?? 0,
      limit: rules.W7.params.hourly ?? 5,
      host: seen.host ?? '',
    }
    const place = await placeOf(tx, episode)
    await put(
      step,
      findingOf(
        'W7',
        `scan ${episode.text}`,
        episode,
        { ...judged, steps: [] },
        { ...step, settings: rules.W7, place, params },
      ),
    )
  }
  const before = step.decisions.get(episode.id)
  const outcome = before ?? { id: episode.id, outcome: 'below-threshold', detail: {}, targets: null }
  const reason =
    judged.fires || outcome.outcome === 'dropped-only' || before
      ? outcome.detail
      : { rule: 'W7', value: judged.value, threshold: judged.threshold }
  const { addresses = 20, ports = 10 } = rules.W7.params
  const missing = Math.min(addresses - seen.addresses, ports - seen.ports)
  step.decisions.set(episode.id, {
    ...outcome,
    detail: { ...reason, next: nextLook(episode, seen, missing, rules.W7.params) },
    targets: seen.addresses,
  })
}

async function sectorScan(step: Step, episode: Episode, days: number): Promise<void> {
  const { tx, rules } = step
  const seen = await sectorScanOf(tx, episode, days)
  const judged = w7Sector(seen, rules.W7.params)
  if (judged.fires) {
    const params = { days, value: seen.addresses, n: seen.members }
    const place = { hosts: [], network: null }
    const finding = findingOf(
      'W7',
      `scan ${episode.text}`,
      { ...episode, side: 2 },
      { ...judged, steps: [] },
      { ...step, settings: rules.W7, place, params },
    )
    await put(step, { ...finding, org: null })
  }
  const missing = (rules.W7.params.sectorAddresses ?? 30) - seen.addresses
  step.decisions.set(episode.id, {
    id: episode.id,
    outcome: seen.members === 0 ? 'no-match' : null,
    detail: { next: nextLook(episode, seen, missing, rules.W7.params) },
    targets: seen.addresses,
  })
}
