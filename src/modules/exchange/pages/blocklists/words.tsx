/** How blocklists are spoken of on pages. */
import type { Frame } from '../../../../platform/frame.ts'
import type { T } from '../../../../platform/i18n.ts'
import { Time } from '../../../../ui/index.ts'
import type { Device, Had } from '../../blocklists/read-own.ts'
import { choosable, kinds, type List } from '../../blocklists/types.ts'

export const pathOf = (org: number): string => `/blocklists/${org}`

export const kindWord = (kind: string, t: T): string => t(`blocklists.kind.${kind}`)
export const listWord = (list: List, t: T): string => t(`blocklists.list.${list}`)

export const kindOptions = (t: T) => kinds.map((value) => ({ value, label: kindWord(value, t) }))
export const sourceOptions = (t: T) =>
  choosable.map((value) => ({ value, label: t(`blocklists.source.${value}`) }))

export function When({ frame: { t, now, zone }, at }: { frame: Frame; at: number | null }) {
  return at === null ? (
    <span class="muted">{t('blocklists.never')}</span>
  ) : (
    <Time t={t} at={at} now={now} zone={zone} as="short" />
  )
}

export const isOver = (device: Device, now: number): boolean =>
  device.revokedAt !== null || device.expiresAt <= now

export const stateOf = (device: Device, now: number): 'good' | 'revoked' | 'over' =>
  device.revokedAt !== null ? 'revoked' : device.expiresAt <= now ? 'over' : 'good'

/** Has it the present version of every list that it fetches, whole? */
export const isCurrent = (had: Had[]): boolean =>
  had.length > 0 && had.every(({ version, present, complete }) => version >= present && complete)

/** "addresses 12, domains 3 (there is 4)". */
export const versionsOf = (had: Had[], t: T): string =>
  t.list(
    had.map(({ list, version, present }) =>
      t(version >= present ? 'blocklists.had' : 'blocklists.hadOlder', {
        list: listWord(list, t),
        version,
        present,
      }),
    ),
  )
