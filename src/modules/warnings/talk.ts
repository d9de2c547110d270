/** What people write on a warning: a note, a question to the coordinators with its reply, and who takes care of it. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound } from '../../platform/errors.ts'
import { glassOfOrg, readersOfOrg } from '../../values/scopes.ts'
import { log } from './log.ts'
import { maySpeakFor } from './may.ts'
import { tell } from './notices.ts'
import type { LogKind } from './types.ts'

const longest = 4_000

interface Spoken {
  org_id: number | null
  readers: number[]
}

async function spokenOf(tx: Tx, id: number): Promise<Spoken> {
  const { rows } = await tx.query<Spoken>('select org_id, readers from warnings where id = $1', [id])
  if (!rows[0]) throw new NotFound('There is no such warning')
  return rows[0]
}

const mayWrite = (actor: Actor, org: number | null): boolean =>
  isCoordinator(actor) || (org !== null && maySpeakFor(actor, org))

function say(
  db: Database,
  actor: Actor,
  id: number,
  kind: LogKind,
  text: string,
  now: number,
  internal = false,
): Promise<void> {
  const said = text.trim()
  return asActor(db, actor, now, async (tx) => {
    const spoken = await spokenOf(tx, id)
    if (!mayWrite(actor, spoken.org_id)) throw new Forbidden('Your role does not write on warnings')
    if (kind === 'reply' && !isCoordinator(actor)) throw new Forbidden('Only coordinators reply to questions')
    if (said === '' || said.length > longest)
      throw new Invalid('Text', { text: `Write 1 to ${longest} characters` })
    const own = internal ? keptBy(actor, spoken.org_id) : null
    await log(tx, id, kind, now, actor.person, { text: said }, own)
    await tx.query('update warnings set changed_at = to_timestamp($2 / 1000.0) where id = $1', [id, now])
    await record(tx, {
      at: now,
      actor,
      verb: `warnings.${kind}`,
      object: `warning ${id}`,
      org: spoken.org_id,
      readers: own ?? spoken.readers,
    })
    await tx.query(`select announce('warnings', $1)`, [String(id)])
  })
}

/** What an organisation writes for itself alone its readers see, and coordinators under break-glass access. */
function keptBy(actor: Actor, org: number | null): number[] {
  if (org === null || !maySpeakFor(actor, org))
    throw new Forbidden('Only those who work for the organisation write its internal notes')
  return [readersOfOrg(org), glassOfOrg(org)]
}

/** Writes a note; whoever sees the warning reads it, and an internal one the colleagues of its organisation alone. */
export const note = (
  db: Database,
  actor: Actor,
  id: number,
  text: string,
  now: number,
  internal = false,
): Promise<void> => say(db, actor, id, 'note', text, now, internal)

/** Asks the coordinators; they are told by the page and by mail. */
export async function ask(db: Database, actor: Actor, id: number, text: string, now: number): Promise<void> {
  await say(db, actor, id, 'question', text, now)
  await tell(db, id, 'question', now)
}

/** A coordinator replies; the member is told. */
export async function reply(
  db: Database,
  actor: Actor,
  id: number,
  text: string,
  now: number,
): Promise<void> {
  await say(db, actor, id, 'reply', text, now)
  await tell(db, id, 'reply', now)
}

/** People who may take care of the warning: at work for its member, and coordinators for their own. */
export async function assignable(tx: Queryable, id: number): Promise<{ id: number; name: string }[]> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    `select distinct p.id, p.name from warnings w
     join engagements e on e.org_id is not distinct from organisation_now(w.org_id) and e.valid_from <= actor_now() and e.valid_to > actor_now()
       and e.role in ('representative', 'security_manager', 'admin', 'duty', 'coordinator')
     join people p on p.id = e.person_id and p.disabled_at is null
     where w.id = $1 order by p.name, p.id`,
    [id],
  )
  return rows
}

/** Gives the warning to a person of its member, or to nobody (null). */
export function assign(
  db: Database,
  actor: Actor,
  id: number,
  person: number | null,
  now: number,
): Promise<void> {
  return asActor(db, actor, now, async (tx) => {
    const spoken = await spokenOf(tx, id)
    if (!mayWrite(actor, spoken.org_id)) throw new Forbidden('Your role does not assign warnings')
    const to = person === null ? null : (await assignable(tx, id)).find((one) => one.id === person)
    if (to === undefined)
      throw new Invalid('Not assignable', { person: 'Choose somebody of the organisation' })
    await tx.query(
      'update warnings set assignee_id = $2, changed_at = to_timestamp($3 / 1000.0) where id = $1',
      [id, person, now],
    )
    await log(tx, id, 'assigned', now, actor.person, { to: to?.name ?? null })
    await record(tx, {
      at: now,
      actor,
      verb: 'warnings.assign',
      object: `warning ${id}`,
      org: spoken.org_id,
      detail: { person },
      readers: spoken.readers,
    })
    await tx.query(`select announce('warnings', $1)`, [String(id)])
  })
}
