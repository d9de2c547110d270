/** Documents that were not taken: kept with the reason, never used, until a coordinator decides. */
import { createHash } from 'node:crypto'
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { type AdvisoryTlp, advisoryTlps } from './labels.ts'

/** Why a document was not taken, and whether a coordinator may take it all the same. */
export const reasons = {
  'signature-wrong': true,
  'signature-key': true,
  'hash-wrong': true,
  'tlp-missing': true,
  'other-source': true,
  'other-content': true,
  'version-back': true,
  'foreign-namespace': true,
  'other-name': true,
  invalid: true,
  'tlp-red': false,
  'too-large': false,
  'too-long': false,
  'too-many': false,
  'too-deep': false,
  'not-utf8': false,
  'not-json': false,
  'not-csaf': false,
  'not-kev': false,
  'not-xml': false,
  'not-feed': false,
  'csaf-version': false,
  'no-name': false,
  'no-date': false,
} satisfies Record<string, boolean>
export type Reason = keyof typeof reasons

export const mayBeTaken = (reason: string): boolean =>
  Object.hasOwn(reasons, reason) && reasons[reason as Reason]

interface Aside {
  source: { id: number }
  url: string
  reason: string
  said: string
  document: Buffer | null
}

/** The same document for the same reason is kept once. */
export async function setAside(tx: Tx, aside: Aside, now: number): Promise<void> {
  const digest = createHash('sha256')
    .update(aside.document ?? `${aside.url} ${aside.said}`)
    .digest('hex')
  const at = new Date(now).toISOString()
  await tx.query(
    `insert into advisory_quarantine (source_id, url, reason, said, document, sha256, at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (source_id, url, sha256, reason) do nothing`,
    [
      ...[
        aside.source.id,
        aside.url.slice(0, 2_000),
        aside.reason,
        aside.said.slice(0, 2_000),
        aside.document,
      ],
      ...[digest, at],
    ],
  )
}

export interface Waiting {
  id: number
  sourceId: number
  source: string
  url: string
  reason: string
  said: string
  bytes: number | null
  at: number
}

/** Those that nobody has decided of, newest first, at most 100. */
export async function waiting(tx: Tx): Promise<Waiting[]> {
  const { rows } = await tx.query<Waiting & Record<string, unknown>>(
    `select q.id, q.source_id as "sourceId", s.label as source, q.url, q.reason, q.said, length(q.document) as bytes,
       (extract(epoch from q.at) * 1000)::float8 as at
     from advisory_quarantine q join advisory_sources s on s.id = q.source_id
     where q.decided_at is null order by q.at desc, q.id desc limit 100`,
  )
  return rows
}

export interface Decision {
  decision: 'taken' | 'discarded'
  /** The label of what bears none. */
  tlp: string
}

/** The program then does it; what is taken waits for another coordinator than the one who decided. Throws Forbidden, NotFound, WrongState (decided already, or nothing that could be taken), Invalid. */
export async function decide(tx: Tx, id: number, wanted: Decision, by: Actor, now: number): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators decide of documents that were set aside')
  const { rows } = await tx.query<{ reason: string; decided: boolean; kept: boolean; url: string }>(
    `select reason, decided_at is not null as decided, document is not null as kept, url from advisory_quarantine where id = $1`,
    [id],
  )
  const row = rows[0]
  if (!row) throw new NotFound('There is no such document')
  if (row.decided) throw new WrongState('Somebody has decided this already')
  const isTaken = wanted.decision === 'taken'
  if (isTaken && !(mayBeTaken(row.reason) && row.kept))
    throw new WrongState('There is nothing that could be taken')
  const tlp = isTaken && row.reason === 'tlp-missing' ? labelIn(wanted.tlp) : null
  const { rowCount } = await tx.query(
    'update advisory_quarantine set decided_at = $2, decision = $3, as_tlp = $4, decided_by = $5 where id = $1 and decided_at is null',
    [id, new Date(now).toISOString(), wanted.decision, tlp, by.person || null],
  )
  if (!rowCount) throw new WrongState('Somebody has decided this already')
  await record(tx, {
    at: now,
    actor: by,
    verb: isTaken ? 'advisories.take-anyway' : 'advisories.discard',
    object: `advisory_document ${id}`,
    detail: { reason: row.reason, url: row.url, ...(tlp ? { tlp } : {}) },
    readers: [COORDINATORS],
  })
}

function labelIn(text: string): AdvisoryTlp {
  const tlp = advisoryTlps.find((one) => one === text)
  if (!tlp) throw new Invalid('Choose a label', { tlp: 'tlp' })
  return tlp
}
