import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../test/harness.ts'
import { openWarning } from '../../../test/warned.ts'
import type { Actor } from '../../platform/access.ts'

let door: FrontDoor
let stara: Hospital
let nova: Hospital
let vera: Actor
let jana: Actor
let nela: Actor
let ota: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  stara = await addHospital(door.db, 'Nemocnice <Stará>', ['192.0.2.0/25'])
  nova = await addHospital(door.db, 'Nemocnice Nová', ['198.51.100.0/24'])
  await addHospital(door.db, 'Nemocnice Lipová', [])
  jana = await door.person('Jana Stará', [['representative', stara]])
  nela = await door.person('Nela Nová', [['representative', nova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  ota = await door.person('Ota Provozní', [['operator', null]])
  await openWarning(door.db, { org: stara })
})
afterAll(() => door.close())
beforeEach(() => door.forget())

async function as(who: Actor) {
  const { cookie, csrf } = await door.signedIn(who)
  return {
    get: (url: string) => door.get(url, cookie),
    post: (url: string, fields: Record<string, string> = {}) =>
      door.post(url, { ...fields, _csrf: csrf }, { cookie: `lang=en; ${cookie}` }),
  }
}
const path = () => `/members/${stara.id}/merger`
const standing = async (): Promise<unknown> =>
  (await door.db.engine.query('select merged_into as into from organisations where id = $1', [stara.id]))
    .rows[0]

describe('merging on the pages', () => {
  it('shows what would happen, and does nothing before the click', async () => {
    const { get } = await as(vera)
    expect((await get(`/members/${stara.id}`)).body).toContain(`href="${path()}"`)
    expect((await get(path())).statusCode).toBe(200)
    const shown = await get(`${path()}?into=${encodeURIComponent('nemocnice  nová')}`)
    expect(shown.statusCode).toBe(200)
    for (const text of ['192.0.2.0/25', 'Jana Stará', 'Merge Nemocnice &lt;Stará> into Nemocnice Nová'])
      expect(shown.body).toContain(text)
    expect(shown.body).toContain(`href="/warnings?kind=detected&amp;org=${stara.id}&amp;state=living">1<`)
    expect(shown.body).not.toContain('<Stará>')
    expect(await standing()).toEqual({ into: null })
  })

  it('asks to tick a representative only where there is one to tick', async () => {
    const { get } = await as(vera)
    const lone = await addHospital(door.db, 'Nemocnice Osamělá', [])
    const bare = await addHospital(door.db, 'Nemocnice Bez zástupce', [])
    await door.person('Adam Technik', [['admin', bare]])
    const said = async (org: number) => (await get(`/members/${org}/merger?into=${lone.id}`)).body
    expect(await said(stara.id)).toContain('Tick a representative, or name one afterwards.')
    const empty = await addHospital(door.db, 'Nemocnice Prázdná', [])
    for (const { id } of [bare, empty]) {
      expect(await said(id)).not.toContain('Tick a representative')
      expect(await said(id)).toContain('no representative can go over')
    }
  })

  it('says what is wrong and keeps what was typed', async () => {
    const { get, post } = await as(vera)
    for (const [typed, said] of [
      ['Nemocnice Nikde', 'There is no such organisation'],
      [String(stara.id), 'It is the same organisation'],
      ['%00', 'Which organisation goes on'],
      ['x'.repeat(5_000), 'Which organisation goes on'],
    ] as const) {
      const answer = await get(`${path()}?into=${encodeURIComponent(typed)}`)
      expect([answer.statusCode < 500, answer.body]).toEqual([true, expect.stringContaining(said)])
    }
    const into = String(nova.id)
    const wrongs: [Record<string, string>, number][] = [
      [{}, 422],
      [{ into, reason: ' ' }, 422],
      [{ into, reason: 'x'.repeat(2_000) }, 422],
      [{ into, reason: 'x', people: String(nela.person) }, 422],
      [{ into, reason: 'x', people: '-1' }, 422],
      [{ into: String(stara.id), reason: 'x' }, 409],
      [{ into: '999999', reason: 'x' }, 404],
      [{ into: '1e99', reason: 'a\0b' }, 422],
    ]
    for (const [fields, status] of wrongs) {
      const answer = await post(path(), fields)
      expect([fields, answer.statusCode]).toEqual([fields, status])
    }
    const kept = await post(path(), { into, reason: '<b>x</b>'.repeat(200), people: String(jana.person) })
    expect(kept.body).toContain('Say why, in at most 1000 letters')
    expect(kept.body).toContain('&lt;b>x&lt;/b>')
    expect(kept.body).toMatch(new RegExp(`value="${jana.person}"[^>]*checked`))
    expect(await standing()).toEqual({ into: null })
  })

  it('is for coordinators alone', async () => {
    for (const who of [jana, nela, ota]) {
      const { get, post } = await as(who)
      expect((await get(path())).statusCode).toBe(403)
      expect((await post(path(), { into: String(nova.id), reason: 'x' })).statusCode).toBe(403)
      expect((await post(`${path()}/withdrawal`, { reason: 'x' })).statusCode).toBe(403)
    }
    expect((await door.get(path())).statusCode).not.toBe(200)
    expect(await standing()).toEqual({ into: null })
  })

  it('is done, seen by both, found under both names, and undone', async () => {
    const { get, post } = await as(vera)
    const done = await post(path(), {
      into: String(nova.id),
      reason: 'Rozhodnutí kraje',
      people: String(jana.person),
    })
    expect([done.statusCode, done.headers.location]).toEqual([303, `/members/${nova.id}?done=merged`])
    const successor = await get(`/members/${nova.id}?done=merged`)
    for (const text of [
      'The organisations are merged',
      'Merged into this organisation',
      'Rozhodnutí kraje',
      `href="/members/${stara.id}"`,
    ])
      expect(successor.body).toContain(text)
    const old = await get(`/members/${stara.id}`)
    expect(old.body).toContain('has been merged into another')
    expect(old.body).not.toContain(`href="${path()}"`)
    expect(old.body).toContain('in force with the successor')
    expect(old.body).not.toContain(`href="/members/${stara.id}/people"`)
    const list = await get(`/members?q=${encodeURIComponent('star')}`)
    expect(list.body).toContain('formerly also Nemocnice &lt;Stará>')
    expect(list.body).not.toContain(`href="/members/${stara.id}"`)
    for (const who of [jana, nela]) {
      const own = await (await as(who)).get(`/members/${stara.id}`)
      expect([own.statusCode, own.body]).toEqual([200, expect.stringContaining('Rozhodnutí kraje')])
      expect(own.body).not.toContain('Undo the merger')
    }
    expect((await post(path(), { into: String(nova.id), reason: 'x' })).body).toContain(
      'merged into another already',
    )
    expect((await post(`${path()}/withdrawal`, { reason: ' ' })).statusCode).toBe(422)
    const undone = await post(`${path()}/withdrawal`, { reason: 'Kraj si to rozmyslel' })
    expect(undone.headers.location).toBe(`/members/${stara.id}?done=unmerged`)
    expect((await get(`/members/${stara.id}?done=unmerged`)).body).toContain('Kraj si to rozmyslel')
    const late = await post(`${path()}/withdrawal`, { reason: 'x' })
    expect([late.statusCode, late.body]).toEqual([409, expect.stringContaining('cannot be undone now')])
    expect((await (await as(nela)).get(`/members/${stara.id}`)).statusCode).toBe(404)
  })

  it('asks for a fresh proof first', async () => {
    const { get, post } = await as(vera)
    door.now = tuesday + 20 * 60_000
    expect((await get(path())).statusCode).toBe(200)
    const asked = await post(path(), { into: String(nova.id), reason: 'x' })
    expect([asked.statusCode, asked.body]).toEqual([403, expect.stringContaining('Confirm that it is you')])
    expect(await standing()).toEqual({ into: null })
  })
})
