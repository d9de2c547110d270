/** The second coordinator's yes: from then on members see the version, and those whom it concerns are told. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { show, type Version } from './take.ts'

interface Row {
  cves: string[]
  writtenBy: number | null
  version: string
}

/** `said` is the version that was looked at. Throws Forbidden (the author too), NotFound, WrongState (none waits, or it was changed meanwhile). */
export async function confirmAdvisory(
  tx: Tx,
  id: number,
  said: string,
  by: Actor,
  now: number,
): Promise<void> {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators confirm advisories')
  const { rows: present } = await tx.query<{ cves: string[] }>(
    'select cves from advisories where id = $1 for update',
    [id],
  )
  if (!present[0]) throw new NotFound('There is no such advisory')
  const { rows } = await tx.query<Row & Version & Record<string, unknown>>(
    `select a.cves, a.source_id as source, c.seq, c.written_by as "writtenBy", v.version, v.content, v.content_hash as hash, v.tlp, v.flags
     from advisory_confirmations c join advisories a on a.id = c.advisory_id
     join advisory_versions v on v.advisory_id = c.advisory_id and v.seq = c.seq where c.advisory_id = $1 and c.confirmed_at is null`,
    [id],
  )
  const row = rows[0]
  if (!row) throw new WrongState('Nothing of this advisory waits')
  if (row.version !== said) throw new WrongState('Somebody changed it meanwhile')
  if (row.writtenBy === by.person) throw new Forbidden('Whoever wrote it cannot confirm it')
  await show(tx, id, row, row.cves, now)
  await tx.query(
    'update advisory_confirmations set confirmed_by = $3, confirmed_at = $4 where advisory_id = $1 and seq = $2 and confirmed_at is null',
    [id, row.seq, by.person, new Date(now).toISOString()],
  )
  await record(tx, {
    ...{ at: now, actor: by, verb: 'advisories.confirm', object: `advisory ${id}` },
    detail: { advisory: row.content.id, version: row.version },
    readers: [COORDINATORS],
  })
}
