import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GroupStage, openGroupStage } from '../../../test/groups-stage.ts'
import type { Hospital } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../platform/errors.ts'
import { setRoles } from '../members/managing.ts'
import { seatedCount } from './coverage.ts'
import { groups } from './groups.ts'
import { choose, decide, leave } from './joining.ts'
import { mute, removeSeat, unmute } from './moderating.ts'

const day = 86_400_000
let stage: GroupStage
beforeEach(async () => {
  stage = await openGroupStage()
})
afterEach(() => stage.db.drop())

const roles = (who: Actor, org: Hospital, given: ('admin' | 'duty' | 'manager')[]) =>
  asEngine(stage.db, (tx) =>
    setRoles(tx, { org: org.id, person: who.person, roles: given }, stage.people.karel, stage.now),
  )

describe('the groups that hSOC has', () => {
  it('stand with their purposes in both languages, how one joins, and the highest label', async () => {
    const found = await stage.as(stage.people.jana, groups)
    expect(found.map(({ name, joining, roles, tlpMax }) => [name, joining, roles, tlpMax])).toEqual([
      ['hSOC-Tech', 'request', ['admin', 'duty', 'security_manager'], 'AMBER'],
      ['hSOC-Emergency', 'rule', ['duty', 'security_manager'], 'AMBER+STRICT'],
      ['hSOC-Man', 'request', ['dpo', 'manager', 'representative'], 'AMBER'],
      ['hSOC-HR', 'open', [], 'GREEN'],
    ])
    for (const { purpose } of found) expect([purpose.cs, purpose.en]).not.toContain('')
  })
})

describe('a seat by role', () => {
  it('is held by whoever holds the role at an organisation that takes part, and by nobody else', async () => {
    expect(await stage.seen('hsoc-emergency')).toEqual([
      'Dana Pohotová, Nemocnice Lipová',
      'Hana Bezpečná, Nemocnice Habrová',
    ])
  })

  it('comes with the role and goes with it, at once', async () => {
    await roles(stage.people.jana, stage.lipova, ['admin', 'duty'])
    expect(await stage.seen('hsoc-emergency')).toContain('Jana Správná, Nemocnice Lipová')
    await roles(stage.people.jana, stage.lipova, ['admin'])
    expect(await stage.seen('hsoc-emergency')).not.toContain('Jana Správná, Nemocnice Lipová')
    await stage.leavesOrganisation(stage.people.dana, stage.lipova)
    expect(await stage.seen('hsoc-emergency')).toEqual(['Hana Bezpečná, Nemocnice Habrová'])
    expect((await stage.standingOf(stage.people.dana, 'hsoc-emergency'))?.seats).toEqual([])
  })

  it('comes and goes with the organisation taking part, and with its kind', async () => {
    await roles(stage.people.petr, stage.dubova, ['duty'])
    expect(await stage.seen('hsoc-emergency')).not.toContain('Petr Síťový, Nemocnice Dubová')
    const set = (sql: string) =>
      stage.db.engine.query(`update organisations set ${sql} where id = $1`, [stage.dubova.id])
    await set(`status = 'participant'`)
    expect(await stage.seen('hsoc-emergency')).toContain('Petr Síťový, Nemocnice Dubová')
    await set(`kind = 'company'`)
    expect(await stage.seen('hsoc-emergency')).not.toContain('Petr Síťový, Nemocnice Dubová')
    await stage.organisationLeaves(stage.lipova)
    expect(await stage.seen('hsoc-emergency')).toEqual(['Hana Bezpečná, Nemocnice Habrová'])
  })

  it('begins and ends when the role does, also when that was said before', async () => {
    await stage.db.engine.query(
      `insert into engagements (person_id, org_id, role, valid_from, valid_to) values ($1, $2, 'duty', $3, $4)`,
      [stage.people.jana.person, stage.lipova.id, new Date(stage.now + day), new Date(stage.now + 2 * day)],
    )
    const has = async () => (await stage.seen('hsoc-emergency')).some((line) => line.startsWith('Jana'))
    const begin = stage.now
    const found: boolean[] = []
    for (const after of [0, day, 2 * day - 1, 2 * day]) {
      stage.now = begin + after
      found.push(await has())
    }
    expect(found).toEqual([false, true, true, false])
  })

  it('cannot be left, asked for, or taken away', async () => {
    const { dana, karel } = stage.people
    const slug = 'hsoc-emergency'
    await expect(
      stage.as(dana, (tx) => leave(tx, { slug, org: stage.lipova.id }, dana, stage.now)),
    ).rejects.toThrow(WrongState)
    await expect(stage.asks(dana, stage.lipova, slug)).rejects.toThrow(WrongState)
    await expect(
      stage.as(karel, (tx) => removeSeat(tx, { slug, person: dana.person, reason: 'x' }, karel, stage.now)),
    ).rejects.toThrow(WrongState)
  })

  it('keeps the way messages are to come, and who muted its holder', async () => {
    const { dana, karel, jana } = stage.people
    const slug = 'hsoc-emergency'
    await stage.as(dana, (tx) => choose(tx, { slug, delivery: 'notice' }, dana, stage.now))
    await stage.as(karel, (tx) => mute(tx, { slug, person: dana.person, reason: 'Hádka' }, karel, stage.now))
    expect(await stage.standingOf(dana, slug)).toMatchObject({
      delivery: 'notice',
      muted: { reason: 'Hádka' },
    })
    await expect(
      stage.as(dana, (tx) => unmute(tx, { slug, person: dana.person }, dana, stage.now)),
    ).rejects.toThrow(Forbidden)
    await stage.as(karel, (tx) => unmute(tx, { slug, person: dana.person }, karel, stage.now))
    expect(await stage.standingOf(dana, slug)).toMatchObject({ delivery: 'notice', muted: null })
    await expect(
      stage.as(jana, (tx) => choose(tx, { slug, delivery: 'daily' }, jana, stage.now)),
    ).rejects.toThrow(NotFound)
  })
})

