/** "6 minutes ago", alike on the server and in the browser, so it uses nothing but Intl. */

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

/** Distance of `at` from `now` (both milliseconds) in the largest fitting unit up to days, rounded towards now. */
export function relative(at: number, now: number, locale: string): string {
  const distance = at - now
  if (Math.abs(distance) < 1_000)
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second')
  const [unit, size] = steps.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', 1_000]
  return new Intl.RelativeTimeFormat(locale, { numeric: 'always' }).format(Math.trunc(distance / size), unit)
}
