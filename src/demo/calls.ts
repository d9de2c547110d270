/** Calls of the demonstration, from `content/demo/calls.json`: a drill that is over, one that runs, and an emergency that waits for its release. */
import { answer } from '../modules/emergency/answer.ts'
import { create } from '../modules/emergency/draft.ts'
import { close } from '../modules/emergency/end.ts'
import { release } from '../modules/emergency/release.ts'
import { fireSteps } from '../modules/emergency/steps.ts'
import { type Draft, usualAnswers } from '../modules/emergency/types.ts'
import type { Actor } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { asEngine } from '../platform/database.ts'
import { actorOf, daysBefore } from './actors.ts'

type DemoCall = Pick<Draft, 'class' | 'title' | 'body' | 'room' | 'withinMin'>

interface DemoAnswer {
  person: string
  /** `seen`, or the digit of an answer. */
  code: string
  /** After the release. */
  min: number
  note?: string
}

interface DemoCalls {
  by: string
  /** Writes what waits for the release by `by`. */
  other: string
  past: DemoCall & { daysAgo: number; answered: DemoAnswer[] }
  running: DemoCall & { minAgo: number; answered: DemoAnswer[] }
  draft: DemoCall
}

const minuteMs = 60_000

/** Fills what holds nothing yet; doing it twice changes nothing. */
export async function createCalls(context: Context, now: number): Promise<void> {
  const { db } = context
  const demo = readContent('demo/calls.json') as DemoCalls // versioned with the release
  const { rowCount } = await db.engine.query('select 1 from broadcasts limit 1')
  if (rowCount) return
  const by = await actorOf(db, demo.by, now)
  const other = await actorOf(db, demo.other, now)

  const pastAt = daysBefore(now, demo.past.daysAgo)
  const past = await released(context, demo.past, by, pastAt)
  for (const one of inOrder(demo.past.answered)) await give(context, past, one, pastAt, now)
  await asEngine(db, (tx) => close(tx, past, by, pastAt + 3 * 60 * minuteMs))

  const runningAt = now - demo.running.minAgo * minuteMs
  const running = await released(context, demo.running, by, runningAt)
  await fireSteps(context, runningAt)
  for (const one of inOrder(demo.running.answered)) await give(context, running, one, runningAt, now)

  await asEngine(db, (tx) => create(tx, draftOf(demo.draft), other, now))
}

/** As they came. */
const inOrder = (answers: DemoAnswer[]): DemoAnswer[] => answers.toSorted((a, b) => a.min - b.min)

const draftOf = ({ class: cls, title, body, room, withinMin }: DemoCall): Draft => ({
  ...{ class: cls, title, body, room, withinMin },
  ...{ tlp: 'GREEN', orgs: null, kinds: [], regions: [], channel: null, withManagers: true },
  ...{ answers: usualAnswers, mode: 'org', quorum: 1 },
})

const released = ({ db }: Context, call: DemoCall, by: Actor, at: number): Promise<number> =>
  asEngine(db, async (tx) => {
    const id = await create(tx, draftOf(call), by, at)
    await release(tx, id, by, at)
    return id
  })

/** For the first organisation of who answers; the role is that of today. */
async function give(
  { db }: Context,
  call: number,
  said: DemoAnswer,
  releasedAt: number,
  now: number,
): Promise<void> {
  const by = await actorOf(db, said.person, now)
  const org = by.engagements.find((one) => one.org !== null)?.org ?? 0
  const given = { org, code: said.code, note: said.note ?? '', via: 'page' as const }
  await asEngine(db, (tx) => answer(tx, call, given, by, releasedAt + said.min * minuteMs))
}
