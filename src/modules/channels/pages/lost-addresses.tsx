/** On the first page: nothing reaches some addresses, and where that can be mended. */
import type { T } from '../../../platform/i18n.ts'
import { Notice } from '../../../ui/index.ts'

export function LostAddresses({ t, n }: { t: T; n: number }) {
  if (n === 0) return null
  return (
    <Notice kind="careful" actions={<a href="/mail-addresses">{t('returns.home.see')}</a>}>
      <p>{t('returns.home', { n })}</p>
    </Notice>
  )
}
