/** Who of the coordinators is told when a warning waits for one of them, and whoever wrote it when it is out or given back. */
import type { Actor } from '../../../platform/access.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../../platform/database.ts'
import { COORDINATORS, person } from '../../../values/scopes.ts'
import { afterWorkingDays } from '../working-days.ts'
import { type About, type To, tell } from './tell.ts'
import type { Version } from './types.ts'

type Reviewed = Pick<
  Version,
  'id' | 'warning' | 'no' | 'severity' | 'tlp' | 'author' | 'editor' | 'named'
> & {
  /** Scopes that read what waits. */
  readers: number[]
}

/** Coordinators of this moment. */
async function coordinatorsAt(tx: Queryable, now: number): Promise<To[]> {
  const { rows } = await tx.query<{ person: number; address: string }>(
    `select p.id as person, p.email as address from people p where p.disabled_at is null and exists (
       select 1 from engagements e where e.person_id = p.id and e.role = 'coordinator'
         and e.valid_from <= to_timestamp($1 / 1000.0) and e.valid_to > to_timestamp($1 / 1000.0)) order by p.id`,
    [now],
  )
  return rows.map((row) => ({ ...row, org: null, as: 'coordinator', hold: null }))
}

const mayRead = (to: To, readers: number[]): boolean =>
  readers.includes(COORDINATORS) || (to.person !== null && readers.includes(person(to.person)))

interface Telling {
  by: Actor | null
  now: number
  /** Tells one reminder from the next. */
  step?: number
}

/** Writes to every coordinator who may read it and may publish it: not its author nor its last editor. */
export async function tellReviewers(
  tx: Tx,
  version: Reviewed,
  about: 'review' | 'reminder' | 'overdue' | 'expired',
  { by, now, step }: Telling,
): Promise<number> {
  const others = (await coordinatorsAt(tx, now)).filter((to) => mayRead(to, version.readers))
  // Of what is overdue all are told, also who released it alone.
  const writers = about === 'overdue' ? [] : [version.author, version.editor]
  return send(
    tx,
    version,
    about,
    others.filter((to) => !writers.includes(to.person ?? 0)),
    { by, now, step },
  )
}

/** Writes to author and last editor, as far as they still coordinate and it was somebody else's deed. */
export async function tellWriters(
  tx: Tx,
  version: Reviewed,
  about: 'returned' | 'published' | 'source' | 'expired',
  { by, now }: Telling,
): Promise<number> {
  const wrote = [version.author, version.editor].filter((one) => one !== by?.person)
  const people = (await coordinatorsAt(tx, now)).filter((to) => wrote.includes(to.person ?? 0))
  return send(tx, version, about, people, { by, now })
}

/** That the warning is over which they are changing: its writers, and of what waits for review whoever may publish it. */
export async function tellChanging(tx: Tx, warning: number, now: number): Promise<void> {
  const { rows } = await tx.query<Reviewed & { state: 'draft' | 'review' } & Record<string, unknown>>(
    `${reviewed} where v.warning_id = $1 and v.state in ('draft', 'review')`,
    [warning],
  )
  for (const { state, ...version } of rows) {
    await tellWriters(tx, version, 'expired', { by: null, now })
    if (state === 'review') await tellReviewers(tx, version, 'expired', { by: null, now })
  }
}

async function send(
  tx: Tx,
  version: Reviewed,
  about: About,
  people: To[],
  { by, now, step }: Telling,
): Promise<number> {
  if (people.length === 0) return 0
  return tell(
    tx,
    {
      kind: 'talk',
      about,
      ...(by === null && { program: true as const }),
      topic: `written ${version.warning} v${version.no} ${about} ${step ?? now}`,
      warning: version.warning,
      version,
      involved: { author: version.author, named: version.named, coordinators: [] },
      now,
    },
    people,
  )
}

/** After so long a draft that waits is called to mind again, by severity; from then on every working day. */
const firstReminderMs: Record<number, number> = { 4: 30 * 60_000, 3: 4 * 3_600_000 }
const mostReminders = 10

/** When the nth reminder is due, from one. */
const reminderAt = (from: number, severity: number, nth: number): number => {
  const first = firstReminderMs[severity]
  if (first === undefined) return afterWorkingDays(from, nth)
  return nth === 1 ? from + first : afterWorkingDays(from, nth - 1)
}

const reviewed = `select v.id, v.warning_id as warning, v.no, v.severity, v.tlp, v.author_id as author, v.editor_id as editor, v.readers, v.state,
  array(select n.person_id from written_named n where n.version_id = v.id) as named, extract(epoch from v.changed_at)::float8 * 1000 as since
  from written_versions v join written_warnings w on w.id = v.warning_id`

/** Reminds reviewers of what waits, and tells all coordinators of what one released alone and nobody has looked at; answers how many letters. */
export function remindReviewers(db: Database, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<
      Reviewed & { state: 'review' | 'published'; since: number } & Record<string, unknown>
    >(
      `${reviewed}
       where v.state = 'review' or v.state = 'published' and w.state = 'published' and v.judged_at is null and v.review_due_at <= to_timestamp($1 / 1000.0)`,
      [now],
    )
    let told = 0
    for (const { state, since, ...version } of rows) {
      if (state === 'published') {
        told += await tellReviewers(tx, version, 'overdue', { by: null, now, step: 0 })
        continue
      }
      let nth = 0
      while (nth < mostReminders && reminderAt(since, version.severity, nth + 1) <= now) nth++
      if (nth > 0) told += await tellReviewers(tx, version, 'reminder', { by: null, now, step: since + nth })
    }
    return told
  })
}
