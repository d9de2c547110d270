import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'

export interface Change {
  label: string
  before: ComponentChildren
  after: ComponentChildren
}

/** What changed: before struck through, after marked, both with words for screen readers. */
export function Diff({ t, changes }: { t: T; changes: Change[] }) {
  return (
    <dl class="diff">
      {changes.map((change) => (
        <div key={change.label}>
          <dt>{change.label}</dt>
          <dd>
            <del>
              <span class="visually-hidden">{t('ui.diff.before')} </span>
              {change.before}
            </del>{' '}
            <ins>
              <span class="visually-hidden">{t('ui.diff.after')} </span>
              {change.after}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}
