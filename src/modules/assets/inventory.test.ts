/** The inventory of a hospital: kept by its administrators, read by its people, seen by nobody else. */
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
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import type { App } from '../../platform/http.ts'
import { addAsset, changeAsset, setRemoved } from './assets.ts'
import { assetAt, everyAsset, historyOf } from './queries.ts'

let db: TestDatabase
let app: App
let horni: Hospital
let close: () => Promise<void>
const people: Record<string, Actor> = {}
let signedIn: (who: string) => Promise<{ cookie: string; csrf: string }>

beforeAll(async () => {
  db = await createDatabase()
  horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
  const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', [])
  people.karel = await addPerson(db, 'Karel Správce', [['admin', horni]])
  people.jana = await addPerson(db, 'Jana Manažerka', [['security_manager', horni]])
  people.vera = await addPerson(db, 'Věra Ředitelka', [['manager', horni]])
  people.petr = await addPerson(db, 'Petr Cizí', [['admin', dolni]])
  people.hana = await addPerson(db, 'Hana Koordinátorka', [['coordinator', null]])
  const made = contextOf(db)
  app = await openPages(made.context)
  close = made.stop
  signedIn = (who) => cookieOf(made.context, people[who] as Actor)
})
afterAll(async () => {
  await app?.close()
  await close?.()
  await db?.drop()
})

const as = <T>(who: string, work: Parameters<typeof asActor<T>>[3], now = tuesday): Promise<T> =>
  asActor(db, people[who] as Actor, now, work)
const add = (who: string, given: Record<string, string>, org = horni.id) =>
  as(who, (tx) => addAsset(tx, org, given, 'hand', people[who] as Actor, tuesday))

async function ask(who: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body: object = {}) {
  const { cookie, csrf } = await signedIn(who)
  const isApi = url.startsWith('/api/')
  const headers = { cookie, accept: isApi ? 'application/json' : 'text/html', 'x-csrf-token': csrf }
  if (method === 'GET') return app.inject({ method, url, headers })
  if (isApi) return app.inject({ method, url, headers, payload: body })
  const payload = new URLSearchParams({ ...(body as Record<string, string>), _csrf: csrf }).toString()
  return app.inject({
    ...{ method, url, payload },
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
  })
}

describe('the verbs', () => {
  it('each change stands in the history and in the trail of the organisation alone', async () => {
    const id = await add('karel', { kind: 'medical', vendor: 'Philips', product: 'MX800', quantity: '2' })
    await as('jana', (tx) =>
      changeAsset(tx, id, { quantity: '3', zone: 'VLAN 40' }, people.jana as Actor, tuesday + 1),
    )
    expect(
      await as('jana', (tx) => changeAsset(tx, id, { quantity: '3' }, people.jana as Actor, tuesday + 2)),
    ).toEqual([])
    await as('karel', (tx) => setRemoved(tx, id, true, people.karel as Actor, tuesday + 3))
    await as('karel', (tx) => setRemoved(tx, id, false, people.karel as Actor, tuesday + 4))
    const history = await as('vera', (tx) => historyOf(tx, id))
    expect(history.map(({ way, actor, before, after }) => [way, actor, before, after])).toEqual([
      ['restored', 'Karel Správce', {}, {}],
      ['removed', 'Karel Správce', {}, {}],
      ['changed', 'Jana Manažerka', { quantity: 2, zone: '' }, { quantity: 3, zone: 'VLAN 40' }],
      ['made', 'Karel Správce', {}, { kind: 'medical', vendor: 'Philips', product: 'MX800', quantity: 2 }],
    ])
    const trail = `select verb from audit where verb like 'assets.%' order by id`
    const lines = await as('vera', (tx) => tx.query<{ verb: string }>(trail))
    expect(lines.rows.map(({ verb }) => verb)).toEqual([
      ...['assets.add', 'assets.change', 'assets.remove', 'assets.restore'],
    ])
    for (const who of ['hana', 'petr']) expect((await as(who, (tx) => tx.query(trail))).rows).toEqual([])
  })

  it('refuses whoever only reads, outsiders and coordinators, and the database does so by itself', async () => {
    const id = await add('karel', { product: 'Společné' })
    await expect(add('vera', { product: 'x' })).rejects.toMatchObject({ name: 'Forbidden' })
    for (const who of ['petr', 'hana']) {
      await expect(add(who, { product: 'x' })).rejects.toMatchObject({ name: 'NotFound' })
      await expect(
        as(who, (tx) => changeAsset(tx, id, { product: 'x' }, people[who] as Actor, tuesday)),
      ).rejects.toMatchObject({ name: 'NotFound' })
      await expect(as(who, (tx) => assetAt(tx, id))).rejects.toMatchObject({ name: 'NotFound' })
      expect(await as(who, (tx) => everyAsset(tx, horni.id))).toEqual([])
    }
    const insert = `insert into assets (org_id, kind, vendor, product, source, created_at, changed_at) values ($1, 'medical', '', 'x', 'hand', now(), now())`
    for (const who of ['vera', 'petr', 'hana'])
      await expect(as(who, (tx) => tx.query(insert, [horni.id]))).rejects.toThrow(/row-level security/)
    for (const who of ['vera', 'petr', 'hana'])
      expect(
        (await as(who, (tx) => tx.query('update assets set product = $1 where id = $2', ['x', id]))).rowCount,
      ).toBe(0)
  })

  it('keeps nothing of what is wrong, and names each field', async () => {
    const wrong = {
      product: ' ',
      quantity: '0',
      supportEndsOn: '31. 2. 2027',
      cpe: 'x',
      purl: 'x',
      segmented: 'snad',
    }
    await expect(add('karel', wrong)).rejects.toMatchObject({
      name: 'Invalid',
      fields: {
        ...{ product: 'empty', quantity: 'quantity', supportEndsOn: 'day' },
        ...{ cpe: 'cpe', purl: 'purl', segmented: 'yesNo' },
      },
    })
    await expect(add('karel', { product: 'x'.repeat(201) })).rejects.toMatchObject({
      fields: { product: 'long' },
    })
    await expect(add('karel', { product: 'x', serials: 'A,B', quantity: '1' })).rejects.toMatchObject({
      fields: { quantity: 'fewer' },
    })
  })
})

