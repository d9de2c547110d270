/** Small marks with a fixed meaning. Colour repeats what word and shape already say. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'

export const severityNames = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severityNames)[number]
export type Tlp = 'RED' | 'AMBER+STRICT' | 'AMBER' | 'GREEN' | 'CLEAR'

const shapes: Record<Severity, string> = {
  critical: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
  high: 'M8 1.5 15.5 14.5H.5z',
  medium: 'M8 .8 15.2 8 8 15.2.8 8z',
  low: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
}

/** The word with its shape: octagon, triangle, diamond, circle. Takes the name or the level 0 to 4. */
export function SeverityBadge({ t, severity }: { t: T; severity: Severity | 0 | 1 | 2 | 3 | 4 }) {
  const name = typeof severity === 'number' ? severityNames[severity] : severity
  return (
    <span class={`severity severity-${name}`}>
      <svg class="severity-shape" viewBox="0 0 16 16" aria-hidden="true">
        <path d={shapes[name]} fill-rule="evenodd" />
      </svg>
      {t(`ui.severity.${name}`)}
    </span>
  )
}

/** The TLP 2.0 label in the colours FIRST prescribes: text on black. */
export function TlpChip({ t, tlp }: { t: T; tlp: Tlp }) {
  const name = tlp.toLowerCase().replace('+', '-')
  return (
    <abbr class={`tlp tlp-${name}`} title={t(`ui.tlp.${name}`)}>
      TLP:{tlp}
    </abbr>
  )
}

/** A neutral word in a frame: a state, a label of a source, a kind. `yours` uses the brand colour. */
export function Chip(props: { children: ComponentChildren; title?: string; yours?: boolean; href?: string }) {
  const look = props.yours ? 'chip chip-yours' : 'chip'
  if (props.href)
    return (
      <a class={look} href={props.href} title={props.title}>
        {props.children}
      </a>
    )
  return (
    <span class={look} title={props.title}>
      {props.children}
    </span>
  )
}
