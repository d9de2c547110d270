/** Answering a written warning: on the page, by the link in the mail, by a program of people, or by a coordinator for somebody on the telephone. */
import { type Actor, asActor, isCoordinator, type Role, rolesAt } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Database, Tx } from '../../../platform/database.ts'
import { dayOf, isDay } from '../../../platform/dates.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { queueAnswer } from '../../channels/index.ts'
import { byRank, contradict, mayAnswer, needsNote, roleAt, transitions } from './answer-rules.ts'
import { isAsked } from './owners.ts'
import { type AnswerWord, answerWords, type Standing } from './types.ts'

export interface NewAnswer {
  org: number
  answer: AnswerWord
  /** `YYYY-MM-DD`: for when the repair is planned; *mitigated* needs it. */
  plannedOn?: string | null
  /** How many devices or systems are affected. */
  affected?: number | null
  note?: string | null
  via: 'page' | 'mail' | 'api' | 'sms'
}

export interface AnswerResult {
  /** False: kept, but it did not change where the organisation stands. */
  counted: boolean
  /** Somebody of the organisation says the opposite. */
  conflict: boolean
  answer: Standing
}

interface Asked {
  state: string
  over: boolean
  tlp: string
  severity: number
  version: number
  answer: Standing
  lastPerson: number | null
  lastRole: Role | null
}

const longestNote = 4_000
const mostAffected = 1_000_000

/** `NotFound` where the warning or the organisation's line is hidden, `Forbidden` by role, `Invalid` names `answer`, `note`, `plannedOn` or `affected`. */
export async function answer(
  db: Database,
  actor: Actor,
  id: number,
  given: NewAnswer,
  now: number,
): Promise<AnswerResult> {
  const wrong = mistakes(given, now)
  if (Object.keys(wrong).length > 0) throw new Invalid('The answer cannot be given so', wrong)
  return asActor(db, actor, now, (tx) => give(tx, actor, id, given, now))
}

function mistakes(
  { answer: word, plannedOn, affected, note }: NewAnswer,
  now: number,
): Record<string, string> {
  const planned = plannedMistake(word, plannedOn || null, now)
  return {
    ...(answerWords.includes(word) ? {} : { answer: 'form' }),
    ...(planned === null ? {} : { plannedOn: planned }),
    ...(affected != null && !(Number.isInteger(affected) && affected >= 0 && affected <= mostAffected)
      ? { affected: 'form' }
      : {}),
    ...((note ?? '').length > longestNote ? { note: 'length' } : {}),
  }
}

/** What is only mitigated comes back on the day of its repair: without a day ahead it would be out of sight for good. */
function plannedMistake(word: AnswerWord, plannedOn: string | null, now: number): string | null {
  if (plannedOn === null) return word === 'mitigated' ? 'lack' : null
  if (!isDay(plannedOn)) return 'form'
  return word !== 'done' && plannedOn < dayOf(now) ? 'past' : null
}

async function give(tx: Tx, actor: Actor, id: number, given: NewAnswer, now: number): Promise<AnswerResult> {
  const asked = await lineOf(tx, id, given.org)
  if (asked.state !== 'published' || asked.over) throw new WrongState('The warning is over')
  if (!mayAnswer(actor, given.org, given.answer)) throw new Forbidden('Your role does not allow this answer')
  const behalf = rolesAt(actor, given.org).length === 0 && isCoordinator(actor)
  const role = roleAt(actor, given.org)
  const via = behalf ? 'coordinator' : given.via
  const note = given.note?.trim() || null
  const opposite = contradict(asked.answer, given.answer) && asked.lastPerson !== actor.person
  // Of two who say opposite things the higher role stands, among equals the newer word (emergency.md 4).
  const outranked = opposite && asked.lastRole !== null && byRank(asked.lastRole, role) < 0
  const counted = transitions[asked.answer].includes(given.answer) && !outranked
  if (note === null && (behalf || (counted && needsNote(asked.answer, given.answer))))
    throw new Invalid('A note is needed', { note: behalf ? 'behalf' : 'note' })
  await tx.query(
    `insert into written_answers (warning_id, org_id, version, person_id, role, answer, planned_on, affected, note, counted, via, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp($12 / 1000.0))`,
    [
      ...[id, given.org, asked.version, actor.person, role, given.answer],
      ...[given.plannedOn || null, given.affected ?? null, note ?? '', counted, via, now],
    ],
  )
  await settle(tx, id, given, { counted, conflict: opposite }, now)
  // Of TLP:RED, which is for persons, no program of the organisation hears.
  if (asked.tlp !== 'RED')
    await queueAnswer(
      tx,
      {
        org: given.org,
        warning: null,
        written: id,
        severity: asked.severity,
        answer: given.answer,
        counted,
        via,
      },
      now,
    )
  await record(tx, {
    at: now,
    actor,
    verb: 'warnings.answerWritten',
    object: `written warning ${id}`,
    org: given.org,
    detail: { answer: given.answer, from: asked.answer, counted, via },
    // Of TLP:RED the line is for who answered alone.
    readers: asked.tlp === 'RED' ? [-actor.person] : [COORDINATORS, readersOfOrg(given.org)],
  })
  await tx.query(`select announce('warnings', '')`)
  return { counted, conflict: opposite, answer: counted ? given.answer : asked.answer }
}

async function lineOf(tx: Tx, id: number, org: number): Promise<Asked> {
  const { rows } = await tx.query<Asked & Record<string, unknown>>(
    `select w.state, coalesce(w.ends_at <= (select actor_now()), false) as over, v.tlp, v.severity, a.version, a.answer, l.person_id as "lastPerson", l.role as "lastRole"
     from written_asked a join written_warnings w on w.id = a.warning_id join written_versions v on v.warning_id = w.id and v.no = w.version
     left join lateral (select x.person_id, x.role from written_answers x where x.warning_id = a.warning_id and x.org_id = a.org_id
       and x.version = a.version and x.counted order by x.id desc limit 1) l on true
     where a.warning_id = $1 and a.org_id = $2 and a.out_at is null for update of a`,
    [id, org],
  )
  if (!rows[0]) throw new NotFound('There is no such warning')
  return rows[0]
}

async function settle(
  tx: Tx,
  id: number,
  given: NewAnswer,
  { counted, conflict }: { counted: boolean; conflict: boolean },
  now: number,
): Promise<void> {
  await tx.query(
    counted
      ? `update written_asked set answer = $3, planned_on = coalesce($4, planned_on), affected = coalesce($5, affected), conflict = $6,
           answered_at = to_timestamp($7 / 1000.0), first_answer_at = coalesce(first_answer_at, to_timestamp($7 / 1000.0)),
           done_at = case when $3 = 'done' then coalesce(done_at, to_timestamp($7 / 1000.0)) end, asked = ${isAsked('written_asked')} where warning_id = $1 and org_id = $2`
      : `update written_asked set conflict = conflict or $3 where warning_id = $1 and org_id = $2`,
    counted
      ? [id, given.org, given.answer, given.plannedOn || null, given.affected ?? null, conflict, now]
      : [id, given.org, conflict],
  )
}
