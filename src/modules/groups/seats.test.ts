import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GroupStage, openGroupStage } from '../../../test/groups-stage.ts'
import type { Hospital } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { setRoles } from '../members/managing.ts'
import { gaps, seatedCount, seatedOrganisations, uncovered } from './coverage.ts'
import { changeGroup, closeGroup, createGroup, groupAt, groups, type WantedGroup } from './groups.ts'
import { acceptInvitation, declineInvitation, invite, withdrawInvitation } from './invitations.ts'
import { choose, decide, join, leave } from './joining.ts'
import { appoint, dismiss, giveSeat, mute, removeSeat, unmute } from './moderating.ts'
import { requests, roster } from './roster.ts'
import { standings } from './standing.ts'

const day = 86_400_000
let stage: GroupStage
beforeEach(async () => {
  stage = await openGroupStage()
})
afterEach(() => stage.db.drop())

/** Names of those whom `who` sees in a group. */
async function seen(slug: string, who: Actor = stage.people.karel): Promise<string[]> {
  return stage.as(who, async (tx) => {
    const group = await groupAt(tx, slug)
    return (await roster(tx, group.id, {})).rows.map(({ name, orgName }) => `${name}, ${orgName}`)
  })
}
const asks = (who: Actor, org: Hospital, slug = 'hsoc-tech') =>
  stage.as(who, (tx) => join(tx, { slug, org: org.id, reason: 'Starám se o síť.' }, who, stage.now))
async function waitingSeat(slug = 'hsoc-tech', who = stage.people.karel): Promise<number> {
  return stage.as(who, async (tx) => (await requests(tx, (await groupAt(tx, slug)).id))[0]?.id ?? 0)
}
async function admit(who: Actor, by = stage.people.karel, slug = 'hsoc-tech'): Promise<void> {
  const seat = await waitingSeat(slug)
  await stage.as(by, (tx) => decide(tx, { slug, seat, accept: true, reason: '' }, by, stage.now))
  expect(await seen(slug)).toEqual(expect.arrayContaining([expect.stringContaining(who.name)]))
}
const standingOf = (who: Actor, slug: string) =>
  stage.as(who, async (tx) => {
    const group = await groupAt(tx, slug)
    return (await standings(tx, group.id)).get(group.id)
  })
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
    expect(await seen('hsoc-emergency')).toEqual([
      'Dana Pohotová, Nemocnice Lipová',
      'Hana Bezpečná, Nemocnice Habrová',
    ])
  })

  it('comes with the role and goes with it, at once', async () => {
    await roles(stage.people.jana, stage.lipova, ['admin', 'duty'])
    expect(await seen('hsoc-emergency')).toContain('Jana Správná, Nemocnice Lipová')
    await roles(stage.people.jana, stage.lipova, ['admin'])
    expect(await seen('hsoc-emergency')).not.toContain('Jana Správná, Nemocnice Lipová')
    await stage.leavesOrganisation(stage.people.dana, stage.lipova)
    expect(await seen('hsoc-emergency')).toEqual(['Hana Bezpečná, Nemocnice Habrová'])
    expect((await standingOf(stage.people.dana, 'hsoc-emergency'))?.seats).toEqual([])
  })

  it('comes and goes with the organisation taking part, and with its kind', async () => {
    await roles(stage.people.petr, stage.dubova, ['duty'])
    expect(await seen('hsoc-emergency')).not.toContain('Petr Síťový, Nemocnice Dubová')
    const set = (sql: string) =>
      stage.db.engine.query(`update organisations set ${sql} where id = $1`, [stage.dubova.id])
    await set(`status = 'participant'`)
    expect(await seen('hsoc-emergency')).toContain('Petr Síťový, Nemocnice Dubová')
    await set(`kind = 'company'`)
    expect(await seen('hsoc-emergency')).not.toContain('Petr Síťový, Nemocnice Dubová')
    await stage.organisationLeaves(stage.lipova)
    expect(await seen('hsoc-emergency')).toEqual(['Hana Bezpečná, Nemocnice Habrová'])
  })

  it('begins and ends when the role does, also when that was said before', async () => {
    await stage.db.engine.query(
      `insert into engagements (person_id, org_id, role, valid_from, valid_to) values ($1, $2, 'duty', $3, $4)`,
      [stage.people.jana.person, stage.lipova.id, new Date(stage.now + day), new Date(stage.now + 2 * day)],
    )
    const has = async () => (await seen('hsoc-emergency')).some((line) => line.startsWith('Jana'))
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
    await expect(asks(dana, stage.lipova, slug)).rejects.toThrow(WrongState)
    await expect(
      stage.as(karel, (tx) => removeSeat(tx, { slug, person: dana.person, reason: 'x' }, karel, stage.now)),
    ).rejects.toThrow(WrongState)
  })

  it('keeps the way messages are to come, and who muted its holder', async () => {
    const { dana, karel, jana } = stage.people
    const slug = 'hsoc-emergency'
    await stage.as(dana, (tx) => choose(tx, { slug, delivery: 'notice' }, dana, stage.now))
    await stage.as(karel, (tx) => mute(tx, { slug, person: dana.person, reason: 'Hádka' }, karel, stage.now))
    expect(await standingOf(dana, slug)).toMatchObject({ delivery: 'notice', muted: { reason: 'Hádka' } })
    await expect(
      stage.as(dana, (tx) => unmute(tx, { slug, person: dana.person }, dana, stage.now)),
    ).rejects.toThrow(Forbidden)
    await stage.as(karel, (tx) => unmute(tx, { slug, person: dana.person }, karel, stage.now))
    expect(await standingOf(dana, slug)).toMatchObject({ delivery: 'notice', muted: null })
    await expect(
      stage.as(jana, (tx) => choose(tx, { slug, delivery: 'daily' }, jana, stage.now)),
    ).rejects.toThrow(NotFound)
  })
})

