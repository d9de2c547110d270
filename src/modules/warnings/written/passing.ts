/**
 * Passing on: who of the audience gives what is out to a supplier or a client of its own, as far as the label lets it (sharing.md 3, and
 * step 11 of 5). It is recorded, goes to the receiver's people by mail, and ends by being taken back, revoked or narrowed.
 */
import { z } from 'zod'
import { type Actor, asActor, organisationsOf, rolesAt } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Database, Queryable, Tx } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS, person, readersOfOrg, refusedPassing } from '../../../values/scopes.ts'
import type { Reach } from './reach.ts'
import { getWritten, versionOf } from './read.ts'
import type { To } from './tell.ts'
import type { Version } from './types.ts'

export const relations = ['supplier', 'client'] as const

const passers = ['representative', 'security_manager', 'admin', 'duty']

/** For which of the actor's organisations it may pass on, by role; whether they are in the audience is the database's affair. */
export const passesFor = (actor: Actor): { id: number; name: string }[] =>
  actor.key
    ? []
    : organisationsOf(actor).filter(({ id }) => rolesAt(actor, id).some((one) => passers.includes(one)))

/** Those of them that the warning is for. */
export async function passingOrgs(
  tx: Queryable,
  id: number,
  by: Actor,
): Promise<{ id: number; name: string }[]> {
  const { rows } = await tx.query<{ id: number }>(
    'select o as id from unnest($2::int[]) o where passes_written($1, o)',
    [id, passesFor(by).map((one) => one.id)],
  )
  return passesFor(by).filter((one) => rows.some((row) => row.id === one.id))
}

export interface Target {
  id: number
  name: string
  /** Roles that those people have there who get it, and how many they are: their names are no others' affair. */
  roles: string[]
  people: number
}

const shortest = 2

/** Who gets it. `Invalid` with `to`: `unknown`, `own` (it reads it already), `nobody` (no people who could read). */
export async function targetOf(tx: Queryable, id: number, org: number, name: string): Promise<Target> {
  const { rows } =
    name.trim().length < shortest
      ? { rows: [] }
      : await tx.query<{ id: number; name: string; reads: boolean; people: number[]; roles: string[] }>(
          'select id, name, reads, people, roles from passing_target($1, $2, $3)',
          [id, org, name.slice(0, 300)],
        )
  const [found] = rows
  if (!found) throw new Invalid('No organisation is registered under this name', { to: 'unknown' })
  if (found.reads) throw new Invalid('It reads the warning already', { to: 'own' })
  if (found.people.length === 0) throw new Invalid('Nobody there could read it', { to: 'nobody' })
  return { id: found.id, name: found.name, roles: found.roles, people: found.people.length }
}

const shape = z.object({
  org: z.number().int(),
  to: z.string().trim().max(300),
  relation: z.enum(relations),
  need: z.string().trim().min(1).max(1_000),
})
export type Given = z.input<typeof shape>

/** Passes it on; answers how many people get it. `Forbidden` by role or label, `NotFound` for what the actor does not see. */
export async function passOn(
  db: Database,
  id: number,
  by: Actor,
  given: unknown,
  now: number,
): Promise<{ id: number; to: Target }> {
  return asActor(db, by, now, async (tx) => {
    const warning = await getWritten(tx, id)
    const out = await versionOf(tx, id, 'published')
    if (warning.state !== 'published' || !out) throw new WrongState('Only what is published is passed on')
    if (refusedPassing(out.audience, out.tlp)) throw new Forbidden('Its label does not let it be passed on')
    const read = shape.safeParse(given)
    if (!read.success)
      throw new Invalid(
        'It cannot be passed on so',
        Object.fromEntries(read.error.issues.map(({ path: [field] }) => [String(field), 'form'])),
      )
    const { org, to, relation, need } = read.data
    if (!(await passingOrgs(tx, id, by)).some((one) => one.id === org))
      throw new Forbidden('Who acts for an organisation of the audience passes it on')
    const target = await targetOf(tx, id, org, to)
    const { rows } = await tx.query<{ made: number | null }>(
      'select pass_written_on($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0)) as made',
      [id, org, to, relation, need, now],
    )
    const made = rows[0]?.made
    if (!made) throw new WrongState('It was passed on to them already')
    await note(tx, by, 'passOn', { version: out, org, now }, { receiver: target.name, people: target.people })
    return { id: made, to: target }
  })
}

