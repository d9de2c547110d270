/** The board as it is read: every organisation's standing and age, its answers, and how quickly answers came. */
import type { Queryable, Tx } from '../../../platform/database.ts'
import { afterWorkingDays } from '../working-days.ts'
import { type Clock, type ClockStep, type Listing, listedOf, nextOf, type Standpoint } from './clocks.ts'
import type { Reason } from './exposure.ts'
import { type Holding, isAsked, owns } from './owners.ts'
import type { AnswerWord, Standing } from './types.ts'

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

export interface Line {
  org: number
  name: string
  /** Code of NUTS 3. */
  region: string | null
  phone: string | null
  asked: boolean
  reasons: Reason[]
  /** What the organisation itself runs of what the warning names; null for everybody else. */
  owns: Holding | null
  answer: Standing
  plannedOn: string | null
  affected: number | null
  conflict: boolean
  askedAt: number
  answeredAt: number | null
  firstAnswerAt: number | null
  doneAt: number | null
  remindedAt: number | null
  outAt: number | null
  /** Of the version that is out: by when the first answer is in time; null where nothing is aimed at. */
  aimAt: number | null
  /** What the clocks do next while nothing changes. */
  next: (ClockStep & { clock: Clock }) | null
  /** Why coordinators call. */
  listed: { why: Listing; since: number } | null
}

export interface Given {
  org: number
  answer: AnswerWord
  role: string
  person: string | null
  note: string
  plannedOn: string | null
  affected: number | null
  counted: boolean
  via: string
  version: number
  at: number
}

/** By when the first answer is in time (sharing.md 11.1). */
function aimOf(severity: number, askedAt: number): number | null {
  if (severity === 3) return askedAt + 60 * 60_000
  return severity === 2 ? afterWorkingDays(askedAt, 2) : null
}

type Clocked = Omit<Standpoint, 'answer' | 'askedAt'> & { living: boolean }

/** Gaps first: silent and asked, then by how long they have not moved. A member sees its own line alone. */
export async function linesOf(tx: Queryable, id: number): Promise<Line[]> {
  const { rows } = await tx.query<Omit<Line, keyof Clocks> & Clocked & Record<string, unknown>>(
    `select a.org_id as org, coalesce(t.name, o.name) as name, coalesce(t.nuts3, o.nuts3) as region, coalesce(t.phone, o.phone) as phone, ${isAsked('a')} as asked, a.reasons, ${owns('a')} as owns, a.answer, a.planned_on as "plannedOn", a.affected, a.conflict,
       ${ms('a.asked_at')} as "askedAt", ${ms('a.answered_at')} as "answeredAt", ${ms('a.first_answer_at')} as "firstAnswerAt",
       ${ms('a.done_at')} as "doneAt", ${ms('a.reminded_at')} as "remindedAt", ${ms('a.out_at')} as "outAt",
       a.asked and a.out_at is null and w.state = 'published' and coalesce(w.ends_at > (select actor_now()), true) as living, v.severity,
       v.action_by as "actionBy", ${ms('v.published_at')} as "publishedAt", a.ladder_step as "ladderStep",
       case when a.deadline_on = v.action_by then a.deadline_step else 0 end as "deadlineStep"
     from written_asked a join organisations o on o.id = a.org_id left join organisations t on t.id = o.present_id
       join written_warnings w on w.id = a.warning_id join written_versions v on v.warning_id = w.id and v.no = w.version
     where a.warning_id = $1
     order by a.out_at is not null, not ${isAsked('a')}, a.answer <> 'pending', coalesce(a.answered_at, a.asked_at), o.name collate "cs-x-icu", o.id`,
    [id],
  )
  // Most stand at one of a few places, and working days are not reckoned for each of hundreds anew.
  const reckoned = new Map<string, Clocks>()
  return rows.map(({ living, severity, actionBy, publishedAt, ladderStep, deadlineStep, ...line }) => {
    const { answer, askedAt, asked } = line
    const at = { answer, askedAt, publishedAt, severity, actionBy, ladderStep, deadlineStep }
    const key = JSON.stringify([at, asked, living])
    const known = reckoned.get(key) ?? clocksOf(at, asked, living)
    reckoned.set(key, known)
    return { ...line, ...known }
  })
}

type Clocks = Pick<Line, 'aimAt' | 'next' | 'listed'>

const clocksOf = (at: Standpoint, asked: boolean, living: boolean): Clocks => ({
  aimAt: asked ? aimOf(at.severity, at.askedAt) : null,
  next: living ? nextOf(at) : null,
  listed: living ? listedOf(at) : null,
})

/** Every answer, the newest first; also those of people who have left. */
export async function answersTo(tx: Queryable, id: number): Promise<Given[]> {
  const { rows } = await tx.query<Given & Record<string, unknown>>(
    `select x.org_id as org, x.answer, x.role, p.name as person, x.note, x.planned_on as "plannedOn", x.affected, x.counted, x.via, x.version,
       ${ms('x.at')} as at from written_answers x left join people p on p.id = x.person_id where x.warning_id = $1 order by x.id desc limit 2000`,
    [id],
  )
  return rows
}

export interface Figures {
  asked: number
  answered: number
  done: number
  /** Minutes; null without any. */
  medianToAnswer: number | null
  meanToAnswer: number | null
  meanToDone: number | null
  affected: number
  /** How many answered in time; null where nothing is aimed at. */
  inTime: number | null
}

/** In time: as soon as it is aimed at; null where nothing is. */
export const inTime = ({ aimAt, firstAnswerAt }: Line): boolean | null =>
  aimAt === null ? null : firstAnswerAt !== null && firstAnswerAt <= aimAt

/** Of those who were asked and still are. */
export function figuresOf(lines: Line[]): Figures {
  const asked = lines.filter((line) => line.asked && line.outAt === null)
  const minutes = (of: (line: Line) => number | null): number[] =>
    asked
      .flatMap((line) => {
        const at = of(line)
        return at === null ? [] : [(at - line.askedAt) / 60_000]
      })
      .sort((a, b) => a - b)
  const answers = minutes((line) => line.firstAnswerAt)
  const dones = minutes((line) => line.doneAt)
  const mean = (values: number[]): number | null =>
    values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length
  const upper = answers[Math.floor(answers.length / 2)] ?? null
  const lower = answers[Math.ceil(answers.length / 2) - 1] ?? null
  return {
    asked: asked.length,
    answered: answers.length,
    done: dones.length,
    medianToAnswer: upper === null || lower === null ? null : (upper + lower) / 2,
    meanToAnswer: mean(answers),
    meanToDone: mean(dones),
    affected: asked.reduce((sum, line) => sum + (line.affected ?? 0), 0),
    inTime: asked.some((line) => line.aimAt !== null) ? asked.filter((line) => inTime(line)).length : null,
  }
}

/** Notes that the silent were reminded; answers which organisations that were. */
export async function markReminded(tx: Tx, id: number, now: number): Promise<number[]> {
  const { rows } = await tx.query<{ org: number }>(
    `update written_asked set reminded_at = to_timestamp($2 / 1000.0)
     where warning_id = $1 and asked and out_at is null and answer = 'pending' returning org_id as org`,
    [id, now],
  )
  return rows.map((row) => row.org)
}
