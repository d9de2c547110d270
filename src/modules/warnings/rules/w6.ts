/** W6 and the sector's part of W2: an hour's volume against what is usual for that hour. */
import type { Params } from '../rules.ts'
import type { Met } from '../types.ts'

/** Counts of the same hour of earlier weeks (up to four), and of earlier days; only hours that were watched. */
export interface Habit {
  weeks: number[]
  days: number[]
}

export interface Usual {
  median: number
  mad: number
  /** From how many hours, and whether they are hours of the week or of the day. */
  of: number
  by: 'week' | 'day'
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2
}

/**
 * The usual hour: the same hour of the week when enough weeks are known, else the same hour of enough days, else null
 * (too early to judge). Of the few weeks that are known the farthest deviation is taken for the spread, as the middle one
 * of three says nothing; of many days the middle one. Attackers come in bursts: no spread is less than half of the median
 * or the chance of counting.
 */
export function usualOf(habit: Habit, params: Params): Usual | null {
  const { weeks = 3, days = 7 } = params
  const by = habit.weeks.length >= weeks ? 'week' : 'day'
  const known = by === 'week' ? habit.weeks : habit.days
  if (by === 'day' && known.length < days) return null
  const middle = median(known)
  const deviations = known.map((value) => Math.abs(value - middle))
  const spread = known.length < enoughForMiddle ? Math.max(...deviations) : median(deviations)
  return { median: middle, mad: Math.max(spread, middle / 2, Math.sqrt(middle), 1), of: known.length, by }
}

/** Fewer values than this have no middle deviation worth the name. */
const enoughForMiddle = 5
/** From this part on a volume counts as dropped at the perimeter. */
const mostlyDropped = 0.9
/** What hardly ever comes is taken to come so often, where it is dropped. */
const leastUsual = 10

export type VolumeJudged =
  | { fires: true; words: 'W6' | 'W6-fall'; severity: number; usual: Usual; limit: number; thresholds: Met[] }
  | { fires: false }

const [low, high] = [1, 3]

export interface Hour {
  /** It is complete, so that a fall can be told. */
  over: boolean
  /** The kind threatens operation. */
  availability: boolean
  /** Events that the perimeter dropped. */
  dropped: number
}

/** What is dropped all the same has to be many times the usual before a member is told. */
export function w6(value: number, usual: Usual | null, hour: Hour, params: Params): VolumeJudged {
  if (!usual) return { fires: false }
  const { deviations = 6, events = 100, droppedTimes = 20, fallPercent = 5, fallMedian = 200 } = params
  const isDropped = hour.dropped >= mostlyDropped * value
  const expected = Math.max(leastUsual, usual.median)
  const least = isDropped ? droppedTimes * expected : 0
  const limit = Math.max(usual.median + deviations * usual.mad, least)
  if (value > limit && value >= events)
    return {
      fires: true,
      words: 'W6',
      severity: hour.availability ? high : low,
      usual,
      limit: Math.round(limit),
      thresholds: [
        {
          name: 'deviations',
          threshold: deviations,
          value: Math.round(((value - usual.median) / usual.mad) * 10) / 10,
        },
        { name: 'events', threshold: events, value },
        ...(isDropped
          ? [
              {
                name: 'droppedTimes',
                threshold: droppedTimes,
                value: Math.round((value / expected) * 10) / 10,
              },
            ]
          : []),
      ],
    }
  const fallen = (usual.median * fallPercent) / 100
  if (hour.over && usual.median >= fallMedian && value < fallen)
    return {
      fires: true,
      words: 'W6-fall',
      severity: low,
      usual,
      limit: Math.round(fallen),
      thresholds: [
        {
          name: 'fallPercent',
          threshold: fallPercent,
          value: Math.round((value / usual.median) * 1000) / 10,
        },
        { name: 'fallMedian', threshold: fallMedian, value: usual.median },
      ],
    }
  return { fires: false }
}

/** The same kind alone, far above the sector's usual hour: for the coordinators. */
export function w2Kind(
  value: number,
  usual: Usual | null,
  params: Params,
): { fires: boolean; limit: number } {
  const { deviations = 6, sectorEvents = 2000 } = params
  const limit = usual ? usual.median + deviations * usual.mad : 0
  return { fires: usual !== null && value > limit && value >= sectorEvents, limit: Math.round(limit) }
}
