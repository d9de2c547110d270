import fc from 'fast-check'
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
import type { Context } from '../../platform/context.ts'
import { Invalid } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { hashToken } from '../../platform/sessions.ts'
import { tidy } from './index.ts'
import { addKey, listKeys, mayManageKeys, type NewKey, revokeKey } from './keys.ts'

const day = 86_400_000

describe('API keys', () => {
  let db: TestDatabase
  const nodes: { app: App; context: Context; stop(): Promise<void> }[] = []
  const now = { ms: tuesday }
  let horni: Hospital
  let dolni: Hospital
  let radka: Actor
  let stranger: Actor
  let admin: Actor
  let coordinator: Actor
  beforeAll(async () => {
    db = await createDatabase()
    for (const _ of [1, 2]) {
      const made = contextOf(db, () => now.ms)
      nodes.push({ ...made, app: await openPages(made.context) })
    }
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
    radka = await addPerson(db, 'Radka Zástupkyně', [['representative', horni]])
    stranger = await addPerson(db, 'Cyril Cizí', [['representative', dolni]])
    admin = await addPerson(db, 'Adam Správce', [['admin', horni]])
    coordinator = await addPerson(db, 'Klára Koordinátorka', [['coordinator', null]])
  })
  afterAll(async () => {
    for (const { app, stop } of nodes) {
      await app.close()
      await stop()
    }
    await db.drop()
  })

  const wanted = (more: Partial<NewKey> = {}): NewKey => ({
    org: horni.id,
    label: 'Firewall FW-1',
    scopes: ['warnings.read'],
    days: 30,
    ...more,
  })
  const make = (more: Partial<NewKey> = {}, by: Actor = radka) =>
    asActor(db, by, now.ms, (tx) => addKey(tx, wanted(more), by, now.ms))
  const revoke = (id: number, by: Actor = radka) =>
    asActor(db, by, now.ms, (tx) => revokeKey(tx, id, by, now.ms))
  const read = async (key: string, node = 0, url = '/api/v1/warnings') =>
    (nodes[node] as (typeof nodes)[0]).app.inject({ url, headers: { authorization: `Bearer ${key}` } })

  it('are managed by the representative for its own organisation, by coordinators for all, by nobody else', async () => {
    const asked = (by: Actor) => [horni.id, dolni.id, null].map((org) => mayManageKeys(by, org))
    expect(asked(radka)).toEqual([true, false, false])
    expect(asked(coordinator)).toEqual([true, true, true])
    expect(asked(admin)).toEqual([false, false, false])
    for (const by of [admin, stranger]) await expect(make({}, by)).rejects.toThrow(/by the representative/)
    await expect(make({ org: null })).rejects.toThrow(/by the representative/)
    const { id } = await make()
    await expect(revoke(id, admin)).rejects.toThrow(/by the representative/)
    await expect(revoke(id, stranger)).rejects.toThrow(/no such key/)
    // The rule stands in the database too.
    const write = (by: Actor, org: number | null, person: number) =>
      asActor(db, by, now.ms, (tx) =>
        tx.query(
          `insert into api_keys (key_hash, org_id, label, scopes, made_at, made_by, expires_at) values ('\\x00', $1, 'x', '{events.read}', now(), $2, now())`,
          [org, person],
        ),
      )
    await expect(write(stranger, horni.id, stranger.person)).rejects.toThrow(/row-level security/)
    await expect(write(radka, null, radka.person)).rejects.toThrow(/row-level security/)
    await expect(write(radka, horni.id, coordinator.person)).rejects.toThrow(/row-level security/)
    expect(await asActor(db, stranger, now.ms, (tx) => listKeys(tx, now.ms))).toEqual([])
    await expect(
      asActor(db, radka, now.ms, (tx) => tx.query('select key_hash from api_keys')),
    ).rejects.toThrow(/permission denied/)
  })

  it('are told once, kept as a hash, and in the trail from beginning to end', async () => {
    const { id, key } = await make({ label: '  Firewall FW-2 ' })
    expect(key).toMatch(/^hsk_[\w-]{32}$/)
    const { rows } = await db.engine.query(
      `select k.key_hash = $2 as known, k::text as line from api_keys k where id = $1`,
      [id, hashToken(key)],
    )
    expect(rows[0]?.known).toBe(true)
    expect(rows[0]?.line).not.toContain(key.slice(4))
    await revoke(id)
    const trail = await asActor(db, radka, now.ms, (tx) =>
      tx.query<{ verb: string; detail: object }>(
        'select verb, detail from audit where object = $1 order by id',
        [`key ${id}`],
      ),
    )
    expect(trail.rows).toEqual([
      {
        verb: 'members.key-add',
        detail: {
          label: 'Firewall FW-2',
          scopes: ['warnings.read'],
          until: new Date(now.ms + 30 * day).toISOString(),
        },
      },
      { verb: 'members.key-revoke', detail: {} },
    ])
    expect(JSON.stringify(trail.rows)).not.toContain(key)
  })

  it('work until they are revoked or over, from the very next request, on every node', async () => {
    const { id, key } = await make()
    const both = async () => [(await read(key, 0)).statusCode, (await read(key, 1)).statusCode]
    expect(await both()).toEqual([200, 200])
    await revoke(id)
    expect(await both()).toEqual([401, 401])
    await expect(revoke(id)).rejects.toThrow(/over already/)
    const short = await make({ days: 1 })
    now.ms += day
    expect((await read(short.key)).statusCode).toBe(401)
    now.ms -= day
  })

  it('have a limit in a minute that all nodes share', async () => {
    const { key } = await make({ perMinute: 3 })
    now.ms = tuesday + 15_000
    const statuses = await Promise.all(
      [0, 1, 0, 1, 0].map(async (node) => (await read(key, node)).statusCode),
    )
    expect(statuses.sort()).toEqual([200, 200, 200, 429, 429])
    const slow = await read(key)
    expect([slow.headers['retry-after'], slow.json().error]).toEqual(['45', 'slow-down'])
    now.ms = tuesday + 60_000
    expect((await read(key)).statusCode).toBe(200)
    now.ms = tuesday
  })

  it('leave a line in the ledger for what they read, by day and door, and say when they were used last', async () => {
    const { id, key } = await make({ scopes: ['warnings.read', 'sensors.read'] })
    const line = async () =>
      (await asActor(db, radka, now.ms, (tx) => listKeys(tx, now.ms))).find((one) => one.id === id)
    expect(await line()).toMatchObject({
      lastUsedOn: null,
      uses: [],
      orgName: horni.name,
      madeBy: radka.name,
    })
    await read(key)
    await read(key, 1)
    await read(key, 1, '/api/v1/sensors')
    // A refusal read nothing.
    await read(key, 1, '/api/v1/episodes')
    expect(await line()).toMatchObject({
      lastUsedOn: '2026-03-03',
      uses: [
        { route: 'GET /api/v1/warnings', n: 2 },
        { route: 'GET /api/v1/sensors', n: 1 },
      ],
    })
    await tidy(db, now.ms + 2 * 3_600_000)
    const left = await db.engine.query<{ n: number; m: number }>(
      'select (select count(*)::int from api_key_minutes) as n, (select count(*)::int from api_key_uses where key_id = $1) as m',
      [id],
    )
    expect(left.rows).toEqual([{ n: 0, m: 2 }])
  })

  it('are refused by name when they are wanted wrongly, whatever was typed', async () => {
    const wrong: [Partial<NewKey>, string][] = [
      [{ label: '  ' }, 'label'],
      [{ label: 'x'.repeat(101) }, 'label'],
      [{ label: 'a\u0000b' }, 'label'],
      [{ scopes: [] }, 'scopes'],
      [{ scopes: ['strict'] }, 'scopes'],
      [{ scopes: ['warnings.read', 'everything'] }, 'scopes'],
      [{ days: 0 }, 'days'],
      [{ days: 366 }, 'days'],
      [{ days: Number.NaN }, 'days'],
      [{ perMinute: 0 }, 'perMinute'],
      [{ perMinute: 601 }, 'perMinute'],
    ]
    for (const [more, field] of wrong) {
      const error = await make(more).catch((caught: unknown) => caught)
      expect([more, error instanceof Invalid && Object.keys(error.fields)]).toEqual([more, [field]])
    }
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(fc.string()), fc.double(), async (label, scopes, days) => {
        await expect(make({ label, scopes, days })).rejects.toBeInstanceOf(Invalid)
      }),
      { numRuns: 50 },
    )
  })

  it('are made and revoked on their page, which tells a key once and keeps what was typed wrong', async () => {
    const [node] = nodes as [(typeof nodes)[0]]
    const { cookie, csrf } = await cookieOf(node.context, radka)
    const post = (url: string, form: string, token = csrf) =>
      node.app.inject({
        method: 'POST',
        url,
        headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
        payload: `${form}&_csrf=${token}`,
      })
    const good = `label=Dohled&org=${horni.id}&scopes=warnings.read&scopes=figures.read&days=90`
    expect((await post('/keys', good, 'wrong')).statusCode).toBe(403)
    const made = await post('/keys', good)
    const key = /hsk_[\w-]{32}/.exec(made.body)?.[0] as string
    expect([made.statusCode, made.headers['cache-control']]).toEqual([200, 'no-store'])
    expect((await read(key)).statusCode).toBe(200)
    const page = () => node.app.inject({ url: '/keys', headers: { cookie, accept: 'text/html' } })
    const shown = await page()
    expect(shown.body).toContain('Dohled')
    expect(shown.body).not.toContain(key)
    const wrong = await post('/keys', `label=&org=${horni.id}&days=90&scopes=events.read`)
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toMatch(/value="events\.read"[^>]*checked/)
    expect((await post('/keys', `label=x&org=${dolni.id}&scopes=events.read&days=30`)).statusCode).toBe(403)
    expect((await post('/keys', `label=${'x'.repeat(2_000)}&org=${horni.id}&days=30`)).statusCode).toBe(422)
    const id = /\/keys\/(\d+)\/revocation/.exec(shown.body)?.[1]
    expect((await post(`/keys/${id}/revocation`, '')).headers.location).toBe('/keys?done=revoked')
    for (const odd of ['0', 'x', '99999999999'])
      expect((await post(`/keys/${odd}/revocation`, '')).statusCode).toBe(404)
  })

  it('end with the membership of their organisation', async () => {
    const { key } = await make({ org: dolni.id }, stranger)
    expect((await read(key)).statusCode).toBe(200)
    await db.engine.query(`update organisations set status = 'left' where id = $1`, [dolni.id])
    expect((await read(key)).statusCode).toBe(401)
  })
})
