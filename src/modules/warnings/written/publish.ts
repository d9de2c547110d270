/** Publishing: the number, the readers, the board and the outbox in one transaction. */
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Database, Tx } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import { isNarrowOr, isWithin } from '../../../values/audience.ts'
import { readersIn } from '../../../values/scopes.ts'
import { board } from './board.ts'
import { complete } from './draft.ts'
import { periodAt } from './duty.ts'
import { involvedIn, must, note, workingFor } from './edit.ts'
import { flagDerived } from './from-warnings.ts'
import { confirm, refuseTaken, settleIndicators } from './indicators/keep.ts'
import { refuseRevokedSources, refuseWiderThanInputs } from './inputs.ts'
import { tellNews } from './news.ts'
import { keepPassings } from './passing.ts'
import { reachOf } from './reach.ts'
import { lockWritten, versionOf } from './read.ts'
import { tellWriters } from './review.ts'
import { refuseChangedVersion } from './seen.ts'
import { toldOf, toldShort } from './tell.ts'
import { audienceOf, type Version, type Written } from './types.ts'

const reviewWithinMs = 24 * 3_600_000

export interface Published {
  number: string
  no: number
  /** Messages that wait to go out. */
  told: number
  /** False: the audience turned out empty, so nobody gets it. */
  anybody: boolean
}

/**
 * Publishes what is under review; an emergency also from a draft. `Forbidden` when author or last editor is who publishes, but for an
 * emergency in a declared period; `Invalid` names what is missing, or `widening`; `Changed` when it is not what `seen` says that they saw.
 */
export async function publish(
  db: Database,
  id: number,
  by: Actor,
  now: number,
  seen?: string,
): Promise<Published> {
  must(by)
  return asActor(db, by, now, async (tx) => {
    const { warning, working } = await workingFor(tx, id, ['draft', 'review'])
    const period = await alone(tx, working, by, now)
    await refuseChangedVersion(tx, seen, working)
    const emergency = working.kind === 'emergency'
    if (working.state === 'draft' && !emergency)
      throw new WrongState('Another coordinator looks at it first: hand it to review')
    complete(working, warning)
    if (working.validUntil !== null && working.validUntil <= now)
      throw new Invalid('It would be over at once', { validUntil: 'past' })
    await refuseRevokedSources(tx, id)
    await refuseWiderThanInputs(tx, working, working)
    const before = warning.version > 0 ? await versionOf(tx, id, 'published') : null
    if (before) refuseWidening(before, working)
    await refuseTaken(tx, working, now)
    const reach = await reachOf(tx, working, now)
    const number = warning.number ?? (await nextNumber(tx, now))
    const had = { mails: await toldOf(tx, id), short: await toldShort(tx, id) }
    await settle(tx, { warning, working, by, period, number, now })
    await settleIndicators(tx, working, { by, two: period === null, now })
    await board(tx, working, reach.orgs, before === null || working.substantive, now)
    const passed = await keepPassings(tx, working, reach, now)
    const told = await tellNews(tx, { warning, working, before, reach, passed, had, now })
    await tellWriters(tx, { ...working, readers: [] }, 'published', { by, now })
    if (before) await flagDerived(tx, id, { by, now, revoked: false })
    const after = readersIn(
      'over',
      audienceOf(working),
      working.tlp,
      null,
      await involvedIn(tx, warning.author, working.named, now),
    )
    await note(
      tx,
      by,
      'publishWarning',
      id,
      after,
      { number, version: working.no, severity: working.severity, told },
      now,
    )
    return { number, no: working.no, told, anybody: reach.people.length > 0 }
  })
}

/** Null where two persons stand behind it; the period where one does. */
async function alone(tx: Tx, working: Version, by: Actor, now: number): Promise<number | null> {
  if (by.person !== working.author && by.person !== working.editor) return null
  const period = working.kind === 'emergency' ? await periodAt(tx, now) : null
  if (!period) throw new Forbidden('Somebody else than its author and last editor publishes it')
  return period.id
}