/** Takes it back, by whoever may pass on for that organisation, or a coordinator; those who had it are told. */
export async function takeBack(db: Database, id: number, by: Actor, now: number): Promise<void> {
  await asActor(db, by, now, async (tx) => {
    const { rows } = await tx.query<{ org: number; to: string; ended: boolean; warning: number }>(
      `select g.org_id as org, o.name as to, g.ended_at is not null as ended, g.warning_id as warning
       from written_passings g join passing_names(array[g.id]) o on o.id = g.id where g.id = $1 and not g.id = any (coalesce(passed_to_actor(), '{}'))`,
      [id],
    )
    const [found] = rows
    if (!found) throw new NotFound('There is no such passing on')
    if (found.ended) throw new WrongState('It was taken back already')
    const { rows: done } = await tx.query<{ warning: number | null }>(
      'select take_passing_back($1, to_timestamp($2 / 1000.0)) as warning',
      [id, now],
    )
    if (!done[0]?.warning)
      throw new Forbidden('Who acts for the organisation that passed it on takes it back')
    const version = await versionOf(tx, found.warning, 'published')
    if (version)
      await note(tx, by, 'takePassingBack', { version, org: found.org, now }, { receiver: found.to })
  })
}

export interface Passing {
  id: number
  version: number
  org: number
  orgName: string
  to: number
  toName: string
  relation: (typeof relations)[number]
  need: string
  people: number
  passedAt: number
  /** Null for whoever received it. */
  passedBy: string | null
  endedAt: number | null
  endReason: 'withdrawn' | 'narrowed' | null
  /** The reader got it by this. */
  mine: boolean
}

/** Those of a warning that the actor may see: the own organisation's, what was passed on to the actor, all for coordinators. */
export async function passingsOf(tx: Queryable, id: number): Promise<Passing[]> {
  const { rows } = await tx.query<Passing & Record<string, unknown>>(
    `select g.id, g.version, g.org_id as org, n.org_name as "orgName", g.to_org_id as "to", n.name as "toName", g.relation,
       case when m.mine then '' else g.need end as need, g.people, extract(epoch from g.passed_at)::float8 * 1000 as "passedAt",
       case when not m.mine then (select p.name from people p where p.id = g.passed_by) end as "passedBy",
       extract(epoch from g.ended_at)::float8 * 1000 as "endedAt", g.end_reason as "endReason", m.mine
     from written_passings g join passing_names(array(select id from written_passings where warning_id = $1)) n on n.id = g.id
     cross join lateral (select g.id = any (coalesce(passed_to_actor(), '{}')) as mine) m
     where g.warning_id = $1 order by g.ended_at is not null, g.passed_at desc, g.id desc`,
    [id],
  )
  return rows
}

/**
 * What becomes of it when a version goes out: passings end of whom the version does not reach, or all where its label lets none be.
 * Answers to whom it goes because they hold it still.
 */
export async function keepPassings(tx: Tx, version: Version, reach: Reach, now: number): Promise<To[]> {
  const open = refusedPassing(version.audience, version.tlp) === null
  await tx.query('select end_passings($1, $2, to_timestamp($3 / 1000.0))', [
    version.warning,
    open ? reach.orgs.map((one) => one.org) : [],
    now,
  ])
  const { rows } = await tx.query<{ person: number; address: string; singles: boolean }>(
    'select person_id as person, address, singles from passed_people($1)',
    [version.warning],
  )
  return rows
    .filter(({ person }) => !reach.people.some((one) => one.person === person))
    .map(({ person, address, singles }) => ({
      person,
      org: null,
      address,
      as: 'member',
      hold: version.severity <= 1 ? 'digest' : version.severity < 3 && !singles ? 'unsubscribed' : null,
    }))
}

interface At {
  version: Version
  org: number
  now: number
}

/** For coordinators and the organisation that passed it on; where only those who sit in a group may know of it, for who did it. */
async function note(
  tx: Tx,
  by: Actor,
  verb: string,
  { version, org, now }: At,
  detail: object,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb: `warnings.${verb}`,
    object: `written warning ${version.warning}`,
    org,
    detail,
    readers: [COORDINATORS, version.audience === 'group' ? person(by.person) : readersOfOrg(org)],
  })
  await tx.query(`select announce('warnings', '')`)
}
