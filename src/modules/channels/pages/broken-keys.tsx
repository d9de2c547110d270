/** On the first page: keys that nothing can be encrypted with, so that only notices without content go out. */
import type { T } from '../../../platform/i18n.ts'
import { Notice } from '../../../ui/index.ts'

export function BrokenKeys({ t, n }: { t: T; n: number }) {
  if (n === 0) return null
  return (
    <Notice kind="careful" actions={<a href="/mail-keys">{t('pgp.home.see')}</a>}>
      <p>{t('pgp.home', { n })}</p>
    </Notice>
  )
}
