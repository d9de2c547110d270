/** Sums of the sector: with consent alone, over five organisations or more, and nothing by subtraction. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import type { App } from '../../platform/http.ts'
import { addAsset } from './assets.ts'
import { share, sharingOf } from './sharing.ts'
import { publishSums, type Sum, sumsNow } from './sums.ts'

const zone = 'Europe/Prague'
let db: TestDatabase
let app: App
let close: () => Promise<void>
let coordinator: Actor
let outsider: Actor
const hospitals: Hospital[] = []
const keepers: Actor[] = []
let signedIn: (who: Actor) => Promise<{ cookie: string; csrf: string }>

beforeAll(async () => {
  db = await createDatabase()
  for (let n = 1; n <= 7; n++) {
    const hospital = await addHospital(db, `Nemocnice ${n}`, [])
    const keeper = await addPerson(db, `Správce ${n}`, [
      ['admin', hospital],
      ['security_manager', hospital],
    ])
    hospitals.push(hospital)
    keepers.push(keeper)
    await add(n - 1, {
      kind: 'medical',
      vendor: 'Siemens',
      product: 'SPECT',
      runsOn: 'Windows XP',
      quantity: '3',
      segmented: n <= 6 ? 'no' : 'yes',
    })
    await add(n - 1, { kind: 'software', vendor: 'Nikdo', product: 'Program', quantity: '4' })
  }
  await add(0, { kind: 'network', vendor: 'D-Link', product: 'DNS-320' })
  coordinator = await addPerson(db, 'Hana Koordinátorka', [['coordinator', null]])
  outsider = await addPerson(db, 'Olga Provozní', [['operator', null]])
  const made = contextOf(db)
  app = await openPages(made.context)
  close = made.stop
  signedIn = (who) => cookieOf(made.context, who)
})
afterAll(async () => {
  await app?.close()
  await close?.()
  await db?.drop()
})

const orgAt = (n: number): number => hospitals[n]?.id ?? 0
const by = (n: number): Actor => keepers[n] as Actor
const add = (n: number, given: Record<string, string>) =>
  asActor(db, by(n), tuesday, (tx) => addAsset(tx, orgAt(n), given, 'hand', by(n), tuesday))
const agree = (n: number, yes = true, who = by(n)) =>
  asActor(db, who, tuesday, (tx) => share(tx, orgAt(n), yes, who, tuesday))
const seen = (who: Actor): Promise<Sum[]> => asActor(db, who, tuesday, async (tx) => (await sumsNow(tx)).sums)
const items = (sums: Sum[], dim: string) =>
  sums.filter((sum) => sum.dim === dim).map(({ item, pieces, band }) => [item, pieces, band])

describe('sums of what the sector runs', () => {
  it('hold nothing while nobody agreed, or fewer than five', async () => {
    expect(await publishSums(db, zone, tuesday)).toBe(true)
    expect(await seen(coordinator)).toEqual([])
    for (const n of [0, 1, 2, 3]) await agree(n)
    await publishSums(db, zone, tuesday, true)
    expect(await seen(coordinator)).toEqual([])
  })

  it('are told from five on, rounded, and without what concerns fewer or could be had by subtraction', async () => {
    for (const n of [4, 5]) await agree(n)
    await publishSums(db, zone, tuesday, true)
    const sums = await seen(coordinator)
    // Six have medical devices (18 pieces) and software (24); the one network device would be what is left of a total.
    expect(items(sums, 'kind')).toEqual([['software', 20, '5–10']])
    expect(items(sums, 'medical-support')).toEqual([])
    expect(JSON.stringify(sums)).not.toContain('dlink')
    expect(await seen(by(6))).toEqual(sums)
    expect(await seen(outsider)).toEqual([])
  })

  it('are counted once a day', async () => {
    await agree(6)
    expect(await publishSums(db, zone, tuesday)).toBe(false)
    expect(await publishSums(db, zone, tuesday + 86_400_000)).toBe(true)
  })

  it('lose whoever takes the consent back at once', async () => {
    const { cookie, csrf } = await signedIn(by(0))
    const form = {
      headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    }
    const post = (path: string) =>
      app.inject({
        method: 'POST',
        url: `/members/${orgAt(0)}/inventory/${path}`,
        ...form,
        payload: `_csrf=${csrf}`,
      })
    expect((await post('sharing/withdrawal')).statusCode).toBe(303)
    expect((await post('sharing/withdrawal')).statusCode).toBe(409)
    // Without the only network device nothing has to be hidden any more.
    expect(items(await seen(coordinator), 'kind')).toEqual([
      ['medical', 20, '5–10'],
      ['software', 20, '5–10'],
    ])
    expect(items(await seen(coordinator), 'medical-support')).toEqual([['ended', 20, '5–10']])
    // One of six keeps its devices apart: what the others do not would say so.
    expect(items(await seen(coordinator), 'medical-segmented')).toEqual([])
    expect(items(await seen(coordinator), 'ended')).toEqual([['microsoft-windows-xp', 20, '5–10']])
    const page = await app.inject({
      url: '/inventory/sector',
      headers: { ...(await signedIn(coordinator)), accept: 'text/html' },
    })
    expect(page.body).toContain('Microsoft Windows XP')
    expect(page.body).not.toContain('Nemocnice 1')
  })

  it('are agreed to by the representative or the security manager, and by nobody else', async () => {
    const admin = await addPerson(db, 'Jen Správce', [['admin', hospitals[0] as Hospital]])
    await expect(agree(0, true, admin)).rejects.toMatchObject({ name: 'Forbidden' })
    await expect(agree(0, true, coordinator)).rejects.toMatchObject({ name: 'NotFound' })
    await expect(agree(0, true, by(1))).rejects.toMatchObject({ name: 'NotFound' })
    const insert = 'insert into asset_shares (org_id, agreed_at, agreed_by) values ($1, now(), $2)'
    await expect(
      asActor(db, admin, tuesday, (tx) => tx.query(insert, [orgAt(0), admin.person])),
    ).rejects.toThrow(/row-level security/)
    expect((await asActor(db, admin, tuesday, (tx) => sharingOf(tx, orgAt(0)))).since).toBeNull()
    expect(
      (await asActor(db, coordinator, tuesday, (tx) => tx.query('select org_id from asset_shares'))).rows,
    ).toEqual([])
  })
})
