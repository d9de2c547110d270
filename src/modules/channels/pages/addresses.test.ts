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
import { mountHome } from '../../home/pages.ts'
import { mountChannels } from '../routes.ts'

describe('the page of addresses that return mail', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let lipova: Hospital
  let jana: Actor
  let adam: Actor
  let pavel: Actor
  let karel: Actor
  let id: number

  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db))
    app = await openApp(context, errorPage)
    await mountChannels(app, context)
    mountHome(app, context, async (_request, reply) => reply.send(''))
    await app.ready()
    lipova = await addHospital(db, 'Nemocnice Lipová', [])
    jana = await addPerson(db, 'Jana Lipová', [['duty', lipova]])
    adam = await addPerson(db, 'Adam Lipový', [['admin', lipova]])
    pavel = await addPerson(db, 'Pavel Cizí', [['admin', await addHospital(db, 'Nemocnice Jinde', [])]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })
  beforeEach(async () => {
    await db.engine.query('delete from mail_standings; delete from mail_returns; delete from deliveries')
    await db.engine.query(
      `insert into deliveries (kind, topic, person_id, address, decided_at, due_at, readers) values ('account', 'x', $1, $2, $3, $3, '{2}')`,
      [jana.person, jana.email, new Date(tuesday)],
    )
    const { rows } = await db.engine.query<{ id: number }>(
      `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, suspended_at, readers)
       values (address_key($1), $1, 6, $2, $2, 'hard', '550 <b>no such user</b>', $2, mail_address_readers($1, $2)) returning id`,
      [jana.email, new Date(tuesday)],
    )
    id = rows[0]?.id ?? 0
    await db.engine.query(`insert into mail_returns (on_day, kind, n) values ('2026-03-03', 'unknown', 12)`)
  })
  const get = async (by: Actor) =>
    app.inject({ url: '/mail-addresses', headers: { accept: 'text/html', ...(await cookieOf(context, by)) } })
  const trial = async (by: Actor, of: string | number) => {
    const { cookie, csrf } = await cookieOf(context, by)
    return app.inject({
      method: 'POST',
      url: `/mail-addresses/${of}/trial`,
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `_csrf=${csrf}`,
    })
  }

  it('shows what the other server said, escaped, and a button to who may try', async () => {
    const page = (await get(adam)).body
    expect(page).toContain(jana.email)
    expect(page).toContain('550 &lt;b>no such user&lt;/b>')
    expect(page).toContain(`/mail-addresses/${id}/trial`)
    expect(page).not.toContain('Co se vrátilo za sedm dní')
    expect((await get(karel)).body).toContain('Co se vrátilo za sedm dní')
    const foreign = (await get(pavel)).body
    expect(foreign).toContain('Žádná adresa poštu nevrací')
    expect(foreign).not.toContain(jana.email)
    expect(
      (await app.inject({ url: '/mail-addresses', headers: { accept: 'application/json' } })).statusCode,
    ).toBe(401)
  })

  it('is pointed to on the first page of who can mend one, and of nobody else', async () => {
    const home = async (by: Actor) =>
      (await app.inject({ url: '/', headers: { accept: 'text/html', ...(await cookieOf(context, by)) } }))
        .body
    for (const by of [adam, karel]) expect(await home(by)).toContain('href="/mail-addresses"')
    expect(await home(pavel)).not.toContain('href="/mail-addresses"')
  })

  it('tries an address again once, for who may', async () => {
    expect((await trial(pavel, id)).statusCode).toBe(404)
    expect((await trial(adam, 'x')).statusCode).toBe(404)
    expect((await trial(adam, id)).statusCode).toBe(303)
    expect((await trial(jana, id)).statusCode).toBe(409)
    const { rows } = await db.engine.query(
      `select address from deliveries where detail->>'template' = 'address-trial'`,
    )
    expect(rows).toEqual([{ address: jana.email }])
    expect((await get(jana)).body).toContain('Zkušební zpráva je na cestě')
  })
})
