/** What the trail can be asked, and what it answers. */
import { z } from 'zod'
import { isDay } from '../../platform/dates.ts'
import { verdicts } from './glass.ts'

// An empty field of a filter form means that it was not used.
const optional = <Inner extends z.ZodType>(inner: Inner) =>
  z.preprocess((value) => (value === '' ? undefined : value), inner.optional())

const day = z.string().refine(isDay, 'a day is YYYY-MM-DD')

const page = {
  from: optional(day),
  to: optional(day),
  after: optional(z.string().regex(/^\d{1,15}(\.\d{1,6})?-\d{1,15}$/)),
}
const org = optional(z.coerce.number().int().positive().max(2_147_483_647))

/** Parts of the program that write lines: the words before the dot of their verbs. */
export const areas = [
  ...(['members', 'groups', 'joining', 'assets', 'warnings', 'events', 'rules'] as const),
  ...(['channels', 'site', 'privacy', 'trail', 'platform'] as const),
] as const

/** Filters live in the address; `after` is `MILLISECONDS-ID` of the last line shown. */
export const query = z.object({
  area: optional(z.enum(areas)),
  text: optional(z.string().max(200)),
  org,
  ...page,
})
export type TrailQuery = z.infer<typeof query>

export const readsQuery = z.object({ org, ...page })
export type ReadsQuery = z.infer<typeof readsQuery>

const text = z.string().nullable()
const ms = z.number().describe('milliseconds since 1970')

export const trailAnswer = z.object({
  total: z.number(),
  next: text.describe('what to give as ?after= for the next page'),
  lines: z.array(
    z.object({
      id: z.number(),
      at: ms,
      person: text,
      actor: z.string(),
      verb: z.string(),
      object: z.string(),
      objectName: text,
      org: z.number().nullable(),
      orgName: text,
      detail: z.record(z.string(), z.unknown()),
      seq: z.number().nullable().describe('number in the chain; null while it waits to be linked'),
    }),
  ),
})

const read = z.object({
  id: z.number(),
  org: z.number(),
  orgName: text,
  reader: z.string().describe('who looked, as called then'),
  way: z.enum(['page', 'api', 'file']),
  place: z.string().describe('the route, as /warnings/:id'),
  object: z.string().describe('what stood in place of its parameters; empty for a list'),
  times: z.number().describe('how often within the hour'),
  glass: z.number().nullable().describe('the break-glass access during which it was read'),
  firstAt: ms,
  lastAt: ms,
})

export const readsAnswer = z.object({
  total: z.number(),
  next: text.describe('what to give as ?after= for the next page'),
  reads: z.array(read),
})

const opening = z.object({
  id: z.number(),
  org: z.number(),
  orgName: text,
  person: z.number().describe('the coordinator who opened it'),
  opener: z.string().describe('name at that time'),
  reason: z.string(),
  openedAt: ms,
  endsAt: ms,
  isOpen: z.boolean(),
  reviewDueAt: ms,
  reviewer: text,
  reviewedAt: ms.nullable(),
  verdict: z.enum(verdicts).nullable(),
  finding: text,
})
export const glassAnswer = z.object({ openings: z.array(opening) })
export const openingAnswer = z.object({
  opening,
  reads: z.array(read),
  comments: z.array(z.object({ id: z.number(), author: z.string(), text: z.string(), at: ms })),
})

const typed = z.string().max(20_000).catch('')

/** What cannot be read counts as left out, and the verb says what is missing. */
export const glassForm = z.object({
  org: z.coerce.number().int().positive().max(2_147_483_647).catch(0),
  reason: typed,
})
export const reviewForm = z.object({ verdict: z.enum(verdicts), finding: typed })
export const commentForm = z.object({ text: typed })
export const glassId = z.coerce.number().int().positive().max(2_147_483_647)
/** As it came, to be shown again. */
export type GlassTyped = Partial<Record<'org' | 'reason' | 'verdict' | 'finding' | 'text', string>>
