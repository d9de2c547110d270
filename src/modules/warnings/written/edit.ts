/** A warning while it is being written: begun, saved, handed to another coordinator, given back, thrown away. */
import { type Actor, asActor, isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Database, Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, refuseChanged, WrongState } from '../../../platform/errors.ts'
import { type Involved, readersIn } from '../../../values/scopes.ts'
import { complete, translationOf } from './draft.ts'
import { carryOver, follow } from './indicators/keep.ts'
import { refuseWiderThanInputs } from './inputs.ts'
import { strangersAmong } from './reach.ts'
import { lockWritten, readersOf, versionOf } from './read.ts'
import { tellReviewers, tellWriters } from './review.ts'
import { draftRevision } from './seen.ts'
import {
  type AdvisoryLink,
  audienceOf,
  type Draft,
  type Rules,
  type Translation,
  type Version,
  type Written,
} from './types.ts'

export const must = (actor: Actor): void => {
  if (!isCoordinator(actor)) throw new Forbidden('Coordinators write warnings')
}

/** Whom the readers of a version are made of. */
export async function involvedIn(tx: Tx, author: number, named: number[], now: number): Promise<Involved> {
  const { rows } = await tx.query<{ id: number }>(
    `select distinct person_id as id from engagements where person_id = any ($1) and role = 'coordinator'
       and valid_from <= to_timestamp($2 / 1000.0) and valid_to > to_timestamp($2 / 1000.0) order by 1`,
    [named, now],
  )
  return { author, named, coordinators: rows.map((row) => row.id) }
}

const draftReaders = async (tx: Tx, author: number, draft: Draft, now: number): Promise<number[]> =>
  readersIn('draft', audienceOf(draft), draft.tlp, null, await involvedIn(tx, author, draft.named, now))

/** Begins a warning; answers its id. `Invalid` for organisations, a group or persons that cannot be its audience. */
export async function create(db: Database, by: Actor, draft: Draft, now: number): Promise<number> {
  must(by)
  return asActor(db, by, now, (tx) => begin(tx, by, draft, null, now))
}

/** The same in the caller's transaction, as the actor; `advisory` is what it is made of. */
export async function begin(
  tx: Tx,
  by: Actor,
  draft: Draft,
  advisory: AdvisoryLink | null,
  now: number,
): Promise<number> {
  await check(tx, draft, now)
  const readers = await draftReaders(tx, by.person, draft, now)
  const { rows } = await tx.query<{ id: number }>(
    `insert into written_warnings (author_id, created_at, changed_at, readers, readers_after)
     values ($1, to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0), $3, $3) returning id`,
    [by.person, now, readers],
  )
  const id = rows[0]?.id as number // an insert returns its row
  await insertVersion(tx, { warning: id, no: 1, by, draft, advisory, readers, translation: null, now })
  await note(tx, by, advisory ? 'writeFromAdvisory' : 'writeWarning', id, readers, {}, now)
  return id
}

interface NewVersion {
  warning: number
  no: number
  by: Actor
  draft: Draft
  advisory: AdvisoryLink | null
  readers: number[]
  /** Null: as the texts are. */
  translation: Translation | null
  now: number
}

async function insertVersion(tx: Tx, made: NewVersion): Promise<void> {
  const { draft, by, now } = made
  const { rows } = await tx.query<{ id: number }>(
    `insert into written_versions (warning_id, no, state, kind, severity, tlp, audience, orgs, group_id, texts, translation, rules, action_by,
       valid_until, refs, change_note, substantive, readers, author_id, editor_id, created_at, changed_at, advisory_id, advisory_seq)
     values ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, to_timestamp($13::float8 / 1000.0), $14, $15, $16, $17, $18, $18,
       to_timestamp($19 / 1000.0), to_timestamp($19 / 1000.0), $20, $21) returning id`,
    [
      made.warning,
      made.no,
      ...fields(draft),
      made.translation ?? translationOf(null, draft.texts, draft.translated),
      ...rest(draft),
      made.readers,
      by.person,
      now,
      made.advisory?.id ?? null,
      made.advisory?.seq ?? null,
    ],
  )
  await nameAll(tx, rows[0]?.id as number, draft.named)
}

const fields = (draft: Draft): unknown[] => [
  draft.kind,
  draft.severity,
  draft.tlp,
  draft.audience,
  draft.orgs,
  draft.group,
  draft.texts,
]
const rest = (draft: Draft): unknown[] => [
  draft.rules,
  draft.actionBy,
  draft.validUntil,
  draft.refs,
  draft.changeNote,
  draft.substantive,
]

async function nameAll(tx: Tx, version: number, named: number[]): Promise<void> {
  await tx.query('delete from written_named where version_id = $1', [version])
  await tx.query('insert into written_named (version_id, person_id) select $1, unnest($2::int[])', [
    version,
    named,
  ])
}

/**
 * Saves what is being written. `WrongState` once it waits for review: it has to be given back first. `Changed` when somebody else has saved
 * since the editor saw it (`seen`).
 */
