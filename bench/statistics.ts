/** Few and plain: what the tables show of many measurements. */

/** The value below which the given part of the values lies; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [upper = Number.NaN, lower = Number.NaN] = [sorted[middle], sorted[middle - 1]]
  return sorted.length % 2 === 1 ? upper : (upper + lower) / 2
}

/** Milliseconds since `from`, a reading of `performance.now()`. */
export const since = (from: number): number => performance.now() - from

export const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits))
