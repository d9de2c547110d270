/** "6 minutes ago", alike on the server and in the browser, so it uses nothing but Intl. */

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

const formats = new Map<string, Intl.RelativeTimeFormat>()

/** Each is made once: they are dear, and there are two for each language. */
function relativeFormat(locale: string, numeric: 'always' | 'auto'): Intl.RelativeTimeFormat {
  const key = `${locale} ${numeric}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.RelativeTimeFormat(locale, { numeric })
    formats.set(key, format)
  }
  return format
}

/** Distance of `at` from `now` (both milliseconds) in the largest fitting unit up to days, rounded towards now. */
export function relative(at: number, now: number, locale: string): string {
  const distance = at - now
  if (Math.abs(distance) < 1_000) return relativeFormat(locale, 'auto').format(0, 'second')
  const [unit, size] = steps.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', 1_000]
  return relativeFormat(locale, 'always').format(Math.trunc(distance / size), unit)
}
