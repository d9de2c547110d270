/** Beside the mail: a short message to who chose it and has a number that is proved to be theirs. */
import type { Tx } from '../../../platform/database.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import type { Notice } from '../notice.ts'
import type { Recipient } from '../recipients.ts'
import type { ChosenWay } from './choices.ts'

/** Who reads the record of a message: the organisation whose limit it counts against, or the coordinators alone; of a match nobody but the organisation. */
export const readersOf = ({ match }: Pick<Notice, 'match'>, unit: number): number[] => [
  ...(match === undefined ? [COORDINATORS] : []),
  ...(unit === 0 ? [] : [readersOfOrg(unit)]),
]

/** What the row of a message keeps beside its columns. */
export const detailOf = (notice: Pick<Notice, 'written' | 'about'>, to: Pick<Recipient, 'as'>): object => ({
  as: to.as,
  ...(notice.written && { version: notice.written.version }),
  ...(notice.about && { about: notice.about }),
})

interface Chosen {
  channel: ChosenWay
  address: string
}

/** Queues what the person wants besides the mail, by the ways `by` where given; answers how many messages were decided. */
export async function queueShort(
  tx: Tx,
  notice: Omit<Notice, 'to'>,
  unit: number,
  to: Recipient,
  by?: readonly string[],
): Promise<number> {
  if (to.person === null) return 0
  let decided = 0
  for (const chosen of await chosenBy(tx, to.person, notice.severity)) {
    if (by && !by.includes(chosen.channel)) continue
    const { rowCount } = await tx.query(
      `insert into deliveries (channel, kind, topic, person_id, org_id, address, warning_id, written_id, severity, detail, decided_at, due_at, readers, unit, match_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11 / 1000.0), to_timestamp($11 / 1000.0), $12, $13, $14)
       on conflict (topic, address) do nothing`,
      [
        chosen.channel,
        notice.kind,
        notice.topic,
        to.person,
        notice.org,
        chosen.address,
        notice.warning,
        notice.written?.id ?? null,
        notice.severity,
        detailOf(notice, to),
        notice.now,
        readersOf(notice, unit),
        unit,
        notice.match ?? null,
      ],
    )
    decided += rowCount ?? 0
  }
  return decided
}

async function chosenBy(tx: Tx, person: number, severity: number): Promise<Chosen[]> {
  const { rows } = await tx.query<Chosen & Record<string, unknown>>(
    `select c.channel, a.address
     from channel_choices c join short_addresses($1) a on a.channel = c.channel where c.person_id = $1 and c.least <= $2`,
    [person, severity],
  )
  return rows
}
