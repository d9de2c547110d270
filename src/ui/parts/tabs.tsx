import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'

export interface Tab {
  key: string
  label: string
  href: string
  /** How many rows are behind it. */
  count?: number
}

/** Views of one thing; each is a page with its own address. */
export function Tabs(props: { t: T; label: string; tabs: Tab[]; active: string; end?: ComponentChildren }) {
  return (
    <nav class="tabs" aria-label={props.label}>
      <ul>
        {props.tabs.map((tab) => (
          <li key={tab.key}>
            <a href={tab.href} aria-current={tab.key === props.active ? 'page' : undefined}>
              {tab.label}
              {tab.count !== undefined && <span class="count">{props.t.number(tab.count)}</span>}
            </a>
          </li>
        ))}
      </ul>
      {props.end}
    </nav>
  )
}
