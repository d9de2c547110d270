/** Shapes of the forms about addresses. What is missing counts as empty: the verbs say what is needed. */
import { z } from 'zod'
import { isDay } from '../../../platform/dates.ts'

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))
    .default('')
const id = z.string().regex(/^\d{1,9}$/)

export const claimForm = z.object({ org: id, values: text(20_000), until: text(20), note: text(5_000) })
export const claimCodeForm = z.object({ code: text(200) })
export const holderAnswerForm = z.object({
  org: id,
  answer: z.enum(['consents', 'objects']),
  note: text(5_000),
})
export const decisionForm = z.object({
  decision: z.enum(['accept', 'refuse']),
  reason: text(5_000),
  prefixes: z
    .union([z.array(z.string().max(100)).max(500), z.string().max(100)])
    .default([])
    .transform((given) => [given].flat()),
})
export const partForm = z.object({
  value: text(300),
  to: text(300),
  until: text(20),
  shown: text(1),
  note: text(5_000),
})
export const endForm = z.object({ reason: text(5_000) })

/** A query that is not understood is none. */
export const addressesQuery = z.object({
  org: id.optional().catch(undefined),
  before: id.optional().catch(undefined),
  at: z.string().refine(isDay).optional().catch(undefined),
})
