/** What lists of matches can be asked, what forms bring, and what the API answers. */
import { z } from 'zod'
import { itemAnswers } from '../warnings/index.ts'
import { states } from './read.ts'

// An empty field of a filter form means that it was not used.
const optional = <Inner extends z.ZodType>(inner: Inner) =>
  z.preprocess((value) => (value === '' ? undefined : value), inner.optional())
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))
const ticked = optional(z.enum(['1', 'true']).transform(() => true))

export const idParam = z.coerce.number().int().min(1).max(2_147_483_647)

/** `after` is what stood as `next` on the page before. */
export const query = z.object({
  state: optional(z.enum(['living', 'all', ...states])).describe(
    'living, without: what nobody has dealt with',
  ),
  org: optional(idParam),
  q: optional(text(200)),
  safety: ticked.describe('of patient safety'),
  exploited: ticked,
  after: optional(z.string().regex(/^[01]\.[01]\.[0-4]\.\d{1,4}\.\d{1,10}$/)),
})
export type ListQuery = z.infer<typeof query>

export const decisionForm = z.object({ same: z.enum(['yes', 'no']), reason: text(4_000).default('') })

const instant = z.string().describe('ISO 8601, UTC')
const line = z.object({
  id: z.number(),
  org: z.number(),
  advisory: z.object({
    id: z.number(),
    tracking_id: z.string(),
    publisher: z.string(),
    title: z.string(),
    version: z.number().describe('how many versions of it came here'),
    tlp: z.string(),
  }),
  state: z.enum(states),
  closed_because: z.string().nullable(),
  severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  exploited: z.boolean(),
  patient_safety: z.boolean(),
  sure: z.number().describe('0 to 1'),
  pieces: z.number(),
  departments: z.number(),
  answer: z.enum(['pending', ...itemAnswers]),
  planned_on: z.string().nullable(),
  affected: z.number().nullable(),
  opened_at: instant,
  changed_at: instant,
})
export const matchesAnswer = z.object({
  total: z.number(),
  next: z.string().nullable().describe('what to give as ?after= for the next page'),
  matches: z.array(line),
})
export const matchAnswer = line.extend({
  assets: z.array(
    z.object({
      asset: z.number().describe('one of those written alike'),
      vendor: z.string(),
      product: z.string(),
      version: z.string().nullable(),
      pieces: z.number(),
      departments: z.array(z.object({ name: z.string(), pieces: z.number() })),
      sure: z.number(),
      why: z.array(z.string()),
      decision: z.enum(['same', 'other']).nullable(),
    }),
  ),
})

export const answerBody = z.strictObject({
  answer: z.enum(itemAnswers),
  planned_on: z.string().max(10).nullish().describe('YYYY-MM-DD: for when the repair is planned'),
  affected: z.number().int().nullish().describe('how many of the pieces are affected'),
  note: z.string().max(4_000).nullish(),
})
export const answerResult = z.object({
  counted: z.boolean().describe('false: kept, but it changed nothing'),
  conflict: z.boolean().describe('somebody of the organisation says the opposite'),
  answer: z.enum(['pending', ...itemAnswers]),
})
