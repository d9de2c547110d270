/** The views of this module for those who answer for the installation. */
import type { Role } from '../../../platform/access.ts'
import type { T } from '../../../platform/i18n.ts'
import { Tabs } from '../../../ui/index.ts'

/** Who may see the periods; the record of processing is for data protection officers too. */
export const periodReaders = ['operator', 'coordinator'] as const satisfies Role[]

export function Views({ t, active, roles }: { t: T; active: string; roles: readonly string[] }) {
  const places = [
    { key: '/processing', label: t('privacy.processing.title') },
    ...(periodReaders.some((role) => roles.includes(role))
      ? [{ key: '/retention', label: t('privacy.periods.title') }]
      : []),
    ...(roles.includes('coordinator') ? [{ key: '/people/data', label: t('requests.title') }] : []),
  ]
  return (
    <Tabs
      t={t}
      label={t('privacy.views')}
      active={active}
      tabs={places.map(({ key, label }) => ({ key, href: key, label }))}
    />
  )
}
