/** Written warnings of the demonstration, from `content/demo/warnings.json`: published by two persons, answered by its people. */
import { answer } from '../modules/warnings/written/answers.ts'
import { create, submit } from '../modules/warnings/written/edit.ts'
import { choose } from '../modules/warnings/written/indicators/choose.ts'
import { groundsOf } from '../modules/warnings/written/indicators/judge.ts'
import { publish } from '../modules/warnings/written/publish.ts'
import { templateOf } from '../modules/warnings/written/templates.ts'
import type { AnswerWord, Draft } from '../modules/warnings/written/types.ts'
import type { Actor } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { dayOf } from '../platform/dates.ts'
import { actorOf, daysBefore } from './actors.ts'

interface DemoAnswer {
  person: string
  answer: AnswerWord
  /** After the warning was published. */
  hours: number
  affected?: number
  /** Days from the publishing to the planned repair. */
  plannedIn?: number
}

interface DemoWarning extends Pick<Draft, 'kind' | 'severity' | 'tlp' | 'texts'> {
  daysAgo: number
  /** Written by the other coordinator, and not looked at yet. */
  waits?: true
  indicators: string[]
  answers: DemoAnswer[]
}

interface DemoWarnings {
  by: string
  /** Looks at what `by` wrote, and publishes it. */
  other: string
  warnings: DemoWarning[]
}

const hourMs = 3_600_000

/** Fills what holds nothing yet; doing it twice changes nothing. */
export async function createWarnings(context: Context, now: number): Promise<void> {
  const { db } = context
  const demo = readContent('demo/warnings.json') as DemoWarnings // versioned with the release
  const { rowCount } = await db.engine.query('select 1 from written_warnings limit 1')
  if (rowCount) return
  const by = await actorOf(db, demo.by, now)
  const other = await actorOf(db, demo.other, now)
  for (const one of demo.warnings) {
    const at = daysBefore(now, one.daysAgo)
    if (one.waits) {
      await written(context, one, other, at)
      continue
    }
    const id = await written(context, one, by, at)
    await publish(db, id, other, at)
    for (const said of one.answers.toSorted((a, b) => a.hours - b.hours))
      await give(context, id, said, at, now)
  }
  await markSent(context)
}

/** Written and handed to review within two hours. */
async function written(
  context: Context,
  { kind, severity, tlp, texts, indicators }: DemoWarning,
  by: Actor,
  at: number,
): Promise<number> {
  const { db, settings } = context
  const draft: Draft = { ...templateOf(undefined), kind, severity, tlp, texts, translated: true }
  const id = await create(db, by, draft, at - 2 * hourMs)
  const grounds = { ...groundsOf(settings), listsDir: null, madeUp: true }
  if (indicators.length > 0) await choose(db, id, by, indicators, grounds, at - 1.5 * hourMs)
  await submit(db, id, by, at - hourMs)
  return id
}

/** For every organisation of who answers; the roles are those of today. */
async function give(
  { db, settings }: Context,
  id: number,
  said: DemoAnswer,
  publishedAt: number,
  now: number,
) {
  const by = await actorOf(db, said.person, now)
  const plannedOn =
    said.plannedIn === undefined ? null : dayOf(daysBefore(publishedAt, -said.plannedIn), settings.zone)
  for (const { org } of by.engagements)
    if (org !== null)
      await answer(
        db,
        by,
        id,
        { org, answer: said.answer, plannedOn, affected: said.affected ?? null, via: 'page' },
        publishedAt + said.hours * hourMs,
      )
}

/** Their mails went out when they were published, long before the demonstration had a mail server. */
async function markSent({ db }: Context): Promise<void> {
  await db.engine.query(
    `update deliveries set state = 'sent', sent_at = due_at + interval '1 minute' where written_id is not null and state = 'queued'`,
  )
}
