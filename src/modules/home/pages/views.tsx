/** Somebody who is a coordinator and serves a member besides chooses which first page to see. */
import type { T } from '../../../platform/i18n.ts'
import { Tabs } from '../../../ui/index.ts'

export const views = ['member', 'coordinator', 'operator'] as const
export type View = (typeof views)[number]

export interface ViewProps {
  /** All that the reader may choose. */
  views: View[]
  view: View
}

export function ViewTabs({ t, views: open, view }: ViewProps & { t: T }) {
  if (open.length < 2) return null
  return (
    <Tabs
      t={t}
      label={t('home.views')}
      active={view}
      tabs={open.map((key) => ({ key, label: t(`home.view.${key}`), href: `/?view=${key}` }))}
    />
  )
}
