/** Advisories as the API answers them. */
import type { z } from 'zod'
import type { Advisory, AdvisoryLine } from './queries.ts'
import { type advisoriesAnswer, type advisoryAnswer, severityName } from './schema.ts'

const iso = (at: number): string => new Date(at).toISOString()

export const lineJson = (row: AdvisoryLine): z.infer<typeof advisoriesAnswer>['advisories'][number] => ({
  id: row.id,
  kind: row.kind,
  tracking_id: row.trackingId,
  publisher: row.publisher,
  source: { id: row.sourceId, label: row.source },
  title: row.title,
  version: row.version,
  state: row.state,
  tlp: row.tlp,
  severity: severityName(row.severity),
  score: row.score,
  exploited: row.exploited,
  due_on: row.dueOn,
  patient_safety: row.patientSafety,
  cves: row.cves,
  flags: row.flags,
  covered_by: row.coveredBy,
  released_at: iso(row.releasedAt),
  revised_at: iso(row.revisedAt),
  taken_at: iso(row.takenAt),
})

export const advisoryJson = ({
  line,
  content,
  products,
  versions,
}: Advisory): z.infer<typeof advisoryAnswer> => ({
  ...lineJson(line),
  notes: content.notes,
  vulnerabilities: content.vulnerabilities.map((one) => ({
    cve: one.cve,
    title: one.title,
    text: one.text,
    cwe: one.cwe,
    exploited: one.exploited,
    scores: one.scores,
    remedies: one.remedies,
  })),
  products,
  references: content.references,
  versions: versions.map((one) => ({
    version: one.version,
    revised_at: iso(one.revisedAt),
    taken_at: iso(one.takenAt),
    said: one.said,
  })),
})