export async function save(
  db: Database,
  id: number,
  by: Actor,
  draft: Draft,
  now: number,
  seen?: string,
): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    const { warning, working } = await workingFor(tx, id, ['draft'])
    refuseChanged(seen, draftRevision(working))
    await check(tx, draft, now)
    await refuseWiderThanInputs(tx, working, draft, by.person)
    const readers = await draftReaders(tx, working.author, draft, now)
    if (draft.tlp === 'RED' && working.author !== by.person && !readers.includes(-by.person))
      throw new Invalid('You would shut yourself out', { named: 'self' })
    const translation = translationOf(working, draft.texts, draft.translated)
    // The names first: afterwards the version may already be one that this editor reads by being named.
    await nameAll(tx, working.id, draft.named)
    await tx.query(
      `update written_versions set kind = $2, severity = $3, tlp = $4, audience = $5, orgs = $6, group_id = $7, texts = $8, translation = $9,
         rules = $10, action_by = $11, valid_until = to_timestamp($12::float8 / 1000.0), refs = $13, change_note = $14, substantive = $15,
         readers = $16, editor_id = $17, changed_at = to_timestamp($18 / 1000.0) where id = $1 and state = 'draft'`,
      [working.id, ...fields(draft), translation, ...rest(draft), readers, by.person, now],
    )
    await follow(tx, working)
    if (warning.version === 0)
      await tx.query(
        `update written_warnings set readers = $2, readers_after = $2, changed_at = to_timestamp($3 / 1000.0) where id = $1`,
        [id, readers, now],
      )
    await note(tx, by, 'writeWarning', id, readers, { version: working.no }, now)
  })
}

/** Begins the next version of what is out, as a copy of it. */
export async function change(db: Database, id: number, by: Actor, now: number): Promise<void> {
  must(by)
  await asActor(db, by, now, (tx) => beginNext(tx, id, by, null, now))
}

/** The same in the caller's transaction; `taken` is the version of its advisory that the new version takes up. */
export async function beginNext(
  tx: Tx,
  id: number,
  by: Actor,
  taken: { seq: number; note: string; rules?: Rules } | null,
  now: number,
): Promise<void> {
  const warning = await lockWritten(tx, id)
  const out = await versionOf(tx, id, 'published')
  if (warning.state !== 'published' || !out || (await versionOf(tx, id, 'working')))
    throw new WrongState('Only a published warning without an open change can be changed')
  const draft: Draft = {
    ...{ ...out, rules: taken?.rules ?? out.rules, changeNote: taken?.note ?? '' },
    ...{ substantive: true, translated: false },
  }
  const readers = await draftReaders(tx, by.person, draft, now)
  await insertVersion(tx, {
    warning: id,
    no: out.no + 1,
    by,
    draft,
    advisory: out.advisory && { ...out.advisory, seq: taken?.seq ?? out.advisory.seq },
    readers,
    translation: out.translation,
    now,
  })
  await carryOver(tx, out, by, now)
  await note(tx, by, 'changeWarning', id, readers, { version: out.no + 1 }, now)
}

/** Hands it to another coordinator. `Invalid` names what is missing. */
export async function submit(db: Database, id: number, by: Actor, now: number): Promise<void> {
  await move(db, id, by, now, { from: 'draft', to: 'review', verb: 'submitWarning' })
}

/** Gives it back to its author, with a note of why. */
export async function sendBack(db: Database, id: number, by: Actor, why: string, now: number): Promise<void> {
  if (why.trim() === '') throw new Invalid('Say why', { note: 'note' })
  await move(db, id, by, now, {
    from: 'review',
    to: 'draft',
    verb: 'returnWarning',
    why: why.trim().slice(0, 2_000),
  })
}

interface Move {
  from: 'draft' | 'review'
  to: 'draft' | 'review'
  verb: string
  why?: string
}

async function move(db: Database, id: number, by: Actor, now: number, step: Move): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    const { warning, working } = await workingFor(tx, id, [step.from])
    if (step.to === 'review') complete(working, warning)
    await tx.query(
      `update written_versions set state = $2, review_note = $3, changed_at = to_timestamp($4 / 1000.0) where id = $1`,
      [working.id, step.to, step.why ?? '', now],
    )
    await tx.query(
      `update written_warnings set state = case when version = 0 then $2 else state end, changed_at = to_timestamp($3 / 1000.0) where id = $1`,
      [id, step.to, now],
    )
    const moved = { ...working, readers: await readersOf(tx, id) }
    if (step.to === 'review') await tellReviewers(tx, moved, 'review', { by, now })
    else await tellWriters(tx, moved, 'returned', { by, now })
    await note(tx, by, step.verb, id, moved.readers, { version: working.no }, now)
  })
}

/** Throws away what is being written; a warning that was never out goes whole. */
export async function discard(db: Database, id: number, by: Actor, now: number): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    const { warning, working } = await workingFor(tx, id, ['draft', 'review'])
    await note(tx, by, 'discardWarning', id, await readersOf(tx, id), { version: working.no }, now)
    if (warning.version === 0) await tx.query('delete from written_warnings where id = $1', [id])
    else await tx.query('delete from written_versions where id = $1', [working.id])
  })
}

/** The version being written, both rows locked. NotFound when hidden, WrongState when it is in another state. */
export async function workingFor(
  tx: Tx,
  id: number,
  states: Version['state'][],
): Promise<{ warning: Written; working: Version }> {
  const warning = await lockWritten(tx, id)
  const working = await versionOf(tx, id, 'working')
  if (!working || !states.includes(working.state))
    throw new WrongState(`Only what is in ${states.join(' or ')} allows this`)
  return { warning, working }
}

async function check(tx: Tx, draft: Draft, now: number): Promise<void> {
  const strangers = await strangersAmong(tx, draft, now)
  if (strangers) throw new Invalid('The audience cannot be so', strangers)
}

export async function note(
  tx: Tx,
  by: Actor,
  verb: string,
  id: number,
  readers: number[],
  detail: object,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb: `warnings.${verb}`,
    object: `written warning ${id}`,
    detail,
    readers,
  })
  await tx.query(`select announce('warnings', '')`)
}
