/** What comes in by the URL and goes out as JSON: the contract of the API. */
import { z } from 'zod'
import { verdictFilters } from './queries/counts.ts'

const blank = (value: unknown): unknown => (value === '' ? undefined : value)
const optional = <Shape extends z.ZodType>(shape: Shape) => z.preprocess(blank, shape.optional())
const id = z.coerce.number().int().min(1).max(2_147_483_647)
const cursor = optional(z.string().max(200))

/** Filters of a day's lists. `hour` is UTC: `2026-03-03T13`. */
export const dayQuery = z.object({
  org: optional(id),
  scope: optional(z.enum(['sector'])),
  class: optional(z.string().max(120)),
  hour: optional(z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}$/)),
  source: optional(z.string().max(300)),
  verdict: optional(z.enum(verdictFilters)),
  sensor: optional(id),
  detector: optional(id),
  port: optional(z.coerce.number().int().min(0).max(65_535)),
  older: cursor,
  newer: cursor,
  limit: z.preprocess(blank, z.coerce.number().int().min(1).max(500).default(100)),
})
export type DayQuery = z.infer<typeof dayQuery>

export const episodeQuery = z.object({
  org: optional(id),
  open: optional(z.enum(['1'])),
  through: optional(z.enum(['1'])),
  severity: optional(z.coerce.number().int().min(0).max(4)),
  source: optional(z.string().max(300)),
  outcome: optional(z.string().max(60)),
  older: cursor,
  newer: cursor,
  limit: z.preprocess(blank, z.coerce.number().int().min(1).max(500).default(100)),
})
export type EpisodeQuery = z.infer<typeof episodeQuery>

export const searchQuery = z.object({ q: z.string().max(200).default(''), org: optional(id) })

const share = z.number().min(0).max(1).nullable().describe('0 to 1; null when there was nothing to divide by')
const counts = {
  events: z.number(),
  occurrences: z.number(),
  dropped: z.number(),
  passed: z.number(),
  partial: z.number(),
  unknown: z.number(),
  got_through: z.number(),
  dropped_share: share,
  dropped_known_share: share,
}
const instant = z.string().describe('ISO 8601, UTC')
const label = z.object({
  list: z.string(),
  group: z.string(),
  effect: z.string(),
  version: z.string(),
  version_on: z.string().nullable(),
})
const part = z.object({
  key: z.string(),
  name: z.string(),
  ...counts,
  detections: z.number(),
  sources: z.number(),
  usual: z.number().nullable(),
})
const plainPart = z.object({ key: z.string(), name: z.string().nullable(), ...counts })

export const dayAnswer = z.object({
  day: z.string(),
  zone: z.string(),
  reading: z.literal('A'),
  revision: z.number(),
  changed_at: z.string().nullable(),
  purged: z.boolean(),
  ...counts,
  detections: z.number(),
  sources: z.number(),
  other_keys: z.number(),
  dropped_share_detections: share,
  organisations: z.number().nullable(),
  by_class: z.array(part),
  by_hour: z.array(part),
  by_sensor: z.array(plainPart),
  by_detector: z.array(plainPart),
  by_port: z.array(plainPart),
  by_organisation: z.array(
    z.object({
      id: z.number(),
      ...plainPart.shape,
      hours: z.array(z.object({ dropped: z.number(), got_through: z.number(), unknown: z.number() })),
    }),
  ),
  top_sources: z.array(
    z.object({
      key: z.string(),
      address: z.string(),
      ...counts,
      detections: z.number(),
      first_at: instant,
      last_at: instant,
      hours: z.array(z.number()),
      labels: z.array(label),
    }),
  ),
  usual: z.object({ days: z.number(), events: z.number().nullable(), ratio: z.number().nullable() }),
  silent: z.array(z.object({ id: z.number(), name: z.string(), last_heard_at: instant })),
  queries: z.record(z.string(), z.string()),
})

const shown = {
  events: z.number(),
  dropped: z.number(),
  unknown: z.number(),
  got_through: z.number(),
  dropped_share: share,
  dropped_known_share: share,
}
const sectorPart = z.object({
  key: z.string(),
  name: z.string(),
  ...shown,
  detections: z.number(),
  sources: z.number(),
  usual: z.number().nullable(),
})

