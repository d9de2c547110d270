/** Which of two versions is the later: whole numbers, or three of them with what stands behind (semver.org), as CSAF has it. */

interface Parsed {
  numbers: number[]
  /** Of a version before the release: `rc.1`; empty for the release itself. */
  before: string[]
}

function parse(version: string): Parsed {
  const [plain = ''] = version.trim().split('+')
  const dash = plain.indexOf('-')
  const core = dash < 0 ? plain : plain.slice(0, dash)
  return {
    numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0),
    before: dash < 0 ? [] : plain.slice(dash + 1).split('.'),
  }
}

const isNumber = (text: string): boolean => /^\d+$/.test(text)

function comparePart(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b)
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

function compareBefore(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length)
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = comparePart(a[i] as string, b[i] as string)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Negative when `a` is the earlier, positive when it is the later, 0 when they are the same. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i++) {
    const order = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0)
    if (order !== 0) return order
  }
  return compareBefore(left.before, right.before)
}
