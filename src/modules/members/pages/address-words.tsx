/** Addresses and claims in the reader's words, shared by their pages. */
import { dayOf, dayShort } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Chip } from '../../../ui/index.ts'
import type { ClaimLine } from '../claims/queries.ts'
import { isForeign, unicodeOf } from '../claims/value.ts'

/** The address, range or name; of a domain with other letters both ways of writing it, and a warning where they are not Latin. */
export function Value({ t, value, kind, href }: { t: T; value: string; kind: string; href?: string }) {
  const unicode = kind === 'domain' ? unicodeOf(value) : null
  const code = <code class="address">{value}</code>
  return (
    <>
      {href ? <a href={href}>{code}</a> : code}
      {unicode && <span class="muted"> {unicode}</span>}
      {isForeign(value) && ' '}
      {isForeign(value) && <Chip>{t('addresses.foreign')}</Chip>}
    </>
  )
}

/** The day in which a record begins, or the last in which it holds. */
export const dayIn = (at: number, frame: Frame): string => dayShort(dayOf(at, frame.zone), frame.t, true)
/** An end is the first moment after the last day. */
export const lastDay = (to: number, frame: Frame): string => dayIn(to - 1, frame)

export function State({ t, claim }: { t: T; claim: ClaimLine }) {
  return (
    <>
      <Chip yours={claim.state === 'proved'}>{t(`addresses.state.${claim.state}`)}</Chip>{' '}
      {claim.state === 'asked' && claim.contested && <Chip>{t('addresses.contested')}</Chip>}
    </>
  )
}
