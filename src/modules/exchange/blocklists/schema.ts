/** What comes in by the forms of blocklists. */
import { z } from 'zod'
import { type Choices, choosable, kinds } from './types.ts'

const text = (most: number) => z.string().max(most).default('')
/** A field that may be there once or several times. */
const words = <Word extends string>(known: readonly Word[]) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((given) => known.filter((word) => [given ?? []].flat().includes(word)))

export const idParam = z.coerce.number().int().positive().max(2_147_483_647)
export const itemParam = z.string().regex(/^[1-9]\d{0,17}$/)

/** The choices of a form, or of an address that tries them out. */
export const choicesForm = z
  .object({
    kinds: words(kinds),
    sources: words(choosable),
    confidence: z.enum(['1', '2']).default('1'),
    days: z.coerce.number().int().min(1).max(365).default(365),
  })
  .transform(
    ({ confidence, days, ...rest }): Choices => ({
      ...rest,
      confidence: confidence === '2' ? 2 : 1,
      maxDays: days,
    }),
  )
/** The same, with all words in one field: what was tried out and is to be kept. */
export const keptForm = z.preprocess((given) => {
  const { words: all, ...rest } = (given ?? {}) as Record<string, unknown> // the body of a form
  const chosen = typeof all === 'string' ? all.slice(0, 200).split(' ') : []
  return { ...rest, kinds: chosen, sources: chosen }
}, choicesForm)
export const deviceForm = z.object({ label: text(200), days: z.coerce.number().int().default(0) })
export const exceptionForm = z.object({
  value: text(4_096),
  reason: text(1_000),
  broke: z.literal('1').optional(),
})
export const enterForm = z.object({ value: text(4_096), reason: text(1_000), days: text(5) })
export const reasonForm = z.object({ reason: text(1_000) })
export const neverForm = z.object({ value: text(500), reason: text(1_000) })
export const entriesQuery = z.object({ find: text(200), after: text(2_048) })