describe('the pages', () => {
  const base = () => `/members/${horni.id}/inventory`

  it('lists, searches, filters, sorts and pages', async () => {
    for (const n of Array.from({ length: 104 }, (_, i) => i))
      await add('karel', {
        ...{ kind: 'network', vendor: 'Výrobce', product: `Přepínač ${String(n).padStart(3, '0')}` },
        ...{ department: n % 2 ? 'JIP' : 'RDG', segmented: n === 5 ? 'no' : 'yes' },
      })
    const first = (await ask('vera', 'GET', `${base()}?kind=network`)).body
    expect(first).toContain('Přepínač 000')
    expect(first).not.toContain('Přepínač 103')
    const next = /href="([^"]*after=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = (await ask('vera', 'GET', next)).body
    expect(second).toContain('Přepínač 103')
    expect(second).not.toContain('Přepínač 099')
    expect((await ask('vera', 'GET', `${base()}?kind=network&sort=product&down=1`)).body).toContain(
      'Přepínač 103',
    )
    const found = (await ask('vera', 'GET', `${base()}?q=p%C5%99ep%C3%ADna%C4%8D+005&segmented=no`)).body
    expect(found).toContain('Přepínač 005')
    expect((await ask('vera', 'GET', `${base()}?q=nic+takového%27%25_`)).body).toContain('nic není')
    expect((await ask('vera', 'GET', `${base()}?after=%00bad&sort=x&kind=y`)).statusCode).toBe(200)
  })

  it('adds by hand with completion that needs no script, and loses nothing of a refused form', async () => {
    const form = (await ask('karel', 'GET', `${base()}/new`)).body
    expect(form).toContain('<datalist')
    expect(form).toContain('<option value="Windows XP">')
    const refused = await ask('karel', 'POST', base(), {
      kind: 'medical',
      product: '',
      vendor: 'Zvláštní výrobce',
    })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Zvláštní výrobce')
    const added = await ask('karel', 'POST', base(), {
      kind: 'medical',
      vendor: 'Siemens',
      product: 'SPECT',
      runsOn: 'Windows XP',
      patientSafety: 'yes',
    })
    expect(added.statusCode).toBe(303)
    const page = (await ask('vera', 'GET', String(added.headers.location))).body
    expect(page).toContain('bez podpory od 8. 4. 2014')
    expect(page).toContain('Běží na Microsoft Windows XP')
    expect(page).toContain('windows-xp.yml')
    expect((await ask('vera', 'GET', `${base()}/new`)).statusCode).toBe(403)
    expect((await ask('petr', 'GET', base())).statusCode).toBe(404)
    expect((await ask('hana', 'GET', base())).statusCode).toBe(403)
  })

  it('shows what is out of support with patients first, and downloads what it shows', async () => {
    await add('karel', { kind: 'software', vendor: 'Adobe', product: 'Flash Player' })
    const page = (await ask('vera', 'GET', `${base()}/support`)).body
    expect(page.indexOf('SPECT')).toBeGreaterThan(0)
    expect(page.indexOf('SPECT')).toBeLessThan(page.indexOf('Flash Player'))
    expect(page).toContain('bez podpory nejpozději od')
    expect(page).toContain('Přepínač 005')
    const file = await ask('vera', 'GET', `${base()}.csv?q=flash`)
    expect(file.headers['content-type']).toContain('text/csv')
    expect(file.body).toContain('Flash Player')
    expect(file.body).not.toContain('SPECT')
    expect((await ask('vera', 'GET', `${base()}/print`)).body).toContain('SPECT')
    expect((await ask('vera', 'GET', '/inventory/support-table')).body).toContain('ICSMA-18-347-01')
  })
})

