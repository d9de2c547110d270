/** Coming to an announced training, and noting who was there. A person is noted only where they signed up themselves. */
import { type Actor, isCoordinator, organisationsOf } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'

interface Standing {
  /** Before it begins, not called off, and open to signing up. */
  open: boolean
  begun: boolean
}

/** As the actor of the transaction, who sees only what is public unless they coordinate. */
async function standing(tx: Tx, training: number): Promise<Standing> {
  const { rows } = await tx.query<Standing & Record<string, unknown>>(
    `select sign_up and cancelled_at is null and starts_at > (select actor_now()) as open,
       cancelled_at is null and starts_at <= (select actor_now()) as begun
     from site_occasions where page_id = $1 and kind = 'training'`,
    [training],
  )
  if (!rows[0]) throw new NotFound('There is no such training')
  return rows[0]
}

interface Place {
  training: number
  org: number
}

/** Throws NotFound, Forbidden (does not act for the organisation), WrongState (`closed`: begun, called off or without signing up). */
export async function signUp(tx: Tx, { training, org }: Place, by: Actor, now: number): Promise<void> {
  const { open } = await standing(tx, training)
  if (!organisationsOf(by).some(({ id }) => id === org))
    throw new Forbidden('You do not act for this organisation')
  if (!open) throw new WrongState('closed')
  const { rowCount } = await tx.query(
    `insert into training_places (page_id, org_id, person_id, asked_at) values ($1, $2, $3, $4)
     on conflict (page_id, org_id, person_id) do update set withdrawn_at = null, asked_at = excluded.asked_at
     where training_places.withdrawn_at is not null`,
    [training, org, by.person, new Date(now).toISOString()],
  )
  if (rowCount) await note(tx, 'site.sign-up', training, { org }, by, now)
}

/** Takes the own sign-up back, until it is noted who was there. Throws NotFound, also for who no longer acts for the organisation. */
export async function takeBackSignUp(
  tx: Tx,
  { training, org }: Place,
  by: Actor,
  now: number,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update training_places set withdrawn_at = $4
     where page_id = $1 and org_id = $2 and person_id = $3 and withdrawn_at is null and attended_at is null
       and org_id = any ((select actor_orgs())::int[])`,
    [training, org, by.person, new Date(now).toISOString()],
  )
  if (!rowCount) throw new NotFound('You have not signed up')
  await note(tx, 'site.take-back-sign-up', training, { org }, by, now)
}

/** Lets people sign up, or no longer. Throws Forbidden, NotFound. */
export async function openSignUp(
  tx: Tx,
  { training, open }: { training: number; open: boolean },
  by: Actor,
  now: number,
): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators look after trainings')
  await standing(tx, training)
  await tx.query('update site_occasions set sign_up = $2 where page_id = $1', [training, open])
  await note(tx, 'site.open-sign-up', training, { open }, by, now)
}

/**
 * Notes who was there: of those who signed up exactly these, and of organisations besides exactly these. Throws Forbidden,
 * NotFound (also for a place of another training), WrongState (`early`: it has not begun, or was called off).
 */
export async function noteAttendance(
  tx: Tx,
  { training, places, orgs }: { training: number; places: number[]; orgs: number[] },
  by: Actor,
  now: number,
): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators look after trainings')
  const { begun } = await standing(tx, training)
  if (!begun) throw new WrongState('early')
  const { rows } = await tx.query<{ id: number; org_id: number }>(
    'select id, org_id from training_places where page_id = $1 and person_id is not null',
    [training],
  )
  if (places.some((place) => !rows.some(({ id }) => id === place)))
    throw new NotFound('There is no such place at this training')
  const at = new Date(now).toISOString()
  await tx.query(
    `update training_places set attended_at = case when id = any ($2) then $3::timestamptz end, marked_by = case when id = any ($2) then $4::int end
     where page_id = $1 and person_id is not null and (attended_at is not null) <> (id = any ($2))`,
    [training, places, at, by.person],
  )
  await tx.query(
    'delete from training_places where page_id = $1 and person_id is null and not (org_id = any ($2))',
    [training, orgs],
  )
  await tx.query(
    `insert into training_places (page_id, org_id, attended_at, marked_by) select $1, id, $3, $4 from organisations where id = any ($2)
     on conflict do nothing`,
    [training, orgs, at, by.person],
  )
  await note(tx, 'site.note-attendance', training, { places, orgs }, by, now)
}

const note = (tx: Tx, verb: string, training: number, detail: object, by: Actor, now: number) =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `text ${training}`,
    detail,
    readers: [COORDINATORS, personScope(by.person)],
  })
