/** Times as senders write them: RFC 3339 with a space allowed for the T, any fraction, and the zone sometimes missing. */

/** What the format calls a timestamp; says nothing about whether that time exists. */
export const timestampPattern =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?$/

/**
 * Milliseconds since 1970 of a text that fits the pattern, rounded down; NaN when there is no such time (month 13).
 * Without a zone it is read as UTC. A leap second (60) counts as the next second.
 */
export function timestampMs(text: string): number {
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN
  const seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
  return (seconds - offsetSeconds(text)) * 1000 + fractionMs(text)
}

/** Does the text say its zone? */
export function hasZone(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  if (last === 90 || last === 122) return true
  const sign = text.charCodeAt(text.length - 6)
  return text.length > 20 && (sign === 43 || sign === 45)
}

function two(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
}

function offsetSeconds(text: string): number {
  const last = text.charCodeAt(text.length - 1)
  if (last === 90 || last === 122 || !hasZone(text)) return 0
  const hours = two(text, text.length - 5)
  const minutes = two(text, text.length - 2)
  if (hours > 23 || minutes > 59) return Number.NaN
  const seconds = hours * 3600 + minutes * 60
  return text.charCodeAt(text.length - 6) === 45 ? -seconds : seconds
}

function fractionMs(text: string): number {
  if (text.charCodeAt(19) !== 46) return 0
  let ms = 0
  for (let i = 0, unit = 100; i < 3; i++, unit /= 10) {
    const digit = text.charCodeAt(20 + i) - 48
    if (!(digit >= 0 && digit <= 9)) break
    ms += digit * unit
  }
  return ms
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0)
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719_468
}
