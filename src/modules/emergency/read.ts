/** Broadcasts as their readers see them: read as the actor of the transaction, or as the program. */
import { kept, type Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Broadcast, Class, OrgLine, OrgState } from './types.ts'

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

const columns = `b.id, b.written_id as written, (select w.number from written_warnings w where w.id = b.written_id) as "writtenNumber", b.class, b.state, b.number, b.title, b.body, b.room, b.tlp, b.orgs, b.kinds, b.regions, b.answers, b.mode, b.quorum,
  b.within_min as "withinMin", b.channel, b.with_managers as "withManagers", b.policy, ${ms('b.deadline_at')} as "deadlineAt",
  b.author_id as author, b.editor_id as editor, b.approver_id as approver, b.period_id as "periodId", ${ms('b.review_due_at')} as "reviewDueAt",
  ${ms('b.judged_at')} as "judgedAt", ${ms('b.changed_at')} as "changedAt", ${ms('b.released_at')} as "releasedAt", ${ms('b.ended_at')} as "endedAt",
  (select p.name from people p where p.id = b.author_id) as "authorName", (select p.name from people p where p.id = b.approver_id) as "approverName"`

type Row = Broadcast & Record<string, unknown>

/** Throws NotFound for what is hidden. */
export async function getBroadcast(tx: Queryable, id: number): Promise<Broadcast> {
  const { rows } = await tx.query<Row>(kept(`select ${columns} from broadcasts b where b.id = $1`), [id])
  if (!rows[0]) throw new NotFound('There is no such call')
  return rows[0]
}

/** The same; others wait until the transaction ends. */
export async function lockBroadcast(tx: Queryable, id: number): Promise<Broadcast> {
  await tx.query('select 1 from broadcasts where id = $1 for update', [id])
  return getBroadcast(tx, id)
}

export interface Listed extends Broadcast {
  asked: number
  answered: number
}

/** The newest first; with how many of the organisations that the reader sees were asked and answered. */
export async function listBroadcasts(
  tx: Queryable,
  only: { class?: Class | undefined } = {},
  most = 100,
): Promise<Listed[]> {
  const { rows } = await tx.query<Listed & Record<string, unknown>>(
    `select ${columns}, coalesce(r.asked, 0)::int as asked, coalesce(r.answered, 0)::int as answered
     from broadcasts b left join lateral (select count(*) filter (where excused is null) as asked, count(*) filter (where state = 'answered') as answered
       from org_rollcalls r where r.broadcast_id = b.id) r on true
     where $1::text is null or b.class = $1 order by coalesce(b.released_at, b.changed_at) desc, b.id desc limit $2`,
    [only.class ?? null, most],
  )
  return rows
}

/** Gaps first: who cannot be reached, then the silent, and of each the one that waits longest. */
export async function linesOf(tx: Queryable, id: number): Promise<OrgLine[]> {
  const { rows } = await tx.query<OrgLine & Record<string, unknown>>(
    `select r.org_id as org, coalesce(t.name, o.name) as name, o.kind, coalesce(t.nuts3, o.nuts3) as region, o.phone, r.state, r.excused, r.answer, r.role,
       (select p.name from people p where p.id = r.person_id) as person, r.via, r.conflict, ${ms('r.first_at')} as "firstAt",
       ${ms('r.answered_at')} as "answeredAt", r.last_step as "lastStep", ${ms('r.next_at')} as "nextAt"
     from org_rollcalls r join organisations o on o.id = r.org_id left join organisations t on t.id = o.present_id
     where r.broadcast_id = $1
     order by r.excused is not null, array_position(array['no_contact', 'handed_to_operator', 'pending', 'delivered', 'acknowledged', 'answered'], r.state),
       r.answered_at, o.name collate "cs-x-icu", o.id`,
    [id],
  )
  return rows
}

/** A call that waits for the answer of one organisation. */
export interface Waiting extends Pick<Broadcast, 'id' | 'class' | 'number' | 'title' | 'deadlineAt'> {
  org: number
  orgName: string
  state: OrgState
  releasedAt: number
}

/** Those of the organisations, as their reader; a test of the line asks for no answer. Merged ones stand as what they are now. */
export async function waitingFor(tx: Queryable, orgs: number[]): Promise<Waiting[]> {
  const { rows } = await tx.query<Waiting & Record<string, unknown>>(
    `select b.id, b.class, b.number, b.title, ${ms('b.deadline_at')} as "deadlineAt", ${ms('b.released_at')} as "releasedAt",
       coalesce(t.id, o.id) as org, coalesce(t.name, o.name) as "orgName", r.state
     from broadcasts b join org_rollcalls r on r.broadcast_id = b.id join organisations o on o.id = r.org_id left join organisations t on t.id = o.present_id
     where b.state in ('approved', 'sending', 'open') and b.class <> 'test' and r.excused is null and r.state <> 'answered'
       and coalesce(t.id, o.id) = any ($1) order by b.class <> 'emergency', b.id limit 200`,
    [orgs],
  )
  return rows
}

/** Calls that wait for a word of one of the reader's own organisations. */
export async function unansweredCalls(tx: Queryable): Promise<Broadcast[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from broadcasts b where b.state in ('approved', 'sending', 'open') and b.class <> 'test'
       and exists (select 1 from org_rollcalls r where r.broadcast_id = b.id and r.org_id = any ((select actor_orgs())::int[])
         and r.excused is null and r.state <> 'answered') order by b.class <> 'emergency', b.id limit 3`,
  )
  return rows
}
