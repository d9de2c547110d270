/** What the API of warnings answers: times in ISO 8601, codes as they are, texts in the caller's language. */
import { z } from 'zod'
import { answerWords } from './types.ts'

const instant = z.string().describe('ISO 8601, UTC')
const standing = z.enum(['pending', ...answerWords])
const state = z.enum(['open', 'closed', 'reopened'])

const warning = z.object({
  id: z.number(),
  number: z.string(),
  title: z.string(),
  organisation: z.object({ id: z.number(), name: z.string().nullable() }).nullable(),
  rule: z.string(),
  class: z.string().nullable(),
  severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  tlp: z.enum(['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR']),
  state,
  answer: standing,
  answered_at: instant.nullable(),
  answered_by: z.string().nullable(),
  opened_at: instant,
  first_at: instant,
  last_at: instant,
  closed_at: instant.nullable(),
  events: z.number(),
  going: z.boolean().describe('at least one of its episodes still goes on'),
  seen_by_others: z
    .string()
    .nullable()
    .describe('a band such as 5-9; null when fewer than five others met it'),
  assignee: z.string().nullable(),
  exercise: z.string().nullable(),
})

export const warningsAnswer = z.object({
  total: z.number(),
  next: z.string().nullable().describe('what to give as ?after= for the next page'),
  warnings: z.array(warning),
})

export const warningAnswer = warning.extend({
  meaning: z.string(),
  happened: z.string(),
  outcome: z.string(),
  quick: z.array(z.string()).describe('what to do in 15 minutes'),
  today: z.array(z.string()),
  manager: z.string(),
  explanation: z.looseObject({}).describe('the rule, its thresholds and the figures that raised it'),
  story: z.array(
    z.object({
      at: instant,
      kind: z.string(),
      person: z.string().nullable(),
      detail: z.record(z.string(), z.unknown()),
      internal: z.boolean().describe('written by the organisation for itself alone'),
    }),
  ),
  episodes: z.array(
    z.object({
      id: z.number(),
      source: z.string(),
      first_at: instant,
      last_at: instant,
      events: z.number(),
      state: z.string(),
    }),
  ),
})

export const answerResult = z.object({
  counted: z.boolean().describe('false: kept, but it changed nothing'),
  repeated: z.boolean(),
  answer: standing,
  state,
})
