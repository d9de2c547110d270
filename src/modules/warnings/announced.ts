/** A member's own penetration test: what comes from or goes to these addresses in that time is no alarm, visibly. */
import { type Actor, asActor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound } from '../../platform/errors.ts'
import { isTooWide, type Net, parseNet } from '../../values/address.ts'
import { bounds } from '../../values/inet.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { maySpeakFor } from './may.ts'

export interface AnnouncedTest {
  id: number
  org: number
  orgName: string
  /** Range as written. */
  text: string
  startsAt: number
  endsAt: number
  note: string
  by: string
  announcedAt: number
  withdrawnAt: number | null
  /** Is it in force now? */
  running: boolean
}

export interface NewTest {
  org: number
  /** Addresses, prefixes or ranges, separated by spaces, commas or lines. */
  addresses: string
  startsAt: number
  endsAt: number
  note: string
}

const dayMs = 86_400_000
/** A test is a matter of days; longer ones are announced anew. */
export const longestTestMs = 60 * dayMs

function readRanges(text: string): Net[] {
  const parts = text.split(/[\s,;]+/).filter(Boolean)
  if (parts.length === 0)
    throw new Invalid('Addresses are missing', { addresses: 'Give at least one address or range' })
  if (parts.length > 100) throw new Invalid('Too many addresses', { addresses: 'At most 100 ranges' })
  return parts.map((part) => {
    const net = parseNet(part)
    if (!net)
      throw new Invalid(`${part} is no address`, { addresses: `"${part}" is no address, prefix or range` })
    if (isTooWide(net)) throw new Invalid(`${part} is too wide`, { addresses: `"${part}" is too wide` })
    return net
  })
}

/** Announces a test for one of the actor's organisations; one record for each range. Answers their ids. */
export async function announceTest(
  db: Database,
  actor: Actor,
  wanted: NewTest,
  now: number,
): Promise<number[]> {
  if (!maySpeakFor(actor, wanted.org)) throw new Forbidden('Only the member itself announces its tests')
  const nets = readRanges(wanted.addresses)
  if (!(wanted.endsAt > wanted.startsAt) || wanted.endsAt <= now)
    throw new Invalid('The end must come', {
      endsAt: 'The end must lie after the beginning and in the future',
    })
  if (wanted.endsAt - wanted.startsAt > longestTestMs)
    throw new Invalid('Too long', { endsAt: 'At most 60 days; announce the rest later' })
  return asActor(db, actor, now, async (tx) => {
    const ids: number[] = []
    for (const net of nets) {
      const { rows } = await tx.query<{ id: number }>(
        `insert into announced_tests (org_id, net_from, net_to, text, starts_at, ends_at, note, announced_by, announced_at)
         values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0), $7, $8, to_timestamp($9 / 1000.0)) returning id`,
        [
          wanted.org,
          ...bounds(net),
          net.text,
          wanted.startsAt,
          wanted.endsAt,
          wanted.note.trim(),
          actor.person,
          now,
        ],
      )
      if (rows[0]) ids.push(rows[0].id)
    }
    await record(tx, {
      at: now,
      actor,
      verb: 'warnings.announceTest',
      object: `test ${ids.join(', ')}`,
      org: wanted.org,
      detail: { ranges: nets.map((net) => net.text), startsAt: wanted.startsAt, endsAt: wanted.endsAt },
      readers: [COORDINATORS, readersOfOrg(wanted.org)],
    })
    return ids
  })
}

/** Ends an announced test now; `NotFound` when it is over, withdrawn or somebody else's. */
export function withdrawTest(db: Database, actor: Actor, id: number, now: number): Promise<void> {
  return asActor(db, actor, now, async (tx) => {
    const { rows } = await tx.query<{ org_id: number }>('select org_id from announced_tests where id = $1', [
      id,
    ])
    const org = rows[0]?.org_id
    if (org === undefined) throw new NotFound('There is no such test')
    if (!maySpeakFor(actor, org)) throw new Forbidden('Only the member itself withdraws its tests')
    const { rowCount } = await tx.query(
      `update announced_tests set withdrawn_at = to_timestamp($2 / 1000.0)
       where id = $1 and withdrawn_at is null and ends_at > to_timestamp($2 / 1000.0)`,
      [id, now],
    )
    if (!rowCount) throw new NotFound('The test is over already')
    await record(tx, {
      at: now,
      actor,
      verb: 'warnings.withdrawTest',
      object: `test ${id}`,
      org,
      readers: [COORDINATORS, readersOfOrg(org)],
    })
  })
}

/** Tests of the reader's organisations (coordinators: of all), the latest end first; those ended over 90 days ago are left out. */
export async function listTests(tx: Queryable, now: number): Promise<AnnouncedTest[]> {
  const ms = (column: string): string => `extract(epoch from t.${column})::float8 * 1000`
  const { rows } = await tx.query<AnnouncedTest & Record<string, unknown>>(
    `select t.id, t.org_id as org, o.name as "orgName", t.text, ${ms('starts_at')} as "startsAt", ${ms('ends_at')} as "endsAt", t.note,
       coalesce(p.name, '') as by, ${ms('announced_at')} as "announcedAt", ${ms('withdrawn_at')} as "withdrawnAt",
       t.withdrawn_at is null and t.starts_at <= to_timestamp($1 / 1000.0) and t.ends_at > to_timestamp($1 / 1000.0) as running
     from announced_tests t join organisations o on o.id = t.org_id left join people p on p.id = t.announced_by
     where t.ends_at > to_timestamp($1 / 1000.0) - interval '90 days' order by t.ends_at desc, t.id desc limit 500`,
    [now],
  )
  return rows
}
