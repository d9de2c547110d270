import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase } from '../../test/harness.ts'
import { openPages } from '../app.ts'
import type { Context } from './context.ts'
import type { App } from './http.ts'
import { translator } from './i18n.ts'

interface Operation {
  summary?: string
  security?: Record<string, string[]>[]
  parameters?: { name: string; in: string }[]
  responses?: Record<string, { content?: Record<string, { schema?: object }> }>
}

describe('routes that belong to no duty', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db))
    app = await openPages(context)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  it('say that the process answers, and whether the database does', async () => {
    expect((await app.inject('/health/live')).json()).toEqual({ alive: true })
    const ready = await app.inject('/health/ready')
    expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true }])
    const away = await openPages({
      ...context,
      db: { ...db, app: { ...db.app, query: () => Promise.reject(new Error('away')) } as never },
    })
    const down = await away.inject('/health/ready')
    expect([down.statusCode, down.json()]).toEqual([503, { ready: false }])
    await away.close()
  })

  it('give figures in the form of Prometheus to operators and coordinators, without any name', async () => {
    const hospital = await addHospital(db, 'Nemocnice Kanár', ['192.0.2.0/28'])
    const admin = await addPerson(db, 'Adam Správce', [['admin', hospital]])
    const operator = await addPerson(db, 'Olga Provozní', [['operator', null]])
    const asked = async (actor: typeof operator | null) =>
      app.inject({ url: '/metrics', headers: actor ? await cookieOf(context, actor) : {} })
    expect((await asked(null)).statusCode).toBe(403)
    expect((await asked(admin)).statusCode).toBe(403)
    const told = await asked(operator)
    expect(told.headers['content-type']).toContain('text/plain')
    const lines = told.body.trim().split('\n')
    const figures = lines.filter((line) => line && !line.startsWith('#'))
    expect(figures.length).toBeGreaterThan(10)
    for (const figure of figures) expect(figure).toMatch(/^hsoc_[a-z_]+ [\d.e+]+$/)
    for (const figure of figures) expect(lines).toContain(`# TYPE ${figure.split(' ')[0]} gauge`)
  })

  it('are open to a scraper that shows the key, and to no other key', async () => {
    const by = async (authorization: string) =>
      (await app.inject({ url: '/metrics', headers: { authorization } })).statusCode
    expect(await by('Bearer anything')).toBe(403)
    context.settings.metricsKey = 'a key for the scraper alone'.replaceAll(' ', '-')
    expect(await by('Bearer a-key-for-the-scraper-alone')).toBe(200)
    for (const wrong of ['Bearer', 'Bearer a-key', 'Basic a-key-for-the-scraper-alone', ''])
      expect(await by(wrong), wrong).toBe(403)
  })
})

