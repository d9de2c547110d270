import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FrontDoor } from '../../../test/front-door.ts'
import { addHospital, tuesday } from '../../../test/harness.ts'
import { type MergingStage, openMergingStage } from '../../../test/merging-stage.ts'
import { openWarning } from '../../../test/warned.ts'
import { type Actor, asReader, organisationsOf, organisationsRead } from '../../platform/access.ts'
import { useKey } from '../../platform/api-keys.ts'
import { asEngine } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import { parseNet } from '../../values/address.ts'
import { recipientsOf } from '../channels/recipients.ts'
import { answer } from '../warnings/answers.ts'
import { countWarnings, listWarnings } from '../warnings/index.ts'
import { addKey } from './keys.ts'
import { removePerson } from './managing.ts'
import { count, get, list } from './members.ts'
import { organisationNamed } from './named.ts'
import { loadRegister } from './register.ts'

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

async function ownersOf(host: string, at: number): Promise<number[]> {
  const net = parseNet(host)
  const register = await loadRegister(door.db.engine)
  return net ? register.ownersOf(net, at).map(({ org }) => org) : []
}

describe('two hospitals that merge', () => {
  it('keep what was theirs; the networks go on under the new one, and come back', async () => {
    const { old, into, host, n } = await two()
    await merging(old, into, [], { at: tuesday })
    expect(await ownersOf(host, tuesday - 1)).toEqual([old.id])
    expect(await ownersOf(host, tuesday)).toEqual([into.id])
    const register = await loadRegister(door.db.engine)
    expect(register.ownersOfHost(`www.stara${n}.example`, tuesday)).toEqual([into.id])
    expect(register.ownersOfHost(`www.stara${n}.example`, tuesday - 1)).toEqual([old.id])
    expect(
      await one('select status, merged_into, present_id from organisations where id = $1', [old.id]),
    ).toEqual({
      status: 'left',
      merged_into: into.id,
      present_id: into.id,
    })
    await undoing(old, { at: tuesday + day })
    expect(await ownersOf(host, tuesday + day - 1)).toEqual([into.id])
    expect(await ownersOf(host, tuesday + day)).toEqual([old.id])
    expect(
      await one('select status, merged_into, present_id from organisations where id = $1', [old.id]),
    ).toEqual({
      status: 'participant',
      merged_into: null,
      present_id: null,
    })
    const moves = await door.db.engine.query(
      'select from_status, to_status, reason from organisation_moves where org_id = $1 order by id',
      [old.id],
    )
    expect(moves.rows).toEqual([
      { from_status: 'participant', to_status: 'left', reason: 'Sloučeny zřizovatelem' },
      { from_status: 'left', to_status: 'participant', reason: 'Omyl' },
    ])
  })

  it('gives back what the successor still holds, as it holds it now', async () => {
    const { old, into, host } = await two()
    await door.db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, recorded_at, role) select $1, net_from, net_to, text, recorded_at, 'provider' from networks
       where org_id = $2`,
      [into.id, old.id],
    )
    await door.db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, recorded_at) values ($1, '203.0.113.0', '203.0.113.7', '203.0.113.0/29', to_timestamp(0))`,
      [old.id],
    )
    await merging(old, into)
    expect(await ownersOf(host, tuesday)).toEqual([into.id])
    await door.db.engine.query(
      `update networks set closed_at = to_timestamp($2 / 1000.0), valid_to = to_timestamp($2 / 1000.0) where org_id = $1 and text = '203.0.113.0/29'
         and closed_at is null`,
      [into.id, tuesday + day],
    )
    await undoing(old, { at: tuesday + 2 * day })
    expect((await ownersOf(host, tuesday + 2 * day)).toSorted()).toEqual([old.id, into.id].toSorted())
    expect(await ownersOf('203.0.113.1', tuesday + 2 * day)).toEqual([])
  })

  it('lets people of the new one read and answer the old one’s open warning, until it is undone', async () => {
    const { n, old, into, jana, nela, ivo } = await two()
    const lipova = await addHospital(door.db, `Nemocnice Lipová ${n}`, [])
    const lev = await door.person(`Lev Lipový ${n}`, [['representative', lipova]])
    const { id } = await openWarning(door.db, { org: old })
    const other = await openWarning(door.db, { org: lipova })
    expect(await reads(await present(ivo), id)).toBe(false)
    await merging(old, into)
    const [janaNow, neleNow, ivoNow, levNow] = [
      await present(jana),
      await present(nela),
      await present(ivo),
      await present(lev),
    ]
    expect(organisationsOf(ivoNow).map((org) => org.id)).toEqual([into.id])
    expect(organisationsRead(ivoNow).toSorted()).toEqual([old.id, into.id].toSorted())
    expect([await reads(ivoNow, id), await reads(neleNow, id), await reads(vera, id)]).toEqual([
      true,
      true,
      true,
    ])
    // Nobody else gained anything, and the new one's people nothing of anybody else.
    expect([await reads(janaNow, id), await reads(levNow, id), await reads(ivoNow, other.id)]).toEqual([
      false,
      false,
      false,
    ])
    expect([organisationsRead(janaNow), organisationsRead(levNow)]).toEqual([[], [lipova.id]])
    const done = await answer(door.db, ivoNow, id, { answer: 'working', note: null, via: 'page' }, tuesday)
    expect(done).toMatchObject({ counted: true })
    const told = await asEngine(door.db, (tx) =>
      recipientsOf(tx, { org: old.id, to: 'security', severity: 3, now: tuesday }),
    )
    expect(told.people.map(({ person }) => person)).toEqual([ivo.person])
    await undoing(old)
    expect([await reads(await present(ivo), id), await reads(await present(jana), id)]).toEqual([false, true])
    await expect(
      answer(door.db, await present(ivo), id, { answer: 'done', note: null, via: 'page' }, tuesday),
    ).rejects.toThrow(NotFound)
  })

  it('are counted and found as one, and each count is the rows behind it', async () => {
    const { n, old, into, ivo } = await two()
    await openWarning(door.db, { org: old })
    await openWarning(door.db, { org: into })
    await merging(old, into)
    for (const who of [await present(ivo), vera]) {
      const [rows, total] = await asReader(door.db, who, tuesday, async (tx) => [
        await listWarnings(tx, { org: into.id, state: 'living' }, null),
        await countWarnings(tx, { org: into.id, state: 'living' }),
      ])
      expect([rows.map((row) => row.org).toSorted(), total]).toEqual([[old.id, into.id].toSorted(), 2])
    }
    const found = await asReader(door.db, vera, tuesday, async (tx) => ({
      rows: await list(tx, { q: `nemocnice stara ${n}` }),
      total: await count(tx, { q: `nemocnice stara ${n}` }),
      left: await list(tx, { q: `nemocnice stara ${n}`, status: 'left' }),
      named: await organisationNamed(tx, `NEMOCNICE  stará ${n}`),
    }))
    expect(found).toMatchObject({
      rows: [{ id: into.id, formerly: [`Nemocnice Stará ${n}`] }],
      total: 1,
      left: [{ id: old.id, mergedInto: { id: into.id, name: into.name } }],
      named: { id: into.id, name: into.name },
    })
    expect(await asReader(door.db, vera, tuesday, (tx) => get(tx, into.id))).toMatchObject({
      mergedInto: null,
      formerly: [{ id: old.id, name: old.name }],
    })
  })

  it('carry only the people chosen, and those removed meanwhile do not come back', async () => {
    const { old, into, jana, petr, nela, host } = await two()
    await merging(old, into, [jana.person, petr.person])
    expect((await present(petr)).engagements).toEqual(
      expect.arrayContaining([
        { org: into.id, orgName: into.name, role: 'admin' },
        { org: old.id, orgName: old.name, role: 'admin', through: into.id },
      ]),
    )
    await asEngine(door.db, async (tx) =>
      removePerson(tx, { org: into.id, person: petr.person }, await present(nela), tuesday + 1),
    )
    await undoing(old, { at: tuesday + 2 })
    expect(await ownersOf(host, tuesday + 2)).toEqual([old.id])
    door.now = tuesday + 3
    expect((await present(jana, tuesday + 3)).engagements).toEqual([
      { org: old.id, orgName: old.name, role: 'representative' },
    ])
    expect((await present(petr, tuesday + 3)).engagements).toEqual([])
    expect((await present(nela, tuesday + 3)).engagements).toEqual([
      { org: into.id, orgName: into.name, role: 'representative' },
    ])
  })

  it('rests the old one’s keys; the new one’s read both', async () => {
    const { old, into, jana, nela } = await two()
    const [oldKey, newKey] = await asEngine(door.db, async (tx) => {
      const wanted = { label: 'SIEM', scopes: ['warnings.read'], days: 90 }
      return [
        await addKey(tx, { ...wanted, org: old.id }, jana, tuesday),
        await addKey(tx, { ...wanted, org: into.id }, nela, tuesday),
      ]
    })
    const use = async (made: { key: string } | undefined) => {
      const asked = { scope: 'warnings.read', route: '/api/v1/warnings' } as const
      const used = await useKey(door.context, made?.key ?? '', asked, tuesday)
      return 'actor' in used
        ? await asReader(door.db, used.actor, tuesday, (tx) => countWarnings(tx, {}))
        : used.refused
    }
    const { id } = await openWarning(door.db, { org: old })
    await door.db.engine.query(
      `with w as (update warnings set readers = readers || (1000 + 4 * org_id + 1) where id = $1 returning id, org_id, opened_at)
       insert into warning_scopes (scope, opened_at, warning_id) select 1000 + 4 * org_id + 1, opened_at, id from w`,
      [id],
    )
    expect([await use(oldKey), await use(newKey)]).toEqual([1, 0])
    await merging(old, into)
    expect([await use(oldKey), await use(newKey)]).toEqual(['unknown', 1])
    await undoing(old)
    expect([await use(oldKey), await use(newKey)]).toEqual([1, 0])
  })
})
