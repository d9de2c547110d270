import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FrontDoor } from '../../../test/front-door.ts'
import { addHospital, tuesday } from '../../../test/harness.ts'
import { type MergingStage, openMergingStage } from '../../../test/merging-stage.ts'
import { openWarning } from '../../../test/warned.ts'
import { type Actor, asActor, organisationsRead } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { applyImport } from './apply-import.ts'
import { parseMembers } from './import/parse.ts'
import { undoableDays } from './merging.ts'
import { move } from './status.ts'

const day = 86_400_000
let stage: MergingStage
let door: FrontDoor
let vera: Actor
let two: MergingStage['two']
let merging: MergingStage['merging']
let undoing: MergingStage['undoing']
let present: MergingStage['present']
let reads: MergingStage['reads']
let one: MergingStage['one']

beforeAll(async () => {
  stage = await openMergingStage()
  ;({ door, vera, two, merging, undoing, present, reads, one } = stage)
})
afterAll(() => door.close())
beforeEach(() => door.forget())

describe('a merger', () => {
  it('is a coordinator’s, with a reason, between two that stand for themselves', async () => {
    const { n, old, into, jana, nela } = await two()
    const third = await addHospital(door.db, `Nemocnice Třetí ${n}`, [])
    for (const by of [jana, nela]) await expect(merging(old, into, [], { by })).rejects.toThrow(Forbidden)
    await expect(merging(old, into, [], { reason: ' ' })).rejects.toThrow(Invalid)
    await expect(merging(old, into, [], { reason: 'x'.repeat(1_001) })).rejects.toThrow(Invalid)
    await expect(merging(old, into, [nela.person])).rejects.toThrow(Invalid)
    await expect(merging(old, old)).rejects.toThrow(WrongState)
    await expect(merging(old, { id: 999_999, name: '' })).rejects.toThrow(NotFound)
    expect(await one('select count(*) as n from organisation_merges where org_id = $1', [old.id])).toEqual({
      n: 0,
    })
    await merging(old, into)
    await expect(merging(old, third)).rejects.toThrow('merged')
    await expect(merging(into, old)).rejects.toThrow('into-merged')
    await expect(merging(third, old)).rejects.toThrow('into-merged')
    await expect(
      asActor(door.db, vera, tuesday, (tx) =>
        move(tx, old.id, { to: 'participant', reason: 'x', rulesAccepted: true }, vera, tuesday),
      ),
    ).rejects.toThrow()
    const left = await addHospital(door.db, `Nemocnice Odešlá ${n}`, [])
    await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [left.id])
    await expect(merging(third, left)).rejects.toThrow('into-left')
    await merging(left, third)
    await undoing(left)
    expect(await one('select status from organisations where id = $1', [left.id])).toEqual({ status: 'left' })
  })

  it('of two at once, each into the other, is one', async () => {
    const { old, into } = await two()
    const both = await Promise.allSettled([merging(old, into), merging(into, old)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('can be undone for thirty days by a coordinator, the later one of a chain first', async () => {
    const { n, old, into, nela, ivo } = await two()
    const last = await addHospital(door.db, `Nemocnice Krajská ${n}`, [])
    const kara = await door.person(`Kára Krajská ${n}`, [['admin', last]])
    const { id } = await openWarning(door.db, { org: old })
    await merging(old, into)
    await merging(into, last, [], { at: tuesday + day })
    expect(organisationsRead(await present(kara)).toSorted()).toEqual([old.id, into.id, last.id].toSorted())
    expect(await reads(await present(kara), id)).toBe(true)
    await expect(undoing(old, { at: tuesday + day })).rejects.toThrow(WrongState)
    await expect(undoing(into, { by: nela })).rejects.toThrow(Forbidden)
    await expect(undoing(into, { reason: '' })).rejects.toThrow(Invalid)
    await expect(undoing(last)).rejects.toThrow(WrongState)
    await expect(undoing({ id: 999_999, name: '' })).rejects.toThrow(NotFound)
    await undoing(into, { at: tuesday + day + 1 })
    expect(organisationsRead(await present(kara))).toEqual([last.id])
    expect(organisationsRead(await present(ivo)).toSorted()).toEqual([old.id, into.id].toSorted())
    await expect(undoing(into, { at: tuesday + day + 2 })).rejects.toThrow(WrongState)
    await expect(undoing(old, { at: tuesday + undoableDays * day })).rejects.toThrow(WrongState)
    await undoing(old, { at: tuesday + undoableDays * day - 1 })
  })

  it('is no second chance for an import: a line with the old name waits for a person', async () => {
    const { old, into, n } = await two()
    await merging(old, into)
    const before = await one('select count(*) as n from networks where closed_at is null')
    const read = await parseMembers(
      Buffer.from(`name;prefixes\nNemocnice Stará ${n};192.0.2.0/24\n`),
      'members.csv',
    )
    const plan = await asEngine(door.db, (tx) => applyImport(tx, read.rows, vera, tuesday))
    expect([plan.changed, plan.unclear.map(({ ids }) => ids)]).toEqual([[], [[old.id, into.id]]])
    expect(await one('select count(*) as n from networks where closed_at is null')).toEqual(before)
  })

  it('cannot be made past the verb', async () => {
    const { old, into, nela } = await two()
    for (const who of [nela, vera])
      for (const sql of [
        `update organisations set merged_into = ${into.id}, present_id = ${into.id}, status = 'left' where id = ${old.id}`,
        `insert into organisation_merges (org_id, into_id, from_status, reason, person_id, actor, at)
         values (${old.id}, ${into.id}, 'x', 'x', ${who.person}, 'x', now())`,
      ])
        await expect(asActor(door.db, who, tuesday, (tx) => tx.query(sql))).rejects.toThrow(
          /permission denied/,
        )
  })
})
