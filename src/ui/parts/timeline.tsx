import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'
import { classes } from '../html.ts'
import { Time } from './time.tsx'

export interface TimelineItem {
  at: number
  title: ComponentChildren
  body?: ComponentChildren
  /** Who did it; left out for the program itself. */
  by?: string
  /** Stands out: raised severity, a person's answer. */
  strong?: boolean
}

/** What happened in order, oldest first as given; each moment with its exact time. */
export function Timeline(props: { t: T; now: number; zone?: string; items: TimelineItem[] }) {
  return (
    <ol class="timeline">
      {props.items.map((item, index) => (
        <li key={index} class={classes('timeline-item', item.strong && 'timeline-strong')}>
          <p class="timeline-when">
            <Time t={props.t} at={item.at} now={props.now} zone={props.zone} as="short" />
          </p>
          <div class="timeline-what">
            <p class="timeline-title">{item.title}</p>
            {item.by && <p class="muted">{item.by}</p>}
            {item.body && <div>{item.body}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}
