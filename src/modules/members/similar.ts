/** Which organisations of the register somebody may mean, or may be about to write down a second time, and why. */
import type { Tx } from '../../platform/database.ts'
import { bareInstitution, beyond, isCutOff, isSlip, ownDomain } from './lists/alike.ts'

export const likenesses = ['ico', 'name', 'distance', 'cut', 'part', 'domain'] as const
export type Likeness = (typeof likenesses)[number]

export interface Similar {
  id: number
  name: string
  status: string
  ico: string | null
  why: Likeness[]
}

export interface Described {
  name: string
  ico: string | null
  /** Of a person there; its domain may be one of the organisation's. */
  email: string
}

interface Row extends Record<string, unknown> {
  id: number
  name: string
  status: string
  ico: string | null
  names: string[]
  domains: string[]
}

const most = 20

/** Reasons for which two names may mean the same, the strongest first. */
function alike(asked: string, known: string): Likeness[] {
  const [a, b] = [bareInstitution(asked), bareInstitution(known)]
  if (a === b) return ['name']
  return [
    ...(isSlip(a, b) ? (['distance'] as const) : []),
    ...(isCutOff(a, b) ? (['cut'] as const) : []),
    ...(beyond(a, b) !== null || beyond(b, a) !== null ? (['part'] as const) : []),
  ]
}

/** Those with any reason, the strongest reasons first, at most 20; as the actor of the transaction. */
export async function similarOrganisations(tx: Tx, asked: Described): Promise<Similar[]> {
  const { rows } = await tx.query<Row>(
    `select o.id, o.id as org, o.name, o.status, o.ico,
       array(select n.name from organisation_names n where n.org_id = o.id) as names,
       array(select d.domain from domains d where d.org_id = o.id and d.valid_to > (select actor_now())) as domains
     from organisations o order by o.id`,
  )
  const domain = ownDomain(asked.email.toLowerCase())
  const found = rows.flatMap(({ id, name, status, ico, names, domains }) => {
    const why = new Set<Likeness>([
      ...(asked.ico !== null && ico === asked.ico ? (['ico'] as const) : []),
      ...[name, ...names].flatMap((one) => alike(asked.name, one)),
      ...(domain !== null && domains.some((one) => domain === one || domain.endsWith(`.${one}`))
        ? (['domain'] as const)
        : []),
    ])
    return why.size === 0 ? [] : [{ id, name, status, ico, why: likenesses.filter((one) => why.has(one)) }]
  })
  const strength = ({ why }: Similar): number => likenesses.indexOf(why[0] ?? 'domain')
  return found.sort((a, b) => strength(a) - strength(b) || a.id - b.id).slice(0, most)
}

/** So much alike that writing it down once more has to be meant. */
export const isSameThing = ({ why }: Similar): boolean => why.includes('ico') || why.includes('name')
