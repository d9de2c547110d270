/** Seeded randomness: the same seed gives the same numbers on every machine; never used for secrets. */

export interface Random {
  /** 32 random bits as an unsigned integer. */
  word(): number
  /** Whole number from 0 to n - 1. */
  below(n: number): number
  /** Whole number from low to high, both included. */
  between(low: number, high: number): number
  /** Number from 0 up to but without 1. */
  part(): number
  chance(probability: number): boolean
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T
}

/** A generator for this seed text (hash: FNV-like with four lanes; stream: sfc32 of PractRand). */
export function randomFrom(seed: string): Random {
  let [a, b, c, d] = lanes(seed)
  const word = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 15; i++) word()
  const part = () => word() / 4294967296
  const below = (n: number) => Math.floor(part() * n)
  return {
    word,
    below,
    part,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => part() < probability,
    pick: <T>(list: readonly T[]) => {
      if (list.length === 0) throw new RangeError('nothing to pick from')
      return list[below(list.length)] as T // inside the bounds by construction
    },
  }
}

function lanes(seed: string): [number, number, number, number] {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667]
  for (let i = 0; i < seed.length; i++) {
    const k = seed.charCodeAt(i)
    a = Math.imul(a ^ k, 0x85ebca6b) ^ (b >>> 15)
    b = Math.imul(b ^ k, 0xc2b2ae35) ^ (c >>> 13)
    c = Math.imul(c ^ k, 0x27d4eb2f) ^ (d >>> 16)
    d = Math.imul(d ^ k, 0x165667b1) ^ (a >>> 14)
  }
  return [a | 0, b | 0, c | 0, d | 0]
}

/** A new list in random order. */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = out[i] as T
    out[i] = out[j] as T
    out[j] = kept
  }
  return out
}

/** Whole parts of `total` in proportion to the weights, each at least `least`; they add up to `total` exactly. */
export function apportion(total: number, weights: readonly number[], least = 0): number[] {
  const free = Math.max(0, total - least * weights.length)
  const sum = weights.reduce((s, w) => s + w, 0)
  const exact = weights.map((w) => (sum > 0 ? (free * w) / sum : free / weights.length))
  const parts = exact.map(Math.floor)
  const rest = free - parts.reduce((s, p) => s + p, 0)
  const order = exact
    .map((e, i) => [e - Math.floor(e), i] as const)
    .sort((x, y) => y[0] - x[0] || x[1] - y[1])
  for (const [, i] of order.slice(0, rest)) parts[i] = (parts[i] ?? 0) + 1
  return parts.map((p) => p + least)
}

/** Up to `n` different indexes, an index the likelier the greater its weight. */
export function drawWeighted(weights: readonly number[], n: number, random: Random): number[] {
  const keyed = weights.map((w, i) => [w > 0 ? -Math.log(1 - random.part()) / w : Infinity, i] as const)
  keyed.sort((x, y) => x[0] - y[0])
  return keyed.slice(0, n).map(([, i]) => i)
}