describe('asking for a seat', () => {
  it('waits until it is decided, and then shows names without addresses', async () => {
    const { jana, karel } = stage.people
    expect(await stage.asks(jana, stage.lipova)).toBe('asked')
    expect(await stage.seen('hsoc-tech', jana)).toEqual([])
    await stage.admits()
    expect(await stage.seen('hsoc-tech', jana)).toEqual(['Jana Správná, Nemocnice Lipová'])
    const rows = await stage.as(jana, async (tx) => (await tx.query('select * from group_roster(1)')).rows)
    expect(JSON.stringify(rows)).not.toContain('@')
    expect(await stage.as(karel, (tx) => seatedCount(tx))).toBe(2)
  })

  it('is for the roles of the group, and for an organisation that one acts for', async () => {
    const { marek, jana } = stage.people
    await expect(stage.asks(marek, stage.habrova)).rejects.toThrow(Forbidden)
    await expect(stage.asks(jana, stage.habrova)).rejects.toThrow(Forbidden)
    expect(await stage.asks(marek, stage.habrova, 'hsoc-man')).toBe('asked')
  })

  it('is refused with a reason, and may be asked again', async () => {
    const { jana, karel } = stage.people
    await stage.asks(jana, stage.lipova)
    const seat = await stage.waits()
    const slug = 'hsoc-tech'
    await stage.as(karel, (tx) =>
      decide(tx, { slug, seat, accept: false, reason: 'Zatím ne' }, karel, stage.now),
    )
    await expect(
      stage.as(karel, (tx) => decide(tx, { slug, seat, accept: true, reason: '' }, karel, stage.now)),
    ).rejects.toThrow(WrongState)
    expect(await stage.seen(slug)).toEqual([])
    expect(await stage.asks(jana, stage.lipova)).toBe('asked')
  })

  it('twice at once leaves one request', async () => {
    const { jana } = stage.people
    const both = await Promise.allSettled([stage.asks(jana, stage.lipova), stage.asks(jana, stage.lipova)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((both.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason).toBeInstanceOf(
      WrongState,
    )
  })

  it('ends when the person is removed from the organisation meanwhile', async () => {
    const { jana, karel } = stage.people
    await stage.asks(jana, stage.lipova)
    const seat = await stage.waits()
    await stage.leavesOrganisation(jana, stage.lipova)
    expect(await stage.waits()).toBe(0)
    await expect(
      stage.as(karel, (tx) =>
        decide(tx, { slug: 'hsoc-tech', seat, accept: true, reason: '' }, karel, stage.now),
      ),
    ).rejects.toThrow(WrongState)
    await stage.returns(jana, stage.lipova)
    expect(await stage.seen('hsoc-tech')).toEqual([])
  })

  it('is open without a signature: such a seat reaches TLP:CLEAR and shows nobody', async () => {
    const { petr, jana } = stage.people
    await stage.asks(jana, stage.lipova)
    await stage.admits()
    await stage.asks(petr, stage.dubova)
    await stage.admits()
    expect(await stage.standingOf(petr, 'hsoc-tech')).toMatchObject({
      seats: [{ member: false }],
      reads: false,
    })
    expect(await stage.seen('hsoc-tech', petr)).toEqual([])
    expect(await stage.standingOf(jana, 'hsoc-tech')).toMatchObject({
      seats: [{ member: true }],
      reads: true,
    })
    await stage.db.engine.query(
      `update organisations set status = 'participant', rules_accepted_at = changed_at where id = $1`,
      [stage.dubova.id],
    )
    expect(await stage.standingOf(petr, 'hsoc-tech')).toMatchObject({
      seats: [{ member: true }],
      reads: true,
    })
  })

  it('in an open group is a seat at once, which can be given up', async () => {
    const { marek } = stage.people
    expect(await stage.asks(marek, stage.habrova, 'hsoc-hr')).toBe('taken')
    expect(await stage.seen('hsoc-hr', marek)).toEqual(['Marek Ředitel, Nemocnice Habrová'])
    await expect(stage.asks(marek, stage.habrova, 'hsoc-hr')).rejects.toThrow(WrongState)
    await stage.as(marek, (tx) => leave(tx, { slug: 'hsoc-hr', org: stage.habrova.id }, marek, stage.now))
    expect(await stage.seen('hsoc-hr')).toEqual([])
    await expect(stage.asks(stage.people.zita, stage.habrova, 'hsoc-hr')).rejects.toThrow(Forbidden)
  })
})
