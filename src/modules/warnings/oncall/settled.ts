import type { Queryable } from '../../../platform/database.ts'

/** Whether what a message of a climb is about was settled, or somebody took it, while the message waited for its turn. */
export async function isSettled(db: Queryable, topic: string, now: number): Promise<boolean> {
  const [, climb] = /^oncall (\d+) /.exec(topic) ?? []
  if (climb === undefined) return false
  const { rowCount } = await db.query(
    `select 1 from oncall_climbs c where c.id = $1 and (c.state = 'taken' or oncall_over(c, to_timestamp($2 / 1000.0)) is not null
       or c.ended_why not in ('handed-up'))`,
    [climb, now],
  )
  return rowCount !== 0
}
