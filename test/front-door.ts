/** Two nodes on one database with a clock that tests move, and a browser's way of knocking at them. */
import type { LightMyRequestResponse } from 'fastify'
import { setPassword } from '../src/modules/members/index.ts'
import { askAgain, mountMembers } from '../src/modules/members/pages.ts'
import type { Actor, Role } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import { asEngine } from '../src/platform/database.ts'
import { type App, openApp } from '../src/platform/http.ts'
import { contextOf } from './belongings.ts'
import { addPerson, createDatabase, type Hospital, type TestDatabase, tuesday } from './harness.ts'

export const password = 'čtyři tiché zelené lampy'
export const minute = 60_000

type Headers = Record<string, string>

export interface FrontDoor {
  db: TestDatabase
  context: Context
  /** What the nodes take for now; set it back to `tuesday` before each test. */
  now: number
  app: App
  /** A second node on the same database. */
  other: App
  /** Somebody who signs in with `password`. */
  person(name: string, engagements: [Role, Hospital | null][]): Promise<Actor>
  /** A form sent by a browser that reads English. */
  post(
    url: string,
    fields: Record<string, string>,
    headers?: Headers,
    node?: App,
  ): Promise<LightMyRequestResponse>
  get(url: string, cookie?: string): Promise<LightMyRequestResponse>
  knock(email: string, typed: string, headers?: Headers, node?: App): Promise<LightMyRequestResponse>
  signedIn(actor: Actor): Promise<{ cookie: string; csrf: string }>
  forget(): Promise<void>
  close(): Promise<void>
}

export const tokenIn = (answer: LightMyRequestResponse): string =>
  answer.cookies.find((cookie) => cookie.name === 'hsoc_session')?.value ?? ''

/** `secondFactor` as the installation's setting; off unless a test is about it. */
export async function openFrontDoor(secondFactor: 'required' | 'off' = 'off'): Promise<FrontDoor> {
  const db = await createDatabase()
  const { context, stop } = contextOf(db, () => door.now)
  context.settings.secondFactor = secondFactor
  const node = async (): Promise<App> => {
    const app = await openApp(context, (request, status, said, why) =>
      why === 'stale' ? askAgain(request) : `<h1>${status}</h1>${said}`,
    )
    mountMembers(app, context)
    await app.ready()
    return app
  }
  const door: FrontDoor = {
    db,
    context,
    now: tuesday,
    app: await node(),
    other: await node(),
    person: async (name, engagements) => {
      const actor = await addPerson(db, name, engagements)
      await asEngine(db, (tx) => setPassword(tx, actor.person, password, null, tuesday))
      return actor
    },
    post: async (url, fields, headers = {}, at = door.app) =>
      at.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams(fields).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'accept-language': 'en',
          ...headers,
        },
      }),
    get: async (url, cookie = '') =>
      door.app.inject({ url, headers: { 'accept-language': 'en', cookie: `lang=en; ${cookie}` } }),
    knock: (email, typed, headers, at) => door.post('/sign-in', { email, password: typed }, headers, at),
    signedIn: async (actor) => {
      const token = tokenIn(await door.knock(actor.email, password))
      if (!token) throw new Error(`${actor.name} was not let in`)
      const cookie = `hsoc_session=${token}`
      return { cookie, csrf: (await door.get('/api/v1/session', cookie)).json().csrf }
    },
    forget: async () => {
      door.now = tuesday
      await db.engine.query(
        `delete from sign_in_failures; delete from deliveries; delete from password_resets; delete from sessions;
         delete from totp; delete from passkeys; delete from recovery_codes; delete from used_challenges; delete from devices; delete from recoveries`,
      )
    },
    close: async () => {
      await door.app.close()
      await door.other.close()
      await stop()
      await db.drop()
    },
  }
  return door
}
