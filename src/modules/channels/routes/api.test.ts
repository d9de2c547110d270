import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../test/asking.ts'
import { contextOf } from '../../../../test/belongings.ts'
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
import { asEngine } from '../../../platform/database.ts'
import type { App } from '../../../platform/http.ts'
import { freshMs } from '../../../platform/strength.ts'
import { keyScopes } from '../../../values/key-scopes.ts'
import { addKey } from '../../members/keys.ts'

describe('webhooks and own ways by programs', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let adam: Actor
  let mana: Actor
  let cyril: Actor
  let karel: Actor
  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', [])
    const bukova = await addHospital(db, 'Nemocnice Buková', [])
    adam = await addPerson(db, 'Adam Správce', [['admin', lipova]])
    mana = await addPerson(db, 'Mána Ředitelka', [['manager', lipova]])
    cyril = await addPerson(db, 'Cyril Cizí', [['admin', bukova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    ;({ context, stop } = contextOf(db))
    app = await openPages(context)
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await db?.drop()
  })

  type Call = Parameters<typeof callAs>[2]
  const call = async (who: Actor | string | null, what: Call, body?: object, more = {}) => {
    const answer = await callAs({ app, context }, who, what, body, more)
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }
  const wanted = () => ({
    ...{ org: lipova.id, name: 'Dohled', form: 'signed', url: 'https://dohled.example/hsoc' },
    ...{ events: ['written', 'answers'], least: 'high' },
  })

  it('are made with a secret told once, tried, switched and removed', async () => {
    const made = await call(adam, 'POST webhooks', wanted())
    expect([made.status, made.body.secret.length > 20]).toEqual([201, true])
    const one = `webhooks/${made.body.id}` as const
    const { webhooks } = (await call(adam, 'GET webhooks')).body
    const { url: _, ...told } = wanted()
    expect(webhooks).toMatchObject([{ ...told, host: 'dohled.example', made_by: 'Adam Správce' }])
    expect(JSON.stringify(webhooks)).not.toContain(made.body.secret)
    expect((await call(adam, `POST ${one}/trial`)).status).toBe(204)
    expect((await call(adam, `GET ${one}`)).body.last).toMatchObject([{ kind: 'account', state: 'queued' }])
    const renewed = await call(adam, `POST ${one}/secret`)
    expect([renewed.status, renewed.body.secret === made.body.secret]).toEqual([201, false])
    expect((await call(adam, `PUT ${one}/switch`, { on: false })).status).toBe(204)
    expect((await call(adam, `PUT ${one}/switch`, { on: false })).status).toBe(409)
    expect((await call(adam, `POST ${one}/trial`)).status).toBe(409)
    expect((await call(adam, `PUT ${one}/switch`, { on: true })).status).toBe(204)
    expect((await call(adam, `DELETE ${one}`)).status).toBe(204)
    expect((await call(adam, `GET ${one}`)).status).toBe(404)
  })

  it('are of their keepers alone, and ask for a fresh proof where a secret is told', async () => {
    const { id } = (await call(adam, 'POST webhooks', wanted())).body
    const { key } = await asEngine(db, (tx) =>
      addKey(tx, { org: null, label: 'Ústředna', scopes: [...keyScopes], days: 30 }, karel, tuesday),
    )
    const calls: [Call, object?][] = [
      [`GET webhooks/${id}`],
      [`POST webhooks/${id}/trial`],
      [`POST webhooks/${id}/secret`],
      [`PUT webhooks/${id}/switch`, { on: false }],
      [`DELETE webhooks/${id}`],
    ]
    for (const [what, given] of calls) {
      expect([what, (await call(cyril, what, given)).status]).toEqual([what, 404])
      expect([what, (await call(mana, what, given)).status]).toEqual([what, 403])
      expect([what, (await call(null, what, given)).status]).toEqual([what, 401])
      expect([what, (await call(key, what, given)).status]).toEqual([what, 403])
      if (what.startsWith('GET')) continue
      for (const more of [{ 'x-csrf-token': 'x' }, { 'sec-fetch-site': 'cross-site' }])
        expect([what, (await call(adam, what, given, more)).status]).toEqual([what, 403])
    }
    expect((await call(cyril, 'POST webhooks', wanted())).status).toBe(403)
    expect((await call(cyril, 'GET webhooks')).body.webhooks).toEqual([])
    for (const [wrong, field] of [
      [{ url: 'http://dohled.example/' }, 'url'],
      [{ url: 'https://127.0.0.1/' }, 'url'],
      [{ url: 'https://[::1]/' }, 'url'],
      [{ name: '\n' }, 'name'],
      [{ form: 'template', template: '{' }, 'template'],
      [{ events: [] }, 'events'],
      [{ events: ['all'] }, 'events.0'],
    ] as const) {
      const { status, body } = await call(adam, 'POST webhooks', { ...wanted(), ...wrong })
      expect([wrong, status, Object.keys(body.fields)]).toEqual([wrong, 422, [field]])
    }
    const later = { ...context, clock: () => context.clock() + freshMs }
    const app2 = await openPages(later)
    const stale = await callAs({ app: app2, context }, adam, `POST webhooks/${id}/secret`)
    await app2.close()
    expect([stale.statusCode, stale.json().error]).toEqual([403, 'prove-again'])
  })

  it('are chosen by each person for themselves', async () => {
    expect((await call(mana, 'GET session/ways')).body).toEqual({ sms: null, push: null, numbers: [] })
    const quiet = { least: 'high', quiet_from: 22, quiet_to: 6 }
    expect((await call(mana, 'PUT session/ways/sms', quiet)).body).toMatchObject({ sms: quiet, push: null })
    const always = { least: 'critical', quiet_from: null, quiet_to: null }
    expect((await call(mana, 'PUT session/ways/push', always)).body).toMatchObject({
      sms: quiet,
      push: always,
    })
    expect((await call(adam, 'GET session/ways')).body).toEqual({ sms: null, push: null, numbers: [] })
    expect((await call(mana, 'DELETE session/ways/sms')).body).toMatchObject({ sms: null, push: always })
    for (const wrong of [
      { ...quiet, quiet_to: 22 },
      { ...quiet, quiet_to: null },
      { ...quiet, quiet_from: 24 },
      {},
    ])
      expect((await call(mana, 'PUT session/ways/sms', wrong)).status).toBe(422)
    expect((await call(mana, 'PUT session/ways/fax', quiet)).status).toBe(404)
    expect((await call(null, 'PUT session/ways/sms', quiet)).status).toBe(401)
    expect((await call(mana, 'PUT session/ways/sms', quiet, { 'x-csrf-token': 'x' })).status).toBe(403)
  })
})
