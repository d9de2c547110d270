/** W5, a sensor is silent beyond its own habit, or loses or spoils what it sends. */
import type { Params } from '../rules.ts'
import type { Met } from '../types.ts'

export interface SensorHealth {
  /** Since the last request; null when it never made one. */
  silentMinutes: number | null
  /** 99th percentile of the gaps of seven days. */
  usualGapMinutes: number
  gaps: number
  received: number
  refused: number
  /** Batches that its numbering lacks. */
  missing: number
}

export interface SensorJudged {
  words: 'W5' | 'W5-rejects' | 'W5-missing'
  severity: number
  value: number
  limit: number
  thresholds: Met[]
}

const [medium, high] = [2, 3]

/** Each trouble the sensor has now. A sensor whose habit is not known yet is never called silent. */
export function w5(seen: SensorHealth, params: Params): SensorJudged[] {
  const {
    silentMinutes = 15,
    habit = 3,
    gaps = 5,
    refusedPercent = 1,
    received = 100,
    missing = 1,
    highHours = 24,
  } = params
  const found: SensorJudged[] = []
  const limit = Math.max(habit * seen.usualGapMinutes, silentMinutes)
  if (seen.silentMinutes !== null && seen.gaps >= gaps && seen.silentMinutes > limit)
    found.push({
      words: 'W5',
      severity: seen.silentMinutes >= highHours * 60 ? high : medium,
      value: Math.floor(seen.silentMinutes),
      limit: Math.round(limit),
      thresholds: [
        { name: 'silentMinutes', threshold: Math.round(limit), value: Math.floor(seen.silentMinutes) },
        { name: 'gaps', threshold: gaps, value: seen.gaps },
      ],
    })
  const percent = seen.received > 0 ? (seen.refused / seen.received) * 100 : 0
  if (seen.received >= received && percent > refusedPercent) {
    const value = Math.round(percent * 10) / 10
    const thresholds = [{ name: 'refusedPercent', threshold: refusedPercent, value }]
    found.push({ words: 'W5-rejects', severity: medium, value, limit: refusedPercent, thresholds })
  }
  if (seen.missing >= missing) {
    const thresholds = [{ name: 'missing', threshold: missing, value: seen.missing }]
    found.push({ words: 'W5-missing', severity: medium, value: seen.missing, limit: missing, thresholds })
  }
  return found
}
