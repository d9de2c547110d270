import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../../test/harness.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { Forbidden } from '../../../platform/errors.ts'
import { confirmMerging, mergePeople, takeBack } from './merging.ts'

let door: FrontDoor
let lipova: Hospital
let vera: Actor
let olga: Actor
let radka: Actor
let operator: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  olga = await door.person('Olga Druhá', [['coordinator', null]])
  radka = await door.person('Radka Zástupkyně', [['representative', lipova]])
  operator = await door.person('Oto Provozní', [['operator', null]])
})
afterAll(() => door.close())

let n = 0
/** Two accounts of one coordinator, whose merging waits for a second one. */
async function waiting(): Promise<{ id: number; gone: Actor; kept: Actor }> {
  n += 1
  const gone = await door.person(`Jana Dvojí ${n}`, [['coordinator', null]])
  const kept = await door.person(`Jana Dvojí ${n} druhá`, [['duty', lipova]])
  const wanted = { person: gone.person, into: kept.person, reason: 'Volala z čísla v knize.' }
  const { id, waits } = await asEngine(door.db, (tx) => mergePeople(tx, wanted, vera, tuesday))
  expect(waits).toBe(true)
  return { id, gone, kept }
}
const back = (id: number, by: Actor) =>
  asEngine(door.db, (tx) => takeBack(tx, { merge: id, reason: 'Byl to omyl.' }, by, tuesday))
const standing = async (id: number) =>
  (
    await door.db.engine.query(
      `select merged_at is not null as merged, ended_at is not null as ended from person_merges where id = $1`,
      [id],
    )
  ).rows[0]

describe('a merging of accounts', () => {
  it('is neither confirmed nor undone by whose it is, coordinator or not', async () => {
    const { id, gone, kept } = await waiting()
    await expect(asEngine(door.db, (tx) => confirmMerging(tx, id, gone, tuesday))).rejects.toThrow('own')
    await expect(asEngine(door.db, (tx) => confirmMerging(tx, id, kept, tuesday))).rejects.toThrow(Forbidden)
    await asEngine(door.db, (tx) => confirmMerging(tx, id, olga, tuesday))
    const now = { ...kept, engagements: gone.engagements }
    await expect(back(id, now)).rejects.toThrow('own account')
    expect(await standing(id)).toEqual({ merged: true, ended: false })
    await back(id, olga)
  })

  it('is seen by coordinators and by whose it is, and what went over by the program alone', async () => {
    const { id, gone, kept } = await waiting()
    const seen = (who: Actor | null, sql: string) =>
      asActor(door.db, who, tuesday, async (tx) => (await tx.query(sql, [id])).rowCount)
    const row = 'select 1 from person_merges where id = $1'
    for (const who of [vera, olga, gone, kept])
      expect([who.name, await seen(who, row)]).toEqual([who.name, 1])
    for (const who of [radka, operator, null])
      expect([who?.name, await seen(who, row)]).toEqual([who?.name, 0])
    for (const sql of [
      'select 1 from person_merge_records where merge_id = $1',
      'update person_merges set decided_by = asked_by where id = $1',
      'select hand_over_seats($1, 1, now())',
      'select hand_over_moderating($1, 1)',
      'select hand_over_assignments($1, 1, now())',
    ])
      await expect(seen(vera, sql), sql).rejects.toThrow('permission denied')
  })

  it('opens none of its pages to anybody else, and nothing happens', async () => {
    const { id, gone, kept } = await waiting()
    const pair = { person: String(gone.person), into: String(kept.person), reason: 'Jeden člověk' }
    for (const who of [null, radka, operator, kept]) {
      const { cookie, csrf } = who ? await door.signedIn(who) : { cookie: '', csrf: '' }
      const post = (path: string, fields: Record<string, string> = {}) =>
        door.post(`/people/doubles/${path}`, { _csrf: csrf, ...fields }, { cookie })
      for (const answer of [
        await door.get('/people/doubles', cookie),
        await door.get(`/people/doubles/merger?person=${pair.person}&into=${pair.into}`, cookie),
        await post('choice', { person: gone.email, into: kept.email }),
        await post('merger', pair),
        await post(`${id}/confirmation`),
        await post(`${id}/withdrawal`, { reason: 'Omyl' }),
      ]) {
        expect([who?.name, answer.statusCode]).toEqual([who?.name, who ? 403 : 303])
        expect(answer.headers.location ?? '/sign-in').toMatch(/^\/sign-in/)
        expect(answer.body).not.toContain(gone.email)
      }
    }
    expect(await standing(id)).toEqual({ merged: false, ended: false })
  })

  it('asks a coordinator for a fresh proof', async () => {
    const { id, gone, kept } = await waiting()
    const { cookie, csrf } = await door.signedIn(olga)
    door.now = tuesday + 15 * 60_000
    const pair = { person: String(gone.person), into: String(kept.person), reason: 'Jeden člověk' }
    for (const path of ['merger', `${id}/confirmation`, `${id}/withdrawal`]) {
      const answer = await door.post(`/people/doubles/${path}`, { _csrf: csrf, ...pair }, { cookie })
      expect([path, answer.statusCode]).toEqual([path, 403])
    }
    door.now = tuesday
    expect(await standing(id)).toEqual({ merged: false, ended: false })
  })
})
