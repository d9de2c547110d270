/** The demonstration's public web, from `content/demo/public-web.json`: made by the coordinator through the same verbs as any other. */
import { addVersion } from '../modules/members/memorandum.ts'
import { sign } from '../modules/members/signatures.ts'
import { move } from '../modules/members/status.ts'
import { insertSchedule, type OccasionKind } from '../modules/site/occasions.ts'
import type { EvidenceKind, Pair, Status } from '../modules/site/plan.ts'
import { addAction, addGoal } from '../modules/site/plan-goals.ts'
import { addEvidence, moveDate, update } from '../modules/site/plan-progress.ts'
import { publish } from '../modules/site/publishing.ts'
import { agree } from '../modules/site/showings.ts'
import { loadStarting } from '../modules/site/starting.ts'
import { create, type Menu, place, save, type Words } from '../modules/site/texts.ts'
import { type Actor, asActor } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import type { Database } from '../platform/database.ts'
import { addDays, dayBounds, dayOf } from '../platform/dates.ts'
import type { Lang } from '../platform/i18n.ts'
import { actorOf, daysBefore } from './actors.ts'
import { coordinatorOf, demoSector } from './sector.ts'

interface DemoText extends Record<Lang, Words> {
  kind: 'page' | 'news' | 'occasion'
  /** When it is published; a negative one is planned. */
  daysAgo: number
  slugs: Record<Lang, string>
  menu?: { menu: Menu; position: number }
  when?: { kind: OccasionKind; inDays: number; hour: number; hours: number; place: string }
}

type Step = { daysAgo: number } & (
  | { update: { status: Status; progress: number; text: Pair } }
  | { move: { to: number; reason: Pair } }
  | { evidence: { kind: EvidenceKind; label: Pair; link: string } }
)

interface DemoAction {
  title: Pair
  owner: string
  /** Days from the first start of the demonstration. */
  start: number
  due: number
  steps: Step[]
}

interface DemoWeb {
  shown: string[]
  memorandum: { monthsAgo: number; title: string; text: string }[]
  signatures: {
    version: number
    organisation: string
    name: string
    daysAgo: number | null
    shown: boolean
  }[]
  texts: DemoText[]
  plan: { title: Pair; paragraph: string; actions: DemoAction[] }[]
}

const zone = 'Europe/Prague'
const hourMs = 3_600_000
const reason = { cs: 'Podepsala memorandum (ukázka)', en: 'Signed the memorandum (demonstration)' }

/** Fills what holds nothing yet; doing it twice changes nothing. The organisations and the coordinator are there. */
export async function createPublicWeb(db: Database, now: number): Promise<void> {
  const web = readContent('demo/public-web.json') as DemoWeb // versioned with the release
  const by = await actorOf(db, coordinatorOf(demoSector()), now)
  const isEmpty = async (table: string): Promise<boolean> =>
    (await db.engine.query(`select 1 from ${table} limit 1`)).rowCount === 0
  if (await isEmpty('memorandum_versions')) await createMemorandum(db, web, by, now)
  if (await isEmpty('site_showings')) await show(db, web.shown, by, now)
  await loadStarting(db, daysBefore(now, 400))
  const { rowCount } = await db.engine.query(`select 1 from site_pages where key is null limit 1`)
  if (rowCount === 0) for (const text of web.texts) await createText(db, text, by, now)
  if (await isEmpty('plan_goals')) await createPlan(db, web, by, now)
}

const organisationNames = (): Map<string, string> =>
  new Map(demoSector().organisations.map((one) => [one.slug, one.name]))

/** Versions, signatures, and who becomes a signatory by the newest one: in one transaction, so that none is half there. */
async function createMemorandum(db: Database, web: DemoWeb, by: Actor, now: number): Promise<void> {
  const names = organisationNames()
  await asActor(db, by, now, async (tx) => {
    for (const [index, version] of web.memorandum.entries()) {
      const { title, text } = version
      const number = String(index + 1)
      const at = daysBefore(now, version.monthsAgo * 30)
      const more = {
        number,
        month: dayOf(at, zone).slice(0, 7),
        language: 'cs',
        fileSha256: '',
        published: '1',
      }
      await addVersion(tx, { ...more, title, text }, by, at)
    }
    for (const one of web.signatures) {
      const organisation = names.get(one.organisation) ?? one.organisation
      const day = one.daysAgo === null ? '' : dayOf(daysBefore(now, one.daysAgo), zone)
      const more = { state: 'signed', contact: '', nameShown: one.shown ? '1' : '' }
      await sign(tx, one.version, { organisation, signatoryName: one.name, day, ...more }, by, now)
    }
    const { rows } = await tx.query<{ id: number }>(
      `select distinct o.id from organisations o join signatures s on s.org_id = o.id where o.status = 'participant' order by o.id`,
    )
    for (const { id } of rows)
      await move(tx, id, { to: 'signatory', reason: reason[by.language], rulesAccepted: false }, by, now)
  })
}

async function show(db: Database, slugs: string[], by: Actor, now: number): Promise<void> {
  const names = organisationNames()
  const { rows } = await db.engine.query<{ id: number }>(
    'select id from organisations where name = any ($1) order by id',
    [slugs.map((slug) => names.get(slug))],
  )
  for (const { id } of rows) await agree(db, by, id, true, now)
}

async function createText(db: Database, text: DemoText, by: Actor, now: number): Promise<void> {
  const { kind, slugs, when } = text
  const published = daysBefore(now, text.daysAgo)
  const made = Math.min(published, now)
  const day = when && addDays(dayOf(now, zone), when.inDays)
  const startsAt = day && when ? dayBounds(day, zone).from + when.hour * hourMs : 0
  const id = await create(db, by, { ...text.cs, kind, lang: 'cs', slugs }, made, async (tx, page) => {
    if (when)
      await insertSchedule(tx, page, { ...when, startsAt, endsAt: startsAt + when.hours * hourMs }, made)
  })
  const english = await save(db, by, id, { ...text.en, lang: 'en', base: 0, matches: true }, made)
  const { rows } = await db.engine.query<{ id: number }>(
    `select id from site_versions where page_id = $1 and lang = 'cs'`,
    [id],
  )
  for (const version of [...rows.map((row) => row.id), english])
    await publish(db, by, version, published, made)
  if (text.menu) await place(db, by, id, text.menu, made)
}

async function createPlan(db: Database, { plan }: DemoWeb, by: Actor, now: number): Promise<void> {
  const on = (days: number): string => addDays(dayOf(now, zone), days)
  for (const { title, paragraph, actions } of plan) {
    const made = daysBefore(now, 310)
    const goal = await addGoal(db, by, { title, paragraph }, made)
    for (const { title, owner, start, due, steps } of actions) {
      const wanted = { goal, title, owner, public: true, startOn: on(start), dueOn: on(due) }
      const id = await addAction(db, by, wanted, made)
      for (const step of steps) await take(db, by, id, step, on, daysBefore(now, step.daysAgo))
    }
  }
}

function take(
  db: Database,
  by: Actor,
  id: number,
  step: Step,
  on: (days: number) => string,
  at: number,
): Promise<void> {
  if ('update' in step) return update(db, by, id, step.update, at)
  if ('move' in step) return moveDate(db, by, id, { newOn: on(step.move.to), reason: step.move.reason }, at)
  return addEvidence(db, by, id, step.evidence, at)
}
