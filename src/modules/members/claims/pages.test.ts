import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fields, getAs, postAs } from '../../../../test/asking.ts'
import { contextOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { type NameServer, openNameServer } from '../../../../test/name-server.ts'
import { openPages } from '../../../app.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { App } from '../../../platform/http.ts'
import { ask } from './ask.ts'
import { recordText } from './dns.ts'

describe('the pages of addresses', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let names: NameServer
  let stop: () => Promise<void>
  let horni: Hospital
  let dolni: Hospital
  let adam: Actor
  let cyril: Actor
  let petra: Actor
  let coordinator: Actor
  const now = { ms: tuesday }
  beforeAll(async () => {
    db = await createDatabase()
    names = await openNameServer()
    const made = contextOf(db, () => now.ms)
    context = made.context
    context.settings.dnsServers = [names.address]
    stop = made.stop
    app = await openPages(context)
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['198.51.100.0/25'])
    adam = await addPerson(db, 'Adam Správce', [['admin', horni]])
    petra = await addPerson(db, 'Petra Pověřenkyně', [['dpo', horni]])
    cyril = await addPerson(db, 'Cyril Cizí', [['representative', dolni]])
    coordinator = await addPerson(db, 'Klára Koordinátorka', [['coordinator', null]])
  })
  afterAll(async () => {
    await app.close()
    await names.close()
    await stop()
    await db.drop()
  })

  const get = (who: Actor, url: string) => getAs({ app, context }, who, url)
  const post = (who: Actor, url: string, fields: Fields) => postAs({ app, context }, who, url, fields)
  const claim = async (values: string, by = adam): Promise<number> => {
    const org = by.engagements[0]?.org ?? 0
    const [id = 0] = await asEngine(db, (tx) => ask(tx, { org, values, until: '', note: '' }, by, now.ms))
    return id
  }

  it('show a member what it holds, on any day, and nobody what others hold', async () => {
    const own = await get(adam, '/addresses')
    expect(own.body).toContain('192.0.2.0/25')
    expect(own.body).not.toContain('198.51.100.0/25')
    const { rows } = await db.engine.query<{ id: number }>('select id from networks where org_id = $1', [
      horni.id,
    ])
    const record = `/addresses/held/n${rows[0]?.id}`
    expect((await get(adam, record)).statusCode).toBe(200)
    expect((await get(petra, record)).body).not.toContain('/end"')
    for (const url of [record, `/addresses?org=${horni.id}`])
      expect((await get(cyril, url)).statusCode).toBe(404)
    for (const url of [
      '/addresses/held/x',
      '/addresses/held/n99999999',
      '/addresses/claims/x',
      '/addresses/claims/1e9',
    ])
      expect((await get(adam, url)).statusCode).toBe(404)
    expect((await post(petra, `${record}/end`, [['reason', 'x']])).statusCode).toBe(403)
    expect((await post(adam, `${record}/end`, [['reason', '']])).statusCode).toBe(422)
    now.ms += 86_400_000
    expect((await post(coordinator, `${record}/end`, [['reason', 'Stěhování.']])).statusCode).toBe(303)
    expect((await post(adam, `${record}/end`, [['reason', 'Znovu']])).statusCode).toBe(409)
    expect((await get(adam, '/addresses')).body).not.toContain('192.0.2.0/25')
    expect((await get(adam, '/addresses?at=2026-03-03')).body).toContain('192.0.2.0/25')
    expect((await get(adam, '/addresses?at=nesmysl&org=x&before=-1')).statusCode).toBe(200)
    const visited = await get(coordinator, `/addresses?org=${dolni.id}`)
    expect(visited.body).toContain('198.51.100.0/25')
    // Whoever looks at another organisation's addresses is told whose they are, and not that they are its own.
    expect(visited.body).toContain('Adresy: Nemocnice Dolní Smyšlenka</h1>')
    expect(visited.body).toContain('Organizace drží 1 záznam.')
    expect(visited.body).not.toContain('Držíte')
  })

  it('keep what was typed when some of it is wrong, and show it as text', async () => {
    const typed = '<script>alert(1)</script> 10.0.0.0/8 dobra.example'
    const refused = await post(adam, '/addresses/claims', [
      ['org', String(horni.id)],
      ['values', typed],
      ['until', '2020-01-01'],
      ['note', '"><b>'],
    ])
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('&lt;script>alert(1)&lt;/script>')
    expect(refused.body).not.toContain('<script>alert')
    expect(refused.body).toContain('dobra.example')
    expect(refused.body).toContain('pro soukromé použití')
    expect(refused.body).toContain('ještě neskončil')
    for (const values of ['x'.repeat(20_001), 'a\0b.example', ''])
      expect(
        (
          await post(adam, '/addresses/claims', [
            ['org', String(horni.id)],
            ['values', values],
          ])
        ).statusCode,
      ).toBe(422)
    expect(
      (
        await post(adam, '/addresses/claims', [
          ['org', 'x'],
          ['values', 'a.example'],
        ])
      ).statusCode,
    ).toBe(422)
    expect(
      (
        await post(adam, '/addresses/claims', [
          ['org', String(dolni.id)],
          ['values', 'a.example'],
        ])
      ).statusCode,
    ).toBe(404)
    expect(
      (
        await post(petra, '/addresses/claims', [
          ['org', String(horni.id)],
          ['values', 'a.example'],
        ])
      ).statusCode,
    ).toBe(403)
    const { rowCount } = await db.engine.query('select 1 from claims')
    expect(rowCount).toBe(0)
  })

  it('lead from a claim over its DNS record to a held domain', async () => {
    const asked = await post(adam, '/addresses/claims', [
      ['org', String(horni.id)],
      ['values', 'Horní-Výmysl.example'],
      ['until', ''],
      ['note', ''],
    ])
    const place = String(asked.headers.location).split('?')[0] ?? ''
    const page = (await get(adam, place)).body
    expect(page).toContain('_hsoc.xn--horn-vmysl-n8a8q.example')
    expect(page).toContain('horní-výmysl.example')
    const token = /hsoc-claim=([\w-]+)/.exec(page)?.[1] ?? ''
    // Name servers are asked, find nothing, and the page says what to do.
    expect((await post(adam, `${place}/dns`, [])).statusCode).toBe(303)
    expect((await get(adam, place)).body).toContain('Záznam tam není')
    expect((await post(adam, `${place}/dns`, [])).statusCode).toBe(409)
    now.ms += 60_000
    names.zone.set('_hsoc.xn--horn-vmysl-n8a8q.example', ['<img src=x>', 'v=spf1'])
    await post(adam, `${place}/dns`, [])
    expect((await get(adam, place)).body).toContain('&lt;img src=x>')
    now.ms += 60_000
    names.zone.set('_hsoc.xn--horn-vmysl-n8a8q.example', [recordText(token)])
    const proved = await post(adam, `${place}/dns`, [])
    expect(proved.headers.location).toBe(`${place}?done=proved`)
    expect((await get(adam, '/addresses')).body).toContain('xn--horn-vmysl-n8a8q.example')
    expect((await post(adam, `${place}/withdrawal`, [])).statusCode).toBe(409)
  })

  it('let the holder answer and a coordinator decide; the claimant learns who then', async () => {
    const id = await claim('198.51.100.64/26')
    const place = `/addresses/claims/${id}`
    expect((await get(adam, place)).body).not.toContain(dolni.name)
    expect((await get(cyril, '/addresses')).body).toContain('Týká se i vás')
    expect((await get(cyril, place)).body).toContain(horni.name)
    const waiting = (await get(coordinator, '/addresses')).body
    expect(waiting.indexOf('198.51.100.64/26')).toBeGreaterThan(waiting.indexOf('Čeká na rozhodnutí'))
    const say = (who: Actor, answer: string, note: string, org = dolni.id) =>
      post(who, `${place}/answer`, [
        ['org', String(org)],
        ['answer', answer],
        ['note', note],
      ])
    expect((await say(cyril, 'objects', '')).statusCode).toBe(422)
    expect((await say(cyril, 'snad', 'x')).statusCode).toBe(422)
    expect((await say(coordinator, 'consents', '')).statusCode).toBe(404)
    expect((await say(cyril, 'objects', 'Je to naše <b>síť</b>.')).statusCode).toBe(303)
    const seen = (await get(adam, place)).body
    expect(seen).toContain(dolni.name)
    expect(seen).toContain('Je to naše &lt;b>síť&lt;/b>.')
    const decide = (who: Actor, reason: string) =>
      post(who, `${place}/decision`, [
        ['decision', 'refuse'],
        ['reason', reason],
      ])
    expect((await decide(adam, 'Chci to.')).statusCode).toBe(403)
    expect((await decide(coordinator, '')).statusCode).toBe(422)
    expect((await decide(coordinator, 'Drží Dolní.')).statusCode).toBe(303)
    for (const who of [adam, cyril]) expect((await get(who, place)).body).toContain('Drží Dolní.')
    expect((await decide(coordinator, 'Znovu.')).statusCode).toBe(409)
    expect((await get(cyril, '/addresses')).body).toContain('Dřívější nároky')
  })

  it('let a part of a range to another, who accepts it on its page', async () => {
    const { rows } = await db.engine.query<{ id: number }>('select id from networks where org_id = $1', [
      dolni.id,
    ])
    const record = `/addresses/held/n${rows[0]?.id}`
    const offer = (value: string, to: string) =>
      post(cyril, `${record}/parts`, [
        ['value', value],
        ['to', to],
        ['until', '2026-12-31'],
        ['shown', '1'],
        ['note', ''],
      ])
    const wrong = await offer('192.0.2.0/28', 'Nikdo Takový')
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('value="Nikdo Takový"')
    expect(wrong.body).toContain('menší částí')
    const offered = await offer('198.51.100.16/28', horni.name)
    const place = String(offered.headers.location)
    expect((await get(adam, '/addresses')).body).toContain('198.51.100.16/28')
    expect((await post(cyril, `${place}/acceptance`, [])).statusCode).toBe(403)
    expect((await post(adam, `${place}/acceptance`, [])).headers.location).toBe(`${place}?done=proved`)
    expect((await get(adam, '/addresses')).body).toContain('31. 12. 2026')
    // Who let it finds the way to take it back on the claim.
    const back = /action="(\/addresses\/held\/n\d+\/end)"/.exec((await get(cyril, place)).body)?.[1] ?? ''
    expect((await post(cyril, back, [['reason', 'Potřebujeme ji.']])).statusCode).toBe(303)
    expect((await get(adam, place)).body).toContain('Potřebujeme ji.')
  })
})
