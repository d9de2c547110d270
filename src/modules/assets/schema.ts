/** What comes in by addresses, forms and programs, and what programs are told. */
import { z } from 'zod'
import { kinds, sources } from './asset.ts'
import { sortNames } from './queries.ts'
import { states } from './support/standing.ts'
import type { Given } from './understand.ts'

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))
const number = z.coerce.number().int().positive().max(2_147_483_647)

export const idParam = number

/** A filter that is none counts as not set. */
export const listQuery = z.object({
  q: text(200).optional().catch(undefined),
  kind: z.enum(kinds).optional().catch(undefined),
  department: text(200).optional().catch(undefined),
  zone: text(200).optional().catch(undefined),
  segmented: z.enum(['yes', 'no', 'unknown']).optional().catch(undefined),
  patients: z.literal('1').optional().catch(undefined),
  removed: z.literal('1').optional().catch(undefined),
  sort: z.enum(sortNames).optional().catch(undefined),
  down: z.literal('1').optional().catch(undefined),
  after: text(1_000).optional().catch(undefined),
})
export type ListQuery = z.infer<typeof listQuery>

const field = (most: number) => text(most).optional()

/** All as texts; what is wrong with one is told beside it. */
export const assetForm = z.object({
  kind: field(20),
  vendor: field(1_000),
  product: field(1_000),
  version: field(1_000),
  runsOn: field(1_000),
  quantity: field(20),
  serials: field(200_000),
  department: field(1_000),
  zone: field(1_000),
  segmented: field(20),
  owner: field(1_000),
  patientSafety: field(20),
  supportEndsOn: field(40),
  cpe: field(1_000),
  purl: field(1_000),
  note: field(20_000),
})

export const uploadForm = z.object({ kind: z.enum(kinds), text: text(1_000_000).default('') })

/** What a program sends. A field that is left out keeps what it was. */
export const assetBody = z.object({
  kind: z.enum(kinds).optional(),
  vendor: field(200),
  product: field(200),
  version: text(100).nullish(),
  cpe: text(500).nullish().describe('CPE 2.3 formatted string, or the URI of 2.2'),
  purl: text(500).nullish().describe('package URL'),
  runs_on: field(200).describe('operating system or platform under it'),
  quantity: z.number().int().min(1).max(1_000_000).optional(),
  serials: z.array(text(100)).max(1_000).optional(),
  department: field(200),
  zone: field(200),
  segmented: z.boolean().nullish().describe('kept apart from other networks; null: nobody knows'),
  owner: field(200),
  patient_safety: z.boolean().optional(),
  support_ends_on: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .nullish()
    .describe("the organisation's own date; it goes before the table of dates"),
  note: field(2_000),
  _csrf: z.string().optional(),
})
export const newAssetBody = assetBody.extend({ org: number, product: text(200).min(1) })

/** The same as texts, for one understanding of all ways in. */
export function givenIn(body: z.infer<typeof assetBody>): Given {
  const truth = (value: boolean | null | undefined): string | undefined =>
    value === undefined ? undefined : value === null ? '' : value ? 'yes' : 'no'
  const given: Record<keyof Given, string | undefined> = {
    ...{ kind: body.kind, vendor: body.vendor, product: body.product, runsOn: body.runs_on },
    ...{ version: body.version === null ? '' : body.version, cpe: body.cpe === null ? '' : body.cpe },
    ...{ purl: body.purl === null ? '' : body.purl, serials: body.serials?.join('\n') },
    quantity: body.quantity === undefined ? undefined : String(body.quantity),
    ...{ department: body.department, zone: body.zone, owner: body.owner, note: body.note },
    ...{ segmented: truth(body.segmented), patientSafety: truth(body.patient_safety) },
    supportEndsOn: body.support_ends_on === null ? '' : body.support_ends_on,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

export const apiQuery = z.object({
  org: number.optional().describe('one of your organisations; may be left out where there is only one'),
  q: text(200).optional(),
  kind: z.enum(kinds).optional(),
  department: text(200).optional(),
  zone: text(200).optional(),
  segmented: z.enum(['yes', 'no', 'unknown']).optional(),
  after: text(1_000).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

const nothing = z.string().nullable()
export const assetAnswer = z.object({
  id: z.number(),
  org: z.number(),
  kind: z.enum(kinds),
  vendor: z.string(),
  product: z.string(),
  version: nothing,
  cpe: nothing,
  purl: nothing,
  runs_on: z.string(),
  quantity: z.number(),
  serials: z.array(z.string()),
  department: z.string(),
  zone: z.string(),
  segmented: z.boolean().nullable(),
  owner: z.string(),
  patient_safety: z.boolean(),
  support_ends_on: nothing,
  note: z.string(),
  source: z.enum(sources),
  support: z.object({
    state: z.enum(states),
    on: nothing,
    source: nothing.describe('where the date comes from; null for a date of your own'),
    url: nothing,
  }),
  created_at: z.string(),
  changed_at: z.string(),
  removed_at: nothing,
})
export const assetsAnswer = z.object({
  total: z.number(),
  assets: z.array(assetAnswer),
  next: nothing.describe('to be given as `after` for the next page; null at the end'),
})
