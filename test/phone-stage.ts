/** A hospital whose duty has a proved number and wants text messages, and a warning of that hospital. */

import { queue } from '../src/modules/channels/queue.ts'
import type { Actor } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'

export interface PhoneStage {
  db: TestDatabase
  lipova: Hospital
  jana: Actor
  warning: number
  number: string
  /** Queues a warning at a moment; each has a topic of its own. */
  say(now: number, more?: object): Promise<number>
  /** Another person of the hospital's duty with a number and the same wish. */
  add(name: string, number: string): Promise<Actor>
  /** The text messages in the log. */
  log(): Promise<{ address: string; state: string; reason: string | null; attempts: number }[]>
}

export async function phoneStage(): Promise<PhoneStage> {
  const db = await createDatabase()
  const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24'])
  let topics = 0
  const add = async (name: string, number: string): Promise<Actor> => {
    const person = await addPerson(db, name, [['duty', lipova]])
    await db.engine.query(
      `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       values ($1, $2, $3, 'sms', $4, array[2, $5::int], $6, $6, $6, 'sms')`,
      [lipova.id, person.person, name, number, 1000 + 4 * lipova.id, new Date(tuesday)],
    )
    await db.engine.query(
      `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'sms', 3, $2)`,
      [person.person, new Date(tuesday)],
    )
    return person
  }
  const jana = await add('Jana Lipová', '+420555000001')
  const { rows } = await db.engine.query<{ id: number; number: string }>(
    `insert into warnings (number, org_id, rule, rule_version, topic, severity, title, explanation, opened_at, first_at, last_at, readers, changed_at)
     values ('HSOC-D-2026-000123', $1, 'W1', 1, 'x', 4, '{}', '{}', $2, $2, $2, array[2, $3::int], $2) returning id, number`,
    [lipova.id, new Date(tuesday), 1000 + 4 * lipova.id],
  )
  const warning = rows[0]?.id ?? 0
  return {
    db,
    lipova,
    jana,
    warning,
    number: rows[0]?.number ?? '',
    add,
    say: (now, more = {}) =>
      asEngine(db, (tx) =>
        queue(tx, {
          kind: 'new',
          topic: `t${++topics}`,
          warning,
          org: lipova.id,
          severity: 4,
          to: 'security',
          now,
          ...more,
        }),
      ),
    log: async () =>
      (
        await db.engine.query<{ address: string; state: string; reason: string | null; attempts: number }>(
          `select address, state, reason, attempts from deliveries where channel = 'sms' order by id`,
        )
      ).rows,
  }
}
