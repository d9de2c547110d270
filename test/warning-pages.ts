/** Two hospitals with warnings, people in all roles and the pages they open: for the tests of those pages. */
import { openPages } from '../src/app.ts'
import type { Actor, Role } from '../src/platform/access.ts'
import type { App } from '../src/platform/http.ts'
import { contextOf, cookieOf } from './belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'
import { openWarning } from './warned.ts'

export interface Answer {
  status: number
  body: string
  location: string
}

export interface Visitor {
  get(url: string, headers?: Record<string, string>): Promise<Answer>
  /** A form with the session's token unless `_csrf` is given. */
  post(url: string, form?: Record<string, string>): Promise<Answer>
  api(method: 'GET' | 'PUT' | 'DELETE', url: string, body?: object): Promise<Answer>
}

export interface PagesStage {
  db: TestDatabase
  app: App
  horni: Hospital
  dolni: Hospital
  people: Record<'admin' | 'manager' | 'foreign' | 'both' | 'coordinator' | 'operator', Actor>
  as(actor: Actor | null): Promise<Visitor>
  /** The session's cookie, for a connection of one's own. */
  cookie(actor: Actor): Promise<string>
  setClock(now: number): void
  close(): Promise<void>
}

/** Horní Výmysl and Dolní Smyšlenka; `both` serves the two of them. The clock stands at Tuesday noon. */
export async function openPagesStage(): Promise<PagesStage> {
  const db = await createDatabase()
  let now = tuesday + 4 * 3_600_000
  const horni = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
  const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
  const one = (name: string, role: Role, at: Hospital | null): Promise<Actor> =>
    addPerson(db, name, [[role, at]])
  const people = {
    admin: await one('Jana Správná', 'admin', horni),
    manager: await one('Karel Ředitel', 'manager', horni),
    foreign: await one('Cyril Cizí', 'admin', dolni),
    both: await addPerson(db, 'Petr Dvojdomý', [
      ['admin', horni],
      ['duty', dolni],
    ]),
    coordinator: await one('Dana Koordinátorová', 'coordinator', null),
    operator: await one('Ota Provozní', 'operator', null),
  }
  const { context, stop } = contextOf(db, () => now)
  const app = await openPages(context)
  return {
    db,
    app,
    horni,
    dolni,
    people,
    as: async (actor) => visitorOf(app, actor ? await cookieOf(context, actor) : null),
    cookie: async (actor) => (await cookieOf(context, actor)).cookie,
    setClock: (at) => {
      now = at
    },
    close: async () => {
      await app.close()
      await stop()
      await db.drop()
    },
  }
}

function visitorOf(app: App, session: { cookie: string; csrf: string } | null): Visitor {
  const cookie = session ? { cookie: session.cookie } : {}
  const answer = (got: { statusCode: number; body: string; headers: Record<string, unknown> }): Answer => ({
    status: got.statusCode,
    body: got.body,
    location: String(got.headers.location ?? ''),
  })
  return {
    get: async (url, headers = {}) =>
      answer(await app.inject({ url, headers: { accept: 'text/html', ...cookie, ...headers } })),
    post: async (url, form = {}) =>
      answer(
        await app.inject({
          method: 'POST',
          url,
          headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...cookie },
          payload: new URLSearchParams({ ...(session ? { _csrf: session.csrf } : {}), ...form }).toString(),
        }),
      ),
    api: async (method, url, body) =>
      answer(
        await app.inject({
          method,
          url,
          headers: {
            accept: 'application/json',
            ...cookie,
            ...(session ? { 'x-csrf-token': session.csrf } : {}),
          },
          ...(body ? { payload: body } : {}),
        }),
      ),
  }
}

/** Opens a warning and lets its story begin, as the rules do. */
export async function warn(
  stage: PagesStage,
  org: Hospital | null,
  more: Partial<Parameters<typeof openWarning>[1]> = {},
): Promise<number> {
  const at = more.openedAt ?? tuesday
  const { id } = await openWarning(stage.db, { org, openedAt: at, ...more })
  await stage.db.engine.query(
    `insert into warning_log (warning_id, at, kind, detail) values ($1, to_timestamp($2 / 1000.0), 'opened', '{}')`,
    [id, at],
  )
  return id
}

/** How many rows of a table's body the page holds. */
export const rowsIn = (body: string): number =>
  (body.match(/<tr data-href="\/warnings\/|<tr class="yours" data-href="\/warnings\//g) ?? []).length

/** The text of a page without its tags, for sentences. */
export const textOf = (body: string): string =>
  body
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&nbsp;|\u00a0/g, ' ')
    .replace(/\s+/g, ' ')
