import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GroupStage, openGroupStage } from '../../../test/groups-stage.ts'
import type { Context } from '../../platform/context.ts'
import { groupLetter } from '../channels/group-mail.ts'
import type { Delivery } from '../channels/post.ts'
import type { Reader } from '../channels/recipients.ts'
import { invite } from './invitations.ts'
import { decide } from './joining.ts'
import { appoint, giveSeat, removeSeat } from './moderating.ts'

let stage: GroupStage
beforeAll(async () => {
  stage = await openGroupStage()
})
afterAll(() => stage.db.drop())

let seen = 0
/** Mails since the last time one looked. */
async function told(): Promise<string[]> {
  const { rows } = await stage.db.engine.query<{ id: number; line: string }>(
    `select id, address || ' ' || (detail->>'about') as line from deliveries where detail->>'template' = 'group' and id > $1 order by id`,
    [seen],
  )
  seen = rows.at(-1)?.id ?? seen
  return rows.map(({ line }) => line)
}

describe('a mail about a seat', () => {
  const slug = 'hsoc-tech'
  const given = { slug, reason: 'Přizvaný', until: '2026-06-01' }

  it('tells who decides that somebody asked: coordinators, or the moderators once there are some', async () => {
    const { jana, dana, karel } = stage.people
    await stage.asks(jana, stage.lipova)
    expect(await told()).toEqual([`${karel.email} asked`])
    await stage.admits()
    expect(await told()).toEqual([`${jana.email} accepted`])
    await stage.as(karel, (tx) => appoint(tx, { slug, person: jana.person }, karel, stage.now))
    expect(await told()).toEqual([`${jana.email} appointed`])
    stage.now += 1
    await stage.asks(dana, stage.lipova)
    expect(await told()).toEqual([`${jana.email} asked`])
    const seat = await stage.waits()
    await stage.as(jana, (tx) => decide(tx, { slug, seat, accept: false, reason: '' }, jana, stage.now))
    expect(await told()).toEqual([`${dana.email} refused`])
  })

  it('tells whom it concerns; an address that is nobody’s gets none, and nobody can tell', async () => {
    const { jana, marek, zita, karel } = stage.people
    for (const address of [zita.email, 'nikdo@nikde.example'])
      await stage.as(jana, (tx) => invite(tx, { ...given, address }, jana, stage.now))
    expect(await told()).toEqual([`${zita.email} invited`])
    const others = 'select 1 from deliveries where person_id <> actor_person()'
    expect(await stage.as(jana, async (tx) => (await tx.query(others)).rowCount)).toBe(0)
    await stage.as(karel, (tx) => giveSeat(tx, { ...given, email: marek.email, org: null }, karel, stage.now))
    const removal = { slug, person: marek.person, reason: 'Skončil' }
    await stage.as(karel, (tx) => removeSeat(tx, removal, karel, stage.now))
    expect(await told()).toEqual([`${marek.email} given`, `${marek.email} removed`])
  })

  it('is sent by nobody who does not lead the group', async () => {
    const { dana, hana } = stage.people
    for (const who of [dana, hana])
      await stage.as(who, (tx) =>
        tx.query(`select tell_of_group('invited', 1, $1, null), tell_leaders(1)`, [hana.person]),
      )
    expect(await told()).toEqual([])
  })

  it('leads to the group and names nobody', () => {
    const context = { settings: { baseUrl: 'https://hsoc.example', coordinatorPhone: null } } as Context
    const letter = (language: 'cs' | 'en', about: string) =>
      groupLetter(
        context,
        { detail: { about, group: 'hSOC-Tech', slug } } as unknown as Delivery,
        { actor: { language } } as Reader,
      )
    for (const language of ['cs', 'en'] as const)
      for (const about of ['asked', 'invited', 'accepted', 'refused', 'given', 'removed', 'appointed']) {
        expect(letter(language, about)?.subject).toContain('hSOC-Tech')
        expect(JSON.stringify(letter(language, about)?.blocks)).toContain(
          'https://hsoc.example/groups/hsoc-tech',
        )
      }
    expect(letter('cs', 'toString')).toBeNull()
  })
})
