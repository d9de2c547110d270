/**
 * Somebody lost every second factor and every recovery code: one colleague proposes, another confirms, and the person gets
 * a link by mail. With it and the password the old means go, and new ones are set up.
 */
import {
  type Actor,
  asActor,
  asReader,
  type Engagement,
  isCoordinator,
  rolesAt,
} from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { seal } from '../../platform/seal.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../values/scopes.ts'
import { notify } from './notices.ts'

const validMs = 24 * 3_600_000

/** Who decides: two coordinators, or two people of this organisation. */
export type Deciders = 'coordinators' | { org: number } | null

/**
 * Who decides when this actor proposes it for a person with these roles; null where the actor may not. A representative may
 * for who serves its organisation alone: otherwise access to somebody else's things would be in its hands.
 */
export function decidersFor(actor: Actor, person: number, held: Pick<Engagement, 'org'>[]): Deciders {
  if (actor.person === person) return null
  if (isCoordinator(actor)) return 'coordinators'
  const [first, ...others] = [...new Set(held.map((one) => one.org))]
  if (first === undefined || first === null || others.length > 0) return null
  return rolesAt(actor, first).includes('representative') ? { org: first } : null
}

/** Whether the actor may be the second to decide. Who proposed and who lost access never may. */
export function mayConfirm(
  actor: Actor,
  recovery: { person: number; org: number | null; proposedBy: number },
): boolean {
  if (actor.person === recovery.person || actor.person === recovery.proposedBy) return false
  return recovery.org === null ? isCoordinator(actor) : rolesAt(actor, recovery.org).length > 0
}

export interface Recovery {
  id: number
  person: number
  name: string
  email: string
  org: number | null
  orgName: string | null
  reason: string
  proposedBy: number
  proposer: string
  /** Milliseconds since 1970. */
  proposedAt: number
}

export const mostWaiting = 100

/** Proposals that wait for the second person, as far as the actor may read them; at most `mostWaiting`. */
export async function waiting(
  tx: Tx,
  { id = null, person = null }: { id?: number | null; person?: number | null } = {},
): Promise<Recovery[]> {
  const { rows } = await tx.query<Recovery>(
    `select r.id, r.person_id as person, p.name, p.email, r.org_id as org, o.name as "orgName", r.reason,
       r.proposed_by as "proposedBy", coalesce(b.name, '') as proposer,
       (extract(epoch from r.proposed_at) * 1000)::float8 as "proposedAt"
     from recoveries r join people p on p.id = r.person_id left join people b on b.id = r.proposed_by
       left join organisations o on o.id = r.org_id
     where r.confirmed_at is null and r.withdrawn_at is null and r.expires_at > (select actor_now())
       and ($1::int is null or r.id = $1) and ($2::int is null or r.person_id = $2)
     order by r.id desc limit ${mostWaiting}`,
    [id, person],
  )
  return rows
}

async function waitingOne(tx: Tx, id: number): Promise<Recovery> {
  const [found] = await waiting(tx, { id })
  if (found) return found
  const { rowCount } = await tx.query('select 1 from recoveries where id = $1', [id])
  if (rowCount) throw new WrongState('This was confirmed or withdrawn meanwhile, or its day is over.')
  throw new NotFound('There is no such proposal.')
}

/** Where the person has a role now, whoever asks: a policy would show a representative its own organisation's part. */
const heldNow = (context: Context, person: number, now: number): Promise<Pick<Engagement, 'org'>[]> =>
  asEngine(context.db, async (tx) => {
    const { rows } = await tx.query<{ org: number | null }>(
      'select org_id as org from engagements where person_id = $1 and valid_from <= $2 and valid_to > $2',
      [person, new Date(now).toISOString()],
    )
    return rows
  })

/**
 * Proposes it for the person of an address. Throws Invalid when nobody whom the actor sees has this address, Forbidden when
 * others have to decide, WrongState when it was proposed already.
 */
