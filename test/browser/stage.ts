/** The real pages over a simulated sector, in a real Chromium: what browser tests and people who look at pages share. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { openPages } from '../../src/app.ts'
import { leaveUrl } from '../../src/modules/channels/index.ts'
import { condenseAll, enabled, type Idea, openIntake } from '../../src/modules/events/index.ts'
import { loadRegister } from '../../src/modules/members/index.ts'
import { readList } from '../../src/modules/members/lists/lines.ts'
import { takeIn } from '../../src/modules/members/lists/store.ts'
import { addVersion } from '../../src/modules/members/memorandum.ts'
import { sign, signatures } from '../../src/modules/members/signatures.ts'
import { actionsFor, makeLink } from '../../src/modules/warnings/action-links.ts'
import { propose, work } from '../../src/modules/warnings/index.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import type { Context } from '../../src/platform/context.ts'
import { contextOf, cookieOf } from '../belongings.ts'
import { launchOptions } from '../chromium.ts'
import { addPerson, createDatabase, type Hospital, type TestDatabase } from '../harness.ts'
import { type Listening, listen } from '../listening.ts'
import { requestOf, simulateInto } from '../sector.ts'

export const day = '2026-03-03'
/** The evening of the simulated day. */
export const evening = Date.UTC(2026, 2, 3, 22, 58)

export interface Stage {
  base: string
  db: TestDatabase
  context: Context
  hospitals: Hospital[]
  people: Record<'coordinator' | 'admin' | 'two' | 'manager' | 'operator' | 'newcomer', Actor>
  browser: Browser
  /** Stores these events as the perimeter's first sensor sent them, and does at once what follows by itself in a moment. */
  happen(ideas: Idea[]): Promise<void>
  open(who: Actor | null, options?: Looks): Promise<{ page: Page; faults: string[]; context: BrowserContext }>
  close(): Promise<void>
}

export interface Looks {
  width?: number
  dark?: boolean
  lang?: 'cs' | 'en'
  script?: boolean
}

/** The hospital with most warnings, so that its pages are full. */
async function warnedMost(db: TestDatabase, hospitals: Map<string, Hospital>): Promise<Hospital[]> {
  const { rows } = await db.engine.query<{ org_id: number }>(
    'select org_id from warnings where org_id is not null group by org_id order by count(*) desc, org_id',
  )
  const all = [...hospitals.values()]
  const warned = rows.flatMap(({ org_id }) => all.filter((h) => h.id === org_id))
  return [...warned, ...all.filter((h) => !warned.includes(h))]
}

export async function openBrowser(
  stage: Pick<Stage, 'base' | 'browser' | 'context'>,
  who: Actor | null,
  looks: Looks,
) {
  const context = await stage.browser.newContext({
    viewport: { width: looks.width ?? 1280, height: 900 },
    colorScheme: looks.dark ? 'dark' : 'light',
    javaScriptEnabled: looks.script ?? true,
  })
  await context.addCookies([{ name: 'lang', value: looks.lang ?? 'cs', url: stage.base }])
  if (who) {
    const token = (await cookieOf(stage.context, who)).cookie.split(';')[0]?.split('=')[1] as string
    await context.addCookies([{ name: 'hsoc_session', value: token, url: stage.base }])
  }
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  return { page, faults, context }
}

async function happen(made: { context: Context }, db: TestDatabase, ideas: Idea[]): Promise<void> {
  const [sensor] = await enabled(db.engine)
  if (!sensor) throw new Error('the sector has no sensor')
  const register = await loadRegister(db.engine)
  await openIntake(db, () => register).store(requestOf(sensor, ideas, evening))
  await condenseAll(db, 'Europe/Prague', evening)
  while ((await propose(db, evening)).looked > 0);
  await work(made.context, evening)
}

