/** How the plan says its dates: the same sentence on pages, in CSV and in the feed. */
import { type Day, dayShort } from '../../../platform/dates.ts'
import type { Lang, T } from '../../../platform/i18n.ts'
import { otherLang } from '../places.ts'
import type { Pair } from '../plan.ts'
import { type Action, slippedDays } from '../plan-read.ts'

/** The text for a reader of this language, and the language it is in when that is not his. */
export function pick(pair: Pair, lang: Lang): { text: string; foreign: Lang | undefined } {
  if (pair[lang] !== '') return { text: pair[lang], foreign: undefined }
  const other = otherLang(lang)
  return { text: pair[other], foreign: pair[other] === '' ? undefined : other }
}

/** "15. 12. 2026" */
const dated = (t: T, day: Day): string => dayShort(day, t, true)

/** Takes no part in any language's words. */
const hole = '\u0001'

/** The sentence around the first date; without a change only what comes before it. */
function sentence(t: T, action: Action): [string, string | null] {
  const due = dated(t, action.dueOn)
  const times = action.dateChanges.length
  if (times === 0) return [t('site.plan.due', { due }), null]
  const days = slippedDays(action)
  const key = days > 0 ? 'site.plan.slip' : days < 0 ? 'site.plan.slip.earlier' : 'site.plan.slip.back'
  const [before = '', after = ''] = t(key, { due, first: hole, times, n: Math.abs(days) }).split(hole)
  return [before, after]
}

/** "do 15. 12. 2026, původně 30. 6. 2026, posunuto 2×, o 168 dní" */
export function dueText(t: T, action: Action): string {
  const [before, after] = sentence(t, action)
  return after === null ? before : before + dated(t, action.firstDueOn) + after
}

/** The same with the first date struck through. */
export function Due({ t, action }: { t: T; action: Action }) {
  const [before, after] = sentence(t, action)
  return (
    <span class="plan-due">
      {before}
      {after !== null && <del>{dated(t, action.firstDueOn)}</del>}
      {after}
    </span>
  )
}

/** A pair's text; what is only in the other language says so. */
export function PairText({ t, pair, plain }: { t: T; pair: Pair; plain?: boolean }) {
  const { text, foreign } = pick(pair, t.lang)
  if (!foreign) return <>{text}</>
  return (
    <>
      <span lang={foreign}>{text}</span>
      {!plain && <span class="muted"> {t('site.plan.untranslated')}</span>}
    </>
  )
}
