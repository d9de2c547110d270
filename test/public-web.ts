/** A public web with something on every page of it, as coordinators would make it: for tests and for looking at it. */
import { insertSchedule } from '../src/modules/site/occasions.ts'
import { addAction, addGoal } from '../src/modules/site/plan-goals.ts'
import { addEvidence, moveDate, update } from '../src/modules/site/plan-progress.ts'
import { publish } from '../src/modules/site/publishing.ts'
import { loadStarting } from '../src/modules/site/starting.ts'
import { create, type NewText, save } from '../src/modules/site/texts.ts'
import { editedText, newestOf } from '../src/modules/site/texts-edit.ts'
import { type Actor, asActor } from '../src/platform/access.ts'
import type { Database } from '../src/platform/database.ts'

const day = 86_400_000
const hour = 3_600_000

export const utc = (text: string): number => Date.parse(`${text}T08:00:00Z`)

/** The newest version of a language. */
export async function newest(db: Database, actor: Actor, id: number, lang: 'cs' | 'en', now: number) {
  const text = await asActor(db, actor, now, (tx) => editedText(tx, id, now))
  const line = newestOf(text, lang)
  if (!line) throw new Error(`text ${id} has no version in ${lang}`)
  return line
}

export type Given = Pick<NewText, 'kind' | 'title' | 'summary' | 'body'> & { slug: string }

/** A text in Czech, published at once. */
export async function written(
  db: Database,
  actor: Actor,
  { slug, ...given }: Given,
  now: number,
  schedule?: { startsAt: number; endsAt: number; kind?: 'event' | 'training' },
): Promise<number> {
  const wanted = { ...given, lang: 'cs' as const, slugs: { cs: slug, en: slug } }
  const id = await create(db, actor, wanted, now, async (tx, page) => {
    if (schedule) await insertSchedule(tx, page, { kind: 'training', place: 'Brno', ...schedule }, now)
  })
  await publish(db, actor, (await newest(db, actor, id, 'cs', now)).id, now, now)
  return id
}

/** The other language of a text, said to match it, published at once. */
export async function translated(
  db: Database,
  actor: Actor,
  id: number,
  words: { title: string; summary: string; body: string },
  now: number,
): Promise<void> {
  const version = await save(db, actor, id, { ...words, lang: 'en', base: 0, matches: true }, now)
  await publish(db, actor, version, now, now)
}

export interface PublicWeb {
  page: number
  news: number
  occasion: number
  goal: number
  /** Moved twice, running. */
  slipped: number
  done: number
}

/** Texts, an occasion and a plan around `now`. */
export async function openPublicWeb(db: Database, actor: Actor, now: number): Promise<PublicWeb> {
  await loadStarting(db, now - 30 * day)
  const page = await written(
    db,
    actor,
    {
      kind: 'page',
      slug: 'caste-otazky',
      title: 'Časté otázky',
      summary: 'Na co se nás ptáte.',
      body: '## Musíme mít senzor?\n\nNe. Řadu věcí zachytí společný perimetr.\n\n| kdo | co |\n|--|--:|\n| nemocnice | 1 |\n',
    },
    now - 3 * day,
  )
  const news = await written(
    db,
    actor,
    {
      kind: 'news',
      slug: 'prvni-cviceni',
      title: 'První společné cvičení je za námi',
      summary: 'Nemocnice si vyzkoušely, jak rychle se varování dostane k člověku na pohotovosti.',
      body: 'Cvičení ukázalo, **kde se čeká**. Podrobnosti má [akční plán](/cs/akcni-plan).',
    },
    now - 2 * day,
  )
  await translated(
    db,
    actor,
    news,
    {
      title: 'The first exercise together is over',
      summary: 'Hospitals tried how quickly a warning reaches whoever is on duty.',
      body: 'The exercise showed **where people wait**.',
    },
    now - 2 * day + hour,
  )
  const occasion = await written(
    db,
    actor,
    {
      kind: 'occasion',
      slug: 'skoleni-spravcu',
      title: 'Školení správců: co s varováním',
      summary: 'Dvě hodiny nad skutečnými příklady.',
      body: 'Přineste si notebook.',
    },
    now - day,
    { startsAt: now + 10 * day, endsAt: now + 10 * day + 2 * hour },
  )
  return { page, news, occasion, ...(await openPlan(db, actor, now)) }
}

async function openPlan(db: Database, actor: Actor, now: number) {
  const made = now - 200 * day
  const on = (days: number): string => new Date(now + days * day).toISOString().slice(0, 10)
  const goal = await addGoal(
    db,
    actor,
    { title: { cs: 'Včas varovat', en: 'Warn in time' }, paragraph: 'čl. 2' },
    made,
  )
  const step = (title: { cs: string; en: string }, dueOn: string) =>
    addAction(db, actor, { goal, title, owner: 'hSOC-Tech', public: true, startOn: on(-190), dueOn }, made)
  const slipped = await step({ cs: 'Senzory v pěti nemocnicích', en: 'Sensors at five hospitals' }, on(-120))
  await update(
    db,
    actor,
    slipped,
    { status: 'running', progress: 40, text: { cs: 'Vybrali jsme dodavatele', en: 'A supplier was chosen' } },
    made + 20 * day,
  )
  await moveDate(
    db,
    actor,
    slipped,
    { newOn: on(-20), reason: { cs: 'dodavatel', en: 'supplier' } },
    made + 50 * day,
  )
  await moveDate(
    db,
    actor,
    slipped,
    { newOn: on(48), reason: { cs: 'personální kapacita', en: '' } },
    made + 90 * day,
  )
  const done = await step({ cs: 'Seznam kontaktů pro noc', en: '' }, on(-60))
  await addEvidence(
    db,
    actor,
    done,
    {
      kind: 'document',
      label: { cs: 'Pravidla pohotovosti', en: 'Rules of duty' },
      link: '/cs/caste-otazky',
    },
    made + 60 * day,
  )
  const finished = { cs: 'Seznam je úplný a ověřený', en: 'The list is complete' }
  await update(db, actor, done, { status: 'done', progress: 100, text: finished }, made + 61 * day)
  await step({ cs: 'Cvičení v každém kraji', en: 'An exercise in every region' }, on(-3))
  const stopped = await step({ cs: 'Vlastní datové centrum', en: 'A data centre of our own' }, on(90))
  const why = { cs: 'Stačí společná infrastruktura', en: 'Shared infrastructure is enough' }
  await update(db, actor, stopped, { status: 'stopped', progress: 5, text: why }, made + 70 * day)
  return { goal, slipped, done }
}
