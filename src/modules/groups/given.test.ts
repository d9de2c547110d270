import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GroupStage, openGroupStage } from '../../../test/groups-stage.ts'
import type { Hospital } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { Forbidden, Invalid, NotFound } from '../../platform/errors.ts'
import { acceptInvitation, declineInvitation, invite, withdrawInvitation } from './invitations.ts'
import { giveSeat, removeSeat } from './moderating.ts'

const day = 86_400_000
let stage: GroupStage
beforeEach(async () => {
  stage = await openGroupStage()
})
afterEach(() => stage.db.drop())

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
    expect(await stage.seen('hsoc-emergency')).toContain('Marek Ředitel, Nemocnice Habrová')
    stage.now = Date.UTC(2027, 2, 3, 22, 59)
    expect(await stage.seen('hsoc-emergency')).toContain('Marek Ředitel, Nemocnice Habrová')
    stage.now = Date.UTC(2027, 2, 3, 23)
    expect(await stage.seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
  })

  it('ends with the organisation, and does not come back with the person', async () => {
    const { marek } = stage.people
    await give(marek.email)
    await stage.leavesOrganisation(marek, stage.habrova)
    expect(await stage.seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
    await stage.returns(marek, stage.habrova)
    expect(await stage.seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
  })

  it('does not come back when its organisation left and returns', async () => {
    const { marek } = stage.people
    await give(marek.email)
    await stage.organisationLeaves(stage.habrova)
    await stage.db.engine.query(`update organisations set status = 'participant' where id = $1`, [
      stage.habrova.id,
    ])
    expect(await stage.seen('hsoc-emergency')).not.toContain('Marek Ředitel, Nemocnice Habrová')
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
    expect(await stage.seen(slug, marek)).toContain('Marek Ředitel, Nemocnice Habrová')
    await expect(accepts(marek, stage.habrova)).rejects.toThrow(NotFound)
  })

  it('to somebody who acts for no organisation waits until they do, and tells nobody whether they sign in here', async () => {
    const { zita } = stage.people
    await invites(zita.email)
    await invites('neznamy@nikde.example')
    await expect(accepts(zita, stage.habrova)).rejects.toThrow(Forbidden)
    expect((await stage.standingOf(zita, slug))?.invited).toMatchObject({ reason: 'Přizvaný úřad' })
    await stage.returns(zita, stage.habrova)
    await accepts(
      { ...zita, engagements: [{ org: stage.habrova.id, orgName: '', role: 'admin' }] },
      stage.habrova,
    )
    expect(await stage.seen(slug)).toContain('Zita Nezařazená, Nemocnice Habrová')
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
