/** The demonstration's ways to reach people, proved, and its duties, from `content/demo/duties.json`: made by who keeps them. */
import { addRule, beginDuty, change, type WantedRule } from '../modules/duty/keep.ts'
import { setSimple } from '../modules/duty/simple.ts'
import { addPoint } from '../modules/members/contacts/points.ts'
import { forNothing } from '../modules/members/contacts/words.ts'
import type { Actor } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { asEngine, type Tx } from '../platform/database.ts'
import { addDays, dayOf, weekday } from '../platform/dates.ts'
import { actorOf, daysBefore } from './actors.ts'
import { demonstration, prove } from './contacts.ts'

interface DemoRule extends Omit<WantedRule, 'people' | 'rotation'> {
  rotation?: Omit<NonNullable<WantedRule['rotation']>, 'start'>
  people: string[]
}

interface DemoDuty {
  by: string
  name: string
  holidays: 'ignored' | 'sunday'
  rules: DemoRule[]
  /** Somebody stands in for a while; days from now. */
  replaced?: { person: string; by: string; fromDay: number; days: number; note: string }
}

interface DemoDuties {
  mobiles: Record<string, string>
  /** Telephones on a desk, which ring while nothing goes out of band. */
  desks: Record<string, string>
  schedules: DemoDuty[]
  simple: { by: string; people: string[]; always: boolean }[]
}

/** For so long duties have been kept and numbers been proved. */
const keptDays = 90

/** Fills what holds nothing yet; doing it twice changes nothing. The people are there. */
export async function createDuties(context: Context, now: number): Promise<void> {
  const { db } = context
  const demo = readContent('demo/duties.json') as DemoDuties // versioned with the release
  const isEmpty = async (what: string): Promise<boolean> =>
    (await db.engine.query(`select 1 from ${what} limit 1`)).rowCount === 0
  if (await isEmpty('contact_points where person_id is not null')) {
    // At once: most of their time is the waiting for the database.
    await Promise.all([
      ...Object.entries(demo.mobiles).map(([email, number]) => reach(context, email, 'sms', number, now)),
      ...Object.entries(demo.desks).map(([email, number]) => reach(context, email, 'phone', number, now)),
    ])
  }
  if (await isEmpty('duty_schedules')) for (const duty of demo.schedules) await keep(context, duty, now)
  if (await isEmpty('duty_simple'))
    for (const { by, people, always } of demo.simple) {
      const keeper = await actorOf(db, by, now)
      const ids = await idsOf(context, people, now)
      const wanted = { people: ids, always }
      for (const org of orgsOf(keeper))
        await asEngine(db, (tx) => setSimple(tx, org, wanted, keeper, daysBefore(now, keptDays)))
    }
}

const orgsOf = ({ engagements }: Actor): number[] => engagements.flatMap(({ org }) => org ?? [])

const idsOf = (context: Context, emails: string[], now: number): Promise<number[]> =>
  Promise.all(emails.map(async (email) => (await actorOf(context.db, email, now)).person))

/** In the book of each organisation that the person acts for. */
async function reach(
  context: Context,
  email: string,
  channel: 'sms' | 'phone',
  value: string,
  now: number,
): Promise<void> {
  const actor = await actorOf(context.db, email, now)
  const at = daysBefore(now, keptDays)
  for (const org of orgsOf(actor)) {
    const wanted = {
      person: actor.person,
      name: '',
      channel,
      value,
      hours: '',
      roundTheClock: false,
      shown: { ...forNothing, security: 'coordinators' as const },
    }
    // By who acts there today: the book knows nobody of ninety days ago.
    const point = await asEngine(context.db, (tx) => addPoint(tx, org, wanted, demonstration, now))
    await prove(context, { org, point }, at)
  }
}

async function keep(context: Context, duty: DemoDuty, now: number): Promise<void> {
  const { db, settings } = context
  const by = await actorOf(db, duty.by, now)
  const org = orgsOf(by)[0] ?? null
  // Turns are counted from a Monday, so that they change as people expect.
  const day = dayOf(daysBefore(now, 63), settings.zone)
  const start = `${addDays(day, 1 - weekday(day))}T`
  const ids = new Map<string, number>()
  for (const email of duty.rules.flatMap(({ people }) => people))
    ids.set(email, (await actorOf(db, email, now)).person)
  const id = (email: string): number => ids.get(email) ?? 0
  await asEngine(db, async (tx: Tx) => {
    const made = await beginDuty(tx, { org, name: duty.name, holidays: duty.holidays }, by, now)
    for (const { rotation, people, ...rule } of duty.rules)
      await addRule(
        tx,
        made,
        {
          ...rule,
          rotation: rotation ? { ...rotation, start: start + rule.from } : null,
          people: people.map(id),
        },
        by,
        now,
      )
    const { replaced } = duty
    if (!replaced) return
    const from = daysBefore(now, -replaced.fromDay)
    await change(
      tx,
      made,
      {
        kind: 'replace',
        person: id(replaced.person),
        standIn: id(replaced.by),
        from,
        to: from + replaced.days * 86_400_000,
        note: replaced.note,
      },
      by,
      now,
    )
  })
}
