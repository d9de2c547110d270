/** What all charts share: a caption, a summary for those who do not see it, and the same numbers as a table. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'
import { classes } from '../html.ts'

export function ChartFrame(props: {
  t: T
  title: string
  /** One sentence that says what the chart shows. */
  summary?: ComponentChildren
  legend?: ComponentChildren
  children: ComponentChildren
  /** The same numbers; closed until asked for. */
  table?: ComponentChildren
  /** What opens the table; "The numbers in a table" by default. */
  tableLabel?: string
  titleHidden?: boolean
  /** Opens what the whole chart shows. */
  href?: string
  class?: string
}) {
  return (
    <figure class={classes('chart', props.class)}>
      <figcaption class={props.titleHidden ? 'visually-hidden' : 'chart-title'}>
        {props.href ? <a href={props.href}>{props.title}</a> : props.title}
      </figcaption>
      {props.legend}
      {props.children}
      {props.summary && <p class="chart-summary">{props.summary}</p>}
      {props.table && (
        <details class="chart-table">
          <summary>{props.tableLabel ?? props.t('ui.chart.table')}</summary>
          {props.table}
        </details>
      )}
    </figure>
  )
}

export function Legend({ items }: { items: { kind: string; label: string }[] }) {
  return (
    <ul class="legend">
      {items.map((item) => (
        <li key={item.kind}>
          <span class={`swatch swatch-${item.kind}`} aria-hidden="true" />
          {item.label}
        </li>
      ))}
    </ul>
  )
}

/** Rounds a coordinate so that the document stays small and the same on every machine. */
export function px(value: number): number {
  return Math.round(value * 100) / 100
}
