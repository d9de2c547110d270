/** What a person wants besides mail: by which way, from which severity on, and when not to be woken for less. */
import { DateTime } from 'luxon'
import { z } from 'zod'
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Queryable, Tx } from '../../../platform/database.ts'
import { homeZone } from '../../../platform/dates.ts'
import { COORDINATORS, person as personScope } from '../../../values/scopes.ts'

export const chosenWays = ['sms', 'push'] as const
export type ChosenWay = (typeof chosenWays)[number]

export interface Choice {
  /** Severity, 1 low to 4 critical. */
  least: number
  /** Hours by the clock on the wall, or null. */
  quietFrom: number | null
  quietTo: number | null
}

const high = 3
const hour = z.union([z.literal(''), z.string().regex(/^(?:\d|1\d|2[0-3])$/)]).default('')

export const choiceForm = z.object({
  least: z.enum(['', '1', '2', '3', '4']),
  quiet_from: hour,
  quiet_to: hour,
})

/** What the form wants; null: nothing by this way. A single hour is no time of quiet. */
export function choiceIn(form: z.infer<typeof choiceForm>): Choice | null {
  if (form.least === '') return null
  const isQuiet = form.quiet_from !== '' && form.quiet_to !== '' && form.quiet_from !== form.quiet_to
  return {
    least: Number(form.least),
    quietFrom: isQuiet ? Number(form.quiet_from) : null,
    quietTo: isQuiet ? Number(form.quiet_to) : null,
  }
}

/** What the actor of the transaction chose; null where nothing. */
export async function ownChoice(tx: Queryable, way: ChosenWay): Promise<Choice | null> {
  const { rows } = await tx.query<Choice & Record<string, unknown>>(
    `select least, quiet_from as "quietFrom", quiet_to as "quietTo" from channel_choices where channel = $1 and person_id = actor_person()`,
    [way],
  )
  return rows[0] ?? null
}

/** The actor's verified numbers, as they stand in contact books. */
export async function ownNumbers(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ value: string }>(
    `select distinct value from contact_points where channel = 'sms' and person_id = actor_person() and ended_at is null
       and verified_at is not null order by value`,
  )
  return rows.map(({ value }) => value)
}

/** Sets what the actor wants by a way; null takes it back. */
export async function choose(
  tx: Tx,
  way: ChosenWay,
  choice: Choice | null,
  by: Actor,
  now: number,
): Promise<void> {
  if (choice === null)
    await tx.query('delete from channel_choices where channel = $1 and person_id = $2', [way, by.person])
  else
    await tx.query(
      `insert into channel_choices (person_id, channel, least, quiet_from, quiet_to, changed_at) values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0))
       on conflict (person_id, channel) do update set least = $3, quiet_from = $4, quiet_to = $5, changed_at = excluded.changed_at`,
      [by.person, way, choice.least, choice.quietFrom, choice.quietTo, now],
    )
  await record(tx, {
    at: now,
    actor: by,
    verb: 'channels.choose-way',
    object: `person ${by.person}`,
    detail: { channel: way, least: choice?.least ?? null },
    readers: [COORDINATORS, personScope(by.person)],
  })
}

/** When a message of this severity may go out: at once, or after the quiet hours. High and critical go at once, always. */
export function afterQuiet(
  { quietFrom, quietTo }: Pick<Choice, 'quietFrom' | 'quietTo'>,
  severity: number,
  now: number,
  zone = homeZone,
): number {
  if (severity >= high || quietFrom === null || quietTo === null) return now
  const local = DateTime.fromMillis(now, { zone })
  const isQuiet =
    quietFrom < quietTo
      ? local.hour >= quietFrom && local.hour < quietTo
      : local.hour >= quietFrom || local.hour < quietTo
  if (!isQuiet) return now
  const end = local.set({ hour: quietTo, minute: 0, second: 0, millisecond: 0 })
  return (end > local ? end : end.plus({ days: 1 }).set({ hour: quietTo })).toMillis()
}
