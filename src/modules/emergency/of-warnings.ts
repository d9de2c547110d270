/**
 * Calls that published emergencies start: the organisations that a written warning of severity 4 asks are called up their steps, each until it
 * answers (sharing.md 11.1). Two persons stand behind the warning already, or the review that it is due is the warning's own.
 */
import type { Context } from '../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../platform/database.ts'
import { saidIn, type WrittenVersion, writtenVersion } from '../warnings/index.ts'
import { insertDraft } from './draft.ts'
import { endWith } from './end.ts'
import { getBroadcast } from './read.ts'
import { sendOut } from './release.ts'
import { type CallTlp, type Draft, tlps, usualAnswers } from './types.ts'

const withinMin = 60
const longest = { title: 120, body: 4_000 }
const critical = 4

/** Ends what its warning no longer stands behind, then begins what is asked for; answers how many calls began. */
export async function followWarnings(context: Context, now: number): Promise<number> {
  await endOver(context, now)
  const { rows } = await context.db.engine.query<{ written: number }>(
    `select distinct a.warning_id as written from (${asked}) a order by 1 limit 20`,
    [now, critical],
  )
  let begun = 0
  for (const { written } of rows)
    try {
      if (await asEngine(context.db, (tx) => begin(tx, written, now))) begun++
    } catch (error) {
      context.log.error(
        { err: error, written },
        'the call of a warning could not begin and will be tried again',
      )
    }
  return begun
}

/** Organisations that wait for a call: none has gone to them since they were asked. Of TLP:RED, which is for persons, there is none. */
const asked = `
  select a.warning_id, a.org_id from written_asked a join written_warnings w on w.id = a.warning_id
    join written_versions v on v.warning_id = w.id and v.no = w.version
  where w.state = 'published' and coalesce(w.ends_at > to_timestamp($1 / 1000.0), true) and v.severity = $2 and v.tlp <> 'RED'
    and a.asked and a.out_at is null and a.answer = 'pending'
    and not exists (select 1 from broadcasts b join org_rollcalls r on r.broadcast_id = b.id and r.org_id = a.org_id
      where b.written_id = w.id and b.released_at >= a.asked_at)`

async function begin(tx: Tx, written: number, now: number): Promise<boolean> {
  // Two workers must not both begin it; nobody publishes another version in between.
  await tx.query('select 1 from written_warnings where id = $1 for update', [written])
  const { rows } = await tx.query<{ org: number; name: string }>(
    `select o.id as org, o.name from (${asked}) a join organisations o on o.id = a.org_id where a.warning_id = $3 order by o.name, o.id`,
    [now, critical, written],
  )
  const version = rows.length > 0 ? await writtenVersion(tx, written) : null
  if (!version) return false
  for (const id of await runningOf(tx, written)) await endWith(tx, id, 'closed', now)
  const { author, editor, approver, number } = version
  const draft = draftOf(
    version,
    number,
    rows.map(({ org }) => org),
  )
  const id = await insertDraft(tx, draft, { author, editor }, now)
  await tx.query('update broadcasts set written_id = $2, written_version = $3 where id = $1', [
    id,
    written,
    version.no,
  ])
  await sendOut(
    tx,
    await getBroadcast(tx, id),
    rows.map((one) => ({ ...one, excused: null, cooling: false })),
    { approver, period: null, reviewDueAt: null, by: null },
    now,
  )
  return true
}

/** Where only the seats of a group may read the warning, the organisation's people are told that there is one and no more. */
function draftOf(version: WrittenVersion, number: string, orgs: number[]): Draft {
  const texts = version.audience === 'group' ? [] : [version.texts.cs, ...english(version)]
  const body = texts.flatMap(({ happened, concerns, todo }) => [happened, concerns, todo]).join('\n\n')
  return {
    class: 'emergency',
    title: cut(texts.length > 0 ? saidIn(version, 'cs').title : number, longest.title),
    body: cut(body, longest.body),
    room: '',
    tlp: tlps.find((one) => one === version.tlp) ?? ('AMBER+STRICT' satisfies CallTlp),
    ...{ orgs, kinds: [], regions: [], answers: usualAnswers },
    ...{ mode: 'org', quorum: 1, withinMin, channel: null, withManagers: true },
  }
}

const english = ({ translation, texts }: WrittenVersion) => (translation === 'done' ? [texts.en] : [])

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

async function runningOf(tx: Queryable, written: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select id from broadcasts where written_id = $1 and state in ('approved', 'sending', 'open') order by id`,
    [written],
  )
  return rows.map(({ id }) => id)
}

/** Revoked: everybody who was told hears that it does not hold. Expired: it is closed. Whoever lost the warning loses its words here too. */
async function endOver(context: Context, now: number): Promise<void> {
  const { rows } = await context.db.engine.query<{ id: number; revoked: boolean }>(
    `select b.id, w.state = 'revoked' as revoked from broadcasts b join written_warnings w on w.id = b.written_id
     where b.state in ('approved', 'sending', 'open') and (w.state <> 'published' or w.ends_at <= to_timestamp($1 / 1000.0)) order by b.id limit 50`,
    [now],
  )
  for (const { id, revoked } of rows)
    await asEngine(context.db, (tx) => endWith(tx, id, revoked ? 'cancelled' : 'closed', now))
  await context.db.engine.query(
    `update broadcasts b set title = w.number, body = '', written_version = w.version, changed_at = to_timestamp($1 / 1000.0)
     from written_warnings w join written_versions n on n.warning_id = w.id and n.no = w.version
     where w.id = b.written_id and b.body <> '' and (w.state = 'revoked' or exists (select 1 from written_versions o where o.warning_id = w.id
       and o.no = b.written_version and (o.tlp, o.audience, o.orgs) is distinct from (n.tlp, n.audience, n.orgs)))`,
    [now],
  )
}