/** A day of the sector at a size that makes pages full, not long: opening and judging them is what takes the time. */
export async function openStage(events = 4_000): Promise<Stage> {
  const db = await createDatabase()
  const hospitals = await simulateInto(db, day, events, evening)
  const made = contextOf(db, () => evening)
  while ((await propose(db, evening)).looked > 0);
  await work(made.context, evening)
  const ordered = await warnedMost(db, hospitals)
  const [first, second, , , quiet] = ordered as [Hospital, Hospital, Hospital, Hospital, Hospital]
  const people = {
    coordinator: await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]]),
    admin: await addPerson(db, 'Správce Zkušební', [['admin', first]]),
    two: await addPerson(db, 'Správkyně Dvojitá', [
      ['admin', first],
      ['security_manager', second],
    ]),
    manager: await addPerson(db, 'Ředitel Příkladný', [['manager', first]]),
    operator: await addPerson(db, 'Provozovatel Strojový', [['operator', null]]),
    newcomer: await addPerson(db, 'Nováček Tichý', [['admin', ordered.at(-1) ?? quiet]]),
  }
  const app = await openPages(made.context)
  const door: Listening = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    plain: true,
    handler: (request, response) => app.routing(request, response),
  })
  const base = `http://127.0.0.1:${door.port}`
  const browser = await chromium.launch(launchOptions())
  return {
    base,
    db,
    context: made.context,
    hospitals: ordered,
    people,
    browser,
    happen: (ideas) => happen(made, db, ideas),
    open: (who, looks = {}) => openBrowser({ base, browser, context: made.context }, who, looks),
    close: async () => {
      await browser.close()
      await door.close(200)
      await app.close()
      await made.stop()
      await db.drop()
    },
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds, as lines; empty is good. Only what is wrong is described: the rest is most of axe's work on a long page. */
export async function axeOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const violations = (await page.evaluate(
    `axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }).then((found) => found.violations)`,
  )) as AxeResults['violations']
  return violations.map((v) => `${v.id}: ${v.nodes.length} × ${v.nodes[0]?.html.slice(0, 160)}`)
}

/** Wider than the screen is a fault everywhere but inside a scrolling part. */
export const tooWide = (page: Page): Promise<number> =>
  page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>

/** Ids of a person's own things, for opening their pages. */
export async function thingsOf(
  stage: Stage,
  who: Actor,
): Promise<{ warning: string; episode: string; source: string; sensor: string; event: string }> {
  return asActor(stage.db, who, evening, async (tx) => {
    const one = async (sql: string): Promise<string> =>
      String(Object.values((await tx.query(sql)).rows[0] ?? { x: '' })[0])
    return {
      warning: await one(
        'select id from warnings where org_id is not null order by severity desc, id limit 1',
      ),
      episode: await one('select episode_id from warning_episodes order by 1 limit 1'),
      source: await one(
        `select k.text from source_keys k where k.kind = 'address' and k.counted order by k.id limit 1`,
      ),
      sensor: await one('select id from sensors order by id limit 1'),
      event: await one(`select batch_id || '/' || idx from matches order by batch_id, idx limit 1`),
    }
  })
}

/** The memorandum with signatures, and a list of signatories that waits for decisions: the paths of their pages. */
export async function memorandumPages(stage: Stage): Promise<string[]> {
  const by = stage.people.coordinator
  const bytes = readFileSync(new URL('../fixtures/signatories-1250.csv', import.meta.url))
  const version = {
    number: '1',
    month: '2020-09',
    language: 'cs',
    title: 'Memorandum',
    text: 'Čl. 1',
    fileSha256: '',
    published: '1',
  }
  return asActor(stage.db, by, evening, async (tx) => {
    await addVersion(tx, version, by, evening)
    const organisation = stage.hospitals[0]?.name ?? ''
    for (const signatoryName of ['MUDr. Andrea Smyšlená', 'Ing. Čtirad Pohádka'])
      await sign(
        tx,
        1,
        { organisation, signatoryName, day: '', state: 'declared', contact: '', nameShown: '' },
        by,
        evening,
      )
    const file = await readList(bytes, 'signatari.csv', 'cs')
    const { id } = await takeIn(tx, { bytes, fileName: 'signatari.csv', version: 1, file }, by, evening)
    const one = (await signatures(tx, { version: 1 }))[0]?.id
    return [
      '/memorandum',
      '/memorandum/1',
      '/memorandum/1/edit',
      `/signatures/${one}`,
      '/signature-lists',
      `/signature-lists/${id}`,
    ]
  })
}

/** The paths of a mail's links, as the administrator got them: to answer a warning, and to get fewer mails. */
export async function mailLinks(stage: Stage): Promise<string[]> {
  const { admin } = stage.people
  const org = admin.engagements[0]?.org ?? null
  const warning = Number((await thingsOf(stage, admin)).warning)
  const { rows } = await stage.db.engine.query<{ id: number }>(
    `insert into deliveries (kind, topic, person_id, org_id, address, warning_id, severity, decided_at, due_at, readers)
     values ('new', $1, $2, $3, $4, $5, 3, to_timestamp($6 / 1000.0), to_timestamp($6 / 1000.0), '{2}') returning id`,
    [`warning ${warning}`, admin.person, org, admin.email, warning, evening],
  )
  const to = { delivery: rows[0]?.id ?? 0, warning, person: admin.person, actions: actionsFor(admin, org) }
  const token = await makeLink(stage.context, to, evening)
  return [`/a/${token}`, new URL(leaveUrl(stage.context, 'singles', admin.email)).pathname]
}