/** What was out for some is not made known to more by a new version: that is a new warning, or the source's own word (sharing.md 3, 8). */
function refuseWidening(before: Version, working: Version): void {
  const wider: Record<string, string> = {}
  if (!isNarrowOr(working.tlp, before.tlp)) wider.tlp = 'wider'
  const named = before.tlp !== 'RED' || working.named.every((one) => before.named.includes(one))
  if (!isWithin(audienceOf(working), audienceOf(before)) || !named) wider.audience = 'wider'
  if (Object.keys(wider).length > 0) throw new Invalid('A new version may not be wider', wider)
}

/** Given once, in the year of Prague. */
async function nextNumber(tx: Tx, now: number): Promise<string> {
  const year = dayOf(now).slice(0, 4)
  const { rows } = await tx.query<{ last: number }>(
    `insert into written_numbers as n (year, last) values ($1, 1) on conflict (year) do update set last = n.last + 1 returning last`,
    [Number(year)],
  )
  return `HSOC-${year}-${String(rows[0]?.last ?? 0).padStart(4, '0')}`
}

interface Settled {
  warning: Written
  working: Version
  by: Actor
  period: number | null
  number: string
  now: number
}

/** State and readers: from here on every door gives the new version to those it is for, and what came before to nobody else. */
async function settle(tx: Tx, { warning, working, by, period, number, now }: Settled): Promise<void> {
  const involved = { ...(await involvedIn(tx, warning.author, working.named, now)), warning: warning.id }
  const audience = audienceOf(working)
  const readers = readersIn('released', audience, working.tlp, null, involved)
  const after = readersIn('over', audience, working.tlp, null, involved)
  await tx.query(`update written_versions set state = 'past' where warning_id = $1 and state = 'published'`, [
    warning.id,
  ])
  await tx.query(
    `update written_versions set state = 'published', approver_id = $2, published_at = to_timestamp($3 / 1000.0), changed_at = to_timestamp($3 / 1000.0),
       period_id = $4, review_due_at = case when $4::int is not null then to_timestamp($5 / 1000.0) end, readers = $6 where id = $1`,
    [working.id, by.person, now, period, now + reviewWithinMs, readers],
  )
  await tx.query(
    `update written_warnings set state = 'published', version = $2, number = $3, published_at = coalesce(published_at, to_timestamp($4 / 1000.0)),
       ends_at = to_timestamp($5::float8 / 1000.0), readers = $6, readers_after = $7, revoke_asked_by = null, revoke_asked_at = null,
       changed_at = to_timestamp($4 / 1000.0) where id = $1`,
    [warning.id, working.no, number, now, working.validUntil, readers, after],
  )
}

/** Looks at what one person released alone; somebody else than who published it. */
export async function judge(db: Database, id: number, by: Actor, now: number, seen?: string): Promise<void> {
  must(by)
  await asActor(db, by, now, async (tx) => {
    await lockWritten(tx, id)
    const out = await versionOf(tx, id, 'published')
    if (out?.approver === by.person) throw new Forbidden('Somebody else than who published it looks at it')
    if (out) await refuseChangedVersion(tx, seen, out)
    const { rowCount } = await tx.query(
      `update written_versions set judged_by = $2, judged_at = to_timestamp($3 / 1000.0)
       where warning_id = $1 and state = 'published' and review_due_at is not null and judged_at is null`,
      [id, by.person, now],
    )
    if (!rowCount || !out) throw new WrongState('Nothing waits to be looked at')
    await confirm(tx, out, by, now)
    await note(tx, by, 'judgeWarning', id, await afterOf(tx, id), {}, now)
  })
}

async function afterOf(tx: Tx, id: number): Promise<number[]> {
  const { rows } = await tx.query<{ readers: number[] }>(
    'select readers_after as readers from written_warnings where id = $1',
    [id],
  )
  return rows[0]?.readers ?? []
}
