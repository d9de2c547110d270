import type { ComponentChildren } from 'preact'

export interface LiveProps {
  /** Unique on the page; the browser looks for the same id in a fresh copy of the page. */
  id: string
  /** Topics of `/live` that concern this part, separated by spaces. */
  topic: string
  /** `wait` shows "3 new" and moves nothing; `now` is for walls and figures nobody is reading line by line. */
  apply?: 'wait' | 'now'
  children: ComponentChildren
}

/** A part of the page that follows the world. Without script it is simply its content. */
export function Live({ id, topic, apply = 'wait', children }: LiveProps) {
  return (
    <div class="live" id={id} data-live={topic} data-live-apply={apply}>
      <p class="live-news" role="status">
        <button type="button" hidden />
      </p>
      {children}
    </div>
  )
}
