/** What somebody saw of a call and what stands there now, in words. */
import { z } from 'zod'
import type { T } from '../../../platform/i18n.ts'
import type { Moved } from '../../../platform/revision.ts'
import type { Change } from '../../../ui/index.ts'
import { stepShape } from '../../duty/index.ts'
import { paragraphsBetween } from '../../warnings/pages.ts'
import { wordOf } from './policy.tsx'
import { kindName, regionWords } from './words.tsx'

const answerShape = z.object({ code: z.string(), cs: z.string(), en: z.string(), needsNote: z.boolean() })

/** The text by its paragraphs, of lists what went and what came. */
export const differencesOf = (
  t: T,
  moved: Moved[],
  organisations: { id: number; name: string }[],
): Change[] => {
  const names = new Map(organisations.map(({ id, name }) => [id, name]))
  return moved.flatMap(({ field, before, after }): Change[] => {
    const label = t(`rollcalls.field.${field}`)
    const said = (value: unknown): string => wordsOf(t, field, value, names)
    const change = (was: string, is: string): Change => ({ label, before: was || '–', after: is || '–' })
    if (Array.isArray(before) && Array.isArray(after)) {
      const [were, are] = [before.map(said), after.map(said)]
      return [
        change(
          were.filter((one) => !are.includes(one)).join('; '),
          are.filter((one) => !were.includes(one)).join('; '),
        ),
      ]
    }
    if (field === 'body' && typeof before === 'string' && typeof after === 'string')
      return paragraphsBetween(before, after).map((one) => change(one.before, one.after))
    return [change(said(before), said(after))]
  })
}

/** A value of a field, or one of its list; of a forged form as it is. */
function wordsOf(t: T, field: string, value: unknown, names: Map<number, string>): string {
  if (field === 'orgs' && value === null) return t('rollcalls.whom.all')
  if (Array.isArray(value)) return value.map((one) => wordsOf(t, field, one, names)).join('; ')
  if (field === 'orgs' && typeof value === 'number') return names.get(value) ?? String(value)
  if (field === 'kinds') return kindName(String(value), t)
  if (field === 'regions') return regionWords(String(value), t)
  if (field === 'class' || field === 'mode') return t(`rollcalls.${field}.${String(value)}`)
  if (field === 'channel' && value) return t(`rollcalls.way.${String(value)}`)
  if (typeof value === 'boolean') return t(value ? 'written.yes' : 'written.no')
  if (field === 'answers') return answerWords(value)
  if (field === 'steps') return stepWords(t, value)
  return value === null || value === undefined ? '' : String(value)
}

function answerWords(value: unknown): string {
  const { data } = answerShape.safeParse(value)
  return data ? `${data.code} ${data.cs} / ${data.en}${data.needsNote ? ' *' : ''}` : ''
}

function stepWords(t: T, value: unknown): string {
  const { data } = stepShape.safeParse(value)
  if (!data) return ''
  const when =
    data.delayMin === 0 ? t('rollcalls.preview.atOnce') : t('rollcalls.preview.after', { n: data.delayMin })
  const whom = data.targets.map((one) => {
    const word = wordOf(one)
    return word === 'other' ? t('rollcalls.step.other') : t(`ui.role.${word}`)
  })
  return `${when} ${whom.join(', ')} (${data.channels.map((way) => t(`rollcalls.way.${way}`)).join(', ')})`
}
