import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ErasureStage, openErasure } from '../../../test/erasure-stage.ts'
import { tuesday } from '../../../test/harness.ts'
import { leaveTraces } from '../../../test/traces.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { endEngagement } from '../members/people.ts'
import { erase } from './erase.ts'
import { exportOf } from './export.ts'

const day = 86_400_000
let stage: ErasureStage
let db: ErasureStage['db']
let owner: ErasureStage['owner']
let lipova: ErasureStage['lipova']
let hana: Actor

beforeAll(async () => {
  stage = await openErasure()
  ;({ db, owner, lipova, hana } = stage)
}, 60_000)
afterAll(() => stage.close())

describe('the export of a person', () => {
  it('holds what is theirs of every table, no secret, and no row of anybody else', async () => {
    const eva = await leaveTraces(db, owner, 'Eva Vzorová', { lipova, hana })
    const other = await leaveTraces(db, owner, 'Ivo Jiný', { lipova, hana })
    const data = await exportOf(db, eva.person, eva, tuesday)
    const tables = new Set(data.parts.map(({ table }) => table))
    for (const table of [
      'people',
      'engagements',
      'sessions',
      'deliveries',
      'answers',
      'audit',
      'trail_reads',
      'signature_contacts',
    ])
      expect([table, tables.has(table)]).toEqual([table, true])
    const text = JSON.stringify(data)
    expect(text).toContain(eva.email)
    expect(text).toContain('Nemocnice Lipová')
    for (const foreign of [other.email, other.name, 'password_hash', 'argon2', 'token_hash', 'sealed'])
      expect([foreign, text.includes(foreign)]).toEqual([foreign, false])
    const { rows } = await db.engine.query(
      `select person_id from audit where verb = 'privacy.export' and object = $1`,
      [`person ${eva.person}`],
    )
    expect(rows).toEqual([{ person_id: eva.person }])
    const others = JSON.stringify(await exportOf(db, hana.person, hana, tuesday))
    expect(others).toContain('members.add-person')
    for (const foreign of [eva.email, eva.name, other.email]) expect(others).not.toContain(foreign)
    await expect(exportOf(db, 999_999, hana, tuesday)).rejects.toThrow('no such person')
  })

  it('of somebody erased holds a number and what it did', async () => {
    const rosa = await leaveTraces(db, owner, 'Rosa Odešlá', { lipova, hana })
    await asEngine(db, (tx) =>
      endEngagement(tx, { person: rosa.person, org: lipova.id, role: 'admin' }, hana, tuesday),
    )
    await erase(db, rosa.person, hana, tuesday + day)
    const text = JSON.stringify(await exportOf(db, rosa.person, hana, tuesday + day))
    for (const gone of [rosa.email, rosa.name]) expect(text).not.toContain(gone)
    expect(text).toContain('hotovo')
  })
})
