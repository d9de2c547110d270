/** What programs say and are told of a warning that is being written. The same names both ways: what was read can be changed and sent back. */
import { z } from 'zod'
import { iso } from '../../../../../platform/dates.ts'
import { renaming } from '../../../../../platform/errors.ts'
import { audiences } from '../../../../../values/audience.ts'
import { indicatorKinds } from '../../../../../values/indicators.ts'
import { tlps } from '../../../../../values/tlp.ts'
import { longest, most } from '../../../written/draft.ts'
import { mostFound } from '../../../written/indicators/find.ts'
import { mostProducts } from '../../../written/products.ts'
import { type Draft, kinds, type Version } from '../../../written/types.ts'

export const params = z.object({ id: z.string().max(40) })
export const instant = z.string().describe('ISO 8601, UTC')

/** What was looked at, said again. */
export const seen = z
  .string()
  .max(8_000)
  .describe('the revision that was read with it; 409 with `changed` where it is another by now')

const severities = ['low', 'medium', 'high', 'critical'] as const
/** 1 to 4. */
const severityOf = (name: (typeof severities)[number]): number => severities.indexOf(name) + 1

const title = z.string().max(longest.title)
const part = z.string().max(longest.part)
const texts = z.object({ title, happened: part, concerns: part, todo: part })
const noText = { title: '', happened: '', concerns: '', todo: '' }
const word = z.string().max(100)

const productShape = z
  .object({
    vendor: z.string().max(200),
    product: z.string().max(300),
    versions: z.string().max(500).describe('as an advisory writes them; of devices the firmware'),
    cpe: z.string().max(400).nullable(),
    purl: z.string().max(400).nullable(),
  })
  .describe('asks those whose inventory holds it; no coordinator is told who that is')

const fields = {
  kind: z.enum(kinds),
  severity: z.enum(severities).describe('critical: of an emergency, and of nothing else'),
  tlp: z.enum(tlps),
  audience: z.enum(audiences),
  organisations: z.array(z.int()).max(most.orgs).describe('of the audience `organisations`'),
  group: z.int().nullable().describe('of the audience `group`'),
  named: z.array(z.string().max(254)).max(most.named).describe('of TLP:RED: e-mail addresses of its readers'),
  cs: texts,
  en: texts.describe('may be empty: the translation is then missing'),
  exposure: z
    .object({
      all: z.boolean(),
      prefixes: z.array(word).max(500),
      domains: z.array(z.string().max(300)).max(500),
      kinds: z.array(word).max(200),
      regions: z.array(word).max(200),
      products: z.array(productShape).max(mostProducts),
    })
    .describe('who of the audience is asked to answer: any of it that holds is enough'),
  action_by: z.iso.date().nullable(),
  valid_until: z.iso.datetime({ offset: true }).nullable(),
  references: z.string().max(4_000),
  change_note: z.string().max(2_000).describe('what changed, of a second and later version'),
  substantive: z.boolean().describe('everybody is asked anew'),
}
const translated = z.boolean().default(false).describe('the English text says what the Czech one does')

/** A new one: what is left out is as in an empty editor. */
export const newBody = z.object({
  ...fields,
  organisations: fields.organisations.default([]),
  group: fields.group.default(null),
  named: fields.named.default([]),
  en: fields.en.default(noText),
  exposure: fields.exposure.default({
    all: true,
    prefixes: [],
    domains: [],
    kinds: [],
    regions: [],
    products: [],
  }),
  action_by: fields.action_by.default(null),
  valid_until: fields.valid_until.default(null),
  references: fields.references.default(''),
  change_note: fields.change_note.default(''),
  substantive: fields.substantive.default(true),
  translated,
})
/** Saving says everything, so that nothing is emptied by being left out. */
export const saveBody = z.object({ ...fields, translated, seen })

export const indicatorAnswer = z.object({ kind: z.enum(indicatorKinds), value: z.string() })

export const draftAnswer = z.object({
  id: z.number(),
  number: z.string().nullable(),
  version: z.number(),
  state: z.enum(['draft', 'review']),
  ...fields,
  action_by: z.string().nullable(),
  valid_until: instant.nullable(),
  translation: z.enum(['missing', 'outdated', 'done']),
  indicators: z.array(indicatorAnswer).max(mostFound),
  review_note: z.string().describe('why it was given back'),
  author: z.string().nullable(),
  editor: z.string().nullable(),
  yours: z.boolean().describe('you wrote it or edited it last: somebody else publishes it'),
  changed_at: instant,
  seen: z.object({
    draft: z.string().describe('to be said when it is saved'),
    publication: z.string().describe('to be said when it is published'),
    indicators: z.string().describe('to be said when indicators are chosen'),
  }),
})

/** `named` are people's ids already. What is wrong with it is for `readDraft` to say. */
export const wantedOf = (
  body: Omit<z.infer<typeof saveBody>, 'seen' | 'named'>,
  named: number[],
): Record<keyof Draft, unknown> => ({
  ...{ kind: body.kind, severity: severityOf(body.severity), tlp: body.tlp, audience: body.audience },
  ...{ orgs: body.organisations, group: body.group, named, texts: { cs: body.cs, en: body.en } },
  ...{ rules: body.exposure, actionBy: body.action_by, refs: body.references },
  validUntil: body.valid_until === null ? null : Date.parse(body.valid_until),
  ...{ changeNote: body.change_note, substantive: body.substantive, translated: body.translated },
})

/** `named` are addresses. */
export const fieldsOf = (version: Version, named: string[]) => ({
  ...{ kind: version.kind, severity: severities[version.severity - 1] ?? 'low', tlp: version.tlp },
  ...{ audience: version.audience, organisations: version.orgs, group: version.group, named },
  ...{ cs: version.texts.cs, en: version.texts.en, action_by: version.actionBy },
  exposure: { ...version.rules, products: version.rules.products ?? [] },
  valid_until: version.validUntil === null ? null : iso(version.validUntil),
  ...{ references: version.refs, change_note: version.changeNote, substantive: version.substantive },
})

/** Fields of the editor, as bodies call them. */
const bodyFields: Record<string, string> = {
  ...{ orgs: 'organisations', actionBy: 'action_by', validUntil: 'valid_until', refs: 'references' },
  ...{ changeNote: 'change_note', startsAt: 'from', endsAt: 'to' },
}
const nameOf = (field: string): string =>
  bodyFields[field] ?? field.replace(/^texts\./, '').replace(/^rules\./, 'exposure.')

/** The verb, with what it refuses and what has changed named as in the body. */
export const doing = <R>(work: Promise<R>): Promise<R> => renaming(work, nameOf)
