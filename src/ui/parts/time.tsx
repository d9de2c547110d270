import { clock, exact, homeZone, iso, relative, short } from '../../platform/dates.ts'
import type { T } from '../../platform/i18n.ts'

export interface TimeProps {
  t: T
  /** Milliseconds since 1970. */
  at: number
  now: number
  zone?: string
  /** `relative` "6 minutes ago" (the default), `short` "21. 11. 12:30", `clock` "12:30", `exact` with seconds and zone. */
  as?: 'relative' | 'short' | 'clock' | 'exact'
}

/** An instant: readable at a glance, exact on hover and in print. The browser keeps relative times fresh. */
export function Time({ t, at, now, zone = homeZone, as = 'relative' }: TimeProps) {
  const full = exact(at, t, zone)
  const text = {
    relative: () => relative(at, now, t.locale),
    short: () => short(at, now, t, zone),
    clock: () => clock(at, t, zone),
    exact: () => full,
  }[as]()
  return (
    <time
      dateTime={iso(at)}
      title={full}
      class={as === 'short' ? 'time-short' : undefined}
      data-relative={as === 'relative' ? '' : undefined}
    >
      {as === 'relative' ? <span class="time-now">{text}</span> : text}
      {as === 'relative' && <span class="time-print">{full}</span>}
    </time>
  )
}
