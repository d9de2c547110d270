/** Whom a version reaches, for programs: what the page of the draft shows. */
import { z } from 'zod'
import type { Reach, Reached } from '../../../written/reach.ts'
import { type OwnersWord, ownersWords } from '../../../written/types.ts'

const person = z.object({
  name: z.string().nullable().describe('null: an address of the organisation'),
  address: z.string(),
  as: z.enum(['member', 'contact', 'coordinator']),
  hold: z
    .enum(['digest', 'unsubscribed'])
    .nullable()
    .describe('null: a mail at once; otherwise why it waits for the digest'),
  ways: z.array(z.string()).describe('beside the mail'),
})
const reason = z.object({
  why: z.enum(['all', 'network', 'domain', 'kind', 'region']),
  own: z.string().nullable().describe('of the organisation'),
  rule: z.string().nullable().describe('of the warning'),
})

export const previewAnswer = z.object({
  form: z
    .enum(['full', 'title', 'notice'])
    .describe('what a mail holds by the label: all, the title, the number alone'),
  encrypted: z.number().describe('how many get all of it, encrypted to their own key'),
  organisations: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      reasons: z.array(reason).describe('empty: it is in the audience, but the warning does not concern it'),
      asked: z.boolean(),
      webhook: z.boolean(),
      people: z.array(person).describe('nobody: it stands on the page alone'),
    }),
  ),
  people: z.array(person).describe('of no organisation'),
  owners: z
    .enum(ownersWords)
    .nullable()
    .describe('how many organisations run what it names, at most as a band; null: it names no products'),
  seen: z.string().describe('to be said when it is published'),
})

const personJson = ({ name, address, as, hold, ways }: Reached): z.infer<typeof person> => ({
  ...{ name, address, as, hold, ways },
})

export function previewJson(
  reach: Reach,
  owners: OwnersWord | null,
  seen: string,
): z.infer<typeof previewAnswer> {
  const of = (org: number | null) => reach.people.filter((one) => one.org === org).map(personJson)
  return {
    ...{ form: reach.form, encrypted: reach.keyed, owners, seen },
    organisations: reach.orgs.map(({ org, name, reasons, asked, webhook }) => ({
      ...{ id: org, name, asked, webhook, people: of(org) },
      reasons: reasons.map((one) => ({
        why: one.why,
        own: 'own' in one ? one.own : null,
        rule: 'rule' in one ? one.rule : null,
      })),
    })),
    people: of(null),
  }
}
