/**
 * Every route x every role x another organisation's objects, from the route table itself. A new route is walked by
 * itself; one without a stated right does not even start (src/platform/http.ts).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../src/app.ts'
import type { Actor, Role } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { Access, App, Routed } from '../src/platform/http.ts'
import { type Belongings, contextOf, cookieOf, seedBelongings } from './belongings.ts'
import { addHospital, addPerson, createDatabase, type Hospital, type TestDatabase } from './harness.ts'

const memberRoles = ['representative', 'security_manager', 'admin', 'duty', 'dpo', 'manager'] as const
type Who = Role | 'nobody'
const everybody: Who[] = ['nobody', ...memberRoles, 'operator', 'coordinator']
type Kind = NonNullable<Access['objects']>[string]

interface Answer {
  status: number
  location: string
  body: string
}

describe('who may see what', () => {
  let db: TestDatabase
  let app: App
  let ours: Belongings
  let theirs: Belongings
  let close: () => Promise<void>
  const actors = new Map<Who, Actor>()
  let context: Context

  beforeAll(async () => {
    db = await createDatabase()
    const horni: Hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    const dolni: Hospital = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
    ours = await seedBelongings(db, horni, 'ours')
    theirs = await seedBelongings(db, dolni, 'theirs')
    const made = contextOf(db)
    context = made.context
    const { stop } = made
    context.settings.pushHosts = ['push.example']
    app = await openPages(context)
    close = stop
    for (const role of everybody)
      if (role !== 'nobody') {
        const at = memberRoles.some((r) => r === role) ? horni : null
        const actor = await addPerson(db, `Osoba ${role}`, [[role, at]])
        actors.set(role, actor)
      }
    // Means of sign-in are a person's own: one of those who walk has this.
    await db.engine.query('update passkeys set person_id = $2 where id = $1', [
      ours.ids.passkey?.id,
      actors.get('admin')?.person,
    ])
    await db.engine.query('update push_devices set person_id = $2 where id = $1', [
      ours.ids.push_device?.id,
      actors.get('admin')?.person,
    ])
    await db.engine.query('update duty_feeds set person_id = $2 where id = $1', [
      ours.ids.duty_feed?.id,
      actors.get('admin')?.person,
    ])
    // And so is the word of a warning's author.
    await db.engine.query('update written_warnings set author_id = $2 where id = $1', [
      ours.ids.written?.id,
      actors.get('coordinator')?.person,
    ])
    // So is the word on whether other members see one's contact.
    await db.engine.query('update contact_points set person_id = $2 where id = $1', [
      ours.ids.contact?.id,
      actors.get('admin')?.person,
    ])
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await close?.()
    await db?.drop()
  })

  /** The address of a route with objects of one party; the walk knows every kind or fails. */
  const urlOf = (route: Routed, things: Belongings): string =>
    route.url.replace(/\/\*$/, '/manifest.json').replace(/:([a-zA-Z]+)(\([^)]*\))?/g, (_, name: string) => {
      const kind: Kind | undefined = route.access.objects?.[name]
      const value =
        kind && kind !== 'other'
          ? (things.ids[kind]?.[name] ?? things.ids[kind]?.id)
          : things.ids.other?.[name]
      if (value === undefined)
        throw new Error(
          `The walk does not know what to put for :${name} (${kind ?? 'no kind stated'}) of ${route.url}`,
        )
      return encodeURIComponent(value)
    })

  async function ask(route: Routed, who: Who, things: Belongings): Promise<Answer> {
    // A session of its own for every request: some routes end sessions.
    const actor = actors.get(who)
    const person = actor ? await cookieOf(context, actor) : null
    const isApi = route.url.startsWith('/api/')
    const token = person && !isApi ? { _csrf: person.csrf } : {}
    const body = { ...things.samples(route.access.sample ?? {}), ...token }
    const answer = await app.inject({
      method: route.method as 'GET',
      url: urlOf(route, things),
      headers: {
        accept: isApi ? 'application/json' : 'text/html',
        ...(person ? { cookie: person.cookie, 'x-csrf-token': person.csrf } : {}),
      },
      ...(route.method === 'GET'
        ? {}
        : isApi
          ? { payload: body }
          : {
              payload: new URLSearchParams(flat(body)).toString(),
              headers: {
                accept: 'text/html',
                'content-type': 'application/x-www-form-urlencoded',
                ...(person ? { cookie: person.cookie } : {}),
              },
            }),
    })
    return { status: answer.statusCode, location: String(answer.headers.location ?? ''), body: answer.body }
  }
  const flat = (body: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(Object.entries(body).map(([k, v]) => [k, String(v)]))
  const refused = (answer: Answer): boolean =>
    answer.status >= 400 || answer.location.startsWith('/sign-in?back=')
  const walked = (): Routed[] =>
    app.routed.filter(
      (route) => route.access.by !== 'sensor' && route.access.by !== 'token' && route.url !== '/live',
    )
  const named = (route: Routed): string => `${route.method} ${route.url}`

  it('finds routes of every kind', () => {
    expect(walked().length).toBeGreaterThan(40)
    expect(walked().filter((route) => route.access.objects).length).toBeGreaterThan(15)
  })

  it('lets nobody in who is signed out', async () => {
    const open: string[] = []
    for (const route of walked())
      if (route.access.who !== 'anyone' && !refused(await ask(route, 'nobody', ours))) open.push(named(route))
    expect(open).toEqual([])
  })

  it('refuses the roles that a route does not name', async () => {
    const wrong: string[] = []
    for (const route of walked()) {
      const { who } = route.access
      if (!Array.isArray(who)) continue
      for (const role of everybody)
        if (role !== 'nobody' && !who.includes(role) && !refused(await ask(route, role, ours)))
          wrong.push(`${named(route)} as ${role}`)
    }
    expect(wrong).toEqual([])
  })

  it("never gives a member another organisation's object, nor its name", async () => {
    const leaks: string[] = []
    for (const route of walked().filter((r) => r.access.objects))
      for (const role of [...memberRoles, 'operator'] as const) {
        const answer = await ask(route, role, theirs)
        const open =
          Object.values(route.access.objects ?? {}).includes('source') ||
          (role === 'operator' && Object.values(route.access.objects ?? {}).includes('sensor'))
        if (!refused(answer) && !open) leaks.push(`${named(route)} as ${role}: ${answer.status}`)
        for (const canary of theirs.canaries)
          if (answer.body.includes(canary) && !(open && role === 'operator' && canary === theirs.sensorName))
            leaks.push(`${named(route)} as ${role} shows ${canary}`)
      }
    expect(leaks).toEqual([])
    // Nothing of theirs was changed on the way either.
    const { rows } = await db.engine.query('select withdrawn_at from announced_tests where id = $1', [
      theirs.ids.announced_test?.id,
    ])
    expect(rows).toEqual([{ withdrawn_at: null }])
  }, 240_000)

  it("shows no member another organisation's name or secrets on any of its own pages", async () => {
    const leaks: string[] = []
    for (const route of walked().filter((r) => r.method === 'GET'))
      for (const role of memberRoles) {
        const answer = await ask(route, role, ours)
        for (const canary of theirs.canaries)
          if (answer.body.includes(canary)) leaks.push(`${named(route)} as ${role} shows ${canary}`)
      }
    expect(leaks).toEqual([])
  }, 240_000)

  it("leaves a line in the read ledger wherever it shows a coordinator an organisation's own data", async () => {
    const secret: string[] = []
    // The names of files that coordinators took in, drafts of the public web, advisories, what coordinators write, what was written to
    // their number, and indicators belong to no organisation.
    const nobodys =
      /^\/(signature-lists$|short-replies$|site(\/|$)|(api\/v1\/)?advisories(\/|$)|warnings\/written(\/|$)|api\/v1\/written-warnings(\/|$)|api\/v1\/rollcalls$|api\/v1\/blocklists\/review\/)/
    for (const route of walked().filter((r) => r.method === 'GET')) {
      await db.engine.query('update trail_reads set place = place || id')
      const answer = await ask(route, 'coordinator', theirs)
      // Its name alone stands in many a filter's choices.
      const shown = theirs.canaries.some((canary) => canary !== theirs.name && answer.body.includes(canary))
      const { rowCount } = await db.engine.query(
        'select 1 from trail_reads where org_id = $1 and place = $2',
        [theirs.org, route.url],
      )
      if (shown && !rowCount && !nobodys.test(route.url)) secret.push(named(route))
    }
    expect(secret).toEqual([])
  })

  // The change that the walk began just before says not yet what it changes.
  const isUnfinished = (route: Routed): boolean =>
    ['POST /warnings/written/:id/review', 'PUT /api/v1/written-warnings/:id/review'].includes(named(route))

  it('lets in whom it should: each route answers somebody', async () => {
    const shut: string[] = []
    for (const route of walked()) {
      const tried: string[] = []
      let open = false
      for (const role of everybody) {
        if (open) break
        const answer = await ask(route, role, ours)
        // A form that anybody may send answers with its errors, and 409 says that the state does not allow it now:
        // both are past the question of who may.
        open =
          !refused(answer) ||
          ((route.access.who === 'anyone' || isUnfinished(route)) && answer.status === 422) ||
          answer.status === 409
        tried.push(`${role} ${answer.status}`)
      }
      if (!open) shut.push(`${named(route)}: ${tried.join(', ')}`)
    }
    expect(shut).toEqual([])
  }, 240_000)

  it('says of a source the same whether others saw it or nobody did', async () => {
    const { cookie } = await cookieOf(context, actors.get('admin') as Actor)
    for (const url of ['/sources/', '/api/v1/sources/']) {
      const other = await app.inject({ url: `${url}${theirs.source}`, headers: { cookie } })
      const never = await app.inject({ url: `${url}203.0.113.251`, headers: { cookie } })
      expect(other.statusCode).toBe(never.statusCode)
      const plain = (text: string): string =>
        text
          .replaceAll(theirs.source, 'X')
          .replaceAll('203.0.113.251', 'X')
          .replace(/nonce(?:" content)?[-=]"?[A-Za-z0-9+/=]+/g, '')
          .replace(/req-\w+/g, '')
      expect(plain(other.body)).toBe(plain(never.body))
    }
  })
})
