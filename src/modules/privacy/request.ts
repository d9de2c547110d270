/**
 * What somebody asked for by letter or by telephone: a coordinator hands out a person's data or has them erased, says who
 * asked and how it was found out that it is they, and the person is told at its address.
 */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, OPERATORS, person as personScope } from '../../values/scopes.ts'
import { eraseWithin } from './erase.ts'
import { exportWithin, type PersonData } from './export.ts'

/** Why it is not done here; a word of `requests.refused.<…>`. */
export type Obstacle = 'erased' | 'own' | 'merged' | 'sector' | 'roles'

export interface Subject {
  id: number
  name: string
  email: string
  language: 'cs' | 'en'
  erased: boolean
  /** Access was taken away: roles that go on are no more than a note. */
  disabled: boolean
  /** The account that it was merged into. */
  into: number | null
  /** Accounts that were merged into this one. */
  merged: { id: number; email: string }[]
  /** It, or an account merged into it, is or was a coordinator or an operator. */
  sector: boolean
  /** Roles that are not over. */
  roles: { role: string; org: string | null }[]
}

const human = `with recursive human as (
  select id from people where id = $1 union select p.id from people p join human h on p.merged_into = h.id)`

/** Forbidden for anybody but coordinators; NotFound. */
export async function subjectOf(tx: Queryable, person: number, by: Actor, now: number): Promise<Subject> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators answer such requests')
  const { rows } = await tx.query<Subject & Record<string, unknown>>(
    `${human}
     select p.id, p.name, p.email, p.language, p.erased_at is not null as erased, p.disabled_at is not null as disabled, p.merged_into as into,
       coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'email', m.email) order by m.id) from people m
         where m.merged_into = p.id and m.erased_at is null), '[]') as merged,
       exists (select 1 from engagements e join human h on h.id = e.person_id where e.role in ('coordinator', 'operator')) as sector,
       coalesce((select jsonb_agg(jsonb_build_object('role', e.role, 'org', o.name) order by e.role, o.name)
         from engagements e left join organisations o on o.id = e.org_id where e.person_id = p.id and e.valid_to > $2), '[]') as roles
     from people p where p.id = $1`,
    [person, new Date(now).toISOString()],
  )
  if (!rows[0]) throw new NotFound('There is no such person.')
  return rows[0]
}

/** Their own data people take from their own account; of an erased person there is nothing but the number. */
export const exportObstacle = ({ id, erased }: Subject, by: Actor): Obstacle | null =>
  erased ? 'erased' : id === by.person ? 'own' : null

/** One coordinator alone erases neither themselves nor anybody who answers, or answered, for the sector. */
export function eraseObstacle(subject: Subject, by: Actor): Obstacle | null {
  const { into, sector, roles, disabled } = subject
  if (subject.erased || subject.id === by.person) return exportObstacle(subject, by)
  if (into !== null) return 'merged'
  if (sector) return 'sector'
  return roles.length > 0 && !disabled ? 'roles' : null
}

/** What a request says of itself, each of at most `longest` letters. */
export interface Asked {
  asker: string
  identity: string
  reason: string
}
export const longest = { asker: 200, identity: 1_000, reason: 1_000 } as const satisfies Record<
  keyof Asked,
  number
>
export const parts = ['asker', 'identity', 'reason'] as const satisfies (keyof Asked)[]

/** Invalid names each part that is missing, or too long. */
function said(asked: Asked): Asked {
  // PostgreSQL takes no NUL.
  const plain = (text: string): string => text.replaceAll('\0', '').trim()
  const { asker, identity, reason } = asked
  const given: Asked = { asker: plain(asker), identity: plain(identity), reason: plain(reason) }
  const wrong = parts.filter((part) => given[part] === '' || given[part].length > longest[part])
  if (wrong.length > 0)
    throw new Invalid(
      'Say who asked, how it was found out that it is they, and why.',
      Object.fromEntries(wrong.map((part) => [part, part])),
    )
  return given
}

/** Hands out everything that is held of the person, and tells it. Forbidden, NotFound, Invalid, WrongState (`Obstacle`). */
export async function exportOnRequest(
  db: Database,
  person: number,
  asked: Asked,
  by: Actor,
  now: number,
): Promise<PersonData> {
  return asEngine(db, async (tx) => {
    const subject = await subjectOf(tx, person, by, now)
    const detail = said(asked)
    const hindered = exportObstacle(subject, by)
    if (hindered) throw new WrongState(hindered)
    const data = await exportWithin(tx, person, by, now, detail)
    await tell(tx, 'person-exported', subject, detail, now)
    return data
  })
}

/**
 * Erases the person, with the accounts merged into it, and tells it at the address that is forgotten once the letter has
 * gone. Forbidden, NotFound, Invalid, WrongState (`Obstacle`).
 */
export async function eraseOnRequest(
  db: Database,
  person: number,
  asked: Asked,
  by: Actor,
  now: number,
): Promise<void> {
  await asEngine(db, async (tx) => {
    await tx.query('select 1 from people where id = $1 for update', [person])
    const subject = await subjectOf(tx, person, by, now)
    const detail = said(asked)
    const hindered = eraseObstacle(subject, by)
    if (hindered) throw new WrongState(hindered)
    // Before the erasure, which takes the person's name out of it again.
    await record(tx, {
      at: now,
      actor: by,
      verb: 'privacy.ask-erase',
      object: `person ${person}`,
      detail,
      readers: [COORDINATORS, OPERATORS, personScope(person)],
    })
    await eraseWithin(tx, person, by, now)
    await tell(tx, 'person-erased', subject, detail, now)
  })
}

/** As a visitor's letter: who has no access any more is told as well. */
const tell = (
  tx: Tx,
  template: 'person-exported' | 'person-erased',
  { id, email, language }: Subject,
  { asker, identity }: Asked,
  now: number,
) =>
  tx.query('select queue_visitor_mail($1, $2, $3, $4)', [
    `${template}:${id}:${now}`,
    email,
    { template, language, asker, identity, at: new Date(now).toISOString() },
    new Date(now).toISOString(),
  ])