describe('the API', () => {
  it('lists, adds, changes and removes as the pages do', async () => {
    const added = await ask('karel', 'POST', '/api/v1/assets', {
      ...{ org: horni.id, kind: 'medical', vendor: 'BD', product: 'Alaris System', version: '9.7' },
      ...{ quantity: 14, serials: ['A-1'], segmented: false },
    })
    expect(added.statusCode).toBe(201)
    expect(added.json()).toMatchObject({
      quantity: 14,
      segmented: false,
      support: { state: 'ended', on: '2021-03-16' },
    })
    const url = `/api/v1/assets/${added.json().id}`
    expect((await ask('karel', 'PUT', url, { version: '12.3', segmented: null })).json()).toMatchObject({
      ...{ version: '12.3', segmented: null, quantity: 14, support: { state: 'unknown' } },
    })
    const listed = (await ask('vera', 'GET', '/api/v1/assets?q=alaris')).json()
    expect([listed.total, listed.assets[0].serials, listed.next]).toEqual([1, ['A-1'], null])
    expect((await ask('vera', 'DELETE', url)).statusCode).toBe(403)
    expect((await ask('karel', 'DELETE', url)).statusCode).toBe(204)
    expect((await ask('karel', 'DELETE', url)).statusCode).toBe(409)
    expect((await ask('vera', 'GET', '/api/v1/assets?q=alaris')).json().total).toBe(0)
  })

  it('refuses what is wrong and what is not theirs', async () => {
    const id = (await as('karel', (tx) => everyAsset(tx, horni.id)))[0]?.id
    for (const who of ['petr', 'hana']) {
      const status = who === 'petr' ? 404 : 403
      expect((await ask(who, 'GET', `/api/v1/assets/${id}`)).statusCode).toBe(status)
      expect((await ask(who, 'PUT', `/api/v1/assets/${id}`, { zone: 'x' })).statusCode).toBe(status)
      expect((await ask(who, 'GET', `/api/v1/assets?org=${horni.id}`)).statusCode).toBe(status)
      expect((await ask(who, 'POST', '/api/v1/assets', { org: horni.id, product: 'x' })).statusCode).toBe(
        status,
      )
    }
    expect((await ask('karel', 'POST', '/api/v1/assets', { org: horni.id })).statusCode).toBe(422)
    expect((await ask('karel', 'PUT', `/api/v1/assets/${id}`, { quantity: -1 })).statusCode).toBe(422)
    expect((await ask('karel', 'PUT', `/api/v1/assets/${id}`, { cpe: 'x' })).json().fields).toEqual({
      cpe: 'cpe',
    })
    expect((await app.inject('/api/v1/assets')).statusCode).toBe(401)
  })

  it('reads as its reader', async () => {
    const rows = await asReader(db, people.petr as Actor, tuesday, (tx) => tx.query('select id from assets'))
    expect(rows.rows).toEqual([])
  })
})
