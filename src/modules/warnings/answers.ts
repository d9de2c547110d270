/** Answering: by the page, by the link in the mail, or by a coordinator on the telephone. All answers are kept. */
import { type Actor, asActor, isCoordinator, rolesAt } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { queueAnswer } from '../channels/index.ts'
import { learn } from './credibility.ts'
import { log } from './log.ts'
import { mayAnswer, needsNote, standingOf, transitions } from './may.ts'
import { type AnswerWord, answerWords, type Standing, type Via, type WarningState } from './types.ts'
import { afterWorkingDays } from './working-days.ts'

export interface NewAnswer {
  answer: AnswerWord
  /** On behalf of which member, when a coordinator answers; must be the warning's. */
  org?: number | null
  note?: string | null
  via: Via
}

export interface AnswerResult {
  /** False: kept, but it changed nothing (a later `seen` never undoes `done`). */
  counted: boolean
  /** The same answer of the same person again; nothing was written. */
  repeated: boolean
  answer: Standing
  state: WarningState
}

interface Asked {
  id: number
  severity: number
  org_id: number | null
  state: WarningState
  answer: Standing
  readers: number[]
}

/**
 * Gives an answer. `NotFound` when the actor does not see the warning, `Forbidden` when the role may not answer so,
 * `Invalid` when a needed note is missing, `WrongState` when a newer warning of the same trouble lives already.
 */
export async function answer(
  db: Database,
  actor: Actor,
  warningId: number,
  given: NewAnswer,
  now: number,
): Promise<AnswerResult> {
  if (!answerWords.includes(given.answer))
    throw new Invalid('There is no such answer', { answer: 'Choose an answer' })
  const result = await asActor(db, actor, now, (tx) => give(tx, actor, warningId, given, now))
  if (result.counted && !result.repeated) await asEngine(db, (tx) => learn(tx, warningId, now))
  return result
}

async function give(tx: Tx, actor: Actor, id: number, given: NewAnswer, now: number): Promise<AnswerResult> {
  const { rows } = await tx.query<Asked>(
    'select id, org_id, severity, state, answer, readers from warnings where id = $1 for update',
    [id],
  )
  const asked = rows[0]
  if (!asked) throw new NotFound('There is no such warning')
  if (given.org != null && given.org !== asked.org_id)
    throw new Invalid('Not of this member', { org: 'The warning concerns another member' })
  if (!mayAnswer(actor, { org: asked.org_id }, given.answer))
    throw new Forbidden('Your role does not allow this answer')
  const via =
    asked.org_id !== null && isCoordinator(actor) && rolesAt(actor, asked.org_id).length === 0
      ? 'coordinator'
      : given.via
  if (via === 'coordinator' && !isCoordinator(actor))
    throw new Forbidden('Only coordinators answer on behalf of a member')
  const text = given.note?.trim() || null
  if (await isRepeat(tx, asked, actor, given.answer))
    return { counted: true, repeated: true, answer: asked.answer, state: asked.state }
  const counted = transitions[asked.answer].includes(given.answer)
  if (counted && text === null && needsNote(asked.answer, given.answer))
    throw new Invalid('A note is needed', { note: 'Say why in a note' })
  await tx.query(
    `insert into answers (warning_id, org_id, person_id, answer, counted, via, note, at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0))`,
    [id, asked.org_id, actor.person, given.answer, counted, via, text, now],
  )
  await log(tx, id, 'answer', now, actor.person, {
    answer: given.answer,
    counted,
    via,
    ...(text ? { note: text } : {}),
  })
  await record(tx, {
    at: now,
    actor,
    verb: 'warnings.answer',
    object: `warning ${id}`,
    org: asked.org_id,
    detail: { answer: given.answer, from: asked.answer, counted, via },
    readers: asked.readers,
  })
  if (asked.org_id !== null)
    await queueAnswer(
      tx,
      {
        org: asked.org_id,
        warning: id,
        written: null,
        severity: asked.severity,
        answer: given.answer,
        counted,
        via,
      },
      now,
    )
  const state = counted ? await settle(tx, asked, actor, given.answer, now) : asked.state
  await tx.query(`select announce('warnings', $1)`, [String(id)])
  return { counted, repeated: false, answer: counted ? standingOf(given.answer) : asked.answer, state }
}

/** A link pressed twice, or two devices: the same person's same answer, still in force. */
async function isRepeat(tx: Tx, asked: Asked, actor: Actor, word: AnswerWord): Promise<boolean> {
  if (asked.answer !== standingOf(word)) return false
  const { rows } = await tx.query<{ person_id: number; answer: string }>(
    'select person_id, answer from answers where warning_id = $1 and counted order by id desc limit 1',
    [asked.id],
  )
  return rows[0]?.person_id === actor.person && rows[0].answer === word
}

