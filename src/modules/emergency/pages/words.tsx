/** Marks and words that the pages of calls share. */
import type { T } from '../../../platform/i18n.ts'
import { Chip, Notice, TlpChip } from '../../../ui/index.ts'
import { kindWords, regionName } from '../../members/index.ts'
import { type Broadcast, isRunning, type OrgLine } from '../types.ts'
import { nameOf } from '../words.ts'

export function Marks({ t, call }: { t: T; call: Broadcast }) {
  return (
    <p class="chips">
      <Chip>{nameOf(call, t)}</Chip> <TlpChip t={t} tlp={call.tlp} />{' '}
      <Chip>{t(`rollcalls.state.${call.state}`)}</Chip>
      {call.writtenNumber !== null && (
        <>
          {' '}
          <a href={`/warnings/written/${call.written}`}>
            {t('rollcalls.about', { number: call.writtenNumber })}
          </a>
        </>
      )}
    </p>
  )
}

/** Text messages do not go out, and whom nothing else reaches. */
export function NoTexts({ t, people }: { t: T; people: string[] }) {
  return (
    <Notice kind="careful" title={t('rollcalls.noTexts')}>
      <p>
        {t('rollcalls.noTexts.alone', { n: people.length })}
        {people.length > 0 && `: ${t.list(people)}`}
      </p>
    </Notice>
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
