/**
 * The plan of a day's noise: how many events each source has, what it is, and in which (hour, class) cells they
 * fall. It holds some ten thousand sources and eighty thousand cells as numbers; events are made from it hour by hour.
 */
import type { Planted } from './incidents.ts'
import { rhythmOf } from './natures.ts'
import { drawSource, type NoiseSource, natureOfRanks } from './noise-sources.ts'
import { apportion, drawWeighted, type Random, randomFrom } from './random.ts'
import type { Setup } from './setup.ts'
import { rowsOf } from './strand.ts'

/** Cells of one hour, column by column. */
export interface HourCells {
  source: number[]
  /** Index into the source's topics. */
  topic: number[]
  count: number[]
}

export interface NoisePlan {
  sources: NoiseSource[]
  hours: HourCells[]
}

/** Plans noise so that together with the incidents the day's events, sources and detections come out exactly. */
export function planNoise(setup: Setup, planted: Planted): NoisePlan {
  const random = randomFrom(`${setup.key}:noise`)
  const taken = new Set(planted.strands.flatMap((s) => s.origins.map((o) => o.address)))
  const counted = setup.sources - taken.size
  const spoofed = Math.round(setup.sources * 0.008)
  const ranks = counted + spoofed
  const events = setup.events - planted.strands.reduce((sum, s) => sum + s.count, 0)
  const weights = Array.from({ length: ranks }, (_, r) => 1 / (r + 9) ** setup.profile.zipf)
  const amounts = apportion(events, weights, 1)
  const natures = natureOfRanks(setup, amounts, spoofed, planted)
  const sources = natures.map((nature, rank) => drawSource(setup, nature, rank, ranks))
  const caps = sources.map((s, r) => Math.min(amounts[r] ?? 1, s.nature.topics.length * setup.hours))
  const cells = spreadCells(setup.detections - rowsOf(planted.strands).size, amounts, caps, random)
  const hours = Array.from({ length: setup.hours }, (): HourCells => ({ source: [], topic: [], count: [] }))
  sources.forEach((source, rank) => {
    placeCells(source, rank, cells[rank] ?? 1, amounts[rank] ?? 1, hours, random)
  })
  return { sources, hours }
}

/** Cells per source: growing with its events, but slower; the sum is `total` if the caps allow it. */
function spreadCells(total: number, amounts: number[], caps: number[], random: Random): number[] {
  const at = (factor: number) =>
    amounts.map((n, r) => Math.max(1, Math.min(caps[r] ?? 1, Math.round(factor * n ** 0.45))))
  let [low, high] = [0, 1000]
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (sum(at(middle)) < total) low = middle
    else high = middle
  }
  const cells = at(low)
  const wanted = Math.min(total, sum(caps))
  let missing = wanted - sum(cells)
  while (missing > 0) {
    const rank = random.below(cells.length)
    const now = cells[rank] ?? 1
    if (now < (caps[rank] ?? 1)) {
      cells[rank] = now + 1
      missing--
    }
  }
  return cells
}

const sum = (list: readonly number[]) => list.reduce((s, n) => s + n, 0)
const habit = [1, 0.5, 0.3, 0.2, 0.15]

/** Divides a source's cells over topics and hours, and its events over the cells. */
function placeCells(
  source: NoiseSource,
  rank: number,
  cells: number,
  events: number,
  hours: HourCells[],
  random: Random,
): void {
  const perTopic = cellsPerTopic(source, cells, hours.length, random)
  const shape = hours.map((_, h) => rhythmOf(source.nature, h))
  const chosen: { hour: number; topic: number; weight: number }[] = []
  perTopic.forEach((n, topic) => {
    const drawn = n === hours.length ? shape.map((_, h) => h) : drawWeighted(shape, n, random)
    for (const hour of drawn) {
      const weight = (habit[topic] ?? 0.1) * (shape[hour] ?? 1) * (0.3 + random.part())
      chosen.push({ hour, topic, weight })
    }
  })
  const counts = apportion(
    events,
    chosen.map((c) => c.weight),
    1,
  )
  chosen.forEach(({ hour, topic }, i) => {
    const column = hours[hour]
    column?.source.push(rank)
    column?.topic.push(topic)
    column?.count.push(counts[i] ?? 1)
  })
}

/** About two topics a source, as in real data: 10.7 thousand pairs of source and category from 5.3 thousand sources. */
function cellsPerTopic(source: NoiseSource, cells: number, hours: number, random: Random): number[] {
  const luck = random.part()
  const wanted = luck < 0.4 ? 1 : luck < 0.7 ? 2 : luck < 0.9 ? 3 : 4
  const least = Math.ceil(cells / hours)
  const topics = Math.max(least, Math.min(wanted, source.nature.topics.length, cells))
  const parts = apportion(cells, habit.slice(0, topics), 1)
  for (let i = 0; i < parts.length; i++) {
    const excess = (parts[i] ?? 0) - hours
    if (excess <= 0) continue
    parts[i] = hours
    const room = parts.findIndex((p, j) => j > i && p < hours)
    // no room behind means room before: the total never exceeds topics x hours
    const to = room >= 0 ? room : parts.findIndex((p) => p < hours)
    parts[to] = (parts[to] ?? 0) + excess
    if (to < i) i = to - 1
  }
  return parts
}
