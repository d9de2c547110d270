/** A sector with two hospitals that take part, one that was only spoken to, and the groups that every installation begins with. */

import { groupAt } from '../src/modules/groups/groups.ts'
import { decide, join } from '../src/modules/groups/joining.ts'
import { requests, roster } from '../src/modules/groups/roster.ts'
import { type Standing, standings } from '../src/modules/groups/standing.ts'
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
  /** Makes somebody an administrator there, a second later. */
  returns(who: Actor, org: Hospital): Promise<void>
  /** "Name, Organisation" of those whom somebody sees in a group; the coordinator when nobody is said. */
  seen(slug: string, who?: Actor): Promise<string[]>
  asks(who: Actor, org: Hospital, slug?: string): Promise<'asked' | 'taken'>
  /** The request that waits for longest; 0 when none does. */
  waits(slug?: string): Promise<number>
  /** Lets in whoever waits for longest. */
  admits(by?: Actor, slug?: string): Promise<void>
  standingOf(who: Actor, slug: string): Promise<Standing | undefined>
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
    returns: async (who, org) => {
      await db.engine.query(
        `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'admin', $3)`,
        [who.person, org.id, new Date(stage.now + 1_000)],
      )
      stage.now += 2_000
    },
    seen: (slug, who = people.karel) =>
      stage.as(who, async (tx) => {
        const { rows } = await roster(tx, (await groupAt(tx, slug)).id, {})
        return rows.map(({ name, orgName }) => `${name}, ${orgName}`)
      }),
    asks: (who, org, slug = 'hsoc-tech') =>
      stage.as(who, (tx) => join(tx, { slug, org: org.id, reason: 'Starám se o síť.' }, who, stage.now)),
    waits: (slug = 'hsoc-tech') =>
      stage.as(people.karel, async (tx) => (await requests(tx, (await groupAt(tx, slug)).id))[0]?.id ?? 0),
    admits: async (by = people.karel, slug = 'hsoc-tech') => {
      const seat = await stage.waits(slug)
      await stage.as(by, (tx) => decide(tx, { slug, seat, accept: true, reason: '' }, by, stage.now))
    },
    standingOf: (who, slug) =>
      stage.as(who, async (tx) => {
        const { id } = await groupAt(tx, slug)
        return (await standings(tx, id)).get(id)
      }),
  }
  return stage
}
