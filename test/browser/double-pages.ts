/** Accounts entered twice: a pair that is proposed, one that waits for a second coordinator, one merged and one taken back. */
import { mergePeople, takeBack } from '../../src/modules/members/doubles/merging.ts'
import type { Actor } from '../../src/platform/access.ts'
import { asEngine } from '../../src/platform/database.ts'
import { addPerson } from '../harness.ts'
import { evening, type Stage } from './stage.ts'

/** The paths of their pages. */
export async function doublePages(stage: Stage): Promise<string[]> {
  const { db, people } = stage
  const hospital = stage.hospitals[0] ?? null
  const pair = async (name: string, role: 'admin' | 'representative'): Promise<[Actor, Actor]> => [
    await addPerson(db, `${name} mladší`, [[role, hospital]]),
    await addPerson(db, `${name} starší`, [['duty', hospital]]),
  ]
  const merge = ([person, into]: [Actor, Actor]) =>
    asEngine(db, (tx) =>
      mergePeople(
        tx,
        { person: person.person, into: into.person, reason: 'Volala z čísla v knize kontaktů.' },
        people.coordinator,
        evening,
      ),
    )
  const [proposed, waits, merged, parted] = [
    await pair('Alena Zdvojená', 'admin'),
    await pair('Běla Zdvojená', 'representative'),
    await pair('Cyril Zdvojený', 'admin'),
    await pair('Dana Zdvojená', 'admin'),
  ]
  await db.engine.query(`update people set name = 'Alena Zdvojená' where id = any ($1)`, [
    proposed.map(({ person }) => person),
  ])
  await merge(waits)
  await merge(merged)
  const { id } = await merge(parted)
  await asEngine(db, (tx) =>
    takeBack(tx, { merge: id, reason: 'Byly to dvě kolegyně.' }, people.coordinator, evening),
  )
  const look = ([person, into]: [Actor, Actor]) =>
    `/people/doubles/merger?person=${person.person}&into=${into.person}`
  return ['/people/doubles', look(proposed), look(waits)]
}
