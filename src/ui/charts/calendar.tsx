import { addDays, type Day, dateFormat, dayShort, dayTitle, weekday } from '../../platform/dates.ts'
import type { T } from '../../platform/i18n.ts'

export interface CalendarHeatProps {
  t: T
  title: string
  titleHidden?: boolean
  /** Value by day; a missing day has no data. */
  values: Map<Day, number>
  /** Last day shown; the weeks end with its week. */
  until: Day
  /** The day the page shows. */
  selected?: Day
  /** 13 by default: a quarter of a year. */
  weeks?: number
  hrefOf?: (day: Day) => string
}

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

/** Weeks as columns from Monday, darker where more happened; a table of links, so it works by keyboard and aloud. */
export function CalendarHeat(props: CalendarHeatProps) {
  const { t, values, until, weeks = 13 } = props
  const monday = addDays(until, 1 - weekday(until) - (weeks - 1) * 7)
  const starts = Array.from({ length: weeks }, (_, index) => addDays(monday, index * 7))
  const levelOf = levels([...values.values()])
  return (
    <div class="heat-frame">
      <table class="heat">
        <caption class={props.titleHidden ? 'visually-hidden' : 'chart-title'}>{props.title}</caption>
        <thead>
          <tr>
            <td />
            {starts.map((start, index) => (
              <th scope="col" key={start}>
                <span class="visually-hidden">{t('ui.chart.week', { day: dayShort(start, t) })}</span>
                {(index === 0 || start.slice(0, 7) !== starts[index - 1]?.slice(0, 7)) && (
                  <span class="heat-month" aria-hidden="true">
                    {monthName(start, t)}
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weekdays.map((number) => (
            <tr key={number}>
              <th scope="row">{t(`ui.weekday.${number}`)}</th>
              {starts.map((start) => {
                const day = addDays(start, number - 1)
                return (
                  <td key={day}>
                    {day <= until && <HeatCell {...props} day={day} level={levelOf(values.get(day))} />}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="heat-legend" aria-hidden="true">
        {t('ui.chart.less')}{' '}
        {[0, 1, 2, 3, 4].map((level) => (
          <span key={level} class={`heat-cell heat-${level}`} />
        ))}{' '}
        {t('ui.chart.more')}
      </p>
    </div>
  )
}

function HeatCell(props: CalendarHeatProps & { day: Day; level: number | undefined }) {
  const { t, day, level, values, hrefOf, selected } = props
  const value = values.get(day)
  const label = `${dayTitle(day, t)}: ${value === undefined ? t('ui.chart.noData') : t('ui.chart.events', { n: value })}`
  const look = `heat-cell heat-${level ?? 'none'}`
  if (value === undefined || !hrefOf)
    return (
      <span class={look} title={label}>
        <span class="visually-hidden">{label}</span>
      </span>
    )
  return (
    <a class={look} href={hrefOf(day)} title={label} aria-current={day === selected ? 'date' : undefined}>
      <span class="visually-hidden">{label}</span>
    </a>
  )
}

/** Five steps by quintiles of the days shown, so that one wild day does not pale all the others. */
function levels(values: number[]): (value: number | undefined) => number | undefined {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b)
  const bounds = [0.2, 0.4, 0.6, 0.8].map((part) => sorted[Math.floor(part * sorted.length)] ?? 0)
  return (value) => {
    if (value === undefined) return undefined
    return value === 0 ? 0 : bounds.filter((bound) => value > bound).length
  }
}

function monthName(day: Day, t: T): string {
  return dateFormat(t.locale, { month: 'short', timeZone: 'UTC' }).format(Date.parse(day))
}
