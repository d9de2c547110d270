/** What a provider may vouch for: the people of its organisations, and of the sector where it is marked so. */
import type { Role } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable, Tx } from '../../../platform/database.ts'
import type { Provider } from '../../../platform/providers.ts'
import { organisationNamed } from '../named.ts'

/** One role at one organisation; null for the sector. */
export interface Held {
  org: number | null
  role: Role
}

export interface Reach {
  /** Numbers of its organisations in the register, with what was written of each. */
  orgs: Map<number, Provider['organisations'][number]>
  central: Provider['central']
}

/** Organisations that left, are not in the register, or are not told apart by what was written are none of its. */
export async function reachOf(db: Queryable, provider: Provider): Promise<Reach> {
  const orgs: Reach['orgs'] = new Map()
  for (const one of provider.organisations) {
    const id = await organisationOf(db, one.organisation)
    if (id !== null) orgs.set(id, one)
  }
  return { orgs, central: provider.central }
}

/** Says in the log which organisations of the operator's file are none of the register: nobody comes in by those. */
export async function warnOfUnknown({ db, log, settings }: Context): Promise<void> {
  for (const provider of settings.providers ?? [])
    for (const { organisation } of provider.organisations)
      if ((await organisationOf(db.engine, organisation)) === null)
        log.warn(
          { provider: provider.id, organisation },
          'HSOC_PROVIDERS names an organisation that the register does not know, or knows twice, or that has left',
        )
}

async function organisationOf(db: Queryable, text: string): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>('select id from organisations where ico = $1', [text])
  const named = rows.length === 0 ? await organisationNamed(db, text) : 'several'
  const id = rows.length === 1 ? rows[0]?.id : typeof named === 'object' ? named.id : undefined
  if (id === undefined) return null
  const { rowCount } = await db.query(`select 1 from organisations where id = $1 and status <> 'left'`, [id])
  return rowCount === 1 ? id : null
}

/** The roles that these groups bring: at the provider's own organisations, and of the sector where it may. */
export function rolesBy({ orgs, central }: Reach, groups: string[]): Held[] {
  const found = new Map<string, Held>()
  const add = (org: number | null, table: Record<string, Role[]>): void => {
    for (const group of groups)
      for (const role of Object.hasOwn(table, group) ? (table[group] ?? []) : [])
        found.set(`${org} ${role}`, { org, role })
  }
  for (const [org, { roles }] of orgs) add(org, roles)
  if (central) add(null, central)
  return [...found.values()]
}

export const covers = ({ orgs, central }: Reach, { org }: Held): boolean =>
  org === null ? central !== null : orgs.has(org)

/**
 * Whether the person is anything for which the provider may not vouch: then it lets them in nowhere, or whoever runs it
 * could come in as them elsewhere too.
 */
export async function reachesFurther(tx: Tx, reach: Reach, person: number, now: number): Promise<boolean> {
  const { rows } = await tx.query<{ org_id: number | null; role: Role }>(
    `select e.org_id, e.role from engagements e left join organisations o on o.id = e.org_id
     where e.person_id = $1 and e.valid_from <= $2 and e.valid_to > $2 and coalesce(o.status, '') <> 'left'`,
    [person, new Date(now).toISOString()],
  )
  return rows.some(({ org_id: org, role }) => !covers(reach, { org, role }))
}
