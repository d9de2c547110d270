/** What goes out when a warning is published, changed or revoked: rows of the outbox, in the transaction of the deed. */
import type { Tx } from '../../../platform/database.ts'
import { COORDINATORS, type Involved, person, readersOfOrg } from '../../../values/scopes.ts'
import type { Reached } from './reach.ts'
import type { Version } from './types.ts'

/** What those who write warnings are told of each other's work. */
export type About = 'review' | 'reminder' | 'overdue' | 'returned' | 'published' | 'source'

interface Message {
  /** `talk`: among those who write, `about` says of what. */
  kind: 'new' | 'update' | 'ladder' | 'revoked' | 'talk'
  about?: About
  /** The program reminds by itself: `tx` is its own. */
  program?: true
  /** The same is never queued twice for one address. */
  topic: string
  warning: number
  version: Pick<Version, 'no' | 'severity' | 'tlp'>
  involved: Involved
  now: number
}

export type To = Pick<Reached, 'person' | 'org' | 'address' | 'as' | 'hold'>

/** Queues one message to each; answers how many rows were made. */
export async function tell(tx: Tx, message: Message, people: To[]): Promise<number> {
  const { version, involved, now } = message
  const inside = [involved.author, ...involved.coordinators].map(person)
  const rows = people.map((to) => ({
    person: to.person,
    org: to.org,
    address: to.address,
    detail: { as: to.as, version: version.no, ...(message.about && { about: message.about }) },
    hold: to.hold,
    // Of TLP:RED not even that somebody was written to is for others to know.
    readers:
      version.tlp === 'RED'
        ? [...inside, ...(to.person === null ? [] : [person(to.person)])]
        : [COORDINATORS, ...(to.org === null ? [] : [readersOfOrg(to.org)])],
  }))
  const { rows: made } = await tx.query<{ n: number }>(
    `select ${message.program ? 'queue_written_rows' : 'queue_written'}($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6::jsonb) as n`,
    [message.kind, message.topic, message.warning, version.severity, now, JSON.stringify(rows)],
  )
  await tx.query(`select announce('outbox', '')`)
  return made[0]?.n ?? 0
}

/** Keeps back what has not gone out; answers how many. */
export async function stop(tx: Tx, warning: number, why: 'revoked' | 'superseded'): Promise<number> {
  const { rows } = await tx.query<{ n: number }>('select stop_written($1, $2) as n', [warning, why])
  return rows[0]?.n ?? 0
}

/** Whoever has it by now. */
export async function toldOf(tx: Tx, warning: number): Promise<To[]> {
  const { rows } = await tx.query<Omit<To, 'hold'> & Record<string, unknown>>(
    'select person_id as person, org_id as org, address, "as" from told_of_written($1)',
    [warning],
  )
  return rows.map((row) => ({ ...row, hold: null }))
}