export async function propose(
  context: Context,
  given: { email: string; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  const person = await asReader(context.db, by, now, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      'select id from people where lower(email) = lower($1) and disabled_at is null',
      [given.email],
    )
    return rows[0]?.id
  })
  if (person === undefined)
    throw new Invalid('Nobody whom you see has this address.', { colleague: 'nobody' })
  const deciders = decidersFor(by, person, await heldNow(context, person, now))
  if (!deciders)
    throw new Forbidden('Others decide about this person: turn to the coordinators, two of whom can do it.')
  const org = deciders === 'coordinators' ? null : deciders.org
  await asActor(context.db, by, now, (tx) => insert(tx, { person, org, reason: given.reason }, by, now))
  // They may know better than whoever proposed it. Apart, as the outbox is the program's own.
  await asEngine(context.db, (tx) =>
    notify(tx, person, { template: 'means-changed', verb: 'propose-recovery' }, now),
  )
}

async function insert(
  tx: Tx,
  { person, org, reason }: { person: number; org: number | null; reason: string },
  by: Actor,
  now: number,
): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`recovery ${person}`])
  if ((await waiting(tx, { person })).length > 0)
    throw new WrongState('This was proposed already: another person has to confirm it.')
  const [at, until] = [now, now + validMs].map((ms) => new Date(ms).toISOString())
  await tx.query(
    `insert into recoveries (person_id, org_id, reason, proposed_by, proposed_at, expires_at, readers)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [person, org, reason, by.person, at, until, readersOf(person, org)],
  )
  await trail(tx, 'members.propose-recovery', { person, org }, { reason }, by, now)
}

const readersOf = (person: number, org: number | null): number[] => [
  COORDINATORS,
  personScope(person),
  ...(org === null ? [] : [readersOfOrg(org)]),
]

/** The proposal as the actor may read it; throws NotFound, WrongState, and Forbidden where it is not theirs to confirm. */
export async function confirmable(tx: Tx, id: number, by: Actor): Promise<Recovery> {
  const found = await waitingOne(tx, id)
  if (!mayConfirm(by, found))
    throw new Forbidden('Another person has to confirm this: neither who proposed it nor who lost access.')
  return found
}

/** An organisation decides no longer about somebody who has come to serve others too; a condition on `recoveries`. */
export const servesOnlyOrg = `(org_id is null or not exists (select 1 from engagements e
  where e.person_id = recoveries.person_id and e.org_id is distinct from recoveries.org_id and e.valid_to > $2))`

/** The second person confirms what `confirmable` gave them: the link goes out. Throws WrongState when it is too late. */
export async function confirm(context: Context, recovery: Recovery, by: Actor, now: number): Promise<void> {
  const token = newToken()
  const until = new Date(now + validMs).toISOString()
  await asEngine(context.db, async (tx) => {
    const { rowCount } = await tx.query(
      `update recoveries set confirmed_by = $3, confirmed_at = $2, token_hash = $4, expires_at = $5
       where id = $1 and confirmed_at is null and withdrawn_at is null and expires_at > $2 and ${servesOnlyOrg}`,
      [recovery.id, new Date(now).toISOString(), by.person, hashToken(token), until],
    )
    if (!rowCount) throw new WrongState('This was confirmed or withdrawn meanwhile, or its day is over.')
    await tx.query('select queue_account_mail($1, id, email, $3, $4) from people where id = $2', [
      `recovery:${recovery.id}`,
      recovery.person,
      { template: 'access-recovery', sealed: seal(context.settings.secret, token), until },
      new Date(now).toISOString(),
    ])
    await trail(tx, 'members.confirm-recovery', recovery, { recovery: recovery.id }, by, now)
  })
}

/** Whoever may read a proposal may stop it. Throws NotFound, WrongState. */
export async function withdraw(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  const found = await waitingOne(tx, id)
  await tx.query('update recoveries set withdrawn_at = $2 where id = $1', [id, new Date(now).toISOString()])
  await trail(tx, 'members.withdraw-recovery', found, { recovery: id }, by, now)
}

async function trail(
  tx: Tx,
  verb: string,
  { person, org }: { person: number; org: number | null },
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
    readers: readersOf(person, org),
  })
}