/** Moves the warning: done closes it, going back to work reopens it, any answer stops the ladder. */
async function settle(
  tx: Tx,
  asked: Asked,
  actor: Actor,
  word: AnswerWord,
  now: number,
): Promise<WarningState> {
  const standing = standingOf(word)
  const state: WarningState =
    standing === 'done'
      ? 'closed'
      : asked.state === 'closed' && standing === 'working'
        ? 'reopened'
        : asked.state
  try {
    await tx.query(
      `update warnings set answer = $2, answered_at = to_timestamp($3 / 1000.0), answered_by = $4,
         first_answer_at = coalesce(first_answer_at, to_timestamp($3 / 1000.0)), state = $5,
         closed_at = case when $5 = 'closed' then coalesce(closed_at, to_timestamp($3 / 1000.0)) end, ladder_due_at = null,
         changed_at = to_timestamp($3 / 1000.0) where id = $1`,
      [asked.id, standing, now, actor.person, state],
    )
  } catch (error) {
    if ((error as { code?: string }).code === '23505')
      throw new WrongState('A newer warning of the same trouble is open; answer that one')
    throw error
  }
  if (state === 'closed' && asked.state !== 'closed')
    await log(tx, asked.id, 'closed', now, actor.person, { why: 'done' })
  if (state === 'reopened' && asked.state === 'closed')
    await log(tx, asked.id, 'reopened', now, actor.person, { why: 'answer' })
  return state
}

export interface GivenAnswer {
  id: number
  answer: AnswerWord
  counted: boolean
  via: Via
  note: string | null
  at: number
  person: string | null
}

/** Everything that was answered, oldest first. */
export async function answersOf(tx: Queryable, id: number): Promise<GivenAnswer[]> {
  const { rows } = await tx.query<GivenAnswer & Record<string, unknown>>(
    `select a.id, a.answer, a.counted, a.via, a.note, extract(epoch from a.at)::float8 * 1000 as at, p.name as person
     from answers a left join people p on p.id = a.person_id where a.warning_id = $1 order by a.id`,
    [id],
  )
  return rows
}

export interface AnswerFigures {
  asked: number
  answered: number
  /** Minutes from opening to the first answer, among the answered; null without any. */
  medianMinutes: number | null
  /** Answered inside the target: 60 minutes for high and critical, two working days for medium. */
  inTime: number
}

export interface AnswerTimes extends AnswerFigures {
  organisations: ({ id: number; name: string } & AnswerFigures)[]
}

interface Timed {
  org: number
  name: string
  severity: number
  opened: number
  first: number | null
}

/** How quickly members answered warnings of medium and above opened in [from, to); exercises are left out. */
export async function answerTimes(tx: Queryable, from: number, to: number): Promise<AnswerTimes> {
  const { rows } = await tx.query<Timed & Record<string, unknown>>(
    `select today.id as org, today.name, w.org_id, w.severity, extract(epoch from w.opened_at)::float8 * 1000 as opened,
       extract(epoch from w.first_answer_at)::float8 * 1000 as first
     from warnings w join organisations o on o.id = w.org_id join organisations today on today.id = coalesce(o.present_id, o.id)
     where w.lane = 0 and w.severity >= 2 and w.opened_at >= to_timestamp($1 / 1000.0) and w.opened_at < to_timestamp($2 / 1000.0)`,
    [from, to],
  )
  const byOrg = new Map<number, Timed[]>()
  for (const row of rows) byOrg.set(row.org, [...(byOrg.get(row.org) ?? []), row])
  const organisations = [...byOrg].map(([id, own]) => ({ id, name: own[0]?.name ?? '', ...figuresOf(own) }))
  return {
    ...figuresOf(rows),
    organisations: organisations.sort((a, b) => a.name.localeCompare(b.name, 'cs')),
  }
}

function figuresOf(rows: Timed[]): AnswerFigures {
  const minutes = rows
    .flatMap((r) => (r.first === null ? [] : [(r.first - r.opened) / 60_000]))
    .sort((a, b) => a - b)
  const middle = Math.floor(minutes.length / 2)
  const upper = minutes[middle]
  const median =
    upper === undefined ? null : minutes.length % 2 ? upper : (upper + (minutes[middle - 1] ?? upper)) / 2
  const dueAt = (r: Timed): number => (r.severity >= 3 ? r.opened + 3_600_000 : afterWorkingDays(r.opened, 2))
  const inTime = rows.filter((r) => r.first !== null && r.first <= dueAt(r)).length
  return { asked: rows.length, answered: minutes.length, medianMinutes: median, inTime }
}
