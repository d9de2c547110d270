import { homeZone, short } from '../../platform/dates.ts'
import type { T } from '../../platform/i18n.ts'
import type { Severity } from '../parts/badges.tsx'
import { ChartFrame, px } from './chart.tsx'

export interface Span {
  from: number
  /** Equal to `from` for a moment. */
  to: number
  label: string
  href?: string
  severity?: Severity
  /** Something got through. */
  passed?: boolean
}

export interface TimelineBarProps {
  t: T
  title: string
  titleHidden?: boolean
  from: number
  to: number
  now: number
  zone?: string
  spans: Span[]
}

const length = 1000
/** A moment stays visible on a phone. */
const least = 8

/** When something was active between two instants: one bar a span, the spans also as a list of links. */
export function TimelineBar(props: TimelineBarProps) {
  const { t, from, to, now, zone = homeZone, spans } = props
  const x = (at: number) => px(Math.min(1, Math.max(0, (at - from) / (to - from || 1))) * length)
  const words = (span: Span) =>
    `${short(span.from, now, t, zone)} – ${short(span.to, now, t, zone)}: ${span.label}`
  return (
    <ChartFrame
      t={t}
      tableLabel={t('ui.chart.list')}
      class="spans"
      title={props.title}
      titleHidden={props.titleHidden}
      table={
        <ol class="spans-list">
          {spans.map((span, index) => (
            <li key={index}>{span.href ? <a href={span.href}>{words(span)}</a> : words(span)}</li>
          ))}
        </ol>
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a group of links within a drawing has no element of its own */}
      <svg viewBox={`0 0 ${length} 24`} preserveAspectRatio="none" role="group" aria-label={props.title}>
        <rect class="spans-ground" x={0} y={8} width={length} height={8} />
        {spans.map((span, index) => {
          const long = Math.max(least, px(x(span.to) - x(span.from)))
          const rect = (
            <rect class={look(span)} x={Math.min(x(span.from), length - long)} y={2} width={long} height={20}>
              <title>{words(span)}</title>
            </rect>
          )
          if (!span.href) return rect
          return (
            <a key={index} href={span.href} aria-label={words(span)} tabIndex={-1}>
              {rect}
            </a>
          )
        })}
      </svg>
      <p class="spans-axis" aria-hidden="true">
        <span>{short(from, now, t, zone)}</span>
        <span>{short(to, now, t, zone)}</span>
      </p>
    </ChartFrame>
  )
}

function look(span: Span): string {
  if (span.severity) return `bar bar-${span.severity}`
  return span.passed ? 'bar bar-passed' : 'bar bar-plain'
}
