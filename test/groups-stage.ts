/** A sector with two hospitals that take part, one that was only spoken to, and the groups that every installation begins with. */

import { removePerson } from '../src/modules/members/managing.ts'
import { move } from '../src/modules/members/status.ts'
import { type Actor, asActor } from '../src/platform/access.ts'
import { asEngine, type Tx } from '../src/platform/database.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'

export interface GroupStage {
  db: TestDatabase
  /** What is taken for now. */
  now: number
  lipova: Hospital
  habrova: Hospital
  /** Spoken to, takes no part. */
  dubova: Hospital
  people: Record<'karel' | 'jana' | 'dana' | 'hana' | 'marek' | 'petr' | 'zita', Actor>
  /** Does something as somebody, in a transaction of its own. */
  as<T>(who: Actor, work: (tx: Tx) => Promise<T>): Promise<T>
  leavesOrganisation(who: Actor, org: Hospital): Promise<void>
  organisationLeaves(org: Hospital): Promise<void>
}

export async function openGroupStage(): Promise<GroupStage> {
  const db = await createDatabase()
  const [lipova, habrova, dubova] = [
    await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/26']),
    await addHospital(db, 'Nemocnice Habrová', ['192.0.2.64/26']),
    await addHospital(db, 'Nemocnice Dubová', ['192.0.2.128/26']),
  ]
  await db.engine.query('update organisations set rules_accepted_at = created_at where id = any ($1)', [
    [lipova.id, habrova.id],
  ])
  await db.engine.query(`update organisations set status = 'prospect' where id = $1`, [dubova.id])
  const people = {
    karel: await addPerson(db, 'Karel Koordinátor', [['coordinator', null]]),
    jana: await addPerson(db, 'Jana Správná', [['admin', lipova]]),
    dana: await addPerson(db, 'Dana Pohotová', [['duty', lipova]]),
    hana: await addPerson(db, 'Hana Bezpečná', [
      ['security_manager', habrova],
      ['representative', lipova],
    ]),
    marek: await addPerson(db, 'Marek Ředitel', [['manager', habrova]]),
    petr: await addPerson(db, 'Petr Síťový', [['admin', dubova]]),
    zita: await addPerson(db, 'Zita Nezařazená', []),
  }
  const stage: GroupStage = {
    db,
    now: tuesday,
    lipova,
    habrova,
    dubova,
    people,
    as: (who, work) => asActor(db, who, stage.now, work),
    leavesOrganisation: async (who, org) => {
      await asEngine(db, (tx) =>
        removePerson(tx, { org: org.id, person: who.person }, people.karel, stage.now),
      )
    },
    organisationLeaves: (org) =>
      asActor(db, people.karel, stage.now, (tx) =>
        move(tx, org.id, { to: 'left', reason: 'Odešla.', rulesAccepted: false }, people.karel, stage.now),
      ),
  }
  return stage
}
