/** Warnings as the rules make them, put straight into the tables: for tests of what people are told. */

import type { Explanation, Title } from '../src/modules/warnings/types.ts'
import type { Database } from '../src/platform/database.ts'
import { type Hospital, tuesday } from './harness.ts'

export interface Told {
  org: Hospital | null
  severity?: number
  words?: string
  cls?: string | null
  side?: 'target' | 'source'
  tlp?: string
  lane?: number
  openedAt?: number
  seenBand?: string | null
}

/** Addresses that a warning holds and no mail may name. */
export const evidence = {
  host: '192.0.2.77',
  source: '203.0.113.66',
  network: '192.0.2.64/26',
  sensor: 'cz.hsoc.wall',
}

let numbers = 0

/** Opens a warning about `evidence` and answers its id and number. */
export async function openWarning(db: Database, told: Told): Promise<{ id: number; number: string }> {
  const { org, severity = 3, words = 'W3', cls = 'attempt-login-ssh', side = 'target', lane = 0 } = told
  const at = told.openedAt ?? tuesday
  const number = `HSOC-D-2026-${String(++numbers).padStart(6, '0')}`
  const title: Title = { words, cls, side, verdict: 'passed', params: {} }
  const explanation: Explanation = {
    rule: 'W3',
    version: 1,
    words,
    params: { host: evidence.host, source: evidence.source, n: 12, value: 3, threshold: 2 },
    thresholds: [{ name: 'severity', threshold: 2, value: 3 }],
    steps: [],
    cls,
    network: { text: evidence.network, label: 'office' },
    verdicts: { dropped: 0, passed: 12, partial: 0, unknown: 0 },
    events: 12,
    detectors: [{ name: evidence.sensor, lowered: false }],
    labels: [],
    hosts: [evidence.host],
    sources: [evidence.source],
    ports: [22],
    done: 'nothing',
    times: { event: at, decided: at },
  }
  const readers = org ? [2, 1000 + 4 * org.id] : [2]
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into warnings (number, org_id, rule, rule_version, topic, severity, tlp, title, explanation, seen_band, lane, exercise,
       opened_at, first_at, last_at, readers, changed_at)
     values ($1, $2, 'W3', 1, $1, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10 / 1000.0), to_timestamp($10 / 1000.0),
       to_timestamp($10 / 1000.0), $11, to_timestamp($10 / 1000.0)) returning id`,
    [
      number,
      org?.id ?? null,
      severity,
      told.tlp ?? 'AMBER',
      title,
      explanation,
      told.seenBand ?? null,
      lane,
      lane === 2 ? 'cviceni-1' : null,
      at,
      readers,
    ],
  )
  const id = rows[0]?.id ?? 0
  await db.engine.query(
    'insert into warning_scopes (scope, opened_at, warning_id) select s, to_timestamp($2 / 1000.0), $1 from unnest($3::int[]) s',
    [id, at, readers],
  )
  return { id, number }
}
