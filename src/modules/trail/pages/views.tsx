/** The views of this module, and addresses with their filters. */
import type { Actor } from '../../../platform/access.ts'
import type { T } from '../../../platform/i18n.ts'
import { Tabs } from '../../../ui/index.ts'

/** Break-glass access concerns organisations and coordinators; who runs the servers alone has no part in it. */
const seesGlass = (actor: Actor | null): boolean =>
  actor?.engagements.some(({ role }) => role !== 'operator') ?? false

export const Views = ({ t, active, actor }: { t: T; active: string; actor: Actor | null }) => (
  <Tabs
    t={t}
    label={t('trail.views')}
    active={active}
    tabs={[
      { key: '/trail', href: '/trail', label: t('trail.title') },
      { key: '/trail/reads', href: '/trail/reads', label: t('trail.reads.title') },
      ...(seesGlass(actor) ? [{ key: '/trail/glass', href: '/trail/glass', label: t('glass.title') }] : []),
    ]}
  />
)

export function addressOf(path: string, query: object): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `${path}${search.size > 0 ? `?${search}` : ''}`
}
