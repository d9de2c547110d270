import type { Queryable } from '../../../platform/database.ts'
import { goesOn } from '../written/clocks.ts'

/** Whether what a message of a climb or of a written warning's clock is about was settled, or somebody took it, while the message waited for its turn. */
export async function isSettled(db: Queryable, topic: string, now: number): Promise<boolean> {
  const [, climb] = /^oncall (\d+) /.exec(topic) ?? []
  if (climb === undefined) return isAnswered(db, topic)
  const { rowCount } = await db.query(
    `select 1 from oncall_climbs c where c.id = $1 and (c.state = 'taken' or oncall_over(c, to_timestamp($2 / 1000.0)) is not null
       or c.ended_why not in ('handed-up'))`,
    [climb, now],
  )
  return rowCount !== 0
}

async function isAnswered(db: Queryable, topic: string): Promise<boolean> {
  const [, warning, org, clock] = /^written (\d+) v\d+ org (\d+) (ladder|deadline) /.exec(topic) ?? []
  if (clock !== 'ladder' && clock !== 'deadline') return false
  const { rowCount } = await db.query(
    'select 1 from written_asked where warning_id = $1 and org_id = $2 and answer <> all ($3)',
    [warning, org, goesOn[clock]],
  )
  return rowCount !== 0
}
