/** The rules of sharing: their versions, which organisation accepted which, and accepting them. */
import { createHash } from 'node:crypto'
import { type Actor, isCoordinator, rolesAt } from '../../platform/access.ts'
import { readContent } from '../../platform/content.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import type { Lang } from '../../platform/i18n.ts'
import { organisationLine } from './organisation-line.ts'

export interface SharingRules {
  number: number
  /** The day from which it holds. */
  since: string
  parts: { title: Record<Lang, string>; points: Record<Lang, string[]> }[]
}

/** The newest version, which is the one to accept. A version that was accepted once is never changed: another is added. */
export function sharingRules(): SharingRules {
  const { versions } = readContent('sharing-rules.json') as { versions: SharingRules[] }
  const [first, ...rest] = versions
  if (!first) throw new Error('content/sharing-rules.json has no version')
  return rest.reduce((newest, one) => (one.number > newest.number ? one : newest), first)
}

/** SHA-256 of what a version says, in both languages. */
export const digestOf = (rules: SharingRules): string =>
  createHash('sha256').update(JSON.stringify(rules.parts)).digest('hex')

export interface SharingStanding {
  id: number
  name: string
  status: string
  /** First acceptance, ms since 1970; null where there is none. */
  acceptedAt: number | null
  /** The newest version accepted; null also where the acceptance is older than the versions. */
  version: number | null
  /** Who said so last, and, of a coordinator, how it is known. */
  actor: string | null
  note: string | null
  /** Who represents it and may accept. */
  representatives: string[]
}

/** How these organisations stand to the rules; those that left are not asked. As the actor of the transaction. */
export async function sharingStanding(tx: Queryable, orgs: number[]): Promise<SharingStanding[]> {
  const { rows } = await tx.query<SharingStanding & Record<string, unknown>>(
    `select o.id, o.id as org, o.name, o.status, (extract(epoch from o.rules_accepted_at) * 1000)::float8 as "acceptedAt",
       a.version, a.actor, a.note,
       array(select distinct p.name from engagements e join people p on p.id = e.person_id
         where e.org_id = o.id and e.role = 'representative' and p.disabled_at is null
           and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now()) order by p.name) as representatives
     from organisations o left join lateral (
       select version, actor, note from sharing_acceptances a where a.org_id = o.id order by a.version desc nulls last limit 1) a on true
     where o.id = any ($1) and o.status <> 'left' order by o.name collate "cs-x-icu"`,
    [orgs],
  )
  return rows
}

/** Those of all organisations that take part, or may, and have not accepted any version; for coordinators. */
export async function sharingMissing(tx: Queryable): Promise<SharingStanding[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select id from organisations where status in ('participant', 'signatory') and rules_accepted_at is null limit 500`,
  )
  return sharingStanding(
    tx,
    rows.map(({ id }) => id),
  )
}

export const mayAccept = (actor: Actor, org: number): boolean =>
  isCoordinator(actor) || rolesAt(actor, org).includes('representative')

/** Reads as a member: takes part and has accepted. */
export const isMember = ({ status, acceptedAt }: Pick<SharingStanding, 'status' | 'acceptedAt'>): boolean =>
  acceptedAt !== null && (status === 'participant' || status === 'signatory')

export interface Acceptance {
  /** The version that was on the page. */
  version: number
  agreed: boolean
  /** How a coordinator who accepts for somebody else knows of it. */
  note: string
}

/**
 * Accepts the newest version for an organisation; a prospect or follower becomes a participant by it. The same version
 * twice changes nothing. Throws NotFound, Forbidden, Invalid (not agreed, another version, a coordinator's note is missing),
 * WrongState (the organisation left).
 */
export async function acceptRules(
  tx: Tx,
  org: number,
  given: Acceptance,
  by: Actor,
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ status: string }>(
    'select id as org, status from organisations where id = $1',
    [org],
  )
  if (!rows[0]) throw new NotFound('There is no such organisation')
  if (!mayAccept(by, org)) throw new Forbidden('Only the representative accepts the rules of sharing')
  if (rows[0].status === 'left') throw new WrongState('The organisation has left')
  const rules = sharingRules()
  const note = given.note.trim()
  if (given.version !== rules.number) throw new Invalid('There is a newer version', { agreed: 'version' })
  if (!given.agreed) throw new Invalid('Not agreed', { agreed: 'agreed' })
  if (note.length > 500) throw new Invalid('Too long', { note: 'note' })
  const represents = rolesAt(by, org).includes('representative')
  if (!represents && note === '') throw new Invalid('Say how it is known', { note: 'note' })
  await keep(tx, org, represents ? '' : note, by, now)
}

/** Writes the acceptance of the newest version down, with its line of the trail, unless it stands already. */
export async function keep(tx: Tx, org: number, note: string, by: Actor, now: number): Promise<void> {
  const rules = sharingRules()
  const { rowCount } = await tx.query(
    `insert into sharing_acceptances (org_id, version, text_sha256, person_id, actor, note, at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, coalesce(version, 0)) do nothing`,
    [org, rules.number, digestOf(rules), by.person, by.name, note.slice(0, 500), new Date(now).toISOString()],
  )
  if (!rowCount) return
  const detail = { version: rules.number, ...(note ? { note } : {}) }
  await organisationLine(tx, 'members.accept-rules', org, detail, by, now)
}

/** For a sector that is made up whole: everybody who takes part in it has accepted. In the program's own transaction. */
export async function acceptForAll(tx: Tx, note: string, now: number): Promise<void> {
  const rules = sharingRules()
  await tx.query(
    `insert into sharing_acceptances (org_id, version, text_sha256, actor, note, at)
     select id, $1, $2, 'hsoc', $3, $4 from organisations where status in ('participant', 'signatory')
     on conflict (org_id, coalesce(version, 0)) do nothing`,
    [rules.number, digestOf(rules), note, new Date(now).toISOString()],
  )
}
