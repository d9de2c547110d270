/** How quickly the sector answers what people wrote, month by month; as a coordinator in the transaction. */
import type { Queryable } from '../../../platform/database.ts'

export interface Month {
  /** `2026-03` by the clock of the installation. */
  month: string
  warnings: number
  /** Organisations asked, over all warnings, again by each version that asked anew; those that left the audience do not count. */
  asked: number
  answered: number
  done: number
  /** Minutes from being asked; null without any. */
  meanToAnswer: number | null
  medianToAnswer: number | null
  meanToDone: number | null
}

/** The months in which somebody was asked, the newest first; a warning counts in the month of asking. */
export async function months(tx: Queryable, zone: string, now: number, most = 12): Promise<Month[]> {
  const { rows } = await tx.query<Month & Record<string, unknown>>(
    `select to_char(asked_at at time zone $1, 'YYYY-MM') as month, count(distinct warning_id)::int as warnings, count(*)::int as asked,
       count(first_answer_at)::int as answered, count(done_at)::int as done,
       avg(extract(epoch from first_answer_at - asked_at) / 60)::float8 as "meanToAnswer",
       percentile_cont(0.5) within group (order by extract(epoch from first_answer_at - asked_at) / 60)::float8 as "medianToAnswer",
       avg(extract(epoch from done_at - asked_at) / 60)::float8 as "meanToDone"
     from (
       select warning_id, asked_at, first_answer_at, done_at from written_asked where asked and out_at is null
       union all
       select a.warning_id, r.asked_at, r.first_answer_at, r.done_at from written_asked a
         cross join lateral jsonb_to_recordset(a.rounds) as r (asked_at timestamptz, first_answer_at timestamptz, done_at timestamptz)) rounds
     where asked_at > to_timestamp($2 / 1000.0) - make_interval(months => $3)
     group by 1 order by 1 desc limit $3`,
    [zone, now, most],
  )
  return rows
}
