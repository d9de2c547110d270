/** What programs are told of duties, and what they may ask for. */
import { z } from 'zod'
import { type PolicyKind, policyChannels, targetShape } from '../../policy.ts'
import { parts } from '../../reach/score.ts'
import { rotationKinds } from '../../rota.ts'

export const id = z.coerce.number().int().min(1).max(2_147_483_647)
/** Beyond them no schedule says anything. */
const isTold = (at: string): boolean => at >= '2020' && at < '2100'
const instant = z.iso
  .datetime({ offset: true })
  .refine(isTold, 'between 2020 and 2100')
  .describe('ISO 8601 with an offset, or Z')
const told = z.string().describe('ISO 8601, UTC')
const clock = z.string().describe("HH:MM, by the installation's clock on the wall")

const mostListed = 100
export const weekMs = 7 * 86_400_000
/** As far as a calendar's feed goes. */
export const longestRangeMs = 84 * 86_400_000

const paged = {
  org: id.optional().describe('of this organisation alone'),
  after: id.optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(mostListed).default(mostListed),
}
export const listQuery = z.object(paged)
export const nowQuery = z.object({ ...paged, at: instant.optional().describe('now, where it is left out') })
export const shiftsQuery = z.object({
  from: instant.optional().describe('now, where it is left out'),
  to: instant.optional().describe('excluded; at most 84 days later; a week later, where it is left out'),
})

export const idParams = z.object({ id })
export const changeParams = z.object({ id, exception: id })
export const orgParams = z.object({ org: id })

const person = z.object({ id: z.number(), name: z.string() })
const line = z.object({
  id: z.number(),
  org: z.number().nullable().describe("null: the coordinators' own"),
  organisation: z.string().nullable(),
  name: z.string(),
})
const page = { total: z.number(), next: z.number().nullable() }
export const schedulesAnswer = z.object({ schedules: z.array(line), ...page })
export const nowAnswer = z.object({
  at: told,
  schedules: z.array(line.extend({ people: z.array(person).describe('nobody: a gap') })),
  ...page,
})

const changeKinds = ['add', 'remove', 'replace', 'temporary'] as const
export const changeAnswer = z.object({
  id: z.number(),
  kind: z.enum(changeKinds),
  person: z.number(),
  stand_in: z.number().nullable(),
  from: told,
  to: told,
  note: z.string(),
})
export const scheduleAnswer = line.extend({
  zone: z.string(),
  holidays: z.enum(['ignored', 'sunday']),
  people: z.array(person.extend({ acts: z.boolean().describe('may still be on duty here') })),
  rules: z.array(
    z.object({
      id: z.number(),
      weekdays: z.array(z.number()).describe('1 Monday to 7 Sunday'),
      from: clock,
      to: clock.describe('not after `from`: of the next day'),
      rotation: z
        .object({ kind: z.enum(rotationKinds), length: z.number(), start: z.string() })
        .nullable()
        .describe('null: one person'),
      people: z.array(z.number()).describe('in the order of their turns'),
    }),
  ),
  changes: z.array(changeAnswer).describe('exceptions that are not over'),
})
export const shiftsAnswer = z.object({
  from: told,
  to: told,
  shifts: z.array(z.object({ from: told, to: told, people: z.array(person).describe('nobody: a gap') })),
})

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))
const person_id = z.int().min(1).max(2_147_483_647)
export const changeBody = z
  .object({
    kind: z.enum(changeKinds).describe('temporary: nobody but this person, whatever else is said'),
    person: person_id,
    stand_in: person_id.optional().describe('of replace'),
    from: instant,
    to: instant,
    note: text(200).default(''),
  })
  .refine(({ kind, stand_in }) => (kind === 'replace') === (stand_in !== undefined), {
    path: ['stand_in'],
    message: 'of replace, and of nothing else',
  })

const steps = z.array(
  z.object({
    delay_min: z.number().describe('minutes after the beginning'),
    targets: z.array(targetShape),
    channels: z.array(z.enum(policyChannels)),
  }),
)
const kinds = ['rollcall', 'member', 'csirt'] as const satisfies readonly PolicyKind[]
const policyLine = z.object({
  org: z.number().nullable().describe('null: of the coordinators'),
  organisation: z.string().nullable(),
  kind: z.enum(kinds),
  version: z.number().describe('0: what ships with the platform'),
  repeat: z.number().describe('how many times the steps begin again when nobody answered'),
  steps,
})
export const policiesAnswer = z.object({ policies: z.array(policyLine) })
export const policyAnswer = policyLine.extend({
  in_force: z.object({
    whose: z
      .enum(['sector', 'own', 'nobody'])
      .nullable()
      .describe(
        'of a roll-call: by whose steps it goes; nobody: its own reach nobody now, those of the sector hold',
      ),
    steps,
  }),
  reaches: z
    .array(
      z.object({
        people: z.array(
          person.extend({
            lacks: z.array(z.enum(policyChannels)).describe('ways of the step that cannot reach this person'),
          }),
        ),
      }),
    )
    .describe('whom each step in force would reach now, in their order'),
})
export const policyBody = z.object({
  version: z.int().min(0).describe('the one that you read: 409 where another came in between'),
  repeat: z.int().min(0).max(5),
  steps: steps.min(1).max(10),
})

export const contactsAnswer = z.object({
  org: z.number(),
  organisation: z.string(),
  people: z.array(person.extend({ name: z.string().nullable().describe('null: acts here no more') })),
  always: z.boolean().describe('one of them answers at any hour'),
})
export const contactsBody = z.object({
  people: z.array(person_id).max(3).describe('first, second and third; nobody ends it'),
  always: z.boolean().default(false),
})

export const reachAnswer = z.object({
  organisations: z.array(
    z.object({
      org: z.number(),
      organisation: z.string(),
      score: z.number().describe('0 to 100'),
      parts: z.record(z.enum(parts), z.number()),
      last_call: z.enum(['in-time', 'late', 'silent', 'excused']).nullable(),
      next_step: z.object({ part: z.enum(parts), points: z.number() }).nullable(),
      reckoned_at: told,
    }),
  ),
  sector: z
    .record(z.enum(['good', 'fair', 'poor']), z.number().nullable())
    .describe(
      'organisations with at least 80, 50 to 79, and fewer points; null: fewer than five, or kept back for their sake',
    ),
})
