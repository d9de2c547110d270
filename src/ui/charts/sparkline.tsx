import { px } from './chart.tsx'

export interface SparklineProps {
  /** Read aloud and shown on hover: "30 days, most 412 on 3 November". */
  title: string
  /** Equally spaced; null leaves a gap. */
  values: (number | null)[]
  /** Opens the history behind it. */
  href?: string
}

const height = 20

/** A trend in the size of a word. */
export function Sparkline({ title, values, href }: SparklineProps) {
  const peak = Math.max(1, ...values.map((value) => value ?? 0))
  const point = (value: number, index: number) => `${index} ${px(height - 2 - (value / peak) * (height - 4))}`
  const line = values
    .map((value, index) => {
      if (value === null) return ''
      const before = values[index - 1]
      return `${before === null || before === undefined ? 'M' : 'L'}${point(value, index)}`
    })
    .join('')
  const last = values.findLastIndex((value) => value !== null)
  const drawing = (
    <svg
      class="sparkline"
      viewBox={`0 0 ${Math.max(1, values.length - 1)} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={title}
    >
      <title>{title}</title>
      <path class="sparkline-line" d={line} />
      {last >= 0 && <path class="sparkline-end" d={`M${point(values[last] ?? 0, last)}h0`} />}
    </svg>
  )
  return href ? <a href={href}>{drawing}</a> : drawing
}
