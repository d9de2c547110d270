/** The two views of this module, and addresses with their filters. */
import type { T } from '../../../platform/i18n.ts'
import { Tabs } from '../../../ui/index.ts'

export const Views = ({ t, active }: { t: T; active: string }) => (
  <Tabs
    t={t}
    label={t('trail.views')}
    active={active}
    tabs={[
      { key: '/trail', href: '/trail', label: t('trail.title') },
      { key: '/trail/reads', href: '/trail/reads', label: t('trail.reads.title') },
    ]}
  />
)

export function addressOf(path: string, query: object): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `${path}${search.size > 0 ? `?${search}` : ''}`
}
