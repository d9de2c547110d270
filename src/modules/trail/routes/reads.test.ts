import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf, seedBelongings } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'
import { langs, readCatalogue } from '../../../platform/i18n.ts'
import { hashToken } from '../../../platform/sessions.ts'
import { areaOf } from '../pages/reads.tsx'

interface Shown {
  org: number
  reader: string
  way: string
  place: string
  object: string
  times: number
}

describe('the read ledger', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let lipova: Hospital
  let habrova: Hospital
  let warning: string
  let now = tuesday + 60_000
  const people = {} as Record<'jana' | 'hana' | 'karel' | 'both', Actor>

  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db, () => now))
    app = await openPages(context)
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    habrova = await addHospital(db, 'Nemocnice Habrová', ['192.0.2.128/25'])
    warning = (await seedBelongings(db, lipova, 'ours')).ids.warning?.id as string
    await seedBelongings(db, habrova, 'theirs')
    people.jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    people.hana = await addPerson(db, 'Hana Tichá', [['admin', habrova]])
    people.karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    people.both = await addPerson(db, 'Běta Dvojí', [
      ['coordinator', null],
      ['admin', lipova],
    ])
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })
  beforeEach(async () => {
    now = tuesday + 60_000
    // The ledger can only grow; an hour of its own keeps each test's rows apart.
    await db.engine.query(`update trail_reads set place = 'before', object = id::text`)
  })

  const get = async (who: keyof typeof people | null, url: string) =>
    app.inject({ url, headers: who ? await cookieOf(context, people[who]) : {} })
  const ledger = async (who: keyof typeof people): Promise<Shown[]> =>
    JSON.parse((await get(who, '/api/v1/reads')).body)
      .reads.filter(({ place }: Shown) => place !== 'before')
      .map(({ org, reader, way, place, object, times }: Shown) => ({
        org,
        reader,
        way,
        place,
        object,
        times,
      }))

  it('names who looked at what, and how: a page, a program’s answer, a file', async () => {
    for (const url of [
      `/warnings/${warning}`,
      `/api/v1/warnings/${warning}`,
      '/warnings?format=csv',
      '/warnings.csv',
    ])
      await get('karel', url)
    const seen = await ledger('jana')
    expect(seen).toContainEqual({
      org: lipova.id,
      reader: 'Karel Koordinátor',
      way: 'page',
      place: '/warnings/:id',
      object: warning,
      times: 1,
    })
    expect(seen).toContainEqual(expect.objectContaining({ way: 'api', place: '/api/v1/warnings/:id' }))
    expect(seen.map(({ way }) => way)).toContain('file')
    const page = (await get('jana', '/trail/reads')).body
    expect(page).toContain('Karel Koordinátor')
    expect(page).toContain(`varování: ${warning}`)
  })

  it('counts within the hour and begins anew with the next', async () => {
    for (let i = 0; i < 3; i++) await get('karel', `/warnings/${warning}`)
    now += 3_600_000
    await get('karel', `/warnings/${warning}`)
    const looks = (await ledger('jana')).filter(({ place }) => place === '/warnings/:id')
    expect(looks.map(({ times }) => times)).toEqual([1, 3])
  })

  it('tells each organisation of its own alone, and visitors nothing', async () => {
    await get('karel', '/warnings')
    const orgs = async (who: keyof typeof people) =>
      [...new Set((await ledger(who)).map(({ org }) => org))].sort()
    expect(await orgs('jana')).toEqual([lipova.id])
    expect(await orgs('hana')).toEqual([habrova.id])
    expect(await orgs('karel')).toEqual([lipova.id, habrova.id].sort())
    expect(JSON.parse((await get('jana', `/api/v1/reads?org=${habrova.id}`)).body)).toEqual({
      reads: [],
      total: 0,
      next: null,
    })
    expect((await get('jana', '/trail/reads')).body).not.toContain('Habrová')
    expect((await get(null, '/trail/reads')).statusCode).toBe(303)
    expect((await get(null, '/api/v1/reads')).statusCode).toBe(401)
  })

  it('has nothing of those who look at their own, of refusals, and of what is not there', async () => {
    await get('jana', `/warnings/${warning}`)
    await get('both', `/warnings/${warning}`)
    await get('hana', `/warnings/${warning}`)
    await get('karel', '/warnings/999999')
    expect(await ledger('jana')).toEqual([])
  })

  it('names the key with which a program of the coordinators looked', async () => {
    const key = 'hsk_canary'
    await db.engine.query(
      `insert into api_keys (key_hash, org_id, label, scopes, made_at, expires_at)
       values ($1, null, 'Nástěnka dispečinku', '{warnings.read}', to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0) + interval '1 day')`,
      [hashToken(key), tuesday],
    )
    for (let i = 0; i < 2; i++)
      expect(
        (await app.inject({ url: '/api/v1/warnings', headers: { authorization: `Bearer ${key}` } }))
          .statusCode,
      ).toBe(200)
    expect(await ledger('jana')).toEqual([
      expect.objectContaining({
        reader: 'Nástěnka dispečinku',
        way: 'api',
        place: '/api/v1/warnings',
        times: 2,
      }),
    ])
  })

  it('gives nothing when the ledger cannot be written: no look without its line', async () => {
    const owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await owner.query('revoke insert on trail_reads from hsoc_engine')
    const answer = await get('karel', `/warnings/${warning}`)
    await owner.query('grant insert on trail_reads to hsoc_engine')
    await owner.end()
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('ours-canary')
  })

  it('has words for every page and answer that it may write down', () => {
    const areas = app.routed
      .filter(({ method, access, url }) => method === 'GET' && access.who !== 'anyone' && url !== '/live')
      .map(({ url }) => areaOf(url))
    expect(areas).toContain('addresses')
    for (const lang of langs) {
      const words = readCatalogue(lang)
      expect([...new Set(areas)].filter((area) => !(`trail.place.${area}` in words))).toEqual([])
    }
  })

  it.each(['?from=x', '?to=2026-13-01', '?after=1', '?org=x'])('refuses %s by name', async (query) => {
    expect((await get('jana', `/api/v1/reads${query}`)).statusCode).toBe(422)
  })
})
