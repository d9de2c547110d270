/** Parts that pages of an inventory share. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Chip, Tabs } from '../../../ui/index.ts'
import type { Standing } from '../support/standing.ts'
import { dayIn, inventoryOf } from './words.ts'

export type View = 'list' | 'support' | 'files'

/** The views of one inventory. */
export function InventoryTabs({ frame: { t }, org, active }: { frame: Frame; org: number; active: View }) {
  const base = inventoryOf(org)
  return (
    <Tabs
      t={t}
      label={t('assets.title')}
      active={active}
      tabs={[
        { key: 'list', label: t('assets.tab.list'), href: base },
        { key: 'support', label: t('assets.tab.support'), href: `${base}/support` },
        { key: 'files', label: t('assets.tab.files'), href: `${base}/import` },
        { key: 'sector', label: t('assets.tab.sector'), href: '/inventory/sector' },
      ]}
    />
  )
}

/** "bez podpory od 8. 4. 2014" */
export function supportIn({ state, on, found }: Standing, t: T): string {
  if (state === 'unknown' || on === null) return t('assets.support.unknown')
  const isSaid = found !== null && found.row.ends === undefined
  return t(isSaid ? 'assets.support.endedBy' : `assets.support.${state}`, { day: dayIn(on, t) })
}

/** Marked only where somebody has to think of it. */
export function SupportChip({ t, standing }: { t: T; standing: Standing }) {
  const text = supportIn(standing, t)
  if (standing.state === 'unknown') return <span class="muted">{text}</span>
  return standing.state === 'later' ? <span>{text}</span> : <Chip>{text}</Chip>
}

/** Which date counts and where it comes from. */
export function SupportWhy({ t, standing }: { t: T; standing: Standing }) {
  const { found } = standing
  if (standing.state === 'unknown') return <>{t('assets.support.why.unknown')}</>
  if (!found) return <>{t('assets.support.why.own')}</>
  return (
    <>
      {t(`assets.support.why.${found.via}`, { product: `${found.row.vendor} ${found.row.product}` })}{' '}
      <a href={found.row.url} rel="noreferrer">
        {found.row.source}
      </a>
    </>
  )
}
