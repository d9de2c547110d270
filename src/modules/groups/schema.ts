/** What comes in by forms and addresses. */
import { z } from 'zod'
import { deliveries } from './joining.ts'

/** A text without NUL, which PostgreSQL cannot hold. */
const line = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))
/** A field of a form; one that was not sent is empty. */
const text = (most: number) => line(most).default('')
const number = z.coerce.number().int().positive().max(2_147_483_647)
/** Ticked boxes of one name come as one text, as several, or not at all. */
const ticked = z
  .union([z.string().transform((one) => [one]), z.array(z.string()).max(40)])
  .default([])
  .pipe(z.array(line(40)))

export const idParam = number
export const slugParam = z.string().regex(/^[a-z0-9-]{1,60}$/)

export const joinForm = z.object({ org: number, reason: text(2_000) })
export const orgForm = z.object({ org: number })
export const reasonForm = z.object({ reason: text(2_000) })
export const deliveryForm = z.object({ delivery: z.enum(deliveries) })
export const invitationForm = z.object({ address: text(300), reason: text(2_000), until: text(20) })
export const giveForm = z.object({
  email: text(300),
  organisation: text(300),
  reason: text(2_000),
  until: text(20),
})
export const groupForm = z.object({
  slug: text(100),
  name: text(200),
  purposeCs: text(4_000),
  purposeEn: text(4_000),
  joining: text(20),
  roles: ticked,
  kinds: ticked,
  tlpMax: text(20),
  public: z.literal('1').optional(),
})
export const rosterQuery = z.object({
  q: text(200).catch(''),
  after: z
    .string()
    .regex(/^\d{1,9}-\d{1,9}$/)
    .optional()
    .catch(undefined),
})
export const organisationsQuery = z.object({
  q: text(200).catch(''),
  after: number.optional().catch(undefined),
})
