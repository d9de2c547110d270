/** An organisation's people as their representative, and whom it delegates, manages them. */
import { type Actor, isCoordinator, type Role } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { endAll } from '../../platform/sessions.ts'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../values/scopes.ts'
import { endContactsOf } from './contacts/leaving.ts'
import { givable, type MemberRole, mayDelegate } from './may.ts'

/** Deeds about one organisation's people come one after another: two who remove each other must not both succeed. */
export const inTurn = (tx: Tx, org: number): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtext('people of organisation'), $1)`, [org])

const active = `e.valid_from <= $2 and e.valid_to > $2 and p.disabled_at is null`

/** Numbers of those who manage the organisation's people now: representatives, and delegates who still act for it. */
export async function managersOf(tx: Tx, org: number, now: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select distinct p.id from engagements e join people p on p.id = e.person_id
     where e.org_id = $1 and ${active} and (e.role = 'representative' or exists (
       select 1 from people_managers m where m.org_id = $1 and m.person_id = p.id and m.ended_at is null))`,
    [org, new Date(now).toISOString()],
  )
  return rows.map(({ id }) => id)
}

/** Whether the actor manages the organisation's people; coordinators manage everybody's. */
export const manages = async (tx: Tx, actor: Actor, org: number, now: number): Promise<boolean> =>
  isCoordinator(actor) || (await managersOf(tx, org, now)).includes(actor.person)

/** Throws `NotFound` to outsiders and `Forbidden` to the organisation's own people who do not manage; then nobody else does at once. */
export async function requireManager(tx: Tx, actor: Actor, org: number, now: number): Promise<void> {
  const isOwn = isCoordinator(actor) || actor.engagements.some((e) => e.org === org)
  if (!isOwn) throw new NotFound('There is no such organisation')
  await inTurn(tx, org)
  const { rowCount } = await tx.query(`select 1 from organisations where id = $1 and status <> 'left'`, [org])
  if (!rowCount) throw new NotFound('There is no such organisation')
  if (!(await manages(tx, actor, org, now)))
    throw new Forbidden('Only the representative and whom it lets may manage people')
}

/** The last one who manages people may not vanish; coordinators may, as they can name another. */
async function keepOne(tx: Tx, actor: Actor, org: number, now: number): Promise<void> {
  if (isCoordinator(actor)) return
  if ((await managersOf(tx, org, now)).length === 0)
    throw new WrongState('Somebody has to be able to manage the people: name another representative first')
}

export async function rolesOf(tx: Tx, org: number, person: number, now: number): Promise<MemberRole[]> {
  const { rows } = await tx.query<{ role: MemberRole }>(
    `select distinct e.role from engagements e join people p on p.id = e.person_id
     where e.org_id = $1 and e.person_id = $3 and ${active}`,
    [org, new Date(now).toISOString(), person],
  )
  return rows.map(({ role }) => role)
}

interface Whom {
  org: number
  person: number
}

/**
 * Gives the person exactly these roles at the organisation. Throws `NotFound` (acts for it in no role), `Forbidden` (a role
 * that the actor may neither give nor take), `Invalid` (none: that is a removal), `WrongState` (nobody would manage).
 */
export async function setRoles(
  tx: Tx,
  { org, person, roles }: Whom & { roles: MemberRole[] },
  by: Actor,
  now: number,
): Promise<void> {
  await requireManager(tx, by, org, now)
  const held = await rolesOf(tx, org, person, now)
  if (held.length === 0) throw new NotFound('This person does not act for the organisation')
  if (roles.length === 0) throw new Invalid('No role', { roles: 'none' })
  const given = roles.filter((role) => !held.includes(role))
  const taken = held.filter((role) => !roles.includes(role))
  requireGivable(by, org, [...given, ...taken])
  if (given.length + taken.length === 0) return
  for (const role of given) await engage(tx, { org, person, role }, now)
  await endRoles(tx, { org, person, roles: taken }, now)
  await keepOne(tx, by, org, now)
  await tx.query('select people_set_readers($1)', [person])
  await note(tx, 'members.change-roles', { org, person }, { given, taken }, by, now)
}

export function requireGivable(by: Actor, org: number, roles: Role[]): void {
  const may: Role[] = givable(by, org)
  if (roles.some((role) => !may.includes(role)))
    throw new Forbidden('Nobody gives or takes a role that brings more than their own')
}

