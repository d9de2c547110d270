import { clock, homeZone } from '../../platform/dates.ts'
import type { T } from '../../platform/i18n.ts'
import { classes } from '../html.ts'
import { ChartFrame, Legend, px } from './chart.tsx'

export interface HourPoint {
  /** Start of the hour, milliseconds. */
  at: number
  dropped: number
  passed: number
  unknown: number
  /** The rows behind this hour. */
  href?: string
}

export interface HourStripProps {
  t: T
  title: string
  titleHidden?: boolean
  points: HourPoint[]
  zone?: string
  /** Makes the title a link, in a row of small strips. */
  href?: string
  /** Half the height, without table: one line in a list of organisations. */
  compact?: boolean
  /** Peak shared by several strips, so that they can be compared. */
  peak?: number
}

const width = 10
const height = 100
/** What got through is never thinner than this, or it would vanish beside the dropped. */
const hairline = 1.5

/** A day by hours, stacked: got through at the bottom and strong, unknown hatched, dropped pale. */
export function HourStrip(props: HourStripProps) {
  const { t, points, zone = homeZone, compact } = props
  const peak = Math.max(props.peak ?? 0, ...points.map(total), 1)
  const busiest = points.reduce<HourPoint | undefined>(
    (best, point) => (best && total(best) >= total(point) ? best : point),
    undefined,
  )
  const empty = !busiest || total(busiest) === 0
  const summary = !empty
    ? t('ui.chart.hourSummary', { peak: t.number(total(busiest)), hour: clock(busiest.at, t, zone) })
    : t('ui.chart.noData')
  return (
    <ChartFrame
      t={t}
      href={props.href}
      class={classes('hours', compact && 'hours-compact', empty && 'hours-empty')}
      title={props.title}
      titleHidden={props.titleHidden}
      summary={compact ? undefined : summary}
      legend={
        compact ? undefined : <Legend items={kinds.map((kind) => ({ kind, label: t(`ui.chart.${kind}`) }))} />
      }
      table={compact ? undefined : <HourTable t={t} points={points} zone={zone} title={props.title} />}
    >
      <div class="hours-plot">
        {!compact && !empty && <span class="hours-peak">{t.number(peak)}</span>}
        {/* biome-ignore lint/a11y/useSemanticElements: a group of links within a drawing has no element of its own */}
        <svg
          viewBox={`0 0 ${points.length * width} ${height}`}
          preserveAspectRatio="none"
          role="group"
          aria-label={`${props.title}. ${summary}`}
        >
          {points.map((point, index) => (
            <Hour key={point.at} t={t} point={point} x={index * width} peak={peak} zone={zone} />
          ))}
        </svg>
        <div class="hours-axis" aria-hidden="true">
          {points.map((point) => {
            const hour = clock(point.at, t, zone)
            return <span key={point.at}>{labelled.has(hour) ? Number(hour.slice(0, 2)) : ''}</span>
          })}
        </div>
      </div>
    </ChartFrame>
  )
}

const kinds = ['dropped', 'passed', 'unknown'] as const
const labelled = new Set(['00:00', '06:00', '12:00', '18:00'])

function total(point: HourPoint): number {
  return point.dropped + point.passed + point.unknown
}

function Hour({
  t,
  point,
  x,
  peak,
  zone,
}: {
  t: T
  point: HourPoint
  x: number
  peak: number
  zone: string
}) {
  const tall = (value: number, least: number) =>
    value > 0 ? Math.max(px((value / peak) * height), least) : 0
  const passed = tall(point.passed, hairline)
  const unknown = tall(point.unknown, 0)
  const dropped = tall(point.dropped, 0)
  const label = t('ui.chart.hourLabel', {
    hour: clock(point.at, t, zone),
    total: t('ui.chart.events', { n: total(point) }),
    dropped: point.dropped,
    passed: point.passed,
    unknown: point.unknown,
  })
  const bars = (
    <>
      <title>{label}</title>
      <rect class="hour-hit" x={x} y={0} width={width} height={height} />
      <Rect kind="dropped" x={x} y={height - passed - unknown - dropped} tall={dropped} />
      <Rect kind="unknown" x={x} y={height - passed - unknown} tall={unknown} />
      <Rect kind="passed" x={x} y={height - passed} tall={passed} />
    </>
  )
  if (!point.href) return <g class="hour">{bars}</g>
  return (
    <a class="hour" href={point.href} aria-label={label} tabIndex={-1}>
      {bars}
    </a>
  )
}

function Rect({ kind, x, y, tall }: { kind: string; x: number; y: number; tall: number }) {
  return tall > 0 ? (
    <rect class={`bar bar-${kind}`} x={x + 0.8} y={px(y)} width={width - 1.6} height={px(tall)} />
  ) : null
}

function HourTable({ t, points, zone, title }: { t: T; points: HourPoint[]; zone: string; title: string }) {
  return (
    <div class="table-frame">
      <table class="table table-small">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('ui.chart.hour')}</th>
            <th scope="col" class="cell-number">
              {t('ui.chart.total')}
            </th>
            {kinds.map((kind) => (
              <th scope="col" class="cell-number" key={kind}>
                {t(`ui.chart.${kind}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.at}>
              <th scope="row">
                {point.href ? <a href={point.href}>{clock(point.at, t, zone)}</a> : clock(point.at, t, zone)}
              </th>
              <td class="cell-number" data-label={t('ui.chart.total')}>
                {t.number(total(point))}
              </td>
              {kinds.map((kind) => (
                <td class="cell-number" key={kind} data-label={t(`ui.chart.${kind}`)}>
                  {t.number(point[kind])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
