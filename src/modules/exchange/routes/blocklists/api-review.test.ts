import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../../test/asking.ts'
import { contextOf } from '../../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type TestDatabase,
  tuesday,
} from '../../../../../test/harness.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import type { App } from '../../../../platform/http.ts'
import { keyScopes } from '../../../../values/key-scopes.ts'
import { addKey } from '../../../members/keys.ts'

describe('blocklists decided by programs of coordinators', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let karel: Actor
  let adam: Actor
  beforeAll(async () => {
    db = await createDatabase()
    const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    adam = await addPerson(db, 'Adam Správce', [['admin', lipova]])
    ;({ context, stop } = contextOf(db))
    app = await openPages(context)
    await db.engine.query(
      `insert into blocklist_lists (org_id, list, version, revision, entries, changed_at, refreshed_at, held, held_at)
       values ($1, 'ip', 1, 1, 10, $2, $2, 900, $2)`,
      [lipova.id, new Date(tuesday)],
    )
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
  const at = 'blocklists/review'

  it('take an indicator by a word, lose it and have it back', async () => {
    const entered = await call(karel, `POST ${at}/items`, { value: 'zlo[.]example', reason: 'Řídí útok' })
    expect(entered).toMatchObject({ status: 201, body: { value: 'zlo.example' } })
    const one = `${at}/items/${entered.body.id}` as const
    const found = async () => (await call(karel, `GET ${at}/items?find=zlo`)).body.items[0]
    expect(await found()).toMatchObject({
      kind: 'domain',
      state: 'candidate',
      sources: [{ source: 'coordinator' }],
    })
    expect((await call(karel, `PUT ${one}/return`, { reason: 'x' })).status).toBe(409)
    expect((await call(karel, `PUT ${one}/withdrawal`, { reason: 'Omyl' })).status).toBe(204)
    expect(await found()).toMatchObject({ state: 'withdrawn', closed_why: 'coordinator', reason: 'Omyl' })
    expect((await call(karel, `PUT ${one}/withdrawal`, { reason: 'Omyl' })).status).toBe(409)
    expect((await call(karel, `PUT ${one}/return`, { reason: 'Přece jen' })).status).toBe(204)
    expect((await call(karel, `PUT ${at}/items/999999999999/return`, { reason: 'x' })).status).toBe(404)
  })

  it('pass jumps that wait, and carry nothing that is forbidden', async () => {
    const { jumps, waiting, protection } = (await call(karel, `GET ${at}`)).body
    expect(jumps).toMatchObject([{ list: 'ip', organisations: ['Nemocnice Lipová'], held: 900, entries: 10 }])
    expect([waiting, protection]).toEqual([[], []])
    expect((await call(karel, `PUT ${at}/jumps/ip/pass`)).status).toBe(204)
    expect((await call(karel, `PUT ${at}/jumps/url/pass`)).status).toBe(409)
    expect((await call(karel, `PUT ${at}/jumps/x/pass`)).status).toBe(404)
    expect((await call(karel, `POST ${at}/never`, { value: 'není nic', reason: 'x' })).body.fields).toEqual({
      value: 'never',
    })
    expect(
      (await call(karel, `POST ${at}/never`, { value: 'laborator.example', reason: 'Výsledky' })).status,
    ).toBe(204)
    const { never } = (await call(karel, `GET ${at}/never`)).body
    expect(never).toMatchObject([{ value: 'laborator.example', by: 'Karel Koordinátor' }])
    expect((await call(karel, `DELETE ${at}/never/${never[0].id}`)).status).toBe(204)
    expect((await call(karel, `DELETE ${at}/never/${never[0].id}`)).status).toBe(404)
  })

  it('are for nobody else, and take nothing odd', async () => {
    const { key } = await asEngine(db, (tx) =>
      addKey(tx, { org: null, label: 'Ústředna', scopes: [...keyScopes], days: 30 }, karel, tuesday),
    )
    const entry = { value: '203.0.113.9', reason: 'x' }
    const calls: [Call, object?][] = [
      [`GET ${at}`],
      [`GET ${at}/items`],
      [`POST ${at}/items`, entry],
      [`PUT ${at}/items/1/withdrawal`, { reason: 'x' }],
      [`PUT ${at}/jumps/ip/pass`],
      [`GET ${at}/never`],
      [`POST ${at}/never`, entry],
      [`DELETE ${at}/never/1`],
    ]
    for (const [what, given] of calls) {
      expect([what, (await call(adam, what, given)).status]).toEqual([what, 403])
      expect([what, (await call(null, what, given)).status]).toEqual([what, 401])
      expect([what, (await call(key, what, given)).status]).toEqual([what, 403])
      if (what.startsWith('GET')) continue
      for (const more of [{ 'x-csrf-token': 'x' }, { 'sec-fetch-site': 'cross-site' }])
        expect([what, (await call(karel, what, given, more)).status]).toEqual([what, 403])
    }
    for (const body of [
      {},
      { ...entry, value: 'x' },
      { ...entry, value: '0.0.0.0/0' },
      { ...entry, days: 0 },
      { ...entry, reason: ' ' },
    ])
      expect((await call(karel, `POST ${at}/items`, body)).status, JSON.stringify(body)).toBe(422)
  })
})
