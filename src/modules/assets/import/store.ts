/** Files with assets in the database: taken in, looked at beside the inventory, decided line by line. */
import { createHash } from 'node:crypto'
import type { Actor } from '../../../platform/access.ts'
import type { Database, Tx } from '../../../platform/database.ts'
import { asEngine } from '../../../platform/database.ts'
import { iso } from '../../../platform/dates.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { inTurn, note } from '../assets.ts'
import { requireRight } from '../may.ts'
import { everyAsset } from '../queries.ts'
import type { Format, Line, Read, Refused } from './line.ts'
import { type Decision, decisions, type Figures, type Proposed, plan } from './plan.ts'

export interface Sheet {
  id: number
  org: number
  fileName: string
  format: Format
  lines: Line[]
  refused: Refused[]
  decisions: Record<string, Decision>
  taker: string
  /** Milliseconds since 1970. */
  takenAt: number
  appliedAt: number | null
  counts: Figures | null
  undoneAt: number | null
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const selected = `select id, org_id as org, file_name as "fileName", format, refused, decisions, taker, ${ms('taken_at')} as "takenAt",
  ${ms('applied_at')} as "appliedAt", counts, ${ms('undone_at')} as "undoneAt"`

/** Takes a file in; nothing of it counts yet. The same file that still waits is the same. Throws NotFound, Forbidden, Invalid. */
export async function takeIn(
  tx: Tx,
  given: { org: number; bytes: Buffer; fileName: string; read: Read },
  by: Actor,
  now: number,
): Promise<number> {
  const { org, read } = given
  requireRight(by, 'keep', org)
  if (read.lines.length + read.refused.length === 0) throw new Invalid('There is nothing in the file.')
  const fileName = given.fileName.replace(/\p{Cc}/gu, '').slice(0, 200) || 'file'
  const sha256 = createHash('sha256').update(given.bytes).digest('hex')
  await inTurn(tx, org)
  const values = [JSON.stringify(read.lines), JSON.stringify(read.refused)]
  const waiting = await tx.query<{ id: number }>(
    `update asset_imports set lines = $3, refused = $4, decisions = '{}' where org_id = $1 and sha256 = $2 and applied_at is null returning id`,
    [org, sha256, ...values],
  )
  if (waiting.rows[0]) return waiting.rows[0].id
  const { rows } = await tx.query<{ id: number }>(
    `insert into asset_imports (org_id, file_name, format, sha256, lines, refused, taken_by, taker, taken_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [org, fileName, read.format, sha256, ...values, by.person || null, by.name, iso(now)],
  )
  const id = rows[0]?.id as number
  await note(
    tx,
    'take-file',
    { org, object: `asset-import ${id}`, detail: { file: fileName, lines: read.lines.length } },
    by,
    now,
  )
  return id
}

/** Files that came, the newest first; at most 100, without their lines. */
export async function sheets(tx: Tx, org: number): Promise<Omit<Sheet, 'lines'>[]> {
  const { rows } = await tx.query<Omit<Sheet, 'lines'> & Record<string, unknown>>(
    `${selected} from asset_imports where org_id = any ((select organisation_with_merged($1))::int[]) order by id desc limit 100`,
    [org],
  )
  return rows
}

/** One, of that organisation. Throws NotFound. */
export async function sheetAt(tx: Tx, org: number, id: number): Promise<Sheet> {
  const { rows } = await tx.query<Sheet & Record<string, unknown>>(
    `${selected}, lines from asset_imports where id = $1 and org_id = any ((select organisation_with_merged($2))::int[])`,
    [id, org],
  )
  if (!rows[0]) throw new NotFound('There is no such file')
  return rows[0]
}

/** Whose file it is now, as far as its reader may see it. Throws NotFound. */
export async function holderOf(tx: Tx, id: number): Promise<number> {
  const { rows } = await tx.query<{ org: number }>(
    'select organisation_now(org_id) as org from asset_imports where id = $1',
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such file')
  return rows[0].org
}

export interface Preview {
  sheet: Sheet
  proposed: Proposed[]
}

/** A file beside the inventory as it stands. Throws NotFound. */
export async function preview(tx: Tx, org: number, id: number): Promise<Preview> {
  const sheet = await sheetAt(tx, org, id)
  const said = new Map(Object.entries(sheet.decisions).map(([line, one]) => [Number(line), one]))
  const proposed = sheet.appliedAt === null ? plan(sheet.lines, await everyAsset(tx, sheet.org), said) : []
  return { sheet, proposed }
}

/** Notes decisions; `rest` decides what is still open as it was proposed, or leaves it out. Throws NotFound, Forbidden, Invalid, WrongState. */
export async function decide(
  tx: Tx,
  which: { org: number; sheet: number },
  said: ReadonlyMap<number, string>,
  rest: 'proposals' | 'skip' | null,
  by: Actor,
): Promise<void> {
  requireRight(by, 'keep', which.org)
  await inTurn(tx, which.org)
  const { sheet, proposed } = await preview(tx, which.org, which.sheet)
  if (sheet.appliedAt !== null) throw new WrongState('This file has been carried out')
  const all: Record<string, Decision> = {}
  for (const one of proposed) {
    const wanted = said.get(one.line.line)
    const found = decisions.find((word) => word === wanted)
    if (wanted !== undefined && wanted !== '' && !(found && one.options.includes(found)))
      throw new Invalid('A line cannot be decided so.', { [`line.${one.line.line}`]: 'decision' })
    // An emptied choice is a decision taken back.
    const before = wanted === '' ? null : one.decided
    const decision = found ?? before ?? (rest === 'proposals' ? one.proposal : rest)
    if (decision && one.kind !== 'same') all[one.line.line] = decision
  }
  await tx.query('update asset_imports set decisions = $2 where id = $1 and applied_at is null', [
    sheet.id,
    JSON.stringify(all),
  ])
}

/** Files that nobody carried out are forgotten after so many days. */
const waitingDays = 30

export const forgetFiles = (db: Database, now: number): Promise<number> =>
  asEngine(db, async (tx) => {
    const { rowCount } = await tx.query(
      `delete from asset_imports where applied_at is null and taken_at < to_timestamp($1 / 1000.0) - make_interval(days => $2)`,
      [now, waitingDays],
    )
    return rowCount ?? 0
  })
