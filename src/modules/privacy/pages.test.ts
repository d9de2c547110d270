import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getAs, postAs } from '../../../test/asking.ts'
import { contextOf } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import type { App } from '../../platform/http.ts'
import { translator } from '../../platform/i18n.ts'
import { held } from './held.ts'
import { addressed } from './impersonal.ts'
import { recordOf } from './record.ts'

let db: TestDatabase
let app: App
let jana: Actor
let dpo: Actor
let operator: Actor
let now = tuesday
let context: ReturnType<typeof contextOf>['context']
let close: () => Promise<void>

beforeAll(async () => {
  db = await createDatabase()
  const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await addPerson(db, 'Jana <b>Nováková</b>', [['admin', lipova]])
  dpo = await addPerson(db, 'Dita Ochranná', [['dpo', lipova]])
  operator = await addPerson(db, 'Ota Provozní', [['operator', null]])
  const made = contextOf(db, () => now)
  context = made.context
  app = await openPages(context)
  close = async () => {
    await app.close()
    await made.stop()
  }
}, 60_000)
afterAll(async () => {
  await close?.()
  await db?.drop()
})

const get = (url: string, by: Actor | null) => getAs({ app, context }, by, url)
const take = (by: Actor, fields: Record<string, string>, laterMs = 0) =>
  postAs({ app, context }, by, '/account/data', fields, () => {
    now += laterMs
  })

describe("one's own data", () => {
  it('are found from the account, and said what they are', async () => {
    expect((await get('/account', jana)).body).toContain('/account/data')
    expect((await get('/account/data', jana)).body).toContain('730 dní')
    expect((await get('/account/data', null)).statusCode).not.toBe(200)
  })

  it('are handed out as JSON and as a page, to the person alone, with a line in the trail', async () => {
    const json = await take(jana, { as: 'json', person: String(dpo.person) })
    expect([json.statusCode, json.headers['content-disposition']]).toEqual([
      200,
      `attachment; filename="hsoc-person-${jana.person}.json"`,
    ])
    expect(json.json().person).toBe(jana.person)
    expect(json.body).toContain(jana.email)
    expect(json.body).not.toContain(dpo.email)
    const page = await take(jana, { as: 'page' })
    expect(page.body).toContain('Jana &lt;b>Nováková&lt;/b>')
    expect(page.body).toContain('Nemocnice Lipová')
    const { rowCount } = await db.engine.query(`select 1 from audit where verb = 'privacy.export'`)
    expect(rowCount).toBe(2)
  })

  it('ask for a fresh proof, and for a form of our own', async () => {
    const stale = await take(jana, { as: 'json' }, 15 * 60_000)
    expect(stale.statusCode).toBe(403)
    expect(stale.body).not.toContain(jana.email)
    expect((await take(jana, { _csrf: 'x' })).statusCode).toBe(403)
  })
})

describe('the record of processing', () => {
  it('has every table that holds something of people, once, and words for all', () => {
    const days = new Proxy({}, { get: () => 7 }) as never
    const chapters = recordOf(days)
    const tables = chapters.flatMap(({ entries }) => entries.map(({ table }) => table))
    expect(tables.sort()).toEqual([...Object.keys(held), ...Object.keys(addressed)].sort())
    for (const lang of ['cs', 'en'] as const) {
      const t = translator(lang)
      const words = chapters.flatMap(({ activity, entries }) => [
        ...['', '.purpose', '.people', '.basis', '.recipients'].map(
          (end) => `privacy.activity.${activity}${end}`,
        ),
        ...entries.map(({ table }) => `privacy.table.${table}`),
        ...entries.map(({ erased }) => `privacy.erase.${erased}`),
      ])
      expect([lang, words.filter((word) => !t.has(word))]).toEqual([lang, []])
    }
  })

  it('is for data protection officers, operators and coordinators, with the periods in force', async () => {
    expect((await get('/processing', jana)).statusCode).toBe(403)
    const page = await get('/processing', dpo)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('výmaz')
    expect(page.body).toMatch(/1\s098 dní/)
    // The periods themselves are the affair of those who run the installation.
    expect(page.body).not.toContain('href="/retention"')
    expect((await get('/processing', operator)).body).toContain('href="/retention"')
    expect((await get('/', dpo)).body).toContain('/processing')
  })
})
