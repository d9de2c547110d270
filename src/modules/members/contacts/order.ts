/** Which contact of a purpose is tried first. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { NotFound, WrongState } from '../../../platform/errors.ts'
import { requireKeeper, seenBy } from './may.ts'
import { pointFor } from './points.ts'
import { note } from './trail.ts'
import type { Purpose, Which } from './words.ts'

/** Tries a contact earlier or later for one purpose: it changes places with its neighbour. */
export async function movePoint(
  tx: Tx,
  { org, point, purpose, up }: Which & { purpose: Purpose; up: boolean },
  by: Actor,
  now: number,
): Promise<void> {
  await requireKeeper(tx, by, org, now)
  await pointFor(tx, { org, point }, by)
  const { rows } = await tx.query<{ id: number; point: number }>(
    `select id, point_id as point from contact_entries where org_id = $1 and purpose = $2 and ended_at is null and readers && $3 order by place, id for update`,
    [org, purpose, seenBy(by)],
  )
  const at = rows.findIndex((row) => row.point === point)
  const [one, other] = [rows[at], rows[at + (up ? -1 : 1)]]
  if (!one) throw new NotFound('The contact is not for this purpose')
  if (!other) throw new WrongState('The contact stands at the end already')
  const order = rows.map(({ id }) => (id === one.id ? other.id : id === other.id ? one.id : id))
  await tx.query(
    `update contact_entries e set place = o.place from unnest($1::int[]) with ordinality as o(id, place) where e.id = o.id`,
    [order],
  )
  await note(tx, 'order-contacts', { org, point }, { purpose, up }, by, now)
}
