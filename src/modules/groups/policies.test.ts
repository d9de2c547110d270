/** The database refuses by itself, whatever the program forgets to ask. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GroupStage, openGroupStage } from '../../../test/groups-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { invite } from './invitations.ts'
import { appoint, giveSeat } from './moderating.ts'

let stage: GroupStage
/** hSOC-Tech, which Jana leads and where Dana sits. */
const group = 1
beforeAll(async () => {
  stage = await openGroupStage()
  const { jana, dana, karel, marek, petr } = stage.people
  const slug = 'hsoc-tech'
  for (const who of [jana, dana]) {
    await stage.asks(who, stage.lipova)
    await stage.admits()
  }
  await stage.as(karel, (tx) => appoint(tx, { slug, person: jana.person }, karel, stage.now))
  await stage.asks(petr, stage.dubova)
  const given = { reason: 'Přizvaný', until: '2026-06-01' }
  await stage.as(karel, (tx) =>
    giveSeat(tx, { slug, email: marek.email, org: null, ...given }, karel, stage.now),
  )
  await stage.as(karel, (tx) =>
    invite(tx, { slug, address: stage.people.zita.email, ...given }, karel, stage.now),
  )
})
afterAll(() => stage.db.drop())

/** How many rows a statement touched or gave; `refused` when the policies threw it out. Nothing of it stays. */
const tries = (who: Actor | null, sql: string, values: unknown[] = []): Promise<number | 'refused'> =>
  asActor(stage.db, who, stage.now, async (tx) => {
    const { rowCount } = await tx.query(sql, values)
    throw new Error(`rows ${rowCount}`)
  }).catch((error: Error & { code?: string }) => {
    if (error.code === '42501') return 'refused'
    const found = /^rows (\d+)$/.exec(error.message)
    if (!found) throw error
    return Number(found[1])
  })

const at = () => new Date(stage.now)

