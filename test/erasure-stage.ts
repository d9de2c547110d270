/** A hospital, its coordinator, and the database as its owner reads it: what tests of erasing and of exports begin with. */
import pg from 'pg'
import type { Actor } from '../src/platform/access.ts'
import { addHospital, addPerson, createDatabase, type Hospital, type TestDatabase } from './harness.ts'

export interface ErasureStage {
  db: TestDatabase
  /** Past all policies. */
  owner: pg.Client
  lipova: Hospital
  hana: Actor
  close(): Promise<void>
}

export async function openErasure(): Promise<ErasureStage> {
  const db = await createDatabase()
  const owner = new pg.Client({ connectionString: db.url })
  await owner.connect()
  return {
    ...{ db, owner },
    lipova: await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25']),
    hana: await addPerson(db, 'Hana Dubová', [['coordinator', null]]),
    close: async () => {
      await owner.end()
      await db.drop()
    },
  }
}
