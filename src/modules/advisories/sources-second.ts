/** Sources that wait for another coordinator than the one who added or changed them: until then nothing is asked of them. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'

/** What a coordinator adds or leads elsewhere waits, of whoever changed it last; the operator at the terminal needs no second one. */
export async function askForSecond(tx: Tx, source: number, by: Actor, at: string): Promise<void> {
  if (by.person === 0) return
  await tx.query(
    `insert into advisory_source_confirmations (source_id, asked_by, asked_at) values ($1, $2, $3)
     on conflict (source_id) where confirmed_at is null do update set asked_by = $2, asked_at = $3, told_at = null`,
    [source, by.person, at],
  )
}

export async function sourceWaits(tx: Tx, source: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select 1 from advisory_source_confirmations where source_id = $1 and confirmed_at is null',
    [source],
  )
  return rowCount === 1
}

/**
 * From now on it is asked. `said` is the moment of the change that was looked at, in ms. Throws Forbidden (whoever added or changed it too),
 * NotFound, WrongState (it does not wait, or was changed meanwhile).
 */
export async function confirmSource(tx: Tx, id: number, said: number, by: Actor, now: number): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators look after sources of advisories')
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ label: string; askedBy: number | null; askedAt: number | null }>(
    `select s.label, c.asked_by as "askedBy", (extract(epoch from c.asked_at) * 1000)::float8 as "askedAt" from advisory_sources s
     left join advisory_source_confirmations c on c.source_id = s.id and c.confirmed_at is null where s.id = $1`,
    [id],
  )
  const row = rows[0]
  if (!row) throw new NotFound('There is no such source')
  if (row.askedBy === null) throw new WrongState('This source does not wait')
  if (row.askedAt !== said) throw new WrongState('Somebody changed it meanwhile')
  if (row.askedBy === by.person) throw new Forbidden('Whoever added or changed it cannot confirm it')
  const { rowCount } = await tx.query(
    `update advisory_source_confirmations set confirmed_by = $2, confirmed_at = $3
     where source_id = $1 and confirmed_at is null and asked_at = to_timestamp($4::float8 / 1000.0)`,
    [id, by.person, at, said],
  )
  if (!rowCount) throw new WrongState('Somebody changed it meanwhile')
  await tx.query('update advisory_sources set due_at = $2 where id = $1', [id, at])
  await record(tx, {
    ...{ at: now, actor: by, verb: 'advisories.confirm-source', object: `advisory_source ${id}` },
    detail: { label: row.label },
    readers: [COORDINATORS],
  })
}
