/** Reading written warnings: as the actor of the transaction, whose policies leave out what is hidden. */
import type { Queryable, Tx } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Cursor } from '../types.ts'
import type { State, Version, Written } from './types.ts'

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

const columns = `w.id, w.number, w.state, w.version, w.author_id as author, ${ms('w.published_at')} as "publishedAt", ${ms('w.ends_at')} as "endsAt",
  ${ms('w.changed_at')} as "changedAt", w.revoke_asked_by as "revokeAskedBy", w.revoke_reason as "revokeReason", ${ms('w.revoked_at')} as "revokedAt"`

const versionColumns = `v.id, v.warning_id as warning, v.no, v.state, v.kind, v.severity, v.tlp, v.audience, v.orgs, v.group_id as group,
  array(select n.person_id from written_named n where n.version_id = v.id order by 1) as named, v.texts, v.translation, v.rules,
  v.action_by as "actionBy", ${ms('v.valid_until')} as "validUntil", v.refs, v.change_note as "changeNote", v.substantive,
  v.review_note as "reviewNote", v.author_id as author, v.editor_id as editor, v.approver_id as approver,
  (select p.name from people p where p.id = v.author_id) as "authorName", (select p.name from people p where p.id = v.editor_id) as "editorName",
  (select p.name from people p where p.id = v.approver_id) as "approverName", v.period_id as "periodId",
  case when v.advisory_id is not null then jsonb_build_object('id', v.advisory_id, 'seq', v.advisory_seq) end as advisory, v.owners, ${ms('v.review_due_at')} as "reviewDueAt",
  ${ms('v.judged_at')} as "judgedAt", ${ms('v.created_at')} as "begunAt", ${ms('v.changed_at')} as "changedAt", ${ms('v.published_at')} as "publishedAt"`

/** Throws NotFound for what the actor may not see, as for what does not exist. */
export async function getWritten(tx: Queryable, id: number): Promise<Written> {
  return found(
    await tx.query<Written & Record<string, unknown>>(
      `select ${columns} from written_warnings w where w.id = $1`,
      [id],
    ),
  )
}

/** The same, held until the transaction ends; for coordinators. */
export async function lockWritten(tx: Tx, id: number): Promise<Written> {
  return found(
    await tx.query<Written & Record<string, unknown>>(
      `select ${columns} from written_warnings w where w.id = $1 for update`,
      [id],
    ),
  )
}

function found({ rows }: { rows: Written[] }): Written {
  if (!rows[0]) throw new NotFound('There is no such warning')
  return rows[0]
}

/** The version being written, the published one, or one by its number; null where there is none that the actor may see. */
export async function versionOf(
  tx: Queryable,
  id: number,
  which: 'working' | 'published' | number,
): Promise<Version | null> {
  const where =
    which === 'working'
      ? `v.state in ('draft', 'review')`
      : which === 'published'
        ? `v.no = (select w.version from written_warnings w where w.id = v.warning_id)`
        : 'v.no = $2'
  const { rows } = await tx.query<Version & Record<string, unknown>>(
    `select ${versionColumns} from written_versions v where v.warning_id = $1 and ${where}`,
    typeof which === 'number' ? [id, which] : [id],
  )
  return rows[0] ?? null
}

/** All versions that the actor may see, the newest first. */
export async function versionsOf(tx: Queryable, id: number): Promise<Version[]> {
  const { rows } = await tx.query<Version & Record<string, unknown>>(
    `select ${versionColumns} from written_versions v where v.warning_id = $1 order by v.no desc`,
    [id],
  )
  return rows
}

export interface WrittenRow extends Written {
  shown: Version
}

export interface WrittenFilters {
  /** `living` is out and in force; `waiting` needs another coordinator: in review, or released by one alone and not looked at. */
  state?: State | 'living' | 'waiting' | undefined
  /** Number or words of the title. */
  text?: string | undefined
}

/** What is out: the published version. What is not: the one being written. Without states: all that the actor may see. */
const conditions = `v.no = greatest(w.version, 1)
  and ($1::text is null or w.state = $1 or $1 = 'living' and w.state = 'published' and (w.ends_at is null or w.ends_at > (select actor_now()))
    or $1 = 'waiting' and exists (select 1 from written_versions x where x.warning_id = w.id
      and (x.state = 'review' or x.state = 'published' and w.state = 'published' and x.review_due_at is not null and x.judged_at is null)))
  and ($2::text is null or strpos(lower(coalesce(w.number, '')), lower($2)) > 0
    or strpos(lower(v.texts->'cs'->>'title'), lower($2)) > 0 or strpos(lower(v.texts->'en'->>'title'), lower($2)) > 0)`

const given = (filters: WrittenFilters): unknown[] => [filters.state ?? null, filters.text?.trim() || null]

/** The newest first; what is being written stands before what is out. */
export async function listWritten(
  tx: Queryable,
  filters: WrittenFilters,
  cursor: Cursor | null,
  limit = 50,
): Promise<WrittenRow[]> {
  const { rows } = await tx.query<Written & { versionId: number } & Record<string, unknown>>(
    `select ${columns}, v.id as "versionId" from written_warnings w join written_versions v on v.warning_id = w.id
     where ${conditions} and ($3::float8 is null or (w.changed_at, w.id) < (to_timestamp($3::float8 / 1000), $4))
     order by w.changed_at desc, w.id desc limit $5`,
    [...given(filters), cursor?.at ?? null, cursor?.id ?? 0, limit],
  )
  const { rows: versions } = await tx.query<Version & Record<string, unknown>>(
    `select ${versionColumns} from written_versions v where v.id = any ($1)`,
    [rows.map((row) => row.versionId)],
  )
  const byId = new Map(versions.map((version) => [version.id, version]))
  return rows.flatMap(({ versionId, ...row }) => {
    const shown = byId.get(versionId)
    return shown ? [{ ...row, shown }] : []
  })
}

/** How many rows the same filters find. */
export async function countWritten(tx: Queryable, filters: WrittenFilters): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from written_warnings w join written_versions v on v.warning_id = w.id where ${conditions}`,
    given(filters),
  )
  return rows[0]?.n ?? 0
}

/** Whom the trail's lines about it are for: whoever may see what is being written, and never an audience. */
export async function readersOf(tx: Queryable, id: number): Promise<number[]> {
  const { rows } = await tx.query<{ readers: number[] }>(
    `select coalesce((select v.readers from written_versions v where v.warning_id = w.id and v.state in ('draft', 'review')), w.readers_after) as readers
     from written_warnings w where w.id = $1`,
    [id],
  )
  return rows[0]?.readers ?? []
}

/** What is out, with who approved it. */
export interface PublishedVersion extends Version {
  number: string
  approver: number
}

/** The published version of a warning; null where none is out. As the program. */
export async function publishedVersion(tx: Queryable, id: number): Promise<PublishedVersion | null> {
  const { number, state } = await getWritten(tx, id)
  const version = state === 'published' ? await versionOf(tx, id, 'published') : null
  if (!version || version.approver === null || number === null) return null
  return { ...version, approver: version.approver, number }
}
