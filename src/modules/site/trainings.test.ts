import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fields, getAs, postAs } from '../../../test/asking.ts'
import { contextOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { written } from '../../../test/public-web.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { NotFound } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { stepsOf } from '../joining/steps.ts'
import { exportOf } from '../privacy/export.ts'
import { noteAttendance } from './trainings.ts'

const hour = 3_600_000
let db: TestDatabase
let app: App
let context: Context
let stop: () => Promise<void>
let vera: Actor
let jana: Actor
let petr: Actor
let cyril: Actor
let lipova: Hospital
let dub: Hospital
let training = 0
let now = tuesday

beforeAll(async () => {
  db = await createDatabase()
  lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  dub = await addHospital(db, 'Nemocnice Dub', ['198.51.100.0/25'])
  vera = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
  jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
  petr = await addPerson(db, 'Petr Lípa', [['duty', lipova]])
  cyril = await addPerson(db, 'Cyril Dub', [['representative', dub]])
  const made = contextOf(db, () => now)
  context = made.context
  stop = made.stop
  app = await openPages(context)
  const given = {
    kind: 'occasion' as const,
    title: 'Jak číst varování',
    summary: 'x',
    body: 'x',
    slug: 'skoleni',
  }
  const schedule = { startsAt: tuesday + 24 * hour, endsAt: tuesday + 26 * hour, kind: 'training' as const }
  training = await written(db, vera, given, tuesday, schedule)
}, 60_000)
afterAll(async () => {
  await app.close()
  await stop()
  await db.drop()
})

const get = (who: Actor | null, url: string) => getAs({ app, context, lang: 'en' }, who, url)
const post = (who: Actor | null, url: string, fields: Fields = {}) =>
  postAs({ app, context, lang: 'en' }, who, url, fields)
const step = async (who: Actor, org: Hospital) =>
  (await asReader(db, who, now, (tx) => stepsOf(tx, org.id))).find(({ name }) => name === 'training')
const signUp = (who: Actor, org = lipova) =>
  post(who, `/trainings/${training}/place`, { org: String(org.id) })
const note = (who: Actor, fields: [string, string][]) =>
  post(who, `/trainings/${training}/attendance`, fields)
const placeOf = async (who: Actor): Promise<string> =>
  String(
    (
      await db.engine.query<{ id: number }>('select id from training_places where person_id = $1', [
        who.person,
      ])
    ).rows[0]?.id,
  )

describe('a training', () => {
  it('is announced to members, and signed up for only where that is open, for the own organisation', async () => {
    expect(await step(jana, lipova)).toMatchObject({ state: 'open', href: '/trainings' })
    expect((await get(jana, '/trainings')).body).toContain('Jak číst varování')
    expect((await signUp(jana)).statusCode).toBe(409)
    for (const who of [jana, cyril])
      expect((await post(who, `/trainings/${training}/sign-up`, { open: 'yes' })).statusCode).toBe(403)
    expect((await post(vera, `/trainings/${training}/sign-up`, { open: 'yes' })).statusCode).toBe(303)
    expect((await signUp(jana, dub)).statusCode).toBe(403)
    expect((await signUp(vera)).statusCode).toBe(403)
    for (const org of ['', '-1', '999999999999', 'x\0'])
      expect((await post(jana, `/trainings/${training}/place`, { org })).statusCode).toBe(403)
    expect((await post(jana, '/trainings/999999/place', { org: String(lipova.id) })).statusCode).toBe(404)
    for (const who of [jana, jana, petr])
      expect((await signUp(who)).headers.location).toBe('/trainings?said=signed')
    const { rowCount } = await db.engine.query(`select 1 from audit where verb = 'site.sign-up'`)
    expect(rowCount).toBe(2)
    expect(await step(jana, lipova)).toMatchObject({ state: 'waiting' })
    expect((await get(jana, '/trainings')).body).toContain('You are signed up for Nemocnice Lipová')
    expect((await get(cyril, '/trainings')).body).not.toContain('You are signed up')
    expect((await get(vera, `/trainings/${training}`)).body).toContain('Petr Lípa, Nemocnice Lipová')
    expect((await get(jana, `/trainings/${training}`)).statusCode).toBe(403)
    // Who else comes is told to coordinators alone, not to a colleague.
    expect((await get(jana, '/trainings')).body).not.toContain('Petr')
  })

  it('is nothing for operators and for who is not signed in', async () => {
    const olga = await addPerson(db, 'Olga Provozní', [['operator', null]])
    const deeds = ['place', 'place/withdrawal', 'sign-up', 'attendance'].map(
      (deed) => `/trainings/${training}/${deed}`,
    )
    for (const url of ['/trainings', `/trainings/${training}`]) {
      expect([url, (await get(olga, url)).statusCode]).toEqual([url, 403])
      const visited = await get(null, url)
      expect([visited.statusCode, visited.body]).toEqual([303, ''])
    }
    for (const url of deeds) {
      expect([url, (await post(olga, url, { org: String(lipova.id) })).statusCode]).toEqual([url, 403])
      const visited = await post(null, url, { org: String(lipova.id) })
      expect([url, visited.statusCode, visited.headers.location]).toEqual([url, 303, '/sign-in?back=%2F'])
    }
  })

  it('a sign-up is taken back by its person alone', async () => {
    const back = (who: Actor) =>
      post(who, `/trainings/${training}/place/withdrawal`, { org: String(lipova.id) })
    expect((await back(cyril)).statusCode).toBe(404)
    expect((await back(petr)).statusCode).toBe(303)
    expect((await back(petr)).statusCode).toBe(404)
    expect((await get(vera, `/trainings/${training}`)).body).not.toContain('Petr Lípa')
    expect((await signUp(petr)).statusCode).toBe(303)
  })

  it('a place for an organisation is out of the hands of who no longer acts for it', async () => {
    const buk = await addHospital(db, 'Nemocnice Buk', [])
    const dora = await addPerson(db, 'Dora Dvojí', [
      ['duty', buk],
      ['admin', lipova],
    ])
    expect((await signUp(dora, buk)).statusCode).toBe(303)
    await db.engine.query('update engagements set valid_to = $3 where person_id = $1 and org_id = $2', [
      dora.person,
      buk.id,
      new Date(now),
    ])
    const form = { org: String(buk.id) }
    expect((await post(dora, `/trainings/${training}/place/withdrawal`, form)).statusCode).toBe(404)
    expect((await post(dora, `/trainings/${training}/place`, form)).statusCode).toBe(403)
  })

  it('who was there is noted by coordinators, once it has begun, of who signed up; of others the organisation', async () => {
    expect((await note(vera, [['places', await placeOf(jana)]])).statusCode).toBe(409)
    now = tuesday + 25 * hour
    expect((await signUp(cyril, dub)).statusCode).toBe(409)
    expect((await note(cyril, [['places', await placeOf(jana)]])).statusCode).toBe(403)
    expect((await note(vera, [['places', '999999']])).statusCode).toBe(404)
    const wrong = await note(vera, [['organisation', 'Nemocnice Nikde']])
    expect([wrong.statusCode, wrong.body.includes('Nemocnice Nikde')]).toEqual([422, true])
    expect((await note(vera, [['organisation', 'x'.repeat(100_000)]])).statusCode).toBe(422)
    expect(await step(jana, lipova)).toMatchObject({ state: 'aside' })
    const done = await note(vera, [
      ['places', await placeOf(jana)],
      ['organisation', 'Nemocnice Dub'],
    ])
    expect(done.headers.location).toBe(`/trainings/${training}?said=noted`)
    expect(await step(jana, lipova)).toMatchObject({ state: 'done', said: { n: 1 } })
    expect(await step(cyril, dub)).toMatchObject({ state: 'done' })
    expect((await get(jana, '/trainings')).body).toContain('You were there for Nemocnice Lipová')
    expect((await get(petr, '/trainings')).body).not.toContain('You were there')
    expect((await get(cyril, '/trainings')).body).toContain('Somebody of Nemocnice Dub was there')
    // What is no longer ticked is no longer noted.
    await note(vera, [['places', await placeOf(jana)]])
    expect(await step(cyril, dub)).toMatchObject({ state: 'aside' })
  })

  it('another organisation learns nothing of it, and nobody notes themselves', async () => {
    const seen = (who: Actor, sql: string, values: unknown[] = []) =>
      asActor(db, who, now, async (tx) => (await tx.query(sql, values)).rowCount)
    expect(await seen(cyril, 'select 1 from training_places')).toBe(0)
    expect(await seen(cyril, 'select 1 from trainings_of($1)', [lipova.id])).toBe(0)
    await expect(
      seen(petr, 'update training_places set attended_at = now(), marked_by = $1 where person_id = $1', [
        petr.person,
      ]),
    ).rejects.toThrow('row-level security')
    await expect(
      seen(
        petr,
        'insert into training_places (page_id, org_id, attended_at, marked_by) values ($1, $2, now(), $3)',
        [training, lipova.id, petr.person],
      ),
    ).rejects.toThrow('row-level security')
    const draft = await db.engine.query<{ id: number }>(
      `insert into site_pages (kind, slug_cs, slug_en, menu, created_at) values ('occasion', 'd', 'd', 'none', now()) returning id`,
    )
    await expect(
      asActor(db, vera, now, (tx) =>
        noteAttendance(tx, { training: draft.rows[0]?.id ?? 0, places: [], orgs: [] }, vera, now),
      ),
    ).rejects.toThrow(NotFound)
  })

  it('stands in the export of who was there', async () => {
    const { parts } = await exportOf(db, jana.person, jana, now)
    const part = parts.find(({ table }) => table === 'training_places')
    expect(part?.rows).toMatchObject([{ organisation: 'Nemocnice Lipová' }])
  })
})
