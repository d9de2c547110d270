/** What an organisation's people say of an item: where they stand, and whether an asset is that product. */
import { type Actor, asActor, type Role } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { isDay, iso } from '../../platform/dates.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { readersOfOrg } from '../../values/scopes.ts'
import { decideMatch, withdrawDecision } from '../assets/index.ts'
import {
  byRank,
  contradict,
  type ItemAnswer,
  type ItemStanding,
  itemAnswers,
  lookAgain,
  mayAnswer,
  needsNote,
  roleAt,
  transitions,
} from '../warnings/index.ts'
import type { Named } from './judge.ts'
import { matchAt } from './read.ts'
import { matchDue } from './work.ts'

export interface NewAnswer {
  answer: ItemAnswer
  /** `YYYY-MM-DD`: for when the repair is planned. */
  plannedOn?: string | null
  /** How many of the pieces are affected. */
  affected?: number | null
  note?: string | null
}

export interface AnswerResult {
  /** False: kept, but it did not change where the organisation stands. */
  counted: boolean
  /** Somebody of the organisation says the opposite. */
  conflict: boolean
  answer: ItemStanding
}

const longestNote = 4_000
const mostAffected = 1_000_000

/** `NotFound` where the item is hidden, `WrongState` when it fell away, `Forbidden` by role; `Invalid` names `answer`, `note`, `plannedOn`, `affected`. */
export async function answer(
  db: Database,
  id: number,
  given: NewAnswer,
  by: Actor,
  now: number,
): Promise<AnswerResult> {
  const wrong = mistakes(given)
  if (Object.keys(wrong).length > 0) throw new Invalid('The answer cannot be given so', wrong)
  return asActor(db, by, now, (tx) => give(tx, id, given, by, now))
}

function mistakes({ answer: word, plannedOn, affected, note }: NewAnswer): Record<string, string> {
  return {
    ...(itemAnswers.includes(word) ? {} : { answer: 'form' }),
    ...(plannedOn && !isDay(plannedOn) ? { plannedOn: 'form' } : {}),
    ...(affected != null && !(Number.isInteger(affected) && affected >= 0 && affected <= mostAffected)
      ? { affected: 'form' }
      : {}),
    ...((note ?? '').length > longestNote ? { note: 'length' } : {}),
  }
}

async function give(tx: Tx, id: number, given: NewAnswer, by: Actor, now: number): Promise<AnswerResult> {
  await tx.query('select 1 from match_items where id = $1 for update', [id])
  const item = await matchAt(tx, id)
  if (item.closedWhy !== null) throw new WrongState('The match fell away')
  if (!mayAnswer(by, item.org, given.answer)) throw new Forbidden('Your role does not allow this answer')
  const role = roleAt(by, item.org)
  const note = given.note?.trim() || null
  const last = await lastAnswer(tx, id)
  const opposite = contradict(item.answer, given.answer) && last?.person !== by.person
  // Of two who say opposite things the higher role stands, among equals the newer word, as with warnings.
  const outranked = opposite && last?.role != null && byRank(last.role, role) < 0
  const counted = transitions[item.answer].includes(given.answer) && !outranked
  if (note === null && counted && needsNote(item.answer, given.answer))
    throw new Invalid('A note is needed', { note: 'note' })
  const detail = {
    ...{ answer: given.answer, from: item.answer, counted, planned: given.plannedOn || null },
    ...{ affected: given.affected ?? null, note: note ?? '' },
  }
  await tx.query(
    `insert into match_changes (item_id, org_id, at, kind, person_id, actor, role, detail) values ($1, $2, $3, 'answer', $4, $5, $6, $7)`,
    [id, item.org, iso(now), by.person, by.name, role, JSON.stringify(detail)],
  )
  await tx.query(
    counted
      ? `update match_items set answer = $2, planned_on = coalesce($3, planned_on), affected = coalesce($4, affected), conflict = $5, changed_at = $6 where id = $1`
      : 'update match_items set conflict = conflict or $2 where id = $1',
    counted
      ? [id, given.answer, given.plannedOn || null, given.affected ?? null, opposite, iso(now)]
      : [id, opposite],
  )
  await record(tx, {
    ...{ at: now, actor: by, verb: 'matches.answer', object: `match ${id}`, org: item.org },
    detail: { answer: given.answer, from: item.answer, counted },
    readers: [readersOfOrg(item.org)],
  })
  return { counted, conflict: opposite, answer: counted ? given.answer : item.answer }
}

async function lastAnswer(
  tx: Tx,
  id: number,
): Promise<{ person: number | null; role: Role | null } | undefined> {
  const { rows } = await tx.query<{ person: number | null; role: Role | null }>(
    `select person_id as person, role from match_changes where item_id = $1 and kind = 'answer' and (detail->>'counted')::boolean order by id desc limit 1`,
    [id],
  )
  return rows[0]
}

export interface Decided {
  asset: number
  /** It is that product, it is another one, or what was said is taken back. */
  same: boolean | null
  reason: string
}

interface Meant {
  org: number
  advisory: number
  vendor: string
  product: string
  products: Named[]
}

/**
 * Says of an asset, and of all written alike, whether it is what the advisory means; the item shows it at once, the others soon.
 * Throws NotFound, Forbidden, Invalid (`reason`), WrongState where nothing was said that could be taken back.
 */
export async function decide(
  db: Database,
  id: number,
  { asset, same, reason }: Decided,
  by: Actor,
  now: number,
): Promise<void> {
  const { advisory, org } = await asActor(db, by, now, async (tx) => {
    const meant = await meantBy(tx, id, asset)
    const said = { vendor: meant.vendor, product: meant.product }
    if (same === null) await takeBack(tx, meant, by, now)
    else
      for (const affected of meant.products)
        await decideMatch(tx, meant.org, { asset: said, affected, same, reason }, by, now)
    await tx.query('select queue_matches($1, $2)', [asset, iso(now)])
    return meant
  })
  await asEngine(db, async (tx) => {
    await matchDue(tx, advisory, now)
    await lookAgain(tx, [org], now)
  })
}

async function meantBy(tx: Tx, id: number, asset: number): Promise<Meant> {
  const { rows } = await tx.query<Meant & Record<string, unknown>>(
    `select i.org_id as org, i.advisory_id as advisory, a.vendor, a.product, m.products
     from match_items i join match_assets m on m.item_id = i.id join assets a on a.id = m.asset_id where i.id = $1 and m.asset_id = $2`,
    [id, asset],
  )
  if (!rows[0]) throw new NotFound('There is no such match')
  return rows[0]
}

async function takeBack(tx: Tx, meant: Meant, by: Actor, now: number): Promise<void> {
  const said = { vendor: meant.vendor, product: meant.product }
  let taken = 0
  for (const affected of meant.products)
    try {
      const names = { asset: said, affected }
      await withdrawDecision(tx, meant.org, names, by, now)
      taken += 1
    } catch (error) {
      if (!(error instanceof WrongState)) throw error
    }
  if (taken === 0) throw new WrongState('Nothing was decided about this match')
}
