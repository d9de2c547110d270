/** Roles that groups of a provider bring: given at sign-in, taken when the group is gone. What people gave stays. */
import type { Role } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../../values/scopes.ts'
import type { Held } from './vouched.ts'

export interface Link {
  id: number
  person: number
  /** The provider's name in the file. */
  provider: string
}

/** Ends what groups had brought by this link and no longer do; with no `wanted`, all of it. */
export async function takeGone(tx: Tx, link: Link, wanted: Held[], now: number): Promise<void> {
  const { rows } = await tx.query<{ org: number | null; role: Role }>(
    `update engagements set valid_to = greatest(valid_from, $2::timestamptz)
     where link_id = $1 and valid_to > $2::timestamptz
       and not exists (select 1 from unnest($3::int[], $4::text[]) w (org, role)
         where w.org is not distinct from org_id and w.role = engagements.role)
     returning org_id as org, role`,
    [link.id, new Date(now).toISOString(), ...columns(wanted)],
  )
  await tell(tx, link, 'taken', rows, now)
}

/** Gives what the person does not have anyway. */
export async function give(tx: Tx, link: Link, wanted: Held[], now: number): Promise<void> {
  const { rows } = await tx.query<{ org: number | null; role: Role }>(
    `insert into engagements (person_id, org_id, role, valid_from, source, link_id)
     select $1, w.org, w.role, $2, 'directory', $5 from unnest($3::int[], $4::text[]) w (org, role)
     where not exists (select 1 from engagements e
       where e.person_id = $1 and e.org_id is not distinct from w.org and e.role = w.role and e.valid_to > $2)
     returning org_id as org, role`,
    [link.person, new Date(now).toISOString(), ...columns(wanted), link.id],
  )
  await tell(tx, link, 'given', rows, now)
}

const columns = (held: Held[]): [(number | null)[], Role[]] => [
  held.map(({ org }) => org),
  held.map(({ role }) => role),
]

/** A line for each organisation, as for roles that people give. */
async function tell(tx: Tx, link: Link, what: 'given' | 'taken', held: Held[], now: number): Promise<void> {
  if (held.length === 0) return
  await tx.query('select people_set_readers($1)', [link.person])
  for (const [org, of] of Map.groupBy(held, (one) => one.org))
    await record(tx, {
      at: now,
      actor: null,
      verb: 'members.change-roles',
      object: `person ${link.person}`,
      org,
      detail: { given: [], taken: [], [what]: of.map(({ role }) => role), provider: link.provider },
      readers: [COORDINATORS, personScope(link.person), ...(org === null ? [] : [readersOfOrg(org)])],
    })
}
