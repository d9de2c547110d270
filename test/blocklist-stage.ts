/** Three hospitals, their people, a coordinator, the pages and the worker's part for blocklists, on a clock that tests move. */
import { openPages } from '../src/app.ts'
import type { PublicLists } from '../src/modules/events/index.ts'
import { addDevice } from '../src/modules/exchange/blocklists/devices.ts'
import { type Blocklists, openBlocklists } from '../src/modules/exchange/index.ts'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import { asEngine } from '../src/platform/database.ts'
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

export interface Stage {
  db: TestDatabase
  context: Context
  app: App
  lists: Blocklists
  lipova: Hospital
  bukova: Hospital
  javorova: Hospital
  /** Administrators of the three. */
  jana: Actor
  bara: Actor
  jiri: Actor
  karel: Actor
  now: number
  /** Warning lists that the never-list asks. */
  publicLists: { values: Map<string, { name: string; group: string }> }
  /** The worker's step, as if half a minute had passed. */
  work(): Promise<void>
  /** A firewall of a hospital; its key. */
  firewall(org: Hospital, by: Actor, label?: string): Promise<{ id: number; key: string }>
  get(who: Actor | null, url: string): Promise<{ status: number; body: string }>
  post(
    who: Actor,
    url: string,
    fields: Record<string, string | string[]>,
  ): Promise<{ status: number; body: string; location: string }>
  /** The text list of a key. */
  list(key: string, name?: string): Promise<string>
  close(): Promise<void>
}

/** `demo`: attackers have addresses of documentation, which are never listed else. */
export async function openStage({
  demo = true,
  publicLists,
}: {
  demo?: boolean
  publicLists?: PublicLists
} = {}): Promise<Stage> {
  const db = await createDatabase()
  const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/26'], { domains: ['lipova.example'] })
  const bukova = await addHospital(db, 'Nemocnice Buková', ['192.0.2.64/26'], { domains: ['bukova.example'] })
  const javorova = await addHospital(db, 'Nemocnice Javorová', ['192.0.2.128/26'])
  const jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
  const bara = await addPerson(db, 'Bára Buková', [['admin', bukova]])
  const jiri = await addPerson(db, 'Jiří Javor', [['admin', javorova]])
  const karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
  let stage: Stage
  const { context, stop } = contextOf(db, () => stage.now)
  context.settings = { ...context.settings, demo }
  const values = new Map<string, { name: string; group: string }>()
  const known: PublicLists = (host) => [values.get('net' in host ? host.net.text : host.name) ?? []].flat()
  const app = await openPages(context)
  const lists = openBlocklists(context, publicLists ?? known)
  stage = {
    ...{ db, context, app, lists, lipova, bukova, javorova, jana, bara, jiri, karel, now: tuesday + 60_000 },
    publicLists: { values },
    work: async () => {
      stage.now += 31_000
      await lists.work(stage.now)
    },
    firewall: (org, by, label = 'FortiGate') =>
      asEngine(db, (tx) => addDevice(tx, { org: org.id, label, days: 365 }, by, stage.now)),
    get: async (who, url) => {
      const headers = { accept: 'text/html', cookie: who ? (await cookieOf(context, who)).cookie : 'lang=cs' }
      const { statusCode, body } = await app.inject({ url, headers })
      return { status: statusCode, body }
    },
    post: async (who, url, fields) => {
      const { cookie, csrf } = await cookieOf(context, who)
      const form = new URLSearchParams({ _csrf: csrf })
      for (const [key, given] of Object.entries(fields))
        for (const one of [given].flat()) form.append(key, one)
      const answer = await app.inject({
        ...{ method: 'POST', url, payload: form.toString() },
        headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
      })
      return { status: answer.statusCode, body: answer.body, location: String(answer.headers.location ?? '') }
    },
    list: async (key, name = 'ip.txt') => (await app.inject({ url: `/edl/${key}/${name}` })).body,
    close: async () => {
      await app.close()
      lists.close()
      await stop()
      await db.drop()
    },
  }
  return stage
}

/** As members' own pages leave them: an organisation that left, an account that goes on as another. */
export const leave = ({ db }: Stage, org: Hospital) =>
  db.engine.query(`update organisations set status = 'left' where id = $1`, [org.id])
export const merge = ({ db }: Stage, account: Actor, into: Actor) =>
  db.engine.query('update people set merged_into = $2 where id = $1', [account.person, into.person])

/** A campaign of the sector as the rules leave it: the coordinators' warning, with an episode at each hospital that a source met. */
export async function campaign(
  { db, now }: Stage,
  met: { source: string; at: Hospital[] }[],
  lastAt = now,
): Promise<number> {
  const one = async (sql: string, values: unknown[]): Promise<number> =>
    Number((await db.engine.query<{ id: number }>(sql, values)).rows[0]?.id)
  const at = new Date(lastAt)
  const cls = await one(
    `insert into classes (name, family, gap_hours) values ('attempt-login-ssh', 'attempt', 6) on conflict (name) do update set gap_hours = 6 returning id`,
    [],
  )
  const warning = await one(
    `insert into warnings (number, org_id, rule, rule_version, topic, severity, title, explanation, opened_at, first_at, last_at, readers, changed_at)
     values ('HSOC-W-' || (select count(*) + 1 from warnings), null, 'W2', 1, 'net ' || $2::text || ' ' || (select count(*) from warnings), 3, '{"words":"W2-sector"}', '{}', $1, $1, $1, '{2}', $1) returning id`,
    [at, met[0]?.source],
  )
  for (const { source, at: orgs } of met) {
    const key = await one(
      `insert into source_keys (text, counted, kind, addr) values ($1::text, true, 'address', $1::text::inet)
       on conflict (text, counted) do update set kind = 'address' returning id`,
      [source],
    )
    for (const org of orgs) {
      const episode = await one(
        `insert into episodes (org_id, side, lane, family_id, key_id, gap_hours, first_at, last_at, events, occurrences, dropped, passed, partial, share,
           severity, detectors, sensors, classes, ports, archive, changed_at) values ($1, 2, 0, $2, $3, 6, $4, $4, 5, 5, 0, 5, 0, 0, 3, '{}', '{}', array[$2::int], '{22}', false, $4) returning id`,
        [org.id, cls, key, at],
      )
      await db.engine.query('insert into warning_episodes (warning_id, episode_id) values ($1, $2)', [
        warning,
        episode,
      ])
    }
  }
  return warning
}
