/** What lists of advisories can be asked, what forms bring, and what the API answers. */
import { z } from 'zod'
import { productStatuses } from './content.ts'

// An empty field of a filter form means that it was not used.
const optional = <Inner extends z.ZodType>(inner: Inner) =>
  z.preprocess((value) => (value === '' ? undefined : value), inner.optional())

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))
const number = z.coerce.number().int().positive().max(2_147_483_647)
const ticked = optional(z.enum(['1', 'true']).transform(() => true))

/** Filters live in the address, so that a list can be sent on; `after` is `MILLISECONDS-ID` of the last row shown. */
export const query = z.object({
  q: optional(text(200)),
  source: optional(number),
  severity: optional(z.coerce.number().int().min(0).max(4)).describe('at least: 0 info to 4 critical'),
  exploited: ticked,
  safety: ticked.describe('of patient safety'),
  covered: ticked.describe(
    'also entries of the catalogue of exploited vulnerabilities of which an advisory says more',
  ),
  waiting: ticked.describe('of which a version waits for another coordinator; for coordinators'),
  after: optional(z.string().regex(/^\d{1,15}(\.\d{1,6})?-\d{1,10}$/)),
})
export type ListQuery = z.infer<typeof query>

export const idParam = number
export const versionQuery = z.object({ version: number.optional().catch(undefined) })

const field = (most: number) => text(most).default('')
export const sourceForm = z.object({
  kind: field(40),
  label: field(300),
  url: field(2_000),
  tlp: field(20),
  everyMinutes: field(20),
  key: field(200_000),
})
export const switchForm = z.object({ enabled: z.enum(['yes', 'no']) })
export const confirmForm = z.object({ version: field(500) })
/** The moment of the change that was looked at, in milliseconds. */
export const sourceConfirmForm = z.object({ asked: z.coerce.number().finite() })
export const decisionForm = z.object({ decision: z.enum(['taken', 'discarded']), tlp: field(20) })
export const handForm = z.object({
  title: field(1_000),
  text: field(60_000),
  action: field(60_000),
  link: field(3_000),
  cves: field(5_000),
  products: field(60_000),
  severity: field(10),
  tlp: field(20),
  exploited: optional(z.literal('1')),
  safety: optional(z.literal('1')),
  base: field(12),
})
export type HandForm = z.infer<typeof handForm>

const instant = z.string().describe('ISO 8601, UTC')
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export const severityName = (level: number | null): (typeof severities)[number] | null =>
  level === null ? null : (severities[level] ?? null)

const line = z.object({
  id: z.number(),
  kind: z.enum(['csaf', 'kev', 'feed', 'hand']),
  tracking_id: z.string(),
  publisher: z.string(),
  source: z.object({ id: z.number(), label: z.string() }),
  title: z.string(),
  version: z.string(),
  state: z.enum(['draft', 'interim', 'final']),
  tlp: z.enum(['AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR']),
  severity: z.enum(severities).nullable(),
  score: z.number().nullable().describe('highest base score of CVSS'),
  exploited: z.boolean(),
  due_on: z.string().nullable().describe('by the catalogue of exploited vulnerabilities'),
  patient_safety: z.boolean(),
  cves: z.array(z.string()),
  flags: z.array(z.string()),
  covered_by: z.number().nullable().describe('the advisory that says more of the same'),
  released_at: instant,
  revised_at: instant,
  taken_at: instant,
})

export const advisoriesAnswer = z.object({
  total: z.number(),
  next: z.string().nullable().describe('what to give as ?after= for the next page'),
  advisories: z.array(line),
})

export const advisoryAnswer = line.extend({
  notes: z.array(z.object({ category: z.string(), title: z.string(), text: z.string() })),
  vulnerabilities: z.array(
    z.object({
      cve: z.string().nullable(),
      title: z.string(),
      text: z.string(),
      cwe: z.string().nullable(),
      exploited: z.boolean(),
      scores: z.array(z.object({ version: z.string(), base: z.number(), vector: z.string() })),
      remedies: z.array(
        z.object({
          category: z.string(),
          text: z.string(),
          url: z.string().nullable(),
          refs: z.array(z.string()).describe('products, as in `products.refs`; empty for all'),
        }),
      ),
    }),
  ),
  products: z.array(
    z.object({
      status: z.enum(productStatuses),
      vendor: z.string(),
      product: z.string(),
      versions: z.string(),
      cpe: z.string().nullable(),
      purl: z.string().nullable(),
      name: z.string(),
      refs: z.array(z.string()),
      cves: z.array(z.string()),
    }),
  ),
  references: z.array(z.object({ text: z.string(), url: z.string() })),
  versions: z.array(
    z.object({ version: z.string(), revised_at: instant, taken_at: instant, said: z.string() }),
  ),
})
