/** Answering a call: by page, link, text message, program, or a coordinator who was told on the telephone. */
import { type Actor, isCoordinator, type Role, rolesAt } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { byRank, roleAt } from '../warnings/index.ts'
import { note } from './draft.ts'
import { log } from './log.ts'
import { getBroadcast } from './read.ts'
import { type Broadcast, isRunning, type OrgState, seen, type Via } from './types.ts'

export interface Given {
  org: number
  /** `seen`, or a code of the call's answers. */
  code: string
  note: string
  via: Exclude<Via, 'coordinator'>
}

export interface Result {
  /** False: kept, but the answer of a higher role stands. */
  counted: boolean
  /** Somebody else of the organisation said something different. */
  conflict: boolean
}

interface Asked {
  state: OrgState
  answer: string | null
  role: Role | null
  person: number | null
  said: boolean
}

/** Roles whose word counts: whoever a call may ask. */
const answerers: Role[] = ['duty', 'admin', 'security_manager', 'manager', 'representative']
const longestNote = 2_000

export const mayAnswer = (actor: Actor, org: number): boolean =>
  isCoordinator(actor) || rolesAt(actor, org).some((role) => answerers.includes(role))

/** As the program, for the actor. NotFound where the organisation was not asked, WrongState when the call is over, Forbidden by role, Invalid by field. */
export async function answer(tx: Tx, id: number, given: Given, by: Actor, now: number): Promise<Result> {
  const roles = rolesAt(by, given.org)
  const isBehalf = roles.length === 0 && isCoordinator(by)
  if (roles.length === 0 && !isBehalf) throw new NotFound('There is no such call')
  const line = await lineOf(tx, id, given.org)
  const call = await getBroadcast(tx, id)
  if (!isRunning(call)) throw new WrongState('The call is over')
  if (!mayAnswer(by, given.org)) throw new Forbidden('Your role does not allow this answer')
  check(call, given, isBehalf)
  const role = isBehalf ? 'coordinator' : roleAt(by, given.org)
  const via = isBehalf ? 'coordinator' : given.via
  const differs =
    given.code !== seen && line.answer !== null && line.answer !== given.code && line.person !== by.person
  // Of two who differ the higher role stands, among equals the newer word (emergency.md 4).
  const isOutranked = differs && line.role !== null && byRank(line.role, role) < 0
  const counted =
    given.code === seen
      ? ['pending', 'delivered', 'no_contact', 'handed_to_operator'].includes(line.state)
      : !isOutranked
  await tx.query(
    `insert into rollcall_answers (broadcast_id, org_id, person_id, role, code, note, via, counted, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9 / 1000.0))`,
    [id, given.org, by.person, role, given.code, given.note.trim(), via, counted, now],
  )
  await settle(tx, call, { ...given, via, role, person: by.person, counted, conflict: differs }, now)
  const detail = { answer: given.code, via, counted }
  await log(tx, { broadcast: id, what: 'answer', org: given.org, person: by.person, detail }, now)
  if (differs)
    await log(tx, { broadcast: id, what: 'conflict', org: given.org, person: by.person, detail }, now)
  await note(tx, by, 'answer', id, detail, now, given.org)
  return { counted, conflict: differs }
}

function check(call: Broadcast, { code, note: words }: Given, isBehalf: boolean): void {
  if (words.length > longestNote) throw new Invalid('The answer cannot be given so', { note: 'length' })
  const chosen = call.answers.find((one) => one.code === code)
  if (code !== seen && !chosen) throw new Invalid('The answer cannot be given so', { answer: 'form' })
  if (words.trim() === '' && (isBehalf || chosen?.needsNote))
    throw new Invalid('A note is needed', { note: isBehalf ? 'behalf' : 'note' })
}

async function lineOf(tx: Tx, id: number, org: number): Promise<Asked> {
  const { rows } = await tx.query<Asked & Record<string, unknown>>(
    `select r.state, r.answer, r.role, r.person_id as person from org_rollcalls r where r.broadcast_id = $1 and r.org_id = $2 for update`,
    [id, org],
  )
  if (!rows[0]) throw new NotFound('There is no such call')
  return rows[0]
}

interface Said {
  org: number
  code: string
  via: Via
  role: Role
  person: number
  counted: boolean
  conflict: boolean
}

async function settle(tx: Tx, call: Broadcast, said: Said, now: number): Promise<void> {
  const where = [call.id, said.org, now]
  if (said.code === seen) {
    if (said.counted)
      await tx.query(
        `update org_rollcalls set state = 'acknowledged', first_at = coalesce(first_at, to_timestamp($3 / 1000.0)), person_id = $4, via = $5, role = $6
         where broadcast_id = $1 and org_id = $2`,
        [...where, said.person, said.via, said.role],
      )
    return
  }
  await tx.query(
    `update org_rollcalls set conflict = conflict or $4, first_at = coalesce(first_at, to_timestamp($3 / 1000.0)) where broadcast_id = $1 and org_id = $2`,
    [...where, said.conflict],
  )
  if (!said.counted) return
  const done = await isEnough(tx, call, said.org)
  await tx.query(
    `update org_rollcalls set answer = $4, role = $5, person_id = $6, via = $7, answered_at = case when $8 then coalesce(answered_at, to_timestamp($3 / 1000.0)) end,
       state = case when $8 then 'answered' else state end, next_step = case when $8 then null else next_step end, next_at = case when $8 then null else next_at end
     where broadcast_id = $1 and org_id = $2`,
    [...where, said.code, said.role, said.person, said.via, done],
  )
}

/** One answer, several people's, or one of each person asked so far; a coordinator's word ends it in any case. */
async function isEnough(tx: Tx, call: Broadcast, org: number): Promise<boolean> {
  if (call.mode === 'org') return true
  const { rows } = await tx.query<{ said: number; asked: number; told: boolean }>(
    `select count(distinct x.person_id)::int as said, bool_or(x.via = 'coordinator') as told,
       (select count(distinct a.person_id)::int from rollcall_attempts a where a.broadcast_id = $1 and a.org_id = $2) as asked
     from rollcall_answers x where x.broadcast_id = $1 and x.org_id = $2 and x.code <> 'seen'`,
    [call.id, org],
  )
  const { said = 0, asked = 0, told = false } = rows[0] ?? {}
  return told || said >= (call.mode === 'all' ? Math.max(1, asked) : call.quorum)
}

export interface GivenAnswer {
  org: number
  code: string
  role: Role
  person: string | null
  note: string
  via: Via
  counted: boolean
  at: number
}

/** Every answer, the newest first, as the reader may see them. */
export async function answersTo(tx: Tx, id: number): Promise<GivenAnswer[]> {
  const { rows } = await tx.query<GivenAnswer & Record<string, unknown>>(
    `select x.org_id as org, x.code, x.role, p.name as person, x.note, x.via, x.counted, extract(epoch from x.at)::float8 * 1000 as at
     from rollcall_answers x left join people p on p.id = x.person_id where x.broadcast_id = $1 order by x.id desc limit 5000`,
    [id],
  )
  return rows
}
