/** Whom coordinators call about written warnings, what the clocks have done so far, and noting a call. */
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Database, Queryable } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { type Clock, listedOf, type Standpoint } from './clocks.ts'
import { must, note } from './edit.ts'
import { lockWritten, readersOf } from './read.ts'

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const longestNote = 1_000

export interface Made {
  org: number
  kind: Clock | 'call'
  /** From one; null of a call. */
  step: number | null
  told: number
  /** Who called. */
  person: string | null
  note: string
  at: number
}

/** What was done about the silent and the late, the newest first; for coordinators. */
export async function stepsOf(tx: Queryable, id: number): Promise<Made[]> {
  const { rows } = await tx.query<Made & Record<string, unknown>>(
    `select s.org_id as org, s.kind, s.step, s.told, p.name as person, s.note, ${ms('s.at')} as at
     from written_steps s join written_asked a on a.warning_id = s.warning_id and a.org_id = s.org_id and a.version <= s.version
       left join people p on p.id = s.person_id
     where s.warning_id = $1 order by s.id desc limit 2000`,
    [id],
  )
  return rows
}

/** Notes that somebody of it was called, whatever came of it. `NotFound` where it was never reached; `Invalid` names `callNote`. */
export async function noteCall(
  db: Database,
  by: Actor,
  id: number,
  { org, said }: { org: number; said: string },
  now: number,
): Promise<void> {
  must(by)
  const text = said.trim()
  if (text === '' || text.length > longestNote)
    throw new Invalid('Say what came of the call', { callNote: text === '' ? 'call' : 'length' })
  await asActor(db, by, now, async (tx) => {
    const { version } = await lockWritten(tx, id)
    const { rowCount } = await tx.query(
      'select 1 from written_asked where warning_id = $1 and org_id = $2 and out_at is null',
      [id, org],
    )
    if (!rowCount) throw new NotFound('There is no such organisation on its board')
    await tx.query(
      `insert into written_steps (warning_id, org_id, version, kind, person_id, note, at) values ($1, $2, $3, 'call', $4, $5, to_timestamp($6 / 1000.0))`,
      [id, org, version, by.person, text, now],
    )
    await note(tx, by, 'callWritten', id, await readersOf(tx, id), { org }, now)
    await tx.query(`select announce('warnings', '')`)
  })
}

export interface ToCall {
  warning: number
  number: string
  title: string
  severity: number
  orgs: number
  /** Since when the first of them waits. */
  since: number
}

/** Warnings with organisations on the call list, the gravest first; as a coordinator. */
export async function toCall(tx: Queryable): Promise<ToCall[]> {
  const { rows } = await tx.query<Standpoint & ToCall & Record<string, unknown>>(
    `select w.id as warning, w.number, v.texts->'cs'->>'title' as title, v.severity, v.action_by as "actionBy", a.answer,
       ${ms('a.asked_at')} as "askedAt", ${ms('v.published_at')} as "publishedAt", a.ladder_step as "ladderStep",
       case when a.deadline_on = v.action_by then a.deadline_step else 0 end as "deadlineStep", count(*)::int as orgs
     from written_asked a join written_warnings w on w.id = a.warning_id join written_versions v on v.warning_id = w.id and v.no = w.version
     where a.asked and a.out_at is null and w.state = 'published' and coalesce(w.ends_at > (select actor_now()), true)
       and (a.ladder_step > 0 or a.deadline_step > 0) and a.answer in ('pending', 'seen', 'working')
     group by w.id, v.id, a.answer, a.asked_at, a.ladder_step, a.deadline_on, a.deadline_step
     order by v.severity desc, w.id`,
  )
  const found = new Map<number, ToCall>()
  for (const row of rows) {
    const listed = listedOf(row)
    if (!listed) continue
    const { warning, number, title, severity, orgs } = row
    const before = found.get(warning)
    found.set(warning, {
      ...{ warning, number, title, severity, orgs: orgs + (before?.orgs ?? 0) },
      since: Math.min(listed.since, before?.since ?? listed.since),
    })
  }
  return [...found.values()]
}
