import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor, password } from '../../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../../test/harness.ts'
import { openWarning } from '../../../../test/warned.ts'
import type { Actor, Role } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { confirmMerging, mergePeople, takeBack, undoableDays } from './merging.ts'

const day = 86_400_000
let door: FrontDoor
let vera: Actor
let olga: Actor
let lipova: Hospital
let dub: Hospital
let n = 0

beforeAll(async () => {
  door = await openFrontDoor()
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  olga = await door.person('Olga Druhá', [['coordinator', null]])
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'], { domains: ['lipova.example'] })
  dub = await addHospital(door.db, 'Nemocnice Dub', ['198.51.100.0/25'])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

/** Two accounts of one Jana; the first is the one that ends. */
async function two(roles: [Role, Hospital | null][] = [['admin', dub]]): Promise<[Actor, Actor]> {
  n += 1
  return [
    await door.person(`Jana Dvojí ${n}`, roles),
    await door.person(`Jana Dvojí ${n} druhá`, [['duty', lipova]]),
  ]
}

const merge = ([person, into]: [Actor, Actor], by = vera, reason = 'Volala z čísla v knize.', at = tuesday) =>
  asEngine(door.db, (tx) => mergePeople(tx, { person: person.person, into: into.person, reason }, by, at))
const confirm = (id: number, by: Actor, at = tuesday) =>
  asEngine(door.db, (tx) => confirmMerging(tx, id, by, at))
const back = (id: number, by = vera, at = tuesday, reason = 'Byl to omyl.') =>
  asEngine(door.db, (tx) => takeBack(tx, { merge: id, reason }, by, at))

const all = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await door.db.engine.query(sql, values)).rows as T[]
const rolesOf = async ({ person }: Actor, at = tuesday): Promise<string[]> =>
  (
    await all<{ said: string }>(
      `select role || coalesce(' ' || org_id, '') as said from engagements where person_id = $1 and valid_to > to_timestamp($2 / 1000.0) order by 1`,
      [person, at],
    )
  ).map(({ said }) => said)

async function seatOf({ person }: Actor, org: Hospital): Promise<number> {
  const [seat] = await all<{ id: number }>(
    `insert into seats (group_id, person_id, org_id, way, state, given_by, since)
     select min(id), $1, $2, 'taken', 'held', $1, to_timestamp($3 / 1000.0) from groups returning id`,
    [person, org.id, tuesday],
  )
  return seat?.id ?? 0
}
const holderOf = async (table: string, id: number | undefined): Promise<number | undefined> =>
  (await all<{ person: number }>(`select person_id as person from ${table} where id = $1`, [id]))[0]?.person

describe('two accounts of one human', () => {
  it('become one: roles, seats, contacts and warnings taken on go over; the other lets nobody in', async () => {
    const pair = await two()
    const [gone, kept] = pair
    const session = await door.signedIn(gone)
    const seat = await seatOf(gone, dub)
    const [contact] = await all<{ id: number }>(
      `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at)
       values ($1, $2, 'x', 'phone', '+420555010100', '{2}', now(), now()) returning id`,
      [dub.id, gone.person],
    )
    const warning = await openWarning(door.db, { org: dub })
    await all('update warnings set assignee_id = $2 where id = $1', [warning.id, gone.person])
    const { id, waits } = await merge(pair)
    expect(waits).toBe(false)
    expect(await rolesOf(gone)).toEqual([])
    expect(await rolesOf(kept)).toEqual([`admin ${dub.id}`, `duty ${lipova.id}`])
    expect(await holderOf('seats', seat)).toBe(kept.person)
    expect(await holderOf('contact_points', contact?.id)).toBe(kept.person)
    expect(await all('select assignee_id as id from warnings where id = $1', [warning.id])).toEqual([
      { id: kept.person },
    ])
    // No way in: not by the session, not by the password, not by a new one.
    expect((await door.get('/account', session.cookie)).statusCode).toBe(303)
    expect((await door.knock(gone.email, password)).statusCode).toBe(422)
    expect((await door.knock(kept.email, password)).statusCode).toBe(303)
    await door.post('/forgotten-password', { email: gone.email })
    expect(await all('select 1 from password_resets where person_id = $1', [gone.person])).toEqual([])
    const told = await all<{ address: string; template: string }>(
      `select address, detail->>'template' as template from deliveries where topic like $1 || ':%' order by address`,
      [`accounts-merged:${id}`],
    )
    expect(told.map(({ address }) => address)).toEqual([gone.email, kept.email].toSorted())
    const [line] = await all<{ detail: object }>(
      `select detail from audit where verb = 'members.merge-people' and object = $1`,
      [`person ${gone.person}`],
    )
    expect(line?.detail).toMatchObject({ merge: id, roles: 1, seats: 1, contacts: 1, assignments: 1 })
  })

  it('stand apart again within thirty days, with what still stands; what was taken meanwhile stays taken', async () => {
    const pair = await two([
      ['admin', dub],
      ['dpo', dub],
      ['duty', lipova],
    ])
    const [gone, kept] = pair
    const seat = await seatOf(gone, dub)
    const { id } = await merge(pair)
    await all(
      `update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1 and role = 'dpo'`,
      [kept.person, tuesday + day],
    )
    await expect(back(id, vera, tuesday + undoableDays * day)).rejects.toThrow(WrongState)
    expect(await back(id, olga, tuesday + 2 * day)).toBe('undone')
    const later = tuesday + 2 * day
    expect(await rolesOf(gone, later)).toEqual([`admin ${dub.id}`, `duty ${lipova.id}`])
    expect(await rolesOf(kept, later)).toEqual([`duty ${lipova.id}`])
    expect(await holderOf('seats', seat)).toBe(gone.person)
    door.now = later
    expect((await door.knock(gone.email, password)).statusCode).toBe(303)
    await expect(back(id, vera, later)).rejects.toThrow(WrongState)
  })

  it('hand over no role of a provider’s group, and nothing twice', async () => {
    const pair = await two([['duty', lipova]])
    const [gone, kept] = pair
    await all(
      `with l as (insert into provider_links (person_id, provider, issuer, subject, linked_at) values ($1, 'x', 'x', $3, now()) returning id)
       insert into engagements (person_id, org_id, role, valid_from, source, link_id) select $1, $2, 'admin', to_timestamp(0), 'directory', id from l`,
      [gone.person, dub.id, `s${gone.person}`],
    )
    const { id } = await merge(pair)
    expect(await rolesOf(kept)).toEqual([`duty ${lipova.id}`])
    // Whoever lost the role meanwhile does not have it again by taking the merging back.
    await all(`update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1`, [
      kept.person,
      tuesday,
    ])
    await back(id)
    expect(await rolesOf(gone)).toEqual([])
  })

  it.each([
    ['coordinator', null],
    ['operator', null],
    ['representative', 'dub'],
  ] as const)('wait for a second coordinator where %s goes over', async (role, at) => {
    const pair = await two([[role, at === null ? null : dub]])
    const [gone, kept] = pair
    const { id, waits } = await merge(pair)
    expect([waits, await rolesOf(kept)]).toEqual([true, [`duty ${lipova.id}`]])
    expect(
      await all(`select 1 from deliveries where topic like $1 || ':%'`, [`accounts-merged:${id}`]),
    ).toEqual([])
    await expect(confirm(id, vera)).rejects.toThrow(Forbidden)
    await expect(merge(pair, olga)).rejects.toThrow('waiting')
    await expect(confirm(id, olga, tuesday + 7 * day)).rejects.toThrow(WrongState)
    await confirm(id, olga)
    expect(await rolesOf(kept)).toContain(at === null ? role : `${role} ${dub.id}`)
    expect(await rolesOf(gone)).toEqual([])
    await expect(confirm(id, olga)).rejects.toThrow(WrongState)
    await back(id)
  })

  it('wait as well for delegated managing and for moderating, and are dropped without a trace', async () => {
    for (const sql of [
      'insert into people_managers (org_id, person_id, given_by, given_at) values ($2, $1, $1, now())',
      'insert into group_moderators (group_id, person_id, org_id, appointed_by, appointed_at) select min(id), $1, $2, $1, now() from groups',
    ]) {
      const pair = await two()
      await all(sql, [pair[0].person, dub.id])
      const { id, waits } = await merge(pair)
      expect(waits).toBe(true)
      expect(await back(id)).toBe('dropped')
      await expect(confirm(id, olga)).rejects.toThrow(WrongState)
      expect(await rolesOf(pair[0])).toEqual([`admin ${dub.id}`])
    }
  })

  it('are merged by coordinators alone, with a reason, never by whose they are', async () => {
    const pair = await two()
    const [gone, kept] = pair
    for (const by of [gone, kept]) await expect(merge(pair, by)).rejects.toThrow(Forbidden)
    await expect(merge(pair, vera, ' ')).rejects.toThrow(Invalid)
    await expect(merge(pair, vera, 'x'.repeat(1_001))).rejects.toThrow(Invalid)
    await expect(merge([gone, gone])).rejects.toThrow('same')
    await expect(merge([gone, { ...kept, person: 999_999 }])).rejects.toThrow(NotFound)
    await expect(merge([gone, vera])).rejects.toThrow('own')
    await expect(merge([olga, kept], olga)).rejects.toThrow('own')
    await merge(pair)
    await expect(merge([kept, gone])).rejects.toThrow('into-gone')
    await expect(merge(pair)).rejects.toThrow('gone')
    await expect(back(999_999)).rejects.toThrow(NotFound)
    await expect(back(1, gone)).rejects.toThrow(Forbidden)
  })

  it('at the same moment each into the other, are merged once', async () => {
    const pair = await two()
    const both = await Promise.allSettled([merge(pair), merge([pair[1], pair[0]], olga)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('the page', () => {
  it('proposes, shows what would happen, asks for a reason, merges and takes back', async () => {
    const pair = await two()
    const [gone, kept] = pair
    await all(`update people set name = 'Jana Stejná' where id = any ($1)`, [[gone.person, kept.person]])
    const { cookie, csrf } = await door.signedIn(vera)
    const list = await door.get('/people/doubles', cookie)
    expect(list.body).toContain(`/people/doubles/merger?person=${kept.person}&amp;into=${gone.person}`)
    const url = `/people/doubles/merger?person=${gone.person}&into=${kept.person}`
    const shown = await door.get(url, cookie)
    expect(shown.body).toContain('It can be undone for 30 days')
    const fields = { _csrf: csrf, person: String(gone.person), into: String(kept.person) }
    const post = (reason: string) =>
      door.post('/people/doubles/merger', { ...fields, reason }, { cookie: `lang=en; ${cookie}` })
    const empty = await post(' ')
    expect([empty.statusCode, empty.body.includes('Say why')]).toEqual([422, true])
    expect((await post('Jedna Jana')).headers.location).toBe('/people/doubles?done=merged')
    expect((await post('Jedna Jana')).statusCode).toBe(409)
    const [row] = await all<{ id: number }>('select id from person_merges where person_id = $1', [
      gone.person,
    ])
    const undo = (reason: string) =>
      door.post(`/people/doubles/${row?.id}/withdrawal`, { _csrf: csrf, reason }, { cookie })
    expect((await undo('')).statusCode).toBe(422)
    expect((await undo('Byly dvě')).headers.location).toBe('/people/doubles?done=undone')
    expect((await undo('Byly dvě')).statusCode).toBe(409)
  })

  it('finds two by their addresses, and says which is nobody’s', async () => {
    const [gone, kept] = await two()
    const { cookie, csrf } = await door.signedIn(vera)
    const choose = (person: string, into: string) =>
      door.post('/people/doubles/choice', { _csrf: csrf, person, into }, { cookie: `lang=en; ${cookie}` })
    expect((await choose(gone.email.toUpperCase(), kept.email)).headers.location).toBe(
      `/people/doubles/merger?person=${gone.person}&into=${kept.person}`,
    )
    const wrong = await choose('nikdo@people.example', kept.email)
    expect([wrong.statusCode, wrong.body.includes('There is no account with this address')]).toEqual([
      422,
      true,
    ])
    expect((await choose('x'.repeat(5_000), '')).statusCode).toBe(422)
  })

  it.each([['representative'], ['dpo'], ['operator']] as const)('is not for a %s', async (role) => {
    const who = await door.person(`Kdo ${role}`, [[role, role === 'operator' ? null : lipova]])
    const { cookie } = await door.signedIn(who)
    expect((await door.get('/people/doubles', cookie)).statusCode).toBe(403)
  })
})
