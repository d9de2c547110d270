/** What the trail can be asked, and what it answers. */
import { z } from 'zod'
import { isDay } from '../../platform/dates.ts'

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
export const areas = ['members', 'warnings', 'events', 'rules', 'channels', 'trail'] as const

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

export const readsAnswer = z.object({
  total: z.number(),
  next: text.describe('what to give as ?after= for the next page'),
  reads: z.array(
    z.object({
      id: z.number(),
      org: z.number(),
      orgName: text,
      reader: z.string().describe('who looked, as called then'),
      way: z.enum(['page', 'api', 'file']),
      place: z.string().describe('the route, as /warnings/:id'),
      object: z.string().describe('what stood in place of its parameters; empty for a list'),
      times: z.number().describe('how often within the hour'),
      firstAt: ms,
      lastAt: ms,
    }),
  ),
})
