/** Kept pages are drawn anew when a table says that it changed: every table that they read has to say so. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { testSecret } from '../../../test/postgres-setup.ts'
import { openPublicWeb } from '../../../test/public-web.ts'
import { openPages } from '../../app.ts'
import { asActor } from '../../platform/access.ts'
import { type Database, openDatabase } from '../../platform/database.ts'
import { servingUrls } from '../../platform/migrate.ts'
import { addVersion } from '../members/memorandum.ts'
import { sign } from '../members/signatures.ts'
import { agree } from './showings.ts'

/** Read for a page, and yet no change of theirs has to be heard at once. */
const unheard: Record<string, string> = {
  sector_figures:
    'written every few seconds while events come; pages show only those of yesterday, and are drawn anew with each minute',
}

let db: TestDatabase
let owner: pg.Client
beforeAll(async () => {
  db = await createDatabase()
  owner = new pg.Client({ connectionString: db.url })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await db.drop()
})

/** Does something over connections of its own; they write down what they read by the time they are gone. */
async function apart(work: (own: TestDatabase) => Promise<void>): Promise<void> {
  const own: Database = openDatabase(servingUrls(db.url, testSecret))
  await work({ ...own, url: db.url, drop: () => own.close() })
  await own.close()
  await expect
    .poll(async () => {
      const { rows } = await owner.query(
        `select usename from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      )
      return rows
    })
    .toEqual([])
}

/** Something to be read on every public page. */
async function fill(own: TestDatabase): Promise<void> {
  const vera = await addPerson(own, 'Věra Klidná', [['coordinator', null]])
  const lipova = await addHospital(own, 'Nemocnice Lipová', ['192.0.2.0/25'])
  await addPerson(own, 'Dana Pohotová', [['duty', lipova]])
  await openPublicWeb(own, vera, tuesday)
  await agree(own, vera, lipova.id, true, tuesday)
  const version = { number: '1', month: '2020-09', language: 'cs', title: 'Memorandum', text: 'Čl. 1' }
  const signature = { signatoryName: 'Ing. Čtirad Vzorový', day: '', state: 'declared', contact: '' }
  await asActor(own, vera, tuesday, async (tx) => {
    await addVersion(tx, { ...version, fileSha256: '', published: '1' }, vera, tuesday)
    await sign(tx, 1, { organisation: lipova.name, ...signature, nameShown: '1' }, vera, tuesday)
  })
}

/** Every page of the sitemap, as a visitor. */
async function visit(own: TestDatabase): Promise<string[]> {
  const { context, stop } = contextOf(own, () => tuesday)
  const app = await openPages(context)
  const map = (await app.inject({ url: '/sitemap.xml' })).body
  const places = [...map.matchAll(/<loc>https:\/\/hsoc\.example([^<]+)<\/loc>/g)].map(
    ([, place]) => place as string,
  )
  for (const url of ['/', ...places])
    expect([url, (await app.inject({ url })).statusCode]).toEqual([url, 200])
  await app.close()
  await stop()
  return places
}

/** How often each table was looked at so far, by whomever and past whichever function. */
async function looks(): Promise<Map<string, { times: number; tells: boolean }>> {
  await owner.query('select pg_stat_clear_snapshot()')
  const { rows } = await owner.query<{ name: string; times: number; tells: boolean }>(
    `select relname as name, seq_scan + coalesce(idx_scan, 0) as times, exists (
       select from pg_trigger t where t.tgrelid = relid and t.tgname = 'site_changed' and t.tgenabled = 'O'
         and t.tgfoid = 'site_changed'::regproc and t.tgtype & 28 = 28) as tells
     from pg_stat_user_tables`,
  )
  return new Map(rows.map(({ name, ...row }) => [name, row]))
}

it('every table that a public page reads tells when it changes', async () => {
  await apart(fill)
  const before = await looks()
  await apart(async (own) => {
    expect((await visit(own)).length).toBeGreaterThan(30)
  })
  const read = async () =>
    [...(await looks())].filter(([name, { times }]) => times > (before.get(name)?.times ?? 0))
  const silent = async () => (await read()).flatMap(([name, { tells }]) => (tells ? [] : [name]))
  // The walk went far enough to be believed.
  expect((await read()).map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'groups',
      'organisations',
      'plan_actions',
      'seats',
      'signatures',
      'site_showings',
      'site_versions',
    ]),
  )
  expect(await silent()).toEqual(Object.keys(unheard))
  await owner.query('alter table seats disable trigger site_changed')
  expect(await silent()).toContain('seats')
})
