/** What the log of deliveries can be asked, and what it answers. */
import { z } from 'zod'
import { NotFound } from '../../platform/errors.ts'
import { channels, kinds, states } from './deliveries.ts'

// An empty field of a filter form means that it was not used.
const optional = <Inner extends z.ZodType>(inner: Inner) =>
  z.preprocess((value) => (value === '' ? undefined : value), inner.optional())

/** Filters live in the address, so that a list can be sent on; `after` is `MILLISECONDS-ID` of the last row shown. */
export const query = z.object({
  state: optional(z.enum(states)),
  kind: optional(z.enum(kinds)),
  org: optional(z.coerce.number().int().positive().max(2_147_483_647)),
  warning: optional(z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)),
  text: optional(z.string().max(200)),
  after: optional(z.string().regex(/^\d{1,15}(\.\d{1,6})?-\d{1,15}$/)),
})
const ms = z.number().describe('milliseconds since 1970')
const text = z.string().nullable()

export const deliveriesAnswer = z.object({
  total: z.number(),
  next: text.describe('what to give as ?after= for the next page'),
  deliveries: z.array(
    z.object({
      id: z.number(),
      kind: z.enum(kinds),
      channel: z.enum(channels),
      person: text,
      org: text,
      address: z.string(),
      warning: z.number().nullable(),
      written: z.number().nullable().describe('the written warning that it tells of'),
      number: text,
      severity: z.number().nullable(),
      state: z.enum(states),
      reason: text,
      reply: text,
      messageId: text,
      attempts: z.number(),
      decidedAt: ms,
      dueAt: ms,
      sentAt: ms.nullable(),
    }),
  ),
})
export type DeliveryQuery = z.infer<typeof query>

/** The number in a path; `NotFound` for what is none. */
export function numberIn({ params }: { params: unknown }): number {
  const { id } = params as { id?: unknown }
  if (typeof id !== 'string' || !/^\d{1,9}$/.test(id)) throw new NotFound('There is nothing here')
  return Number(id)
}
