/** Every route x keys: own, foreign, of the wrong scope, over, revoked, of an organisation that left, and the coordinators'. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../src/app.ts'
import { answer } from '../src/modules/warnings/answers.ts'
import type { Context } from '../src/platform/context.ts'
import { type App, openApp, type Routed } from '../src/platform/http.ts'
import { errorPage } from '../src/refusals.tsx'
import { keyScopes } from '../src/values/key-scopes.ts'
import { type Belongings, contextOf, cookieOf, keyOf, seedBelongings } from './belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'

describe('what keys may see', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let close: () => Promise<void>
  let horni: Hospital
  let ours: Belongings
  let theirs: Belongings
  beforeAll(async () => {
    db = await createDatabase()
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
    ours = await seedBelongings(db, horni, 'ours')
    theirs = await seedBelongings(db, dolni, 'theirs')
    const made = contextOf(db)
    context = made.context
    close = made.stop
    app = await openPages(context)
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await close?.()
    await db?.drop()
  })

  /** A key as the database holds it, whatever is odd about it. */
  async function key(name: string, odd: Partial<Record<'org' | 'scopes' | 'expires' | 'revoked', unknown>>) {
    await db.engine.query(
      `insert into api_keys (key_hash, org_id, label, scopes, per_minute, made_at, expires_at, revoked_at)
       values (sha256(convert_to($1, 'UTF8')), $2, $1, $3, 600, to_timestamp($4 / 1000.0), to_timestamp($5 / 1000.0), to_timestamp($6::float8 / 1000.0))`,
      [
        name,
        odd.org === undefined ? horni.id : odd.org,
        odd.scopes ?? keyScopes,
        tuesday - 1_000,
        odd.expires ?? tuesday + 86_400_000,
        odd.revoked ?? null,
      ],
    )
    return name
  }

  const urlOf = (route: Routed, things: Belongings): string =>
    route.url.replace(/\/\*$/, '/x').replace(/:([a-zA-Z]+)(\([^)]*\))?/g, (_, name: string) => {
      const kind = route.access.objects?.[name]
      const found = kind && kind !== 'other' ? things.ids[kind] : undefined
      return encodeURIComponent(found?.[name] ?? found?.id ?? things.ids.other?.[name] ?? 'x')
    })
  const ask = async (route: Routed, shown: string, things: Belongings, more: Record<string, string> = {}) => {
    const answer = await app.inject({
      method: route.method as 'GET',
      url: urlOf(route, things),
      headers: { authorization: `Bearer ${shown}`, accept: 'application/json, text/html', ...more },
      ...(route.method === 'GET' ? {} : { payload: route.access.sample ?? {} }),
    })
    return {
      status: answer.statusCode,
      body: answer.body,
      named: `${route.method} ${route.url} ${answer.statusCode}`,
    }
  }
  const all = (): Routed[] => app.routed.filter((route) => route.access.by !== 'sensor')
  const opened = (): Routed[] => all().filter((route) => route.access.key !== undefined)

  it('opens what it has a scope for, and shows its own organisation alone', async () => {
    expect(
      opened()
        .map((route) => `${route.url}: ${route.access.key}`)
        .sort(),
    ).toEqual([
      '/api/v1/advisories/:id: warnings.read',
      '/api/v1/advisories: warnings.read',
      '/api/v1/assets/:asset: assets.read',
      '/api/v1/assets: assets.read',
      '/api/v1/blocklists/:id/choices: warnings.read',
      '/api/v1/blocklists/:id/exceptions: warnings.read',
      '/api/v1/blocklists/:id/firewalls: warnings.read',
      '/api/v1/blocklists: warnings.read',
      '/api/v1/days/:day: figures.read',
      '/api/v1/duty/contacts/:org: duty.read',
      '/api/v1/duty/now: duty.read',
      '/api/v1/duty/oncall: duty.read',
      '/api/v1/duty/policies/:org/member: duty.read',
      '/api/v1/duty/policies/:org/rollcall: duty.read',
      '/api/v1/duty/policies: duty.read',
      '/api/v1/duty/reachability: duty.read',
      '/api/v1/duty/schedules/:id/shifts: duty.read',
      '/api/v1/duty/schedules/:id: duty.read',
      '/api/v1/duty/schedules: duty.read',
      '/api/v1/episodes/:id: events.read',
      '/api/v1/episodes: events.read',
      '/api/v1/matches/:id: assets.read',
      '/api/v1/matches: assets.read',
      '/api/v1/search: events.read',
      '/api/v1/sector/days/:day: figures.read',
      '/api/v1/sensors/:id: sensors.read',
      '/api/v1/sensors: sensors.read',
      '/api/v1/sources/:address: events.read',
      '/api/v1/warnings/:id: warnings.read',
      '/api/v1/warnings: warnings.read',
      '/api/v1/written-warnings/:id/versions: warnings.read',
      '/api/v1/written-warnings/:id: warnings.read',
      '/api/v1/written-warnings: warnings.read',
    ])
    const wrong: string[] = []
    for (const route of opened()) {
      const query = route.url.endsWith('/search')
      const answer = await ask(
        { ...route, url: query ? `${route.url}?q=203` : route.url },
        keyOf('ours'),
        ours,
      )
      if (answer.status !== 200) wrong.push(answer.named)
      for (const canary of theirs.canaries)
        if (answer.body.includes(canary)) wrong.push(`${answer.named} shows ${canary}`)
    }
    expect(wrong).toEqual([])
    const listed = await ask(
      opened().find((r) => r.url === '/api/v1/warnings') as Routed,
      keyOf('ours'),
      ours,
    )
    const { warnings } = JSON.parse(listed.body)
    expect(warnings.map((warning: { id: number }) => String(warning.id))).toEqual([ours.ids.warning?.id])
    expect(listed.body).toContain(horni.name)
  })

  it('never tells who a person is, where a reader of the same organisation is told', async () => {
    const person = await addPerson(db, 'Božena Tajná', [['admin', horni]])
    const said = { answer: 'seen', via: 'page', note: '' } as const
    await answer(db, person, Number(ours.ids.warning?.id), said, tuesday + 30_000)
    const one = opened().find((r) => r.url === '/api/v1/warnings/:id') as Routed
    const { cookie } = await cookieOf(context, person)
    const reader = await app.inject({ url: urlOf(one, ours), headers: { cookie } })
    expect(reader.body).toContain(person.name)
    const program = await ask(one, keyOf('ours'), ours)
    expect([program.status, program.body.includes(person.name)]).toEqual([200, false])
  })

  it('never opens an object of another organisation', async () => {
    for (const route of opened().filter((r) => r.access.objects)) {
      const answer = await ask(route, keyOf('ours'), theirs)
      const source = Object.values(route.access.objects ?? {}).includes('source')
      if (!source) expect(answer.named).toBe(`GET ${route.url} 404`)
      for (const canary of theirs.canaries)
        expect([answer.named, answer.body.includes(canary)]).toEqual([answer.named, false])
    }
  })

  it('opens nothing else: no page, no form, no other route, whoever is signed in beside it', async () => {
    const person = await addPerson(db, 'Radka', [['representative', horni]])
    const { cookie, csrf } = await cookieOf(context, person)
    const open: string[] = []
    for (const route of all().filter((r) => r.access.key === undefined)) {
      const visitors = route.access.who === 'anyone' && route.method === 'GET'
      const beside = { cookie, 'x-csrf-token': csrf }
      for (const more of [{}, beside]) {
        const answer = await ask(route, keyOf('ours'), ours, more)
        if (!visitors && answer.status !== 403) open.push(answer.named)
        if (answer.body.includes('Radka')) open.push(`${answer.named} shows who is signed in`)
      }
    }
    expect(open).toEqual([])
  })

  it('is stated for reading under /api/v1 alone, or the program does not start', async () => {
    const bare = await openApp(context, errorPage)
    const config = { access: { who: 'anyone', key: 'events.read' } } as const
    const handler = async () => null
    expect(() => bare.post('/api/v1/things', { config }, handler)).toThrow(/may not be opened to keys/)
    expect(() => bare.get('/things', { config }, handler)).toThrow(/may not be opened to keys/)
    bare.get('/api/v1/things', { config }, handler)
    await bare.close()
  })

  it('is refused with the wrong scope, when it is over or revoked, and when it is no key', async () => {
    const scopeOf: Record<string, string> = {}
    for (const scope of new Set(opened().map((route) => route.access.key)))
      scopeOf[String(scope)] = await key(`hsk_all_but_${scope}`, {
        scopes: keyScopes.filter((one) => one !== scope),
      })
    const left = await addHospital(db, 'Nemocnice Odešlá', [])
    await db.engine.query(`update organisations set status = 'left' where id = $1`, [left.id])
    const bad = [
      await key('hsk_over', { expires: tuesday + 60_000 }),
      await key('hsk_revoked', { revoked: tuesday }),
      await key('hsk_left', { org: left.id }),
      'hsk_unknown',
      'hsk_',
    ]
    for (const route of opened()) {
      const wrong = await ask(route, scopeOf[route.access.key as string] as string, ours)
      expect(wrong.named).toBe(`GET ${route.url} 403`)
      for (const shown of bad) {
        const answer = await ask(route, shown, ours)
        expect([shown, answer.named]).toEqual([shown, `GET ${route.url} 401`])
        expect(JSON.parse(answer.body)).toEqual({
          error: 'key',
          message: 'This key is unknown, over or revoked.',
        })
      }
    }
  })

  it("of the coordinators sees all organisations' events and warnings, as they do", async () => {
    const central = await key('hsk_central', { org: null })
    for (const things of [ours, theirs])
      for (const route of opened().filter((r) => r.access.objects)) {
        // What an organisation runs is its own: no key of the coordinators sees it.
        const status = route.access.key === 'assets.read' ? 403 : 200
        expect((await ask(route, central, things)).named).toBe(`GET ${route.url} ${status}`)
      }
  })

  it('with the scope strict sees what TLP:AMBER+STRICT keeps from others', async () => {
    const strict = await key('hsk_strict', {})
    const one = opened().find((r) => r.url === '/api/v1/warnings/:id') as Routed
    const readers = (scopes: number[]) =>
      db.engine.query('update warnings set readers = $2 where id = $1', [ours.ids.warning?.id, scopes])
    const seen = async () => [
      (await ask(one, keyOf('ours'), ours)).status,
      (await ask(one, strict, ours)).status,
    ]
    const org = 1000 + 4 * horni.id
    await readers([2, org, org + 2])
    expect(await seen()).toEqual([404, 200])
    // Private to its readers: no key at all.
    await readers([2, org])
    expect(await seen()).toEqual([404, 404])
  })
})