export async function engage(
  tx: Tx,
  { org, person, role }: Whom & { role: MemberRole },
  now: number,
): Promise<void> {
  await tx.query(
    `insert into engagements (person_id, org_id, role, valid_from) select $1, $2, $3, $4
     where not exists (select 1 from engagements where person_id = $1 and org_id = $2 and role = $3 and valid_to = 'infinity')`,
    [person, org, role, new Date(now).toISOString()],
  )
}

const endRoles = (tx: Tx, { org, person, roles }: Whom & { roles: MemberRole[] }, now: number) =>
  tx.query(
    `update engagements set valid_to = greatest(valid_from, $4::timestamptz)
     where org_id = $1 and person_id = $2 and role = any ($3) and valid_to > $4::timestamptz`,
    [org, person, roles, new Date(now).toISOString()],
  )

/** What a person leaves behind at an organisation. */
export interface Left {
  roles: MemberRole[]
  /** Open warnings that the person had taken on; they stay assigned until somebody takes them. */
  warnings: { id: number; number: string }[]
  /** Entries of the contact book that ended with them. */
  contacts: number
}

/** Ends everything the person is at the organisation, at once; who acts for nobody else is signed out. */
export async function removePerson(tx: Tx, { org, person }: Whom, by: Actor, now: number): Promise<Left> {
  await requireManager(tx, by, org, now)
  const roles = await rolesOf(tx, org, person, now)
  if (roles.length === 0) throw new NotFound('This person does not act for the organisation')
  requireGivable(by, org, roles)
  await endRoles(tx, { org, person, roles }, now)
  await endDelegation(tx, { org, person }, now)
  await keepOne(tx, by, org, now)
  await withdrawInvitationsOf(tx, { org, person }, now)
  await tx.query('select people_set_readers($1)', [person])
  if (!(await actsForAny(tx, person, now))) await endAll(tx, person)
  const contacts = await endContactsOf(tx, person, by, now)
  const left = { roles, warnings: await assignedTo(tx, { org, person }), contacts }
  await note(tx, 'members.remove-person', { org, person }, left, by, now)
  return left
}

async function actsForAny(tx: Tx, person: number, now: number): Promise<boolean> {
  const { rowCount } = await tx.query('select 1 from engagements where person_id = $1 and valid_to > $2', [
    person,
    new Date(now).toISOString(),
  ])
  return rowCount !== 0
}

async function assignedTo(tx: Tx, { org, person }: Whom): Promise<Left['warnings']> {
  const { rows } = await tx.query<{ id: number; number: string }>(
    `select id, number from warnings where org_id = $1 and assignee_id = $2 and state <> 'closed' order by id`,
    [org, person],
  )
  return rows
}

/** What the person invited others to is no longer offered. */
const withdrawInvitationsOf = (tx: Tx, { org, person }: Whom, now: number) =>
  tx.query(
    `update invitations set ended_at = $3, outcome = 'withdrawn' where org_id = $1 and invited_by = $2 and ended_at is null`,
    [org, person, new Date(now).toISOString()],
  )

const endDelegation = async (tx: Tx, { org, person }: Whom, now: number): Promise<number> => {
  const { rowCount } = await tx.query(
    'update people_managers set ended_at = $3 where org_id = $1 and person_id = $2 and ended_at is null',
    [org, person, new Date(now).toISOString()],
  )
  return rowCount ?? 0
}

/** Lets the person manage people too, or no longer. Representatives manage by their role and need no delegation. */
export async function delegate(
  tx: Tx,
  { org, person, on }: Whom & { on: boolean },
  by: Actor,
  now: number,
): Promise<void> {
  await requireManager(tx, by, org, now)
  if (!mayDelegate(by, org)) throw new Forbidden('Only the representative lets others manage people')
  if ((await rolesOf(tx, org, person, now)).length === 0)
    throw new NotFound('This person does not act for the organisation')
  if (on)
    await tx.query(
      `insert into people_managers (org_id, person_id, given_by, given_at) values ($1, $2, $3, $4) on conflict do nothing`,
      [org, person, by.person, new Date(now).toISOString()],
    )
  else {
    if ((await endDelegation(tx, { org, person }, now)) === 0)
      throw new WrongState('This person does not manage people by delegation')
    await keepOne(tx, by, org, now)
    await withdrawInvitationsOf(tx, { org, person }, now)
  }
  await note(tx, on ? 'members.delegate' : 'members.end-delegation', { org, person }, {}, by, now)
}

export async function note(
  tx: Tx,
  verb: string,
  { org, person }: Whom,
  detail: object,
  by: Actor,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `person ${person}`,
    org,
    detail,
    readers: [COORDINATORS, personScope(person), readersOfOrg(org)],
  })
}
