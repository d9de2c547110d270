import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GroupStage, openGroupStage } from '../../../test/groups-stage.ts'
import type { Actor } from '../../platform/access.ts'
import { Forbidden, type Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { gaps, seatedCount, seatedOrganisations, uncovered } from './coverage.ts'
import { changeGroup, closeGroup, createGroup, groupAt, type WantedGroup } from './groups.ts'
import { invite } from './invitations.ts'
import { choose, decide, leave } from './joining.ts'
import { appoint, dismiss, removeSeat } from './moderating.ts'

let stage: GroupStage
beforeEach(async () => {
  stage = await openGroupStage()
})
afterEach(() => stage.db.drop())

describe('moderators', () => {
  const slug = 'hsoc-tech'
  const does = (by: Actor, verb: typeof appoint, whom: Actor) =>
    stage.as(by, (tx) => verb(tx, { slug, person: whom.person }, by, stage.now))
  beforeEach(async () => {
    const { jana, dana, hana, karel } = stage.people
    for (const [who, org] of [
      [jana, stage.lipova],
      [dana, stage.lipova],
      [hana, stage.habrova],
    ] as const) {
      await stage.asks(who, org)
      await stage.admits()
    }
    await does(karel, appoint, jana)
  })

  it('decide, invite and appoint others; who does not sit there leads nothing', async () => {
    const { jana, dana, petr, marek } = stage.people
    await stage.asks(petr, stage.dubova)
    await stage.admits(jana)
    await does(jana, appoint, dana)
    await expect(does(jana, appoint, dana)).rejects.toThrow(WrongState)
    await expect(does(jana, appoint, marek)).rejects.toThrow(NotFound)
    await expect(does(stage.people.hana, appoint, petr)).rejects.toThrow(Forbidden)
  })

  it('who dismiss each other at once leave one of them', async () => {
    const { jana, dana } = stage.people
    await does(jana, appoint, dana)
    const both = await Promise.allSettled([does(jana, dismiss, dana), does(dana, dismiss, jana)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await stage.standingOf(jana, slug))?.leads !== (await stage.standingOf(dana, slug))?.leads).toBe(
      true,
    )
  })

  it('do not vanish: the last one stays until there is another, unless a coordinator decides', async () => {
    const { jana, dana, karel } = stage.people
    const goes = () => stage.as(jana, (tx) => leave(tx, { slug, org: stage.lipova.id }, jana, stage.now))
    await expect(does(jana, dismiss, jana)).rejects.toThrow(WrongState)
    await expect(goes()).rejects.toThrow(WrongState)
    await expect(
      stage.as(jana, (tx) => removeSeat(tx, { slug, person: jana.person, reason: 'x' }, jana, stage.now)),
    ).rejects.toThrow(WrongState)
    await does(jana, appoint, dana)
    await goes()
    expect((await stage.standingOf(jana, slug))?.leads).toBe(false)
    await does(karel, dismiss, dana)
    expect((await stage.standingOf(dana, slug))?.leads).toBe(false)
  })

  it('lead no more when they stop acting for the organisation, and not again when they return', async () => {
    const { jana } = stage.people
    await stage.leavesOrganisation(jana, stage.lipova)
    expect((await stage.standingOf(jana, slug))?.leads).toBe(false)
    await stage.returns(jana, stage.lipova)
    await stage.asks(jana, stage.lipova)
    await stage.admits()
    expect((await stage.standingOf(jana, slug))?.leads).toBe(false)
  })
})

describe('whom a group lacks', () => {
  it('is every organisation of its kinds that takes part and has nobody who wants messages there', async () => {
    const { karel, dana } = stage.people
    const missing = async () =>
      stage.as(karel, async (tx) =>
        (await uncovered(tx, (await groupAt(tx, 'hsoc-emergency')).id)).map(({ name, silent }) => [
          name,
          silent,
        ]),
      )
    expect(await missing()).toEqual([])
    await stage.db.engine.query(`update organisations set status = 'participant' where id = $1`, [
      stage.dubova.id,
    ])
    await stage.as(dana, (tx) => choose(tx, { slug: 'hsoc-emergency', delivery: 'none' }, dana, stage.now))
    expect(await missing()).toEqual([
      ['Nemocnice Dubová', false],
      ['Nemocnice Lipová', true],
    ])
    expect([...(await stage.as(karel, gaps)).values()]).toEqual([{ missing: 2, all: 3 }])
  })

  it('and who sits where is counted from the seats, by organisation', async () => {
    const rows = await stage.as(stage.people.karel, (tx) => seatedOrganisations(tx, { limit: 10 }))
    expect(rows.map(({ name, seats }) => [name, seats])).toEqual([
      ['Nemocnice Habrová', { 2: 1 }],
      ['Nemocnice Lipová', { 2: 1 }],
    ])
    // Others count their own organisation's seats at most.
    expect(await stage.as(stage.people.jana, seatedCount)).toBe(1)
    expect(await stage.as(stage.people.petr, seatedCount)).toBe(0)
  })
})

const wanted: WantedGroup = {
  slug: 'hsoc-lab',
  name: 'hSOC-Lab',
  purposeCs: 'Zkušebna',
  purposeEn: '',
  joining: 'open',
  roles: ['admin'],
  kinds: [],
  tlpMax: 'GREEN',
  public: false,
}

describe('a group of its own', () => {
  const makes = (by: Actor, more: Partial<WantedGroup> = {}) =>
    stage.as(by, (tx) => createGroup(tx, { ...wanted, ...more }, by, stage.now))

  it('is made, changed and closed by coordinators; nobody else knows of it unless it is public', async () => {
    const { karel, jana } = stage.people
    await expect(makes(jana)).rejects.toThrow()
    await makes(karel)
    await expect(stage.as(jana, (tx) => groupAt(tx, 'hsoc-lab'))).rejects.toThrow(NotFound)
    await expect(stage.asks(jana, stage.lipova, 'hsoc-lab')).rejects.toThrow(NotFound)
    await stage.as(karel, (tx) => changeGroup(tx, 'hsoc-lab', { ...wanted, public: true }, karel, stage.now))
    expect(await stage.asks(jana, stage.lipova, 'hsoc-lab')).toBe('taken')
    await expect(
      stage
        .as(jana, (tx) => changeGroup(tx, 'hsoc-lab', wanted, jana, stage.now))
        .then(() => stage.as(jana, (tx) => groupAt(tx, 'hsoc-lab'))),
    ).resolves.toMatchObject({ public: true })
    const { rows } = await stage.db.engine.query<{ detail: object }>(
      `select detail from audit where verb = 'groups.change' and object = 'group hsoc-lab' order by id limit 1`,
    )
    expect(rows[0]?.detail).toMatchObject({ before: { public: false }, after: { public: true } })
  })

  it('is refused with what is wrong', async () => {
    const { karel } = stage.people
    const fieldsOf = (more: Partial<WantedGroup>) =>
      makes(karel, more).then(
        () => [],
        (error) => Object.keys((error as Invalid).fields),
      )
    expect(await fieldsOf({ slug: 'Hsoc Lab' })).toEqual(['slug'])
    expect(await fieldsOf({ slug: 'new' })).toEqual(['slug'])
    expect(await fieldsOf({ slug: 'hsoc-tech' })).toEqual(['slug'])
    expect(await fieldsOf({ name: 'hsoc-TECH' })).toEqual(['name'])
    expect(await fieldsOf({ purposeCs: ' ' })).toEqual(['purposeCs'])
    expect(await fieldsOf({ joining: 'rule', roles: [] })).toEqual(['roles'])
    expect(
      await fieldsOf({ roles: ['coordinator'], kinds: ['x'], tlpMax: 'RED', name: 'x'.repeat(90) }),
    ).toEqual(['name', 'roles', 'kinds', 'tlpMax'])
    expect(await fieldsOf({})).toEqual([])
  })

  it('closed with open requests refuses them, ends seats and takes invitations back', async () => {
    const { karel, jana, dana, marek } = stage.people
    const slug = 'hsoc-tech'
    await stage.asks(dana, stage.lipova)
    await stage.admits()
    await stage.asks(jana, stage.lipova)
    const seat = await stage.waits()
    await stage.as(karel, (tx) =>
      invite(tx, { slug, address: marek.email, reason: 'x', until: '2026-06-01' }, karel, stage.now),
    )
    await stage.as(karel, (tx) => closeGroup(tx, slug, karel, stage.now))
    await expect(
      stage.as(karel, (tx) => decide(tx, { slug, seat, accept: true, reason: '' }, karel, stage.now)),
    ).rejects.toThrow(WrongState)
    for (const who of [jana, dana, marek])
      await expect(stage.as(who, (tx) => groupAt(tx, slug))).rejects.toThrow(NotFound)
    const { rows } = await stage.db.engine.query(`select state, ended_by from seats order by id`)
    expect(rows).toEqual([
      { state: 'held', ended_by: 'closed' },
      { state: 'refused', ended_by: 'closed' },
    ])
    await expect(stage.as(karel, (tx) => closeGroup(tx, slug, karel, stage.now))).rejects.toThrow(WrongState)
    // Its name is free again.
    await makes(karel, { slug: 'hsoc-tech-2', name: 'hSOC-Tech' })
  })
})
