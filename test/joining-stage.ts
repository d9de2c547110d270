/** The way in as visitors and judges walk it: the whole program's pages on a database, with a clock that tests move. */
import type { LightMyRequestResponse } from 'fastify'
import { openPages } from '../src/app.ts'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App } from '../src/platform/http.ts'
import { unseal } from '../src/platform/seal.ts'
import { contextOf, cookieOf } from './belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'

export const minute = 60_000
export const day = 86_400_000

/** A form that is right. */
export const right: Record<string, string> & { email: string } = {
  kind: 'organisation',
  organisation: 'Nemocnice Vzorov',
  ico: '',
  orgKind: 'hospital',
  nuts3: 'CZ063',
  name: 'Jana Vzorová',
  position: 'správkyně sítě',
  email: 'jana@vzorov.example',
  phone: '+420 555 010 200',
  message: 'Rádi bychom se zapojili.',
}

type Fields = Record<string, string>

export interface JoiningStage {
  db: TestDatabase
  app: App
  context: Context
  /** What the program takes for now. */
  now: number
  coordinator: Actor
  /** A member with its representative. */
  lipova: Hospital
  renata: Actor
  /** Forgets applications, mails and tries; the clock goes back to Tuesday, the visitor to another network. */
  clean(): Promise<void>
  otherNetwork(): void
  form(url: string, fields: Fields, headers?: Fields): Promise<LightMyRequestResponse>
  get(url: string): Promise<LightMyRequestResponse>
  /** When the form was drawn, as it stands in the form. */
  began(): Promise<string>
  /** Fills the form in as a person does: it takes a while. */
  send(changed?: Fields, url?: string): Promise<LightMyRequestResponse>
  tokenTo(email: string): Promise<string>
  /** Sends and confirms; answers the number of the application. */
  confirmed(changed?: Fields): Promise<number>
  as(actor: Actor): Promise<{
    get(url: string): Promise<LightMyRequestResponse>
    post(url: string, fields?: Fields): Promise<LightMyRequestResponse>
  }>
  rowOf(id: number): Promise<{ kind: string; state: string; org: number | null; confirmed: boolean }>
  /** What was written to an address, oldest first. */
  templates(address: string): Promise<string[]>
  close(): Promise<void>
}

export async function openJoiningStage(): Promise<JoiningStage> {
  const db = await createDatabase()
  const lipova = await addHospital(db, 'Nemocnice Lipová', [], { domains: ['lipova.example'] })
  await db.engine.query(`update organisations set ico = '25596641' where id = $1`, [lipova.id])
  const { context, stop } = contextOf(db, () => stage.now)
  const app = await openPages(context)
  let network = 0
  const page = { accept: 'text/html', 'accept-language': 'en' }
  const stage: JoiningStage = {
    db,
    app,
    context,
    now: tuesday,
    lipova,
    coordinator: await addPerson(db, 'Věra Dohledová', [['coordinator', null]], 'en'),
    renata: await addPerson(db, 'Renata Lipová', [['representative', lipova]], 'en'),
    clean: async () => {
      stage.now = tuesday
      network += 1
      await db.engine.query(
        'delete from applications; delete from deliveries; delete from sign_in_failures; delete from register_entries',
      )
    },
    otherNetwork: () => {
      network += 1
    },
    form: async (url, fields, headers = {}) =>
      app.inject({
        method: 'POST',
        url,
        remoteAddress: `203.0.113.${network}`,
        payload: new URLSearchParams(fields).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...page, ...headers },
      }),
    get: async (url) => app.inject({ url, headers: page }),
    began: async () =>
      /name="began" value="([^"]+)"/.exec((await stage.get('/en/application')).body)?.[1] ?? '',
    send: async (changed = {}, url = '/en/application') => {
      const began = await stage.began()
      stage.now += minute
      return stage.form(url, { ...right, ...changed, began })
    },
    tokenTo: async (email) => {
      const { rows } = await db.engine.query<{ sealed: string }>(
        `select detail->>'sealed' as sealed from deliveries where address = $1 and detail->>'template' = 'application-confirm' order by id desc limit 1`,
        [email],
      )
      return unseal(context.settings.secret, rows[0]?.sealed ?? '') ?? ''
    },
    confirmed: async (changed = {}) => {
      await stage.send(changed)
      await stage.form(`/application/${await stage.tokenTo(changed.email ?? right.email)}`, {})
      const { rows } = await db.engine.query<{ id: number }>(
        'select max(id)::int as id from applications where confirmed_at is not null',
      )
      if (!rows[0]?.id) throw new Error('the application was not taken')
      return rows[0].id
    },
    as: async (actor) => {
      const { cookie, csrf } = await cookieOf(context, actor)
      const headers = { cookie: cookie.replace('lang=cs', 'lang=en') }
      return {
        get: async (url) => app.inject({ url, headers: { ...page, ...headers } }),
        post: (url, fields = {}) => stage.form(url, { _csrf: csrf, ...fields }, headers),
      }
    },
    rowOf: async (id) =>
      (
        await db.engine.query<{ kind: string; state: string; org: number | null; confirmed: boolean }>(
          'select kind, state, org_id as org, confirmed_at is not null as confirmed from applications where id = $1',
          [id],
        )
      ).rows[0] ?? { kind: '', state: 'gone', org: null, confirmed: false },
    templates: async (address) =>
      (
        await db.engine.query<{ template: string }>(
          `select detail->>'template' as template from deliveries where address = $1 order by id`,
          [address],
        )
      ).rows.map(({ template }) => template),
    close: async () => {
      await app.close()
      await stop()
      await db.drop()
    },
  }
  return stage
}
