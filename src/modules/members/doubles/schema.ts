/** What the pages about accounts entered twice take. */
import { z } from 'zod'
import { idParam } from '../schema.ts'

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))

export const pairQuery = z.object({ person: idParam, into: idParam })
export const mergingForm = pairQuery.extend({ reason: text(4_000) })
/** The two addresses as somebody types them. */
export const choiceForm = z.object({ person: text(300), into: text(300) })
export const takingBackForm = z.object({ reason: text(4_000) })
