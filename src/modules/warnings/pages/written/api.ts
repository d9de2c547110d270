/** What the API says of written warnings. */
import { z } from 'zod'
import { iso } from '../../../../platform/dates.ts'
import { audiences } from '../../../../values/audience.ts'
import { indicatorKinds } from '../../../../values/indicators.ts'
import { tlps } from '../../../../values/tlp.ts'
import { severityName } from '../../mail-parts.ts'
import type { Kept } from '../../written/indicators/keep.ts'
import type { Tombstone } from '../../written/tombstones.ts'
import { kinds, parts, type Version, type Written } from '../../written/types.ts'
import { stateNow } from './words.tsx'

const instant = z.string().describe('ISO 8601, UTC')
const texts = z.object({ title: z.string(), happened: z.string(), concerns: z.string(), todo: z.string() })

export const writtenAnswer = z.object({
  id: z.number(),
  number: z.string().nullable(),
  version: z.number(),
  state: z.enum(['draft', 'review', 'published', 'revoked', 'expired']),
  kind: z.enum(kinds),
  severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  tlp: z.enum(tlps),
  audience: z.enum(audiences),
  cs: texts,
  en: texts,
  translation: z.enum(['missing', 'outdated', 'done']),
  action_by: z.string().nullable(),
  valid_until: instant.nullable(),
  references: z.string(),
  indicators: z
    .array(z.object({ kind: z.enum(indicatorKinds), value: z.string(), valid_until: instant.nullable() }))
    .describe('confirmed ones, in their normal form; valid_until: up to when lists may carry it'),
  change_note: z.string(),
  published_at: instant.nullable(),
  changed_at: instant,
})

export const goneAnswer = z
  .object({
    id: z.number(),
    number: z.string(),
    state: z
      .enum(['revoked', 'withdrawn'])
      .describe('withdrawn: a newer version is out, and not for the caller'),
    revoked_at: instant.describe('since when it is revoked, or withdrawn from the caller'),
    reason: z.string().nullable().describe('null where its label does not let it be told'),
  })
  .describe('of a warning that was revoked or narrowed, for those who had it: nothing of what it said')

export const writtenList = z.object({
  total: z.number(),
  next: z.string().nullable().describe('what to give as ?after= for the next page'),
  warnings: z.array(z.union([writtenAnswer, goneAnswer])),
})

export const goneJson = ({
  id,
  number,
  stands,
  revokedAt,
  reason,
}: Tombstone): z.infer<typeof goneAnswer> => ({
  ...{ id, number, state: stands, revoked_at: iso(revokedAt), reason },
})

const textOf = (text: Version['texts']['cs']) =>
  Object.fromEntries(parts.map((part) => [part, text[part]])) as z.infer<typeof texts> // fromEntries forgets the keys

export function asJson(
  warning: Written,
  version: Version,
  indicators: Kept[],
  now: number,
): z.infer<typeof writtenAnswer> {
  return {
    id: warning.id,
    number: warning.number,
    version: version.no,
    state: stateNow(warning, now),
    kind: version.kind,
    severity: severityName(version.severity),
    tlp: version.tlp,
    audience: version.audience,
    cs: textOf(version.texts.cs),
    en: textOf(version.texts.en),
    translation: version.translation,
    action_by: version.actionBy,
    valid_until: version.validUntil === null ? null : iso(version.validUntil),
    references: version.refs,
    indicators: indicators
      .filter((one) => one.state === 'confirmed')
      .map(({ kind, value, validUntil }) => ({
        kind,
        value,
        valid_until: validUntil === null ? null : iso(validUntil),
      })),
    change_note: version.changeNote,
    published_at: version.publishedAt === null ? null : iso(version.publishedAt),
    changed_at: iso(warning.changedAt),
  }
}
