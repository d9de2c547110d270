/** Addresses that return mails, as the actor of the transaction may read them, and another trial of one. */
import { type Actor, asActor, isCoordinator } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import { asEngine, type Database, type Queryable, type Tx } from '../../../platform/database.ts'
import { addDays, dayOf } from '../../../platform/dates.ts'
import { Forbidden, NotFound, WrongState } from '../../../platform/errors.ts'
import { begin, faded, iso } from './standing.ts'
import { menders } from './tell.ts'

export interface Trouble {
  id: number
  address: string
  score: number
  kind: 'hard' | 'soft'
  said: string
  /** Milliseconds since 1970. */
  bouncedAt: number
  suspendedAt: number | null
  trying: boolean
  /** The person of that address, where the reader may see them. */
  name: string | null
  /** An organisation that can mend it. */
  org: number | null
  /** Scopes of who may read it. */
  readers: number[]
}

const columns = `s.id, s.address, s.score, (extract(epoch from s.scored_at) * 1000)::float8 as "scoredAt", s.kind, s.said,
  (extract(epoch from s.bounced_at) * 1000)::float8 as "bouncedAt", (extract(epoch from s.suspended_at) * 1000)::float8 as "suspendedAt",
  s.probe_id is not null as trying, p.name, s.readers,
  (select min((scope - 1000) / 4) from unnest(s.readers) scope where scope >= 1000) as org`

/** Those given up first, then the latest. */
export async function standings(tx: Tx, now: number): Promise<Trouble[]> {
  const { rows } = await tx.query<Trouble & { scoredAt: number }>(
    `select ${columns} from mail_standings s left join people p on lower(p.email) = lower(s.address)
     order by s.suspended_at is null, s.bounced_at desc, s.id limit 500`,
  )
  return rows.map(({ scoredAt, ...row }) => ({ ...row, score: faded({ score: row.score, scoredAt }, now) }))
}

/** What is against the actor's own address; null when nothing. */
export async function ownTrouble(tx: Tx): Promise<{ address: string; lost: boolean } | null> {
  const { rows } = await tx.query<{ address: string; lost: boolean }>(
    `select s.address, s.suspended_at is not null as lost from mail_standings s join people p on lower(p.email) = lower(s.address)
     where p.id = actor_person()`,
  )
  return rows[0] ?? null
}

/** How many addresses that the actor of the transaction may see are no longer used. */
export async function lostAddresses(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'select count(*)::int as n from mail_standings where suspended_at is not null',
  )
  return rows[0]?.n ?? 0
}

/** Addresses given up since a moment. */
export async function standingsSince(tx: Tx, since: number): Promise<{ address: string; said: string }[]> {
  const { rows } = await tx.query<{ address: string; said: string }>(
    'select address, said from mail_standings where suspended_at >= $1 order by address',
    [iso(since)],
  )
  return rows
}

/** What came to the door of returned mails in the last seven days, by kind; for coordinators. */
export async function returnsOfWeek(tx: Tx, now: number): Promise<{ kind: string; n: number }[]> {
  const { rows } = await tx.query<{ kind: string; n: number }>(
    'select kind, sum(n)::int as n from mail_returns where on_day > $1 group by kind order by kind',
    [addDays(dayOf(now), -7)],
  )
  return rows
}

/** The person whose address it is, who keeps the people of an organisation that named it, and coordinators. */
export const mayTry = ({ readers }: Pick<Trouble, 'readers'>, by: Actor): boolean =>
  readers.includes(-by.person) ||
  (isCoordinator(by) && readers.includes(2)) ||
  by.engagements.some(
    ({ org, role }) =>
      org !== null && readers.includes(1000 + 4 * org) && (menders as readonly string[]).includes(role),
  )

/** Writes to the address once more: if nothing comes back in two days it is used again. `WrongState` while a trial is under way. */
export async function tryAgain(db: Database, id: number, by: Actor, now: number): Promise<void> {
  const found = await asActor(db, by, now, async (tx) => {
    const { rows } = await tx.query<{ readers: number[] }>(
      'select readers from mail_standings where id = $1',
      [id],
    )
    return rows[0]
  })
  if (!found) throw new NotFound('There is no such address')
  if (!mayTry(found, by)) throw new Forbidden('Only who can mend the address may try it')
  await asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ trying: boolean }>(
      'select probe_id is not null as trying from mail_standings where id = $1 for update',
      [id],
    )
    if (!rows[0] || rows[0].trying) throw new WrongState('A trial is under way')
    await begin(tx, id, now)
    await record(tx, {
      at: now,
      actor: by,
      verb: 'channels.try-address',
      object: `mail address ${id}`,
      readers: found.readers,
    })
  })
}
