/** Shapes that come in through the forms of the contact book. */
import { z } from 'zod'
import { channels, type Purpose, purposes, type Shown, visibilities } from './words.ts'

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))

const shown = z.enum(['', ...visibilities]).default('')

export const contactForm = z.object({
  person: z
    .string()
    .regex(/^\d{0,9}$/)
    .default(''),
  name: text(300).default(''),
  channel: z.enum(channels),
  value: text(1_000),
  hours: text(300).default(''),
  round_the_clock: z.string().optional(),
  sure: z.string().optional(),
  ...(Object.fromEntries(purposes.map((purpose) => [`shown_${purpose}`, shown])) as Record<
    `shown_${Purpose}`,
    typeof shown
  >), // keys made of the same list
})
export type ContactForm = z.infer<typeof contactForm>

/** What the form wants of a contact. */
export const wantedIn = (form: ContactForm) => ({
  person: form.person === '' ? null : Number(form.person),
  name: form.name,
  channel: form.channel,
  value: form.value,
  hours: form.hours,
  roundTheClock: form.round_the_clock !== undefined,
  shown: Object.fromEntries(purposes.map((purpose) => [purpose, form[`shown_${purpose}`] || null])) as Shown, // one key for each purpose
})

export const orderForm = z.object({ purpose: z.enum(purposes), way: z.enum(['up', 'down']) })
export const codeForm = z.object({ code: text(100) })
export const sureForm = z.object({ sure: z.string().optional() })
export const attestForm = z.object({ seen: z.string().regex(/^[0-9a-f]{64}$/) })
export const passphraseForm = z.object({ passphrase: text(1_000) })
/** A filter that is none counts as not set. */
export const searchQuery = z.object({
  q: text(200).optional().catch(undefined),
  purpose: z.enum(purposes).optional().catch(undefined),
})
