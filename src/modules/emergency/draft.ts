/** A call while it is being written. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, refuseChanged, WrongState } from '../../platform/errors.ts'
import { type Fields, revisionOf } from '../../platform/revision.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import type { Policy } from '../duty/index.ts'
import { lockBroadcast } from './read.ts'
import type { Broadcast, Draft } from './types.ts'

export const must = (actor: Actor): void => {
  if (!isCoordinator(actor)) throw new Forbidden('Coordinators lead roll-calls')
}

const longest = { title: 120, body: 4_000, room: 300, label: 60 }
const [leastMin, mostMin] = [5, 10_080]

/** By field a code; empty when it can be kept so. */
function mistakes(draft: Draft): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const field of ['title', 'body', 'room'] as const)
    if (draft[field].length > longest[field]) wrong[field] = 'length'
  if (draft.title.trim() === '') wrong.title = 'lack'
  if (!Number.isInteger(draft.withinMin) || draft.withinMin < leastMin || draft.withinMin > mostMin)
    wrong.within = 'within'
  if (draft.class !== 'test' && draft.answers.length < 2) wrong.answers = 'lack'
  if (draft.answers.some(({ cs, en }) => cs.trim() === '' || en.trim() === '')) wrong.answers = 'languages'
  if (draft.answers.some(({ cs, en }) => cs.length > longest.label || en.length > longest.label))
    wrong.answers = 'length'
  if (draft.mode === 'quorum' && !(draft.quorum >= 2 && draft.quorum <= 20)) wrong.quorum = 'quorum'
  if (draft.class === 'test' && draft.channel === null) wrong.channel = 'lack'
  return wrong
}

async function check(tx: Tx, draft: Draft): Promise<void> {
  const wrong = { ...mistakes(draft), ...(await strangersIn(tx, draft)) }
  if (Object.keys(wrong).length > 0) throw new Invalid('The call cannot be kept so', wrong)
}

/** An organisation that is not there would be asked by nobody's knowledge. */
async function strangersIn(tx: Tx, { orgs }: Draft): Promise<Record<string, string>> {
  if (orgs === null) return {}
  const { rows } = await tx.query<{ n: number }>(
    'select count(*)::int as n from organisations where id = any ($1)',
    [orgs],
  )
  return rows[0]?.n === new Set(orgs).size ? {} : { orgs: 'orgs' }
}

const values = (draft: Draft): unknown[] => [
  draft.class,
  draft.title.trim(),
  draft.body.trim(),
  draft.room.trim(),
  draft.tlp,
  draft.orgs,
  draft.kinds,
  draft.regions,
  JSON.stringify(draft.class === 'test' ? [] : draft.answers),
  draft.mode,
  draft.mode === 'quorum' ? draft.quorum : 1,
  draft.withinMin,
  draft.class === 'test' ? draft.channel : null,
  draft.withManagers,
]

/** Begins a call; answers its number in the database. Throws Forbidden, Invalid by field. */
export async function create(tx: Tx, draft: Draft, by: Actor, now: number): Promise<number> {
  must(by)
  await check(tx, draft)
  const id = await insertDraft(tx, draft, { author: by.person, editor: by.person }, now)
  await note(tx, by, 'write', id, { class: draft.class }, now)
  return id
}

/** The row alone, of what was looked at before. */
export async function insertDraft(
  tx: Tx,
  draft: Draft,
  { author, editor }: { author: number; editor: number },
  now: number,
): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into broadcasts (class, title, body, room, tlp, orgs, kinds, regions, answers, mode, quorum, within_min, channel, with_managers,
       author_id, editor_id, created_at, changed_at, readers)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, to_timestamp($17 / 1000.0), to_timestamp($17 / 1000.0), $18) returning id`,
    [...values(draft), author, editor, now, [COORDINATORS]],
  )
  return rows[0]?.id as number // an insert returns its row
}

/** By the names of the editor's fields; `steps` are those that it would go by. */
export const draftShown = (draft: Draft): Fields => ({
  ...{ class: draft.class, title: draft.title, body: draft.body, room: draft.room, tlp: draft.tlp },
  ...{ orgs: draft.orgs, kinds: draft.kinds, regions: draft.regions },
  ...{ answers: draft.answers, mode: draft.mode, quorum: draft.quorum, within: draft.withinMin },
  ...{ channel: draft.channel, managers: draft.withManagers },
})

/** What an editor is filled from, said again when it is saved. */
export const draftRevision = (draft: Draft): string => revisionOf(draftShown(draft))

/** All that a release lets out, said again by whoever releases it. */
export const callShown = (draft: Draft, policy: Policy): Fields => ({
  ...draftShown(draft),
  steps: policy.steps,
})

export const callRevision = (draft: Draft, policy: Policy): string => revisionOf(callShown(draft, policy))

/** Throws WrongState once it is out: what was released is frozen; `Changed` when somebody else has saved since the editor saw it (`seen`). */
export async function save(
  tx: Tx,
  id: number,
  draft: Draft,
  by: Actor,
  now: number,
  seen?: string,
): Promise<void> {
  must(by)
  await check(tx, draft)
  refuseChanged(seen, draftRevision(await draftOf(tx, id)))
  await tx.query(
    `update broadcasts set class = $1, title = $2, body = $3, room = $4, tlp = $5, orgs = $6, kinds = $7, regions = $8, answers = $9, mode = $10,
       quorum = $11, within_min = $12, channel = $13, with_managers = $14, editor_id = $15, changed_at = to_timestamp($16 / 1000.0) where id = $17`,
    [...values(draft), by.person, now, id],
  )
  await note(tx, by, 'write', id, { class: draft.class }, now)
}

export async function discard(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  must(by)
  await draftOf(tx, id)
  await note(tx, by, 'discard', id, {}, now)
  await tx.query(`delete from broadcasts where id = $1 and state = 'draft'`, [id])
}

export async function draftOf(tx: Tx, id: number): Promise<Broadcast> {
  const broadcast = await lockBroadcast(tx, id)
  if (broadcast.state !== 'draft') throw new WrongState('The call is out already')
  return broadcast
}

/** The line in the trail, and news for open pages. Without an actor the program did it. */
export async function note(
  tx: Tx,
  by: Actor | null,
  verb: string,
  id: number,
  detail: object,
  now: number,
  org: number | null = null,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb: `emergency.${verb}`,
    object: `roll-call ${id}`,
    org,
    detail,
    readers: org === null ? [COORDINATORS] : [COORDINATORS, 1000 + 4 * org],
  })
  await tx.query(`select announce('rollcalls', '')`)
}
