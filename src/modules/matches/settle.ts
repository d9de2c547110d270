/** One organisation's item of one advisory: opened, renewed, closed; with its history, and who is told. As the program. */
import type { Tx } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { toldMatches } from '../channels/index.ts'
import type { Before, ClosedWhy, Settling } from './item.ts'
import type { Stand } from './judge.ts'
import type { Subject } from './subject.ts'
import { tell, tellClosed } from './tell.ts'

export async function settle(tx: Tx, given: Settling): Promise<void> {
  const { before, stand } = given
  const lives = given.silent === null && stand.live.length > 0
  if (before === null) return lives ? open(tx, given) : undefined
  if (!lives) return before.closed ? keepRows(tx, before.id, given) : close(tx, before, given)
  return renew(tx, before, given)
}

async function open(tx: Tx, given: Settling): Promise<void> {
  const { subject, org, stand, now } = given
  const { rows } = await tx.query<{ id: number }>(
    `insert into match_items (org_id, advisory_id, seq, severity, exploited, patient_safety, sure, pieces, departments, confirmed, opened_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) returning id`,
    [org, subject.id, ...fieldsOf(subject, stand), iso(now)],
  )
  const id = rows[0]?.id as number // an insert returns its row
  await writeRows(tx, id, given)
  await remember(tx, id, given, 'opened', { seq: subject.seq, pieces: stand.pieces })
  const told = await toldOfEntry(tx, org, subject.id)
  await tell(tx, {
    ...{ item: id, kind: 'new', topic: 'opened', ...given, newlyExploited: subject.exploited },
    worse: told === null || subject.severity > told.severity || stand.pieces > told.pieces,
  })
}

/** What they have of the same weakness by an entry of KEV that this advisory covers: the same is not told twice. */
async function toldOfEntry(
  tx: Tx,
  org: number,
  advisory: number,
): Promise<{ severity: number; pieces: number } | null> {
  const { rows } = await tx.query<{ id: number; severity: number; pieces: number }>(
    `select i.id, i.severity, i.pieces from match_items i join advisories a on a.id = i.advisory_id
     where i.org_id = $1 and a.covering_id = $2 and i.closed_at is null order by 2 desc, 3 desc`,
    [org, advisory],
  )
  if (rows.length === 0) return null
  const told = await toldMatches(
    tx,
    rows.map(({ id }) => id),
  )
  return rows.find(({ id }) => told.includes(id)) ?? null
}

const fieldsOf = (subject: Subject, stand: Stand): unknown[] => [
  ...[subject.seq, subject.severity, subject.exploited, subject.patientSafety || stand.patientSafety],
  ...[stand.sure, stand.pieces, stand.departments, stand.confirmed],
]

async function renew(tx: Tx, before: Before, given: Settling): Promise<void> {
  const { subject, stand, now } = given
  const added = stand.live.filter((id) => !before.assets.includes(id)).length
  const removed = before.assets.filter((id) => !stand.live.includes(id)).length
  const next = subject.seq !== before.seq
  const worse =
    subject.severity > before.severity ||
    (subject.exploited && !before.exploited) ||
    (added > 0 && stand.pieces > before.pieces)
  // What is settled stays settled unless there is more to it now.
  const anew = before.closed || (worse && ['done', 'not_affected'].includes(before.answer))
  await tx.query(
    `update match_items set seq = $2, severity = $3, exploited = $4, patient_safety = $5, sure = $6, pieces = $7, departments = $8,
       confirmed = $9, closed_at = null, closed_why = null, answer = case when $10 then 'pending' else answer end,
       conflict = conflict and not $10, changed_at = case when $11 then $12 else changed_at end where id = $1`,
    [
      ...[before.id, ...fieldsOf(subject, stand)],
      ...[anew, anew || next || added + removed > 0 || stand.pieces !== before.pieces, iso(now)],
    ],
  )
  await writeRows(tx, before.id, given)
  const detail = {
    ...{ from: before.seq, to: subject.seq, pieces: [before.pieces, stand.pieces], added, removed },
    ...{ severity: [before.severity, subject.severity], exploited: [before.exploited, subject.exploited] },
  }
  if (before.closed) await remember(tx, before.id, given, 'reopened', detail)
  else if (next) await remember(tx, before.id, given, 'version', detail)
  else if (added + removed > 0) await remember(tx, before.id, given, 'assets', detail)
  else if (subject.exploited !== before.exploited) await remember(tx, before.id, given, 'exploited', detail)
  if (before.closed || next || worse)
    await tell(tx, {
      ...given,
      ...{ item: before.id, kind: before.closed ? 'new' : 'update', worse: worse || before.closed },
      newlyExploited: subject.exploited && !before.exploited,
      topic: `v${subject.seq} ${iso(now)}`,
    })
}

async function close(tx: Tx, before: Before, given: Settling): Promise<void> {
  const why = whyClosed(before, given)
  await tx.query(
    `update match_items set closed_at = $2, closed_why = $3, pieces = 0, departments = 0, sure = 0, confirmed = false, changed_at = $2 where id = $1`,
    [before.id, iso(given.now), why],
  )
  await writeRows(tx, before.id, given)
  await remember(tx, before.id, given, 'closed', { why, pieces: before.pieces })
  await tellClosed(tx, {
    item: before.id,
    org: given.org,
    quiet: why === 'assets' || why === 'rejected' || (why === 'covered' && (await hasCovering(tx, given))),
    now: given.now,
  })
}

/** Whether the advisory that says more of it concerns them too. */
async function hasCovering(tx: Tx, { org, subject }: Settling): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from match_items i join advisories a on a.covering_id = i.advisory_id where a.id = $1 and i.org_id = $2 and i.closed_at is null`,
    [subject.id, org],
  )
  return rowCount === 1
}

function whyClosed(before: Before, { silent, stand, cause, subject }: Settling): ClosedWhy {
  if (silent !== null) return silent
  if (stand.rows.length > 0) return 'rejected'
  return cause === 'advisory' && subject.seq > before.seq ? 'version' : 'assets'
}

/** A closed one: what people called another product may change, and how often it would match. */
async function keepRows(tx: Tx, id: number, given: Settling): Promise<void> {
  await writeRows(tx, id, given)
  if (given.silent === null)
    await tx.query(
      `update match_items set closed_why = $2 where id = $1 and closed_why in ('rejected', 'assets', 'version')`,
      [id, given.stand.rows.length > 0 ? 'rejected' : 'assets'],
    )
}

async function writeRows(tx: Tx, id: number, { org, stand, silent }: Settling): Promise<void> {
  await tx.query('delete from match_assets where item_id = $1', [id])
  if (silent !== null || stand.rows.length === 0) return
  await tx.query(
    `insert into match_assets (item_id, asset_id, org_id, sure, why, products, said)
     select $1, asset, $2, sure, why, products, said
     from jsonb_to_recordset($3) as r (asset int, sure float8, why jsonb, products jsonb, said text)`,
    [id, org, JSON.stringify(stand.rows)],
  )
}

async function remember(
  tx: Tx,
  item: number,
  { org, now }: Settling,
  kind: string,
  detail: object,
): Promise<void> {
  await tx.query(
    'insert into match_changes (item_id, org_id, at, kind, detail) values ($1, $2, $3, $4, $5)',
    [...[item, org, iso(now), kind, JSON.stringify(detail)]],
  )
}
