import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'
import { px } from './chart.tsx'

export interface Bar {
  key: string
  name: ComponentChildren
  value: number
  /** Part of `value` that got through, drawn strong. */
  passed?: number
  /** Value of the usual day, drawn as a tick. */
  usual?: number
  /** The rows behind it. */
  href?: string
}

export interface BarsProps {
  t: T
  title: string
  titleHidden?: boolean
  items: Bar[]
  /** Heads of the two columns; "Item" and "Count" by default. */
  nameLabel?: string
  valueLabel?: string
  /** How a value is written; exact and grouped by default. */
  format?: (value: number) => string
}

/** Horizontal bars, one a row. The chart is itself the table, so it reads aloud and prints as it is. */
export function Bars(props: BarsProps) {
  const { t, items } = props
  const format = props.format ?? t.number
  const usual = items.some((item) => item.usual !== undefined)
  const largest = Math.max(1, ...items.map((item) => Math.max(item.value, item.usual ?? 0)))
  return (
    <table class="bars">
      <caption class={props.titleHidden ? 'visually-hidden' : 'chart-title'}>{props.title}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">{props.nameLabel ?? t('ui.chart.name')}</th>
          <td />
          <th scope="col">{props.valueLabel ?? t('ui.chart.count')}</th>
          {usual && <th scope="col">{t('ui.chart.usual')}</th>}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.key}>
            <th scope="row">{item.href ? <a href={item.href}>{item.name}</a> : item.name}</th>
            <td class="bars-plot">
              <BarDrawing item={item} largest={largest} />
            </td>
            <td class="cell-number">{format(item.value)}</td>
            {usual && (
              <td class="bars-usual">
                {item.usual === undefined ? '' : `${t('ui.chart.usual')} ${format(item.usual)}`}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function BarDrawing({ item, largest }: { item: Bar; largest: number }) {
  const scale = (value: number) => px((value / largest) * 100)
  const passed = item.passed ? Math.max(scale(item.passed), 0.6) : 0
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect
        class={item.passed === undefined ? 'bar bar-plain' : 'bar bar-dropped'}
        x={0}
        y={1}
        width={scale(item.value)}
        height={8}
      />
      {passed > 0 && <rect class="bar bar-passed" x={0} y={1} width={passed} height={8} />}
      {item.usual !== undefined && <path class="usual-tick" d={`M${scale(item.usual)} 0V10`} />}
    </svg>
  )
}
