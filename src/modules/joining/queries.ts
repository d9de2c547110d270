/** Applications as their judges read them; the policies choose the rows. */
import type { Tx } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import { type Similar, similarOrganisations } from '../members/index.ts'
import { type RegisterMatch, registerMatches } from './register.ts'
import { isOpen, type Kind, type State } from './states.ts'

export interface ApplicationLine {
  id: number
  kind: Kind
  state: State
  organisation: string
  name: string
  nuts3: string | null
  org: number | null
  orgName: string | null
  /** Milliseconds since 1970. */
  appliedAt: number
  confirmedAt: number | null
}

export interface ApplicationDetail extends ApplicationLine {
  language: 'cs' | 'en'
  ico: string | null
  orgKind: string
  position: string
  email: string
  phone: string | null
  message: string
  decidedAt: number | null
}

export interface MoveLine {
  step: string
  reason: string
  actor: string
  at: number
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const columns = `a.id, a.kind, a.state, a.organisation, a.name, a.nuts3, a.org_id as org, o.name as "orgName",
  ${ms('a.applied_at')} as "appliedAt", ${ms('a.confirmed_at')} as "confirmedAt"`

export const mostListed = 200

/** Those still to be decided first, the oldest on top; then the newest decided; at most `mostListed`. */
export async function applications(tx: Tx, state: State | null): Promise<ApplicationLine[]> {
  const { rows } = await tx.query<ApplicationLine & Record<string, unknown>>(
    `select ${columns} from applications a left join organisations o on o.id = a.org_id
     where $1::text is null and a.state in ('applied', 'vetted') or a.state = $1
     order by a.state in ('applied', 'vetted') desc, a.confirmed_at is null,
       case when a.state in ('applied', 'vetted') then a.applied_at end, a.decided_at desc, a.id limit ${mostListed}`,
    [state],
  )
  return rows
}

/** How many wait for a decision in each region, by NUTS 3; null stands for none of the fourteen. */
export async function openByRegion(tx: Tx): Promise<Map<string | null, number>> {
  const { rows } = await tx.query<{ nuts3: string | null; n: number }>(
    `select nuts3, count(*)::int as n from applications where state in ('applied', 'vetted') and kind = 'organisation' group by nuts3`,
  )
  return new Map(rows.map(({ nuts3, n }) => [nuts3, n]))
}

/** Throws `NotFound`. */
export async function application(tx: Tx, id: number): Promise<ApplicationDetail> {
  const { rows } = await tx.query<ApplicationDetail & Record<string, unknown>>(
    `select ${columns}, a.language, a.ico, a.org_kind as "orgKind", a.position, a.email, a.phone, a.message,
       ${ms('a.decided_at')} as "decidedAt"
     from applications a left join organisations o on o.id = a.org_id where a.id = $1`,
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such application')
  return rows[0]
}

export async function movesOf(tx: Tx, id: number): Promise<MoveLine[]> {
  const { rows } = await tx.query<MoveLine & Record<string, unknown>>(
    `select step, reason, actor, ${ms('at')} as at from application_moves where application_id = $1 order by id limit 100`,
    [id],
  )
  return rows
}

/** What helps a coordinator to judge it. */
export interface Findings {
  similar: Similar[]
  register: RegisterMatch[]
  /** Other applications of the same number, name or address. */
  others: ApplicationLine[]
}

export async function findingsOf(tx: Tx, one: ApplicationDetail): Promise<Findings> {
  const asked = { name: one.organisation, ico: one.ico, email: one.email }
  const { rows } = await tx.query<ApplicationLine & Record<string, unknown>>(
    `select ${columns} from applications a left join organisations o on o.id = a.org_id
     where a.id <> $1 and (a.ico = $2 or lower(a.organisation) = lower($3) or lower(a.email) = lower($4)) order by a.id desc limit 20`,
    [one.id, one.ico, one.organisation, one.email],
  )
  return {
    similar: isOpen(one.state) ? await similarOrganisations(tx, asked) : [],
    register: isOpen(one.state) ? await registerMatches(tx, asked) : [],
    others: rows,
  }
}