describe('asking for a seat', () => {
  it('waits until it is decided, and then shows names without addresses', async () => {
    const { jana, karel } = stage.people
    expect(await asks(jana, stage.lipova)).toBe('asked')
    expect(await seen('hsoc-tech', jana)).toEqual([])
    await admit(jana)
    expect(await seen('hsoc-tech', jana)).toEqual(['Jana Správná, Nemocnice Lipová'])
    const rows = await stage.as(jana, async (tx) => (await tx.query('select * from group_roster(1)')).rows)
    expect(JSON.stringify(rows)).not.toContain('@')
    expect(await stage.as(karel, (tx) => seatedCount(tx))).toBe(2)
  })

  it('is for the roles of the group, and for an organisation that one acts for', async () => {
    const { marek, jana } = stage.people
    await expect(asks(marek, stage.habrova)).rejects.toThrow(Forbidden)
    await expect(asks(jana, stage.habrova)).rejects.toThrow(Forbidden)
    expect(await asks(marek, stage.habrova, 'hsoc-man')).toBe('asked')
  })

  it('is refused with a reason, and may be asked again', async () => {
    const { jana, karel } = stage.people
    await asks(jana, stage.lipova)
    const seat = await waitingSeat()
    const slug = 'hsoc-tech'
    await stage.as(karel, (tx) =>
      decide(tx, { slug, seat, accept: false, reason: 'Zatím ne' }, karel, stage.now),
    )
    await expect(
      stage.as(karel, (tx) => decide(tx, { slug, seat, accept: true, reason: '' }, karel, stage.now)),
    ).rejects.toThrow(WrongState)
    expect(await seen(slug)).toEqual([])
    expect(await asks(jana, stage.lipova)).toBe('asked')
  })

  it('twice at once leaves one request', async () => {
    const { jana } = stage.people
    const both = await Promise.allSettled([asks(jana, stage.lipova), asks(jana, stage.lipova)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((both.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason).toBeInstanceOf(
      WrongState,
    )
  })

  it('ends when the person is removed from the organisation meanwhile', async () => {
    const { jana, karel } = stage.people
    await asks(jana, stage.lipova)
    const seat = await waitingSeat()
    await stage.leavesOrganisation(jana, stage.lipova)
    expect(await waitingSeat()).toBe(0)
    await expect(
      stage.as(karel, (tx) =>
        decide(tx, { slug: 'hsoc-tech', seat, accept: true, reason: '' }, karel, stage.now),
      ),
    ).rejects.toThrow(WrongState)
    await returns(jana, stage.lipova)
    expect(await seen('hsoc-tech')).toEqual([])
  })

  it('is open without a signature: such a seat reaches TLP:CLEAR and shows nobody', async () => {
    const { petr, jana } = stage.people
    await asks(jana, stage.lipova)
    await admit(jana)
    await asks(petr, stage.dubova)
    await admit(petr)
    expect(await standingOf(petr, 'hsoc-tech')).toMatchObject({ seats: [{ member: false }], reads: false })
    expect(await seen('hsoc-tech', petr)).toEqual([])
    expect(await standingOf(jana, 'hsoc-tech')).toMatchObject({ seats: [{ member: true }], reads: true })
    await stage.db.engine.query(
      `update organisations set status = 'participant', rules_accepted_at = changed_at where id = $1`,
      [stage.dubova.id],
    )
    expect(await standingOf(petr, 'hsoc-tech')).toMatchObject({ seats: [{ member: true }], reads: true })
  })

  it('in an open group is a seat at once, which can be given up', async () => {
    const { marek } = stage.people
    expect(await asks(marek, stage.habrova, 'hsoc-hr')).toBe('taken')
    expect(await seen('hsoc-hr', marek)).toEqual(['Marek Ředitel, Nemocnice Habrová'])
    await expect(asks(marek, stage.habrova, 'hsoc-hr')).rejects.toThrow(WrongState)
    await stage.as(marek, (tx) => leave(tx, { slug: 'hsoc-hr', org: stage.habrova.id }, marek, stage.now))
    expect(await seen('hsoc-hr')).toEqual([])
    await expect(asks(stage.people.zita, stage.habrova, 'hsoc-hr')).rejects.toThrow(Forbidden)
  })
})

/** Makes somebody an administrator there, a second later. */
async function returns(who: Actor, org: Hospital): Promise<void> {
  await stage.db.engine.query(
    `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'admin', $3)`,
    [who.person, org.id, new Date(stage.now + 1_000)],
  )
  stage.now += 2_000
}

describe('a seat that somebody was given', () => {
  const give = (email: string, more: { until?: string; reason?: string; org?: number } = {}) =>
    stage.as(stage.people.karel, (tx) =>
      giveSeat(
        tx,
        { slug: 'hsoc-emergency', email, org: null, reason: 'Přizvaný úřad', until: '2026-06-01', ...more },
        stage.people.karel,
        stage.now,
      ),
    )

  it('has a reason and ends after twelve months at most', async () => {
    const { marek } = stage.people
    await expect(give(marek.email, { reason: ' ' })).rejects.toThrow(Invalid)
    for (const until of ['2027-03-04', '2026-03-02', '2026-02-30', '', 'x'])
      await expect(give(marek.email, { until })).rejects.toThrow(Invalid)
    await give(marek.email, { until: '2027-03-03' })
    expect(await seen('hsoc-emergency')).toContain('Marek Ředitel, Nemocnice Habrová')
    stage.now = Date.UTC(2027, 2, 3, 22, 59)
    expect(await seen('hsoc-emergency')).toContain('Marek Ředitel, Nemocnice Habrová')
    stage.now = Date.UTC(2027, 2, 3, 23)
    expect(await seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
  })

  it('ends with the organisation, and does not come back with the person', async () => {
    const { marek } = stage.people
    await give(marek.email)
    await stage.leavesOrganisation(marek, stage.habrova)
    expect(await seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
    await returns(marek, stage.habrova)
    expect(await seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
  })

  it('does not come back when its organisation left and returns', async () => {
    const { marek } = stage.people
    await give(marek.email)
    await stage.organisationLeaves(stage.habrova)
    await stage.db.engine.query(`update organisations set status = 'participant' where id = $1`, [
      stage.habrova.id,
    ])
    expect(await seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
  })

  it('needs somebody who acts for an organisation, and which one if for several', async () => {
    const { zita, hana, dana, jana } = stage.people
    await expect(give(zita.email)).rejects.toThrow(Invalid)
    await expect(give('nikdo@nikde.example')).rejects.toThrow(Invalid)
    await expect(give(hana.email)).rejects.toThrow(Invalid)
    await expect(give(dana.email)).rejects.toThrow(Invalid)
    await give(hana.email, { org: stage.lipova.id })
    await expect(
      stage.as(jana, (tx) =>
        giveSeat(
          tx,
          { slug: 'hsoc-hr', email: jana.email, org: null, reason: 'x', until: '2026-06-01' },
          jana,
          stage.now,
        ),
      ),
    ).rejects.toThrow(Forbidden)
  })

  it('is taken away with a reason, by whoever leads the group', async () => {
    const { marek, karel, dana } = stage.people
    const slug = 'hsoc-emergency'
    await give(marek.email)
    const remove = (by: Actor, reason: string) =>
      stage.as(by, (tx) => removeSeat(tx, { slug, person: marek.person, reason }, by, stage.now))
    await expect(remove(dana, 'x')).rejects.toThrow(Forbidden)
    await expect(remove(karel, '')).rejects.toThrow(Invalid)
    await remove(karel, 'Skončil')
    await expect(remove(karel, 'Skončil')).rejects.toThrow(NotFound)
  })
})

describe('an invitation', () => {
  const slug = 'hsoc-emergency'
  const invites = (address: string, by = stage.people.karel) =>
    stage.as(by, (tx) =>
      invite(tx, { slug, address, reason: 'Přizvaný úřad', until: '2026-06-01' }, by, stage.now),
    )
  const accepts = (who: Actor, org: Hospital) =>
    stage.as(who, (tx) => acceptInvitation(tx, { slug, org: org.id }, who, stage.now))

  it('becomes a seat by the hand of whom it is for, and of nobody else', async () => {
    const { marek, jana } = stage.people
    await invites(marek.email.toUpperCase())
    await expect(invites(marek.email)).rejects.toThrow(Invalid)
    await expect(accepts(jana, stage.lipova)).rejects.toThrow(NotFound)
    await expect(accepts(marek, stage.lipova)).rejects.toThrow(Forbidden)
    await accepts(marek, stage.habrova)
    expect(await seen(slug, marek)).toContain('Marek Ředitel, Nemocnice Habrová')
    await expect(accepts(marek, stage.habrova)).rejects.toThrow(NotFound)
  })

  it('to somebody who acts for no organisation waits until they do, and tells nobody whether they sign in here', async () => {
    const { zita } = stage.people
    await invites(zita.email)
    await invites('neznamy@nikde.example')
    await expect(accepts(zita, stage.habrova)).rejects.toThrow(Forbidden)
    expect((await standingOf(zita, slug))?.invited).toMatchObject({ reason: 'Přizvaný úřad' })
    await returns(zita, stage.habrova)
    await accepts(
      { ...zita, engagements: [{ org: stage.habrova.id, orgName: '', role: 'admin' }] },
      stage.habrova,
    )
    expect(await seen(slug)).toContain('Zita Nezařazená, Nemocnice Habrová')
  })

  it('runs out, is declined, and is taken back', async () => {
    const { marek, jana, karel } = stage.people
    await invites(marek.email)
    stage.now += 31 * day
    await expect(accepts(marek, stage.habrova)).rejects.toThrow(NotFound)
    await invites(marek.email)
    await stage.as(marek, (tx) => declineInvitation(tx, { slug }, marek, stage.now))
    await expect(accepts(marek, stage.habrova)).rejects.toThrow(NotFound)
    await invites(jana.email)
    const id =
      (await stage.db.engine.query<{ id: number }>('select max(id) as id from group_invitations')).rows[0]
        ?.id ?? 0
    await expect(
      stage.as(marek, (tx) => withdrawInvitation(tx, { slug, invitation: id }, marek, stage.now)),
    ).rejects.toThrow(Forbidden)
    await stage.as(karel, (tx) => withdrawInvitation(tx, { slug, invitation: id }, karel, stage.now))
    await expect(accepts(jana, stage.lipova)).rejects.toThrow(NotFound)
  })

  it('is not for everybody to give, nor for what is no address', async () => {
    await expect(invites('x@y.example', stage.people.dana)).rejects.toThrow(Forbidden)
    for (const wrong of ['', 'x', '@y.example', 'a b@c.example', `${'a'.repeat(250)}@b.example`])
      await expect(invites(wrong)).rejects.toThrow(Invalid)
  })
})

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
      await asks(who, org)
      await admit(who)
    }
    await does(karel, appoint, jana)
  })

  it('decide, invite and appoint others; who does not sit there leads nothing', async () => {
    const { jana, dana, petr, marek } = stage.people
    await asks(petr, stage.dubova)
    await admit(petr, jana)
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
    expect((await standingOf(jana, slug))?.leads !== (await standingOf(dana, slug))?.leads).toBe(true)
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
    expect((await standingOf(jana, slug))?.leads).toBe(false)
    await does(karel, dismiss, dana)
    expect((await standingOf(dana, slug))?.leads).toBe(false)
  })

  it('lead no more when they stop acting for the organisation, and not again when they return', async () => {
    const { jana } = stage.people
    await stage.leavesOrganisation(jana, stage.lipova)
    expect((await standingOf(jana, slug))?.leads).toBe(false)
    await returns(jana, stage.lipova)
    await asks(jana, stage.lipova)
    await admit(jana)
    expect((await standingOf(jana, slug))?.leads).toBe(false)
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
    await expect(asks(jana, stage.lipova, 'hsoc-lab')).rejects.toThrow(NotFound)
    await stage.as(karel, (tx) => changeGroup(tx, 'hsoc-lab', { ...wanted, public: true }, karel, stage.now))
    expect(await asks(jana, stage.lipova, 'hsoc-lab')).toBe('taken')
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
    await asks(dana, stage.lipova)
    await admit(dana)
    await asks(jana, stage.lipova)
    const seat = await waitingSeat()
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
