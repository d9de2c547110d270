import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../test/harness.ts'
import { type Actor, asReader } from '../../platform/access.ts'
import { translator } from '../../platform/i18n.ts'
import { countPeople, findPeople } from './find-people.ts'
import { registerSearch } from './search.ts'

let door: FrontDoor
let lipova: Hospital
let habrova: Hospital
let jana: Actor
let ruzena: Actor
let dana: Actor
let hana: Actor
let karel: Actor
let olga: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  ruzena = await door.person('Růžena Ďáblíková', [['representative', lipova]])
  dana = await door.person('Dana Dvojí', [
    ['duty', lipova],
    ['admin', habrova],
  ])
  hana = await door.person('Hana Nováčková', [['representative', habrova]])
  karel = await door.person('Karel Koordinátor', [['coordinator', null]])
  olga = await door.person('Olga Operátorka', [['operator', null]])
  await door.db.engine.query(
    `insert into organisation_names (org_id, name, kind, added_at) values ($1, 'Špitál u Lípy', 'earlier', now())`,
    [lipova.id],
  )
})
afterAll(() => door.close())

const names = (actor: Actor | null, q: string, more: { after?: number; limit?: number } = {}) =>
  asReader(door.db, actor, door.now, async (tx) =>
    (await findPeople(tx, { q, ...more })).map(({ name }) => name),
  )
const many = (actor: Actor | null, q: string) =>
  asReader(door.db, actor, door.now, (tx) => countPeople(tx, q))

describe('looking for a person', () => {
  it('finds any part of a name, whatever accents and case are typed', async () => {
    for (const q of ['ďáblík', 'DABLIK', 'Ruzena dab', ' růž '])
      expect(await names(karel, q), q).toEqual(['Růžena Ďáblíková'])
    // Written with the accent apart from its letter.
    expect(await names(karel, 'Ďáblík'.normalize('NFD'))).toEqual(['Růžena Ďáblíková'])
  })

  it('finds an address, and those who serve where a name, also an earlier one, is borne', async () => {
    expect(await names(karel, ruzena.email)).toEqual(['Růžena Ďáblíková'])
    const ofLipova = ['Dana Dvojí', 'Jana Nováková', 'Růžena Ďáblíková']
    expect(await names(karel, 'lipova')).toEqual(ofLipova)
    expect(await names(karel, 'spital u lipy')).toEqual(ofLipova)
    expect(await many(karel, 'spital u lipy')).toBe(3)
  })

  it('tells where each serves, as what', async () => {
    const [found] = await asReader(door.db, karel, door.now, (tx) => findPeople(tx, { q: 'dvojí' }))
    expect(found?.roles).toEqual([
      { org: habrova.id, name: 'Nemocnice Habrová', role: 'admin' },
      { org: lipova.id, name: 'Nemocnice Lipová', role: 'duty' },
    ])
  })

  it('finds nobody of another organisation, by no part of anything', async () => {
    expect(await names(jana, 'nová')).toEqual(['Jana Nováková'])
    expect(await names(hana, 'nová')).toEqual(['Hana Nováčková'])
    expect(await names(dana, 'nová')).toEqual(['Hana Nováčková', 'Jana Nováková'])
    for (const q of [hana.email, 'habrova', 'karel', 'Operator']) expect(await names(jana, q), q).toEqual([])
    // Somebody who serves both is found, but not by what the other is called, nor with what she is there.
    expect(await names(jana, 'dvoj')).toEqual(['Dana Dvojí'])
    const [seen] = await asReader(door.db, jana, door.now, (tx) => findPeople(tx, { q: 'dvoj' }))
    expect(seen?.roles).toEqual([{ org: lipova.id, name: 'Nemocnice Lipová', role: 'duty' }])
  })

  it('finds nobody for who is not signed in, nor for an operator', async () => {
    expect([await names(null, 'nová'), await many(null, 'nová')]).toEqual([[], 0])
    expect([await names(olga, 'nová'), await many(olga, 'nová')]).toEqual([[], 0])
  })

  it('goes on after the last of the page before', async () => {
    const all = await names(karel, 'nemocnice')
    expect(all).toHaveLength(4)
    const first = await asReader(door.db, karel, door.now, (tx) =>
      findPeople(tx, { q: 'nemocnice', limit: 3 }),
    )
    const rest = await names(karel, 'nemocnice', { after: first.at(-1)?.id ?? 0 })
    expect([...first.map(({ name }) => name), ...rest]).toEqual(all)
  })

  it('takes signs for themselves, and nothing for nobody', async () => {
    for (const q of ['%', '_', '\\', "'", '\0', '   ', '', '%%%', 'x'.repeat(5_000), '😀', '('])
      expect([await names(karel, q), await many(karel, q)], JSON.stringify(q.slice(0, 9))).toEqual([[], 0])
  })

  it('finds nobody whose access ended', async () => {
    const gone = await door.person('Gizela Odešlá', [['duty', lipova]])
    expect(await names(karel, 'gizela')).toEqual(['Gizela Odešlá'])
    await door.db.engine.query('update people set disabled_at = $2 where id = $1', [
      gone.person,
      new Date(tuesday),
    ])
    expect([await names(karel, 'gizela'), await names(jana, 'gizela')]).toEqual([[], []])
  })
})

