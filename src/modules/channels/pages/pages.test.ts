import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type App, openApp } from '../../../platform/http.ts'
import { errorPage } from '../../../refusals.tsx'
import { mountChannels } from '../routes.ts'
import { leaveToken } from '../unsubscribe.ts'

describe('pages of the channels', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let jihlava: Hospital
  let jana: Actor
  let karel: Actor

  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db))
    app = await openApp(context, errorPage)
    await mountChannels(app, context)
    await app.ready()
    jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
    jana = await addPerson(db, 'Jana Správná', [['admin', jihlava]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })
  beforeEach(() => db.engine.query('delete from mail_choices; delete from deliveries'))

  describe('leaving ordinary mails by one click', () => {
    const token = (left: 'singles' | 'digest') =>
      leaveToken(context.settings.secret, left, 'Jana@Nemocnice.example')
    const chosen = async () =>
      (
        await db.engine.query(
          `select singles, digest from mail_choices where address_key = address_key('jana@nemocnice.EXAMPLE')`,
        )
      ).rows
    const post = (of: string, headers: Record<string, string> = {}, payload?: string) =>
      app.inject({ method: 'POST', url: `/u/${of}`, headers, ...(payload === undefined ? {} : { payload }) })

    it('does what a provider asks: form, multipart, or nothing at all; no cookie; 200 and again 200', async () => {
      const field = 'List-Unsubscribe=One-Click'
      const multipart = `--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n`
      const ways: [Record<string, string>, string | undefined][] = [
        [{ 'content-type': 'application/x-www-form-urlencoded' }, field],
        [{ 'content-type': 'multipart/form-data; boundary=x' }, multipart],
        [{}, undefined],
        [{ 'content-type': 'text/plain' }, ''],
        [{ 'sec-fetch-site': 'cross-site', origin: 'https://mail.example' }, undefined],
      ]
      for (const [headers, body] of ways) {
        const done = await post(token('digest'), headers, body)
        expect([done.statusCode, done.headers['set-cookie'], done.headers.location]).toEqual([
          200,
          undefined,
          undefined,
        ])
        expect(await chosen()).toEqual([{ singles: true, digest: 'none' }])
      }
      await post(token('singles'))
      expect(await chosen()).toEqual([{ singles: false, digest: 'none' }])
    })

    it('changes nothing by looking', async () => {
      for (let i = 0; i < 10; i++) {
        expect((await app.inject({ url: `/u/${token('digest')}` })).statusCode).toBe(200)
        expect((await app.inject({ method: 'HEAD', url: `/u/${token('digest')}` })).statusCode).toBe(200)
      }
      expect(await chosen()).toEqual([])
    })

    it('refuses forged links and bodies beyond measure', async () => {
      const good = token('digest')
      for (const bad of [
        `s${good.slice(1)}`,
        `${good.slice(0, -1)}${good.endsWith('A') ? 'E' : 'A'}`,
        'd',
        `${good}A`,
        'x'.repeat(44),
      ])
        expect([(await post(bad)).statusCode, (await app.inject({ url: `/u/${bad}` })).statusCode]).toEqual([
          404, 404,
        ])
      expect((await post(good, { 'content-type': 'text/plain' }, 'x'.repeat(70_000))).statusCode).toBe(413)
      expect(await chosen()).toEqual([])
    })

    it('lets people come back, on the page', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }
      await post(token('digest'), headers, 'choice=none')
      const back = await post(token('digest'), headers, 'choice=weekly')
      expect(back.body).toContain('Nastavení je uloženo')
      expect(await chosen()).toEqual([{ singles: true, digest: 'weekly' }])
      expect((await post(token('digest'), headers, 'choice=hourly')).statusCode).toBe(422)
    })
  })

  describe('the log of deliveries', () => {
    const fill = (n: number) =>
      db.engine.query(
        `insert into deliveries (kind, topic, person_id, org_id, address, severity, state, reason, reply, attempts, decided_at, due_at, readers)
         select case when i % 10 = 0 then 'digest' else 'new' end, 't' || i, $1, $2, 'jana' || i || '@nemocnice.example', 3,
           case when i % 4 = 0 then 'failed' else 'sent' end, case when i % 4 = 0 then 'recipient' end, '250 2.0.0 Ok', 1,
           to_timestamp($3) + (i / 3) * interval '1 second', to_timestamp($3), array[2, $4::int]
         from generate_series(1, $5) i`,
        [jana.person, jihlava.id, tuesday / 1000, 1000 + 4 * jihlava.id, n],
      )
    const as = async (person: Actor, url: string, accept = 'application/json') =>
      app.inject({ url, headers: { accept, cookie: (await cookieOf(context, person)).cookie } })

    it('is for coordinators alone', async () => {
      await fill(3)
      for (const url of ['/deliveries', '/api/v1/deliveries']) {
        expect((await as(karel, url)).statusCode).toBe(200)
        expect((await as(jana, url)).statusCode).toBe(403)
        expect((await app.inject({ url, headers: { accept: 'application/json' } })).statusCode).toBe(401)
      }
    })

    it('gives every row once, page by page, and counts what it gives', async () => {
      await fill(250)
      const seen: number[] = []
      let next: string | null = ''
      let total = 0
      while (next !== null) {
        const page: { deliveries: { id: number }[]; next: string | null; total: number } = (
          await as(karel, `/api/v1/deliveries${next ? `?after=${next}` : ''}`)
        ).json()
        seen.push(...page.deliveries.map((row) => row.id))
        total = page.total
        next = page.next
      }
      expect([new Set(seen).size, seen.length, total]).toEqual([250, 250, 250])
    })

    it('filters by state, kind, organisation and address, and the page counts as the API does', async () => {
      await fill(60)
      const found = async (query: string) => (await as(karel, `/api/v1/deliveries?${query}`)).json().total
      expect(await found('state=failed')).toBe(15)
      expect(await found('kind=digest')).toBe(6)
      expect(await found(`org=${jihlava.id}&state=sent`)).toBe(45)
      expect(await found('text=JANA7@')).toBe(1)
      expect(await found('state=&kind=&text=')).toBe(60)
      expect((await as(karel, '/api/v1/deliveries?state=lost')).statusCode).toBe(422)
      const page = await as(karel, '/deliveries?state=failed', 'text/html')
      expect(page.body.match(/server odmítl příjemce/g)).toHaveLength(15)
      expect(page.body).toContain('250 2.0.0 Ok')
    })
  })
})
