/** Marks and words that the pages of calls share. */
import type { T } from '../../../platform/i18n.ts'
import { Chip, TlpChip } from '../../../ui/index.ts'
import { kindWords, regionName } from '../../members/index.ts'
import { type Broadcast, isRunning, type OrgLine } from '../types.ts'
import { nameOf } from '../words.ts'

export function Marks({ t, call }: { t: T; call: Broadcast }) {
  return (
    <p class="chips">
      <Chip>{nameOf(call, t)}</Chip> <TlpChip t={t} tlp={call.tlp} />{' '}
      <Chip>{t(`rollcalls.state.${call.state}`)}</Chip>
    </p>
  )
}

export const regionWords = (code: string, { lang }: T): string => regionName(code, lang) ?? '–'

/** Of a call that is over nothing is waited for any more. */
export function standingOf(call: Broadcast, { state, excused }: OrgLine, t: T): string {
  if (excused !== null) return t('rollcalls.org.excused')
  const waits = state === 'pending' || state === 'delivered' || state === 'handed_to_operator'
  return !isRunning(call) && call.class !== 'test' && waits
    ? t('rollcalls.own.silent')
    : t(`rollcalls.org.${state}`)
}

export const errorsIn = (t: T, errors: Record<string, string>, field: string): string | undefined =>
  errors[field] && t(`rollcalls.error.${errors[field]}`)

/** The kind of an organisation in the reader's language. */
export const kindName = (kind: string, { lang }: T): string =>
  Object.entries(kindWords).find(([known]) => known === kind)?.[1][lang] ?? kind
