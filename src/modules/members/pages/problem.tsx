import type { T } from '../../../platform/i18n.ts'
import { Notice } from '../../../ui/index.ts'

/** Why a proof was not taken. */
export type Problem = { kind: 'wrong' } | { kind: 'wait'; ms: number }

/** Too many tries: how long to wait. */
export function Wait({ t, ms }: { t: T; ms: number }) {
  const seconds = Math.ceil(ms / 1_000)
  return (
    <Notice kind="wrong" title={t('members.signIn.wait.title')}>
      {seconds <= 60
        ? t('members.signIn.wait.seconds', { n: seconds })
        : t('members.signIn.wait.minutes', { n: Math.ceil(seconds / 60) })}
    </Notice>
  )
}
