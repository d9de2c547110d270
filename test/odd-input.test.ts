/** Whatever stands in an address or a form, no route breaks: each refuses it, or does without it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../src/app.ts'
import { type Actor, type Role, roles } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App, Routed } from '../src/platform/http.ts'
import { type Belongings, contextOf, cookieOf, seedBelongings } from './belongings.ts'
import { addHospital, addPerson, createDatabase, type Hospital, type TestDatabase } from './harness.ts'

const nul = 'a\0b'
const beyond = '99999999999999999999'

/** What no form can send: numbers past any column, half of a character, other shapes. */
const json = [2 ** 40, '\ud800', ['\ud800'], {}]

/** What the pages' addresses carry, with what none of them can mean. */
const queries: [names: string[], value: string][] = [
  [['q', 'text', 'source', 'class', 'verb', 'name', 'back'], nul],
  [['before', 'after', 'older', 'newer', 'org', 'person', 'into'], beyond],
  [['at', 'day', 'from', 'to', 'hour'], '2026-99-99'],
]

describe('odd input', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let close: () => Promise<void>
  let ours: Belongings
  let everything: Actor

  beforeAll(async () => {
    db = await createDatabase()
    const horni: Hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    ours = await seedBelongings(db, horni, 'ours')
    const made = contextOf(db)
    context = made.context
    close = made.stop
    app = await openPages(context)
    // Somebody whom no route refuses for the role alone.
    const atHorni = (role: Role): boolean => role !== 'coordinator' && role !== 'operator'
    everything = await addPerson(
      db,
      'Zdeňka Všestranná',
      roles.map((role) => [role, atHorni(role) ? horni : null]),
    )
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await close?.()
    await db?.drop()
  })

  const walked = (method: Routed['method']): Routed[] =>
    app.routed.filter(
      (route) => route.method === method && route.access.by !== 'sensor' && route.url !== '/live',
    )
  const urlOf = (route: Routed, value?: string): string =>
    route.url.replace(/\/\*$/, '/x').replace(/:([a-zA-Z]+)(\([^)]*\))?/g, (_, name: string) => {
      const kind = route.access.objects?.[name]
      const found = kind && kind !== 'other' ? ours.ids[kind] : undefined
      return encodeURIComponent(value ?? found?.[name] ?? found?.id ?? ours.ids.other?.[name] ?? 'x')
    })
  /** What broke, if anything did: 503 is an answer, that something else is away. */
  async function broken(route: Routed, url: string, fields?: Record<string, unknown>): Promise<string[]> {
    const { cookie, csrf } = await cookieOf(context, everything)
    const isApi = url.startsWith('/api/')
    const form = new URLSearchParams(
      Object.entries({ ...fields, _csrf: csrf }).map(([name, value]) => [name, String(value)]),
    )
    const answer = await app.inject({
      method: route.method as 'GET',
      url,
      headers: {
        accept: isApi ? 'application/json' : 'text/html',
        cookie,
        'x-csrf-token': csrf,
        ...(fields && !isApi ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(fields ? { payload: isApi ? fields : form.toString() } : {}),
    })
    const isBroken = answer.statusCode >= 500 && answer.statusCode !== 503
    return isBroken ? [`${route.method} ${url} ${JSON.stringify(fields ?? {})}: ${answer.statusCode}`] : []
  }

  it('in the query of an address', async () => {
    const found: string[] = []
    for (const route of walked('GET'))
      for (const [names, value] of queries)
        for (const name of names)
          found.push(...(await broken(route, `${urlOf(route)}?${name}=${encodeURIComponent(value)}`)))
    expect(walked('GET').length).toBeGreaterThan(80)
    expect(found).toEqual([])
  }, 600_000)

  it('in the path of an address', async () => {
    const found: string[] = []
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      for (const route of walked(method).filter(({ url }) => url.includes(':')))
        for (const value of [nul, beyond, '-1', '99999999999'])
          found.push(
            ...(await broken(
              route,
              urlOf(route, value),
              method === 'GET' ? undefined : ours.samples(route.access.sample ?? {}),
            )),
          )
    expect(found).toEqual([])
  }, 600_000)

  it('in a field of a form', async () => {
    const found: string[] = []
    let fields = 0
    for (const route of [...walked('POST'), ...walked('PUT')]) {
      const right = ours.samples(route.access.sample ?? {})
      const odd = [
        '',
        nul,
        beyond,
        '\u{1f600}'.repeat(20_000),
        ...(route.url.startsWith('/api/') ? json : []),
      ]
      for (const name of Object.keys(right)) {
        fields += 1
        for (const value of odd)
          found.push(...(await broken(route, urlOf(route), { ...right, [name]: value })))
      }
    }
    expect(fields).toBeGreaterThan(80)
    expect(found).toEqual([])
  }, 600_000)
})