describe('the page', () => {
  const asked = async (who: Actor | null, path: string) =>
    door.get(path, who ? (await door.signedIn(who)).cookie : '')

  it('shows a coordinator everybody, a member the own people, and others nothing', async () => {
    const all = await asked(karel, '/people/search?q=nova')
    expect(all.statusCode).toBe(200)
    for (const name of ['Hana Nováčková', 'Jana Nováková', '2 people found']) expect(all.body).toContain(name)
    expect(all.body).toContain(`href="/people/${jana.person}/data"`)
    const own = await asked(jana, '/people/search?q=nova')
    expect(own.body).not.toContain('/data"')
    expect(own.body).toContain('Jana Nováková')
    expect(own.body).not.toContain('Hana')
    expect((await asked(olga, '/people/search?q=nova')).statusCode).toBe(403)
    expect((await asked(null, '/people/search?q=nova')).body).not.toContain('Nová')
  })

  it('opens for what makes no sense, too', async () => {
    const { cookie } = await door.signedIn(karel)
    for (const query of ['', '?q=', '?q=%00', '?after=x&q=nova', `?q=${'a'.repeat(5_000)}`, '?q=a&q=b'])
      expect((await door.get(`/people/search${query}`, cookie)).statusCode, query).toBe(200)
  })

  it('shows fifty at a time, and the way to the others', async () => {
    for (let n = 0; n < 51; n++)
      await door.db.engine.query(
        `insert into people (email, name, language, created_at, readers) values ($1, $2, 'cs', now(), '{2}')`,
        [`hromadny${n}@people.example`, `Hromadný ${String(n).padStart(2, '0')}`],
      )
    const { cookie } = await door.signedIn(karel)
    const first = await door.get('/people/search?q=hromadny', cookie)
    expect(first.body).toContain('Hromadný 49')
    expect(first.body).not.toContain('Hromadný 50')
    const next = /href="(\/people\/search\?q=hromadny&amp;after=\d+)"/.exec(first.body)?.[1] ?? ''
    const second = await door.get(next.replace('&amp;', '&'), cookie)
    expect(second.body).toContain('Hromadný 50')
    expect(second.body).not.toContain('Hromadný 49')
  })
})

describe('its part of the search over everything', () => {
  const hits = (actor: Actor, q: string) =>
    asReader(door.db, actor, door.now, async (tx) => {
      const found: Awaited<ReturnType<(typeof registerSearch)[0]['find']>>[] = []
      for (const { find } of registerSearch) found.push(await find(tx, q, translator('en'), 20))
      return found
    })

  it('names people and organisations, with the way to each', async () => {
    const [people, organisations] = await hits(karel, 'lípová')
    expect(people?.map(({ href }) => href)).toEqual(
      [habrova.id, lipova.id, lipova.id].map((id) => `/members/${id}#people`),
    )
    expect(people?.[0]?.title).toBe('Dana Dvojí')
    expect(people?.[0]?.meta).toMatch(
      /^dana-dvoji@people\.example · Nemocnice Habrová: .+ · Nemocnice Lipová: .+$/,
    )
    expect(organisations).toEqual([{ href: `/members/${lipova.id}`, title: 'Nemocnice Lipová' }])
    const [colleagues] = await hits(karel, karel.email)
    expect(colleagues?.[0]?.href).toBe(`/people/search?q=${encodeURIComponent(karel.email)}`)
  })

  it('shows others nothing, leaves addresses to their own page, and takes any text', async () => {
    expect(await hits(hana, 'lípová')).toEqual([[], []])
    for (const q of ['192.0.2.1', '\0', '%']) expect(await hits(karel, q), q).toEqual([[], []])
  })
})
