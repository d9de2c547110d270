/** What tests of advisories begin with: sources, documents that are taken, and pages. */
import { openPages } from '../src/app.ts'
import { jsonOf, understand } from '../src/modules/advisories/csaf/read.ts'
import { openWatcher } from '../src/modules/advisories/jobs.ts'
import type { AdvisoryTlp } from '../src/modules/advisories/labels.ts'
import { sources } from '../src/modules/advisories/sources.ts'
import { type Taken, take } from '../src/modules/advisories/take.ts'
import { type Actor, asActor } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import { advisory, bytesOf, type Wanted } from './advisory-provider.ts'
import { contextOf, cookieOf } from './belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from './harness.ts'

export interface AdvisoryStage {
  db: TestDatabase
  coordinator: Actor
  member: Actor
  /** A source of files, or a catalogue. */
  sourceOf(label: string, tlp?: AdvisoryTlp, kind?: string): Promise<number>
  given(source: number, wanted: Wanted, tlp?: AdvisoryTlp): Promise<Taken>
  rowOf(id: number | null): Promise<Record<string, unknown> | undefined>
}

export async function openAdvisoryStage(): Promise<AdvisoryStage> {
  const db = await createDatabase()
  const hospital = await addHospital(db, 'Nemocnice Lipová', [])
  const coordinator = await addPerson(db, 'Kateřina Koordinační', [['coordinator', null]])
  const member = await addPerson(db, 'Alois Adminový', [['admin', hospital]])
  return {
    db,
    coordinator,
    member,
    sourceOf: async (label, tlp = 'CLEAR', kind = 'csaf-file') => {
      const { rows } = await db.engine.query<{ id: number }>(
        `insert into advisory_sources (kind, label, url, tlp, every_minutes, created_at, changed_at, due_at)
         values ($1, $2, case when $1 = 'kev' then 'https://kev.example' end, $3, 60, now(), now(), now()) returning id`,
        [kind, label, tlp],
      )
      return rows[0]?.id as number
    },
    given: (source, wanted, tlp = 'CLEAR') => {
      const document = bytesOf(advisory(wanted))
      const given = {
        ...{
          source: { id: source, tlp },
          url: 'https://pumpy.example/x.json',
          document,
          signature: 'good' as const,
        },
        ...{ hashChecked: true, flags: [], by: null },
      }
      return asEngine(db, (tx) => take(tx, understand(jsonOf(document), tuesday), given, tuesday))
    },
    rowOf: async (id) => (await db.engine.query('select * from advisories where id = $1', [id])).rows[0],
  }
}

/** The pages, asked as a browser would. */
export async function openAdvisoryPages(stage: AdvisoryStage) {
  const { context, stop } = contextOf(stage.db, () => tuesday)
  const app = await openPages(context)
  return {
    app,
    context,
    get: async (who: Actor | null, url: string, lang = 'cs') => {
      const cookie = who ? (await cookieOf(context, who)).cookie.replace('lang=cs', `lang=${lang}`) : ''
      const accept = url.startsWith('/api') ? 'application/json' : 'text/html'
      return app.inject({ url, headers: { accept, cookie } })
    },
    post: async (who: Actor, url: string, fields: Record<string, string>) => {
      const { cookie, csrf } = await cookieOf(context, who)
      return app.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams({ _csrf: csrf, ...fields }).toString(),
        headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
      })
    },
    close: async () => {
      await app.close()
      await stop()
    },
  }
}

/** Everything that tests of pages begin with: the pages, a source, and advisories from it. */
export async function openAdvisoriesShown() {
  const stage = await openAdvisoryStage()
  const pages = await openAdvisoryPages(stage)
  const source = await stage.sourceOf('Výrobce pump')
  return {
    ...{ stage, pages, source },
    /** Its number. */
    given: async (wanted: Wanted) => (await stage.given(source, wanted)).id as number,
    close: async () => {
      await pages.close()
      await stage.db.drop()
    },
  }
}

/** What a page says, without its markup. */
export const textOf = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

/** A worker that asks sources of the test's own; each question takes a second and a half at most. */
export async function openWatchedSources() {
  const { db, coordinator } = await openAdvisoryStage()
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const watcher = openWatcher({ db, log }, { bytes: 20 * 1_048_576, timeoutMs: 1_500 })
  let named = 0
  return {
    db,
    coordinator,
    watcher,
    add: async (
      kind: string,
      url: string,
      options: { hosts: string[]; every?: number; key?: string },
    ): Promise<number> => {
      const { rows } = await db.engine.query<{ id: number }>(
        `insert into advisory_sources (kind, label, url, tlp, every_minutes, private_hosts, openpgp_key, created_at, changed_at, due_at)
         values ($1, $2, $3, 'CLEAR', $4, $5, $6, now(), now(), to_timestamp(0)) returning id`,
        [kind, `Zdroj ${++named}`, url, options.every ?? 60, options.hosts, options.key ?? null],
      )
      return rows[0]?.id as number
    },
    /** One look of the worker, until all that it began is over. */
    round: async (now = tuesday): Promise<number> => {
      const begun = await watcher.work(now)
      await watcher.settled()
      return begun
    },
    stateOf: async (id: number) =>
      (await asActor(db, coordinator, tuesday, sources)).find((one) => one.id === id),
    taken: async (id: number): Promise<object[]> =>
      (
        await db.engine.query(
          'select tracking_id as id, version, flags from advisories where source_id = $1 order by tracking_id',
          [id],
        )
      ).rows,
    aside: async (id: number): Promise<string[]> =>
      (
        await db.engine.query<{ reason: string }>(
          'select reason from advisory_quarantine where source_id = $1 order by reason',
          [id],
        )
      ).rows.map(({ reason }) => reason),
    /** No later test asks the sources of this one. */
    rest: () => db.engine.query('update advisory_sources set enabled = false'),
    close: async () => {
      await watcher.stop()
      await db.drop()
    },
  }
}
