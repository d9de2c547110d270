/** Working groups: made, changed and closed by coordinators, read by whoever may know of them. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, person as personScope } from '../../values/scopes.ts'
import type { Tlp } from '../../values/tlp.ts'
import { kinds, type MemberRole, memberRoles } from '../members/index.ts'

/** open: whoever fits takes a seat; request: somebody decides; rule: whoever fits and takes part sits; closed: by invitation. */
export const joinings = ['open', 'request', 'rule', 'closed'] as const
export type Joining = (typeof joinings)[number]
/** TLP:RED goes to named persons, never to a group. */
export const groupTlps = ['AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const satisfies Tlp[]
export type GroupTlp = (typeof groupTlps)[number]

export interface Group {
  id: number
  slug: string
  name: string
  purpose: { cs: string; en: string }
  joining: Joining
  /** Whose holders fit; empty: any role at an organisation. */
  roles: MemberRole[]
  /** Kinds of organisations whose people fit; empty: any. */
  kinds: string[]
  tlpMax: GroupTlp
  /** Everybody may know of it. */
  public: boolean
  /** Milliseconds since 1970. */
  closedAt: number | null
  /** Null: fewer than five, and not the reader's to know. */
  people: number | null
  organisations: number | null
}

/** As typed into the form. */
export interface WantedGroup {
  slug: string
  name: string
  purposeCs: string
  purposeEn: string
  joining: string
  roles: string[]
  kinds: string[]
  tlpMax: string
  public: boolean
}

const select = `select g.id, g.slug, g.name, json_build_object('cs', g.purpose_cs, 'en', g.purpose_en) as purpose, g.joining, g.roles, g.kinds,
    g.tlp_max as "tlpMax", g.public, (extract(epoch from g.closed_at) * 1000)::float8 as "closedAt", s.people, s.organisations
  from groups g left join group_sizes() s on s.group_id = g.id`

/** Those that the reader may know of, in the order in which they were made; closed ones last. */
export async function groups(tx: Tx): Promise<Group[]> {
  const { rows } = await tx.query<Group & Record<string, unknown>>(
    `${select} order by g.closed_at is not null, g.id`,
  )
  return rows
}

/** Throws NotFound, also for a group that the reader may not know of. */
export async function groupAt(tx: Tx, slug: string): Promise<Group> {
  const { rows } = await tx.query<Group & Record<string, unknown>>(`${select} where g.slug = $1`, [slug])
  if (!rows[0]) throw new NotFound('There is no such group')
  return rows[0]
}

/** Whatever is done to the seats of one group comes one after another. Throws NotFound, and WrongState when it is closed. */
export async function inTurn(tx: Tx, slug: string): Promise<Group> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('seats of a group'), hashtext($1))`, [slug])
  const group = await groupAt(tx, slug)
  if (group.closedAt !== null) throw new WrongState('This group is closed')
  return group
}

/** What is done in a group is read by coordinators and by whom it was done to. */
export async function note(
  tx: Tx,
  verb: string,
  about: { group: Pick<Group, 'slug'>; person?: number; org?: number; detail?: object },
  by: Actor | null,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `group ${about.group.slug}`,
    org: about.org ?? null,
    detail: { ...(about.person ? { person: about.person } : {}), ...about.detail },
    readers: [COORDINATORS, ...(about.person ? [personScope(about.person)] : [])],
  })
}

/** Addresses under /groups that are pages of their own. */
const taken = ['new', 'organisations']

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function understand(wanted: WantedGroup): Omit<WantedGroup, 'slug'> {
  const faults: Record<string, string> = {}
  const name = oneLine(wanted.name)
  if (name.length < 2 || name.length > 60) faults.name = 'name'
  const [purposeCs, purposeEn] = [wanted.purposeCs.trim(), wanted.purposeEn.trim()]
  if (purposeCs === '' && purposeEn === '') faults.purposeCs = 'purpose'
  if (purposeCs.length > 600) faults.purposeCs = 'long'
  if (purposeEn.length > 600) faults.purposeEn = 'long'
  if (!joinings.some((one) => one === wanted.joining)) faults.joining = 'joining'
  if (wanted.roles.some((role) => !memberRoles.some((one) => one === role))) faults.roles = 'roles'
  if (wanted.joining === 'rule' && wanted.roles.length === 0) faults.roles = 'ruleRoles'
  if (wanted.kinds.some((kind) => !kinds.some((one) => one === kind))) faults.kinds = 'kinds'
  if (!groupTlps.some((one) => one === wanted.tlpMax)) faults.tlpMax = 'tlp'
  if (Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  const unique = (words: string[]): string[] => [...new Set(words)]
  return { ...wanted, name, purposeCs, purposeEn, roles: unique(wanted.roles), kinds: unique(wanted.kinds) }
}

const valuesOf = (one: Omit<WantedGroup, 'slug'>): unknown[] => [
  one.name,
  one.purposeCs,
  one.purposeEn,
  one.joining,
  one.roles,
  one.kinds,
  one.tlpMax,
  one.public,
]

/** Another open group of that name; closed ones give theirs back. */
async function refuseNamesake(tx: Tx, name: string, slug: string): Promise<void> {
  const { rowCount } = await tx.query(
    'select 1 from groups where lower(name) = lower($1) and slug <> $2 and closed_at is null',
    [name, slug],
  )
  if (rowCount) throw new Invalid('There is a group of this name.', { name: 'namesake' })
}

/** Throws Invalid. The policies let coordinators alone do it. */
export async function createGroup(tx: Tx, wanted: WantedGroup, by: Actor, now: number): Promise<string> {
  const slug = wanted.slug.trim()
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length < 2 || slug.length > 60)
    throw new Invalid('Some fields are not right.', { slug: 'slug' })
  const understood = understand(wanted)
  await tx.query(`select pg_advisory_xact_lock(hashtext('names of groups'), 0)`)
  await refuseNamesake(tx, understood.name, slug)
  const { rowCount } = await tx.query(
    `insert into groups (slug, name, purpose_cs, purpose_en, joining, roles, kinds, tlp_max, public, created_at, changed_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10 where $1 <> all ($11) on conflict (slug) do nothing`,
    [slug, ...valuesOf(understood), new Date(now).toISOString(), taken],
  )
  if (!rowCount) throw new Invalid('This address is taken.', { slug: 'taken' })
  await note(tx, 'groups.create', { group: { slug }, detail: understood }, by, now)
  return slug
}

/** The address stays: links lead there. Throws NotFound, Invalid, WrongState. */
export async function changeGroup(
  tx: Tx,
  slug: string,
  wanted: Omit<WantedGroup, 'slug'>,
  by: Actor,
  now: number,
): Promise<void> {
  const understood = understand({ ...wanted, slug })
  await tx.query(`select pg_advisory_xact_lock(hashtext('names of groups'), 0)`)
  const was = await inTurn(tx, slug)
  await refuseNamesake(tx, understood.name, slug)
  await tx.query(
    `update groups set name = $2, purpose_cs = $3, purpose_en = $4, joining = $5, roles = $6, kinds = $7, tlp_max = $8, public = $9,
       changed_at = $10 where slug = $1`,
    [slug, ...valuesOf(understood), new Date(now).toISOString()],
  )
  const { id: _id, people: _people, organisations: _organisations, ...before } = was
  await note(tx, 'groups.change', { group: was, detail: { before, after: understood } }, by, now)
}

/** Ends every seat, refuses whoever waits and takes invitations back. Throws NotFound, WrongState (closed already). */
export async function closeGroup(tx: Tx, slug: string, by: Actor, now: number): Promise<void> {
  const group = await inTurn(tx, slug)
  const at = new Date(now).toISOString()
  await tx.query('update groups set closed_at = $2, changed_at = $2 where id = $1', [group.id, at])
  const ended = await tx.query(
    `update seats set state = case state when 'asked' then 'refused' else state end, ends_at = greatest(since, $2::timestamptz), ended_by = 'closed',
       decided_by = case state when 'asked' then $3::int else decided_by end, decided_at = case state when 'asked' then $2::timestamptz else decided_at end
     where group_id = $1 and state in ('asked', 'held') and ends_at > $2`,
    // Whoever sits at the terminal of the server is nobody of the register.
    [group.id, at, by.person || null],
  )
  await tx.query(
    `update group_invitations set ended_at = $2, outcome = 'closed' where group_id = $1 and ended_at is null`,
    [group.id, at],
  )
  await tx.query('update group_moderators set ended_at = $2 where group_id = $1 and ended_at is null', [
    group.id,
    at,
  ])
  await note(tx, 'groups.close', { group, detail: { seats: ended.rowCount ?? 0 } }, by, now)
}