describe('the description of the API', () => {
  let db: TestDatabase
  let app: App
  let stop: () => Promise<void>
  let described: {
    openapi: string
    paths: Record<string, Record<string, Operation>>
    components?: { securitySchemes?: Record<string, { type: string }> }
  }
  beforeAll(async () => {
    db = await createDatabase()
    const made = contextOf(db)
    stop = made.stop
    app = await openPages(made.context)
    described = (await app.inject('/api')).json()
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })
  const routes = () => app.routed.filter((route) => route.url.startsWith('/api/v1/'))
  const operationOf = (route: { method: string; url: string }): Operation | undefined =>
    described.paths[route.url.replace(/:([a-zA-Z]+)/g, '{$1}')]?.[route.method.toLowerCase()]

  it('is OpenAPI and names every route', () => {
    expect(described.openapi).toMatch(/^3\./)
    expect(routes().length).toBeGreaterThan(12)
    expect(
      routes()
        .filter((route) => !operationOf(route)?.summary)
        .map((route) => `${route.method} ${route.url}`),
    ).toEqual([])
  })

  it('says of each what it answers and how one proves oneself', () => {
    const schemes = Object.keys(described.components?.securitySchemes ?? {})
    expect(schemes).toEqual(['session', 'csrf', 'key', 'apiKey', 'token', 'certificate'])
    // Whoever has to check a sensor's certificate may ask for these.
    const forAll = ['/api/v1/sensors/authority', '/api/v1/sensors/revocations']
    const lacking = routes().flatMap((route) => {
      const operation = operationOf(route)
      const answers = Object.values(operation?.responses ?? {})
      const named = `${route.method} ${route.url}`
      const proofs = (operation?.security ?? []).flatMap((one) => Object.keys(one))
      return [
        ...(answers.some((answer) => answer.content) || operation?.responses?.['204']
          ? []
          : [`${named}: no schema`]),
        ...((route.access.who === 'anyone' && route.access.by !== 'sensor') ||
        forAll.includes(route.url) ||
        proofs.some((one) => schemes.includes(one))
          ? []
          : [`${named}: no security`]),
      ]
    })
    expect(lacking).toEqual([])
  })

  it('names each place in a path', () => {
    const lacking = routes().flatMap((route) => {
      const wanted = [...route.url.matchAll(/:([a-zA-Z]+)/g)].map((match) => match[1])
      const given = (operationOf(route)?.parameters ?? [])
        .filter((one) => one.in === 'path')
        .map((one) => one.name)
      return wanted.filter((name) => !given.includes(name ?? '')).map((name) => `${route.url}: ${name}`)
    })
    expect(lacking).toEqual([])
  })

  const asking = (headers: Record<string, string>, url = '/api') => app.inject({ url, headers })
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  it('is a page for people and OpenAPI for every program', async () => {
    const page = await asking({ ...browser, 'accept-language': 'en' })
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.headers.vary).toContain('accept')
    expect(page.body).toContain('href="/api?format=json"')
    const machines = [
      await asking({}),
      await asking({ accept: '*/*' }),
      await asking({ accept: 'application/json' }),
      await asking(browser, '/api?format=json'),
    ]
    for (const answer of machines) expect(answer.json().openapi).toMatch(/^3\./)
    expect((await asking({}, '/api?format=html')).body).toContain('<h1>Rozhraní pro programy</h1>')
    expect((await asking({ accept: 'application/json' }, '/api?format=xml')).statusCode).toBe(422)
  })

  it('names on the page every route, what it does, who may and by what, in both languages', async () => {
    const cells = (body: string, path: string, method: string) =>
      body
        .split('<tr')
        .map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map((match) => match[1] ?? ''))
        .find((row) => row[0] === path && row[1] === method)
    const open = routes().map(({ url, method }) => ({ path: url.replace(/:([a-zA-Z]+)/g, '{$1}'), method }))
    for (const lang of ['cs', 'en']) {
      const { body } = await asking({ ...browser, 'accept-language': lang })
      const lacking = open.filter(({ path, method }) => !cells(body, path, method)?.every(Boolean))
      expect(lacking).toEqual([])
    }
    const { body } = await asking({ ...browser, 'accept-language': 'en' })
    expect(cells(body, '/api/v1/warnings', 'GET')?.slice(3)).toEqual([
      'members in any role and coordinator',
      'session (cookie) or API key with the scope warnings.read',
    ])
    expect(cells(body, '/api/v1/deliveries', 'GET')?.[3]).toBe('coordinator')
    expect(cells(body, '/api/v1/events', 'POST')?.slice(3)).toEqual([
      'a sensor',
      "sensor's key (Bearer) or sensor's certificate (mutual TLS)",
    ])
    expect(cells(body, '/api/v1/sensors/authority', 'GET')?.slice(3)).toEqual(['anyone', 'none needed'])
  })

  it('has words of its own for every route, the English ones as in OpenAPI', () => {
    const [cs, en] = [translator('cs'), translator('en')]
    for (const route of routes()) {
      const key = `api.route.${route.method}.${route.url.replace(/:([a-zA-Z]+)/g, '{$1}')}`
      expect([cs.has(key), en.has(key) && en(key)], key).toEqual([true, operationOf(route)?.summary])
    }
  })
})
