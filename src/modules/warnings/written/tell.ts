/** What goes out when a warning is published, changed or revoked: rows of the outbox, in the transaction of the deed. */
import type { Tx } from '../../../platform/database.ts'
import { COORDINATORS, type Involved, person, readersOfOrg } from '../../../values/scopes.ts'
import type { Reached } from './reach.ts'
import type { Version } from './types.ts'

/** What those who write warnings are told of each other's work. */
export type About = 'review' | 'reminder' | 'overdue' | 'returned' | 'published' | 'source' | 'expired'

interface Message {
  /** `talk`: among those who write, `about` says of what; of a `ladder`, that the day by which to act is near or past. */
  kind: 'new' | 'update' | 'ladder' | 'revoked' | 'talk'
  about?: About | 'deadline'
  /** The program reminds by itself: `tx` is its own. */
  program?: true
  /** It says what an organisation runs: its row is for that organisation alone. */
  own?: true
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
  const { version, now } = message
  const rows = people.map((to) => ({
    person: to.person,
    org: to.org,
    address: to.address,
    detail: { as: to.as, version: version.no, ...(message.about && { about: message.about }) },
    hold: to.hold,
    readers: readersOf(message, to),
  }))
  const { rows: made } = await tx.query<{ n: number }>(
    `select ${message.program ? 'queue_written_rows' : 'queue_written'}($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6::jsonb) as n`,
    [message.kind, message.topic, message.warning, version.severity, now, JSON.stringify(rows)],
  )
  await tx.query(`select announce('outbox', '')`)
  return made[0]?.n ?? 0
}

/** Of TLP:RED not even that somebody was written to is for others to know. */
function readersOf({ version, involved, own }: Message, to: Pick<To, 'person' | 'org'>): number[] {
  return version.tlp === 'RED'
    ? [
        ...(own ? [] : [involved.author, ...involved.coordinators].map(person)),
        ...(to.person === null ? [] : [person(to.person)]),
      ]
    : [...(own ? [] : [COORDINATORS]), ...(to.org === null ? [] : [readersOfOrg(to.org)])]
}

/** A text message, push message or webhook that went out. */
export interface Short {
  channel: string
  person: number | null
  org: number | null
  address: string
  severity: number
  /** `version` is what was told of. */
  detail: Record<string, unknown>
}

/** Whoever has been told by a way beside the mail, the latest word to each; their mail may wait still. */
export async function toldShort(tx: Tx, warning: number): Promise<Short[]> {
  const { rows } = await tx.query<Short & Record<string, unknown>>(
    'select channel, person_id as person, org_id as org, address, severity, detail from told_short_of_written($1)',
    [warning],
  )
  return rows
}

/** One word more to each by the way by which the last one came, whatever was chosen since; what `tell` queued there already stays the only one. */
export async function tellShort(tx: Tx, message: Message, to: Short[]): Promise<void> {
  if (to.length === 0) return
  const { kind, topic, warning, version, now } = message
  const rows = to.map((one) =>
    // Of what is gone they are told with the version that they have.
    kind === 'revoked'
      ? { ...one, readers: readersOf(message, one) }
      : {
          ...one,
          severity: version.severity,
          detail: { ...one.detail, version: version.no },
          readers: readersOf(message, one),
        },
  )
  await tx.query(`select queue_short_written($1, $2, $3, to_timestamp($4 / 1000.0), $5::jsonb)`, [
    kind,
    topic,
    warning,
    now,
    JSON.stringify(rows),
  ])
  await tx.query(`select announce('outbox', '')`)
}

/** Keeps back what has not gone out; answers how many. */
export async function stop(tx: Tx, warning: number, why: 'revoked' | 'superseded'): Promise<number> {
  const { rows } = await tx.query<{ n: number }>('select stop_written($1, $2) as n', [warning, why])
  return rows[0]?.n ?? 0
}

/** Whoever has it by mail, and was not told that it is gone. */
export async function toldOf(tx: Tx, warning: number): Promise<To[]> {
  const { rows } = await tx.query<Omit<To, 'hold'> & Record<string, unknown>>(
    'select person_id as person, org_id as org, address, "as" from told_of_written($1)',
    [warning],
  )
  return rows.map((row) => ({ ...row, hold: null }))
}