export const sectorAnswer = z.object({
  published: z.boolean(),
  figures: z
    .object({
      day: z.string(),
      ...shown,
      detections: z.number(),
      sources: z.number(),
      members_from: z.number().nullable(),
      by_class: z.array(sectorPart),
      by_hour: z.array(
        z.union([sectorPart, z.object({ key: z.string(), name: z.string(), hidden: z.literal(true) })]),
      ),
      incomplete: z.boolean(),
      usual: z.object({ days: z.number(), events: z.number().nullable(), ratio: z.number().nullable() }),
      changed_at: instant,
    })
    .nullable(),
})

const listed = <Row extends z.ZodType>(row: Row) =>
  z.object({
    rows: z.array(row),
    total: z.number().nullable(),
    older: z.string().nullable(),
    newer: z.string().nullable(),
  })

export const episodeRow = z.object({
  id: z.number(),
  org: z.number(),
  organisation: z.string().nullable(),
  side: z.number(),
  lane: z.number(),
  exercise: z.string().nullable(),
  family: z.string(),
  source: z.string().nullable(),
  key: z.number(),
  first_at: instant,
  last_at: instant,
  ...counts,
  severity: z.number(),
  detectors: z.number(),
  targets: z.number().nullable(),
  open: z.boolean(),
  outcome: z.string().nullable(),
})
export const episodesAnswer = listed(episodeRow)

export const episodeAnswer = episodeRow.extend({
  classes: z.array(z.string()),
  detector_names: z.array(z.string()),
  sensors: z.array(z.object({ id: z.number(), name: z.string().nullable() })),
  ports: z.array(z.number()),
  outcome_detail: z.record(z.string(), z.unknown()),
  severities: z.array(z.object({ at: instant, severity: z.number() })),
  continues: z.number().nullable(),
  gap_hours: z.number(),
})

export const sourceAnswer = z.object({
  source: z.string(),
  days: z.number(),
  counts: z.object(counts),
  detections: z.number(),
  first_at: z.string().nullable(),
  last_at: z.string().nullable(),
  by_day: z.array(z.object({ day: z.string(), events: z.number(), got_through: z.number() })),
  by_class: z.array(z.object({ key: z.string(), ...counts })),
  by_organisation: z.array(z.object({ id: z.number(), name: z.string(), ...counts })),
  seen: z.array(z.object({ family: z.string(), band: z.string() })),
  labels: z.array(label.extend({ since: z.string(), until: z.string().nullable() })),
  episodes: z.array(episodeRow),
})

const account = {
  received: z.number(),
  stored: z.number(),
  duplicate: z.number(),
  refused: z.number(),
  deferred: z.number(),
  conflict: z.number(),
  late: z.number(),
  future: z.number(),
  repaired: z.number(),
  lost: z.number(),
  requests: z.number(),
}
export const sensorRow = z.object({
  id: z.number(),
  name: z.string(),
  org: z.number().nullable(),
  organisation: z.string().nullable(),
  rights: z.array(z.string()),
  batch: z.boolean(),
  cert_cn: z.string().nullable(),
  created_at: instant,
  disabled_at: z.string().nullable(),
  last_seen_at: z.string().nullable(),
  newest_event_at: z.string().nullable(),
  health: z.string(),
  quiet_after: z.number().nullable(),
  day: z.object(account),
  hours: z.array(z.number()),
})
export const sensorsAnswer = z.object({ sensors: z.array(sensorRow) })
export const sensorAnswer = sensorRow.extend({
  account: z.array(z.object({ at: instant, ...account })),
  refusals: z.array(z.object({ reason: z.string(), n: z.number() })),
})

export const searchAnswer = z.object({
  address: z.string().nullable(),
  sources: z.array(z.object({ address: z.string(), kind: z.string() })),
  more: z.boolean(),
  episodes: z.array(episodeRow),
  detectors: z.array(z.object({ id: z.number(), name: z.string() })),
})
