/** Every page as the people who use it: nothing for axe, nothing against the policy, nothing wider than the screen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merge, unmerge } from '../../src/modules/members/merging.ts'
import { agree } from '../../src/modules/site/showings.ts'
import { endGlass, openGlass } from '../../src/modules/trail/glass.ts'
import { note } from '../../src/modules/warnings/talk.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import { asEngine } from '../../src/platform/database.ts'
import { addPerson } from '../harness.ts'
import { openPublicWeb, type PublicWeb } from '../public-web.ts'
import { addressPages } from './address-pages.ts'
import { doublePages } from './double-pages.ts'
import { groupPages } from './groups.ts'
import { look as lookAt } from './looking.ts'
import { day, evening, mailLinks, memorandumPages, openStage, type Stage, thingsOf } from './stage.ts'

describe('the pages', { timeout: 240_000 }, () => {
  let stage: Stage
  let memoranda: string[]
  let web: PublicWeb
  beforeAll(async () => {
    stage = await openStage()
    const { admin, operator } = stage.people
    await stage.db.engine.query(
      `insert into recoveries (person_id, reason, proposed_by, proposed_at, expires_at, readers)
       values ($1, 'Telefon zůstal ve vlaku.', $2, to_timestamp($3 / 1000.0), 'infinity', '{2}')`,
      [admin.person, operator.person, evening],
    )
    memoranda = await memorandumPages(stage)
    web = await openPublicWeb(stage.db, stage.people.coordinator, evening)
    await agree(stage.db, stage.people.coordinator, stage.hospitals[0]?.id ?? 0, true, evening)
  }, 300_000)
  afterAll(() => stage?.close())

  const look = (who: Actor | null, paths: string[], expected = 200): Promise<string[]> =>
    lookAt(stage, who, paths, expected)

  it('are sound for visitors', async () => {
    expect(await look(null, ['/sign-in', '/forgotten-password', '/api'])).toEqual([])
    expect(await look(null, ['/nowhere'], 404)).toEqual([])
    expect(await look(null, ['/recover/no-such-link'], 410)).toEqual([])
  })

  it('are sound on the public web, in either language', async () => {
    const places = [
      'akcni-plan',
      'aktuality',
      'akce',
      'cisla',
      'clenove',
      'memorandum',
      'memorandum/1',
      'skupiny',
      'co-je-hsoc',
      'kontakt',
      'pristupnost',
    ]
    const czech = ['', ...places, 'aktuality/prvni-cviceni', 'akce/skoleni-spravcu', 'caste-otazky']
    expect(await look(null, ['/', ...czech.map((place) => `/cs/${place}`.replace(/\/$/, ''))])).toEqual([])
    expect(
      await look(null, ['/en', '/en/action-plan', '/en/events', '/en/caste-otazky', '/en/privacy']),
    ).toEqual([])
  })

  it('are sound for those who edit the public web', async () => {
    const { rows } = await stage.db.engine.query<{ id: number }>(
      'select max(id)::int as id from site_versions where page_id = $1',
      [web.news],
    )
    expect(
      await look(stage.people.coordinator, [
        '/site',
        '/site/new?kind=page',
        '/site/new?kind=occasion',
        `/site/texts/${web.page}`,
        `/site/texts/${web.page}?lang=en`,
        `/site/texts/${web.occasion}`,
        `/site/versions/${rows[0]?.id}`,
        `/site/versions/${rows[0]?.id}/preview`,
        '/site/plan',
        `/site/actions/${web.slipped}`,
        `/site/actions/${web.done}`,
        '/showing',
      ]),
    ).toEqual([])
  })

  it('are sound for those who sit in groups and who lead them', async () => {
    const pages = await groupPages(stage)
    expect(await look(stage.people.admin, pages.leading)).toEqual([])
    expect(await look(stage.people.manager, pages.own)).toEqual([])
    expect(await look(stage.people.coordinator, pages.coordinator)).toEqual([])
  })

  it('are sound for whom a mail brought, without signing in', async () => {
    expect(await look(null, await mailLinks(stage))).toEqual([])
  })

  it("are sound for a hospital's administrator", async () => {
    const own = await thingsOf(stage, stage.people.admin)
    expect(
      await look(stage.people.admin, [
        '/',
        '/warnings',
        `/warnings/${own.warning}`,
        `/days/${day}`,
        `/days/${day}?scope=sector`,
        `/days/${day}/detections`,
        `/days/${day}/events`,
        '/episodes',
        `/episodes/${own.episode}`,
        `/sources/${own.source}`,
        `/events/${own.event}`,
        '/sensors',
        '/suppressed',
        '/announced-tests',
        '/exercises',
        `/search?q=${own.source.slice(0, 6)}`,
        '/lists',
        '/account',
        '/trail',
        '/trail/reads',
        `/members/${stage.hospitals[0]?.id}/people`,
        '/trainings',
        '/account/means',
        '/recoveries',
      ]),
    ).toEqual([])
  })

  it('are sound before, after and past a merger, and when somebody has left', async () => {
    const [into, , , old] = stage.hospitals.map(({ id }) => id)
    const { coordinator, admin } = stage.people
    if (into === undefined || old === undefined) throw new Error('the sector is too small')
    const preview = `/members/${old}/merger?into=${into}`
    expect(await look(coordinator, [`/members/${old}/merger`, preview])).toEqual([])
    const wanted = { org: old, into, reason: 'Rozhodnutí zřizovatele ze 3. března', people: [] }
    await asEngine(stage.db, (tx) => merge(tx, wanted, coordinator, evening))
    expect(await look(coordinator, [preview], 409)).toEqual([])
    expect(await look(coordinator, [`/members/${old}`, `/members/${into}`, '/members?status=left'])).toEqual(
      [],
    )
    expect(await look(admin, ['/', '/warnings', `/members/${into}`, `/members/${old}`])).toEqual([])
    await stage.db.engine.query(`update organisations set status = 'left' where id = $1`, [into])
    expect(await look(coordinator, ['/', '/unattended', '/warnings?state=unattended'])).toEqual([])
    await stage.db.engine.query(`update organisations set status = 'participant' where id = $1`, [into])
    await asEngine(stage.db, (tx) => unmerge(tx, { org: old, reason: 'Omyl' }, coordinator, evening))
    expect(await look(coordinator, [`/members/${old}`])).toEqual([])
  })

  it('are sound where accounts were entered twice', async () => {
    expect(await look(stage.people.coordinator, await doublePages(stage))).toEqual([])
  })

  it('are sound where somebody asks for their data', async () => {
    const { coordinator, admin } = stage.people
    const gone = await addPerson(stage.db, 'Vendelín Odešlý', [])
    const paths = ['/people/data', ...[gone, admin, coordinator].map((one) => `/people/${one.person}/data`)]
    expect(await look(coordinator, paths)).toEqual([])
    expect(await look(admin, paths, 403)).toEqual([])
  })

  it('are sound for coordinators', async () => {
    const all = await thingsOf(stage, stage.people.coordinator)
    expect(
      await look(stage.people.coordinator, [
        '/',
        '/trainings',
        `/trainings/${web.occasion}`,
        '/sector',
        '/warnings',
        `/warnings/${all.warning}`,
        `/days/${day}`,
        `/days/${day}/detections`,
        `/days/${day}/sources`,
        '/episodes',
        `/sources/${all.source}`,
        '/lists',
        '/exercises',
        '/sensors',
        `/sensors/${all.sensor}`,
        '/rules',
        '/rules/W3',
        '/members',
        '/people/search?q=nemocnice',
        `/members/${stage.hospitals[0]?.id}`,
        `/members/${stage.hospitals[0]?.id}/people`,
        `/members/${stage.hospitals[0]?.id}/people/${stage.people.admin.person}`,
        '/trail/reads',
        '/deliveries',
        '/trail',
        '/keys',
        '/credibility',
        '/answers',
        '/suppressed',
        '/recoveries',
      ]),
    ).toEqual([])
  })

  it('are sound for coordinators who keep the memorandum and the register', async () => {
    const [memorandum = '', version = '', ...kept] = memoranda
    const hospital = `/members/${stage.hospitals[0]?.id}`
    expect(
      await look(stage.people.coordinator, [
        memorandum,
        version,
        ...kept,
        hospital,
        `${hospital}/edit`,
        '/memorandum/new',
      ]),
    ).toEqual([])
    expect(await look(stage.people.admin, [memorandum, version, hospital])).toEqual([])
  })

  it('are sound for who claims addresses, whom it touches, and who decides', async () => {
    const { member, coordinator } = await addressPages(stage)
    expect(await look(stage.people.admin, member)).toEqual([])
    expect(await look(stage.people.coordinator, coordinator)).toEqual([])
  })

  it('are sound for all whom break-glass access concerns, its banner with them', async () => {
    const { coordinator, admin } = stage.people
    const given = { org: stage.hospitals[0]?.id ?? 0, reason: 'Nemocnice nebere telefon a útok trvá.' }
    const id = await asActor(stage.db, coordinator, evening, (tx) =>
      openGlass(tx, given, coordinator, evening),
    )
    const own = await thingsOf(stage, admin)
    await note(stage.db, admin, Number(own.warning), 'Podezřelý je notebook účetní.', evening, true)
    const pages = ['/', '/trail/glass', `/trail/glass/${id}`]
    expect(await look(coordinator, pages)).toEqual([])
    expect(await look(admin, [...pages, `/warnings/${own.warning}`])).toEqual([])
    await asActor(stage.db, coordinator, evening, (tx) => endGlass(tx, id, coordinator, evening))
    expect(await look(coordinator, pages)).toEqual([])
  })

  it('are sound for people with little to see', async () => {
    expect(
      await look(stage.people.newcomer, [
        '/',
        '/warnings',
        `/days/${day}`,
        '/days/2026-01-01',
        '/suppressed',
        '/search?q=nothing-like-this',
      ]),
    ).toEqual([])
    expect(await look(stage.people.operator, ['/', '/sensors'])).toEqual([])
    expect(
      await look(stage.people.operator, [
        '/retention',
        '/retention/reads?days=400',
        '/processing',
        '/account/data',
      ]),
    ).toEqual([])
    expect(await look(stage.people.operator, ['/warnings'], 403)).toEqual([])
    const own = await thingsOf(stage, stage.people.manager)
    expect(await look(stage.people.manager, ['/', '/warnings', `/warnings/${own.warning}`])).toEqual([])
    expect(await look(stage.people.two, ['/', '/warnings'])).toEqual([])
  })
})