describe('the policies of groups', () => {
  it('show seats, requests, invitations and mutes to whom they concern, and to who leads', async () => {
    const { jana, dana, petr, karel, hana, zita } = stage.people
    const seats = async (who: Actor | null) => tries(who, 'select 1 from seats')
    expect([await seats(karel), await seats(jana), await seats(dana), await seats(petr)]).toEqual([
      4, 4, 1, 1,
    ])
    expect([await seats(hana), await seats(null)]).toEqual([0, 0])
    const invited = async (who: Actor) => tries(who, 'select 1 from group_invitations')
    expect([await invited(karel), await invited(jana), await invited(zita), await invited(dana)]).toEqual([
      1, 1, 1, 0,
    ])
    const sit = async (who: Actor | null) => tries(who, 'select 1 from group_roster($1)', [group])
    // Petr's organisation takes no part, and his request waits; Hana sits elsewhere.
    expect([await sit(dana), await sit(petr), await sit(hana), await sit(null)]).toEqual([3, 0, 0, 0])
    const wait = async (who: Actor) => tries(who, 'select 1 from group_requests($1)', [group])
    expect([await wait(jana), await wait(karel), await wait(dana), await wait(petr)]).toEqual([1, 1, 0, 0])
  })

  it('let nobody give themselves a seat that the rule does not give', async () => {
    const { petr, marek, dana, zita } = stage.people
    const insert = (who: Actor, org: number, way: string, state: string, more = `'infinity'`) =>
      tries(
        who,
        `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at)
         values ($1, $2, $3, $4, $5, 'x', $2, $6, ${more})`,
        [group, who.person, org, way, state, at()],
      )
    expect(await insert(petr, stage.dubova.id, 'asked', 'asked')).toBe(1)
    for (const [who, org, way, state] of [
      [petr, stage.dubova.id, 'asked', 'held'],
      [petr, stage.dubova.id, 'taken', 'held'],
      [petr, stage.lipova.id, 'asked', 'asked'],
      [marek, stage.habrova.id, 'asked', 'asked'],
      [zita, stage.habrova.id, 'asked', 'asked'],
    ] as const)
      expect([who.name, way, await insert(who, org, way, state)]).toEqual([who.name, way, 'refused'])
    expect(await insert(dana, stage.lipova.id, 'manual', 'held', `$6::timestamptz + interval '1 day'`)).toBe(
      'refused',
    )
    expect(await tries(petr, `update seats set state = 'held' where person_id = $1`, [petr.person])).toBe(
      'refused',
    )
    expect(
      await tries(petr, `update seats set state = 'withdrawn' where person_id = $1`, [petr.person]),
    ).toBe(1)
  })

  it('hold a seat beside the rule to a reason and twelve months, for coordinators too', async () => {
    const { karel, hana } = stage.people
    const give = (reason: string, until: string) =>
      tries(
        karel,
        `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at) values ($1, $2, $3, 'manual', 'held', $4, $5, $6, ${until})`,
        [group, hana.person, stage.habrova.id, reason, karel.person, at()],
      )
    expect(await give('Úřad', `$6::timestamptz + interval '1 year'`)).toBe(1)
    await expect(give('', `$6::timestamptz + interval '1 year'`)).rejects.toThrow(/check constraint/)
    await expect(give('Úřad', `'infinity'`)).rejects.toThrow(/check constraint/)
    await expect(give('Úřad', `$6::timestamptz + interval '2 years'`)).rejects.toThrow(/check constraint/)
  })

  it("leave others' seats, mutes and moderation to who leads the group", async () => {
    const { dana, jana, karel } = stage.people
    const ends = (who: Actor) =>
      tries(who, `update seats set ends_at = $1 where person_id <> $2`, [at(), who.person])
    expect([await ends(dana), await ends(jana), await ends(karel)]).toEqual([0, 3, 4])
    const mutes = (who: Actor, where: number) =>
      tries(
        who,
        `insert into seat_mutes (group_id, person_id, reason, muted_by, muted_at) values ($1, $2, 'x', $3, $4)`,
        [where, dana.person, who.person, at()],
      )
    expect([await mutes(dana, 1), await mutes(jana, 1), await mutes(jana, 2)]).toEqual([
      'refused',
      1,
      'refused',
    ])
    const appoints = (who: Actor, where: number) =>
      tries(
        who,
        `insert into group_moderators (group_id, person_id, org_id, appointed_by, appointed_at) values ($1, $2, $3, $2, $4)`,
        [where, who.person, stage.lipova.id, at()],
      )
    expect([await appoints(dana, 1), await appoints(jana, 2)]).toEqual(['refused', 'refused'])
    const invites = (who: Actor, where: number) =>
      tries(
        who,
        `insert into group_invitations (group_id, address, reason, seat_until, invited_by, invited_at, expires_at) values ($1, 'a@b.example', 'x', $3, $2, $3, $3)`,
        [where, who.person, at()],
      )
    expect([await invites(dana, 1), await invites(jana, 1), await invites(jana, 2)]).toEqual([
      'refused',
      1,
      'refused',
    ])
  })

  it('leave groups themselves to coordinators, and choices to their own people', async () => {
    const { dana, jana, karel, petr } = stage.people
    const change = (who: Actor) => tries(who, `update groups set purpose_cs = 'x'`)
    expect([await change(dana), await change(jana), await change(karel)]).toEqual([0, 0, 4])
    const choose = (who: Actor, whose: Actor) =>
      tries(
        who,
        `insert into seat_choices (group_id, person_id, delivery, changed_at) values ($1, $2, 'none', $3)`,
        [group, whose.person, at()],
      )
    expect([await choose(dana, dana), await choose(jana, dana), await choose(karel, dana)]).toEqual([
      1,
      'refused',
      'refused',
    ])
    expect(await choose(stage.people.hana, stage.people.hana)).toBe('refused')
    expect(await tries(petr, 'delete from seats').catch(() => 'refused')).toBe('refused')
  })

  it('count people and organisations from five on for who does not sit there', async () => {
    const sizes = async (who: Actor | null) =>
      asActor(stage.db, who, stage.now, async (tx) => {
        const { rows } = await tx.query<{ people: number | null; organisations: number | null }>(
          'select people, organisations from group_sizes() where group_id = $1',
          [group],
        )
        return rows[0]
      })
    expect(await sizes(stage.people.dana)).toEqual({ people: 3, organisations: 2 })
    for (const who of [null, stage.people.hana, stage.people.petr])
      expect(await sizes(who)).toEqual({ people: null, organisations: null })
  })
})
