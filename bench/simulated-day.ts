/**
 * A synthetic day lived through by the product's own verbs at a clock that we move: stored, condensed, judged and
 * mailed every five minutes. Days of earlier weeks are stored before it, so that habits are known. The truth is
 * written to a file of its own beforehand and read when everything is over.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Intake, Sensor } from '../src/modules/events/index.ts'
import { type DayOptions, prepare } from '../src/modules/events/simulate/setup.ts'
import { generateDay, truthOf } from '../src/modules/events/simulate/simulate.ts'
import type { Incident } from '../src/modules/events/simulate/truth.ts'
import type { Context } from '../src/platform/context.ts'
import type { Mail } from '../src/platform/mail-bytes.ts'
import { channels, events, notices, warnings } from './product.ts'
import { openStage, type Stage, zone } from './stage.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]
/** How often the day is looked at; the habits of sensors must be of the same grain. */
const stepMs = 5 * minuteMs

/** A day that never changes: the same seed gives the same figures for ever. */
export const measuredDay = '2026-03-03'
/** Three days of the same name make the usual hour of the week; yesterday alone the habits of sensors, which go a week back. */
const weeks = ['2026-02-03', '2026-02-10', '2026-02-17']
const yesterday = '2026-03-02'

export interface Lived {
  stage: Stage
  startMs: number
  endMs: number
  /** What SMTP would have taken. */
  mails: { to: string; atMs: number; kind: string }[]
  truth(): Incident[]
  close(): Promise<void>
}

/** Lives through the day of this seed; nobody answers anything. */
export async function live(seed: string, count: number, say: (line: string) => void): Promise<Lived> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  try {
    await peopleOf(stage)
    const options = (day: string): DayOptions => ({
      seed,
      day,
      organisations: stage.organisations,
      events: count,
    })
    const file = path.join(stage.dir, 'truth.ndjson')
    writeFileSync(
      file,
      truthOf(options(measuredDay))
        .map((incident) => JSON.stringify(incident))
        .join('\n'),
    )
    const hub = await openHub(stage)
    for (const day of weeks) await hub.day(options(day), hourMs, false)
    await hub.day(options(yesterday), stepMs, false)
    // What earlier days left is over: the yardstick begins with this day as well.
    await stage.owner.query('delete from episode_changes')
    say(`${seed}: ${weeks.length + 1} days of habits stored`)
    await hub.day(options(measuredDay), stepMs, true)
    const { startMs, endMs } = prepare(options(measuredDay))
    await hub.after(endMs)
    const truth = (): Incident[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => JSON.parse(line) as Incident)
    return { stage, startMs, endMs, mails: hub.mails, truth, close: stage.close }
  } catch (error) {
    await stage.close()
    throw error
  }
}

/** Every step of a ladder finds somebody: the worst case for the number of mails. */
async function peopleOf(stage: Stage): Promise<void> {
  for (const [slug, id] of stage.ids)
    for (const role of ['security_manager', 'manager']) {
      const { rows } = await stage.owner.query<{ id: number }>(
        `insert into people (email, name, language, created_at) values ($1, $1, 'cs', now()) returning id`,
        [`${role}@${slug}.example`],
      )
      const person = rows[0]?.id
      await stage.owner.query(
        'insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, $3, now())',
        [person, id, role],
      )
      await stage.owner.query('select people_set_readers($1)', [person])
    }
  const early = '2026-01-01'
  await stage.owner.query('update engagements set valid_from = $1', [early])
  await stage.owner.query('update networks set recorded_at = $1', [early])
}

interface Hub {
  mails: Lived['mails']
  /** Stores and condenses a day; `judged`: with rules and mails. */
  day(options: DayOptions, stepMs: number, judged: boolean): Promise<void>
  /** What is still due of the day: ladders that nobody stops, and the next morning's digest. */
  after(endMs: number): Promise<void>
}

async function openHub(stage: Stage): Promise<Hub> {
  const [own, warned, told, posted] = [await events(), await warnings(), await notices(), await channels()]
  const { db } = stage
  const { loadRegister } = await import('../src/modules/members/register.ts')
  const register = await loadRegister(db.engine)
  const intake: Intake = own.openIntake(db, () => register)
  const sensors = new Map((await own.enabled(db.engine)).map((sensor) => [sensor.name, sensor]))
  let now = 0
  const context = contextOf(stage, () => now)
  const mails: Lived['mails'] = []
  const send = async (mail: Mail): Promise<string> => {
    mails.push({ to: mail.to.address, atMs: now, kind: mail.headers['X-hSOC-Kind'] ?? '' })
    return '250 kept'
  }
  const mailer = {
    transport: { send, close: () => {} },
    writers: warned.mailWriters,
    from: 'hSOC <hsoc@bench.example>',
    signs: false,
    domain: 'bench.example',
    bounces: null,
    pace: async () => {},
    close: async () => {},
  }
  const post = async (): Promise<void> => {
    while ((await posted.work(context, mailer, now)) > 0);
  }
  return {
    mails,
    day: async (options, stepMs, judged) => {
      for (const step of stepsOf(options, stepMs)) {
        now = step.untilMs
        for (const [name, ideas] of step.bySensor) await store(intake, sensors.get(name), ideas, now)
        if (!judged) continue
        await own.condenseAll(db, zone, now)
        await warned.work(context, now)
        await post()
      }
      await own.condenseAll(db, zone, now)
    },
    after: async (endMs) => {
      for (let hour = 0; hour <= 26; hour++) {
        now = endMs + hour * hourMs
        await told.runLadders(db, now)
        await post()
      }
    },
  }
}

function contextOf(stage: Stage, clock: () => number): Context {
  const bad = (fields: object, message?: string): void => console.error(message, fields)
  return {
    db: stage.db,
    bus: { on: () => () => {}, onAgain: () => () => {}, close: async () => {} },
    log: { info: () => {}, warn: bad, error: bad },
    settings: {
      baseUrl: 'https://bench.example',
      zone,
      secret: 'a-secret-of-the-benchmark-alone-0123456789',
      coordinatorPhone: null,
      listsDir: null,
      rawDays: 90,
      demo: false,
    },
    clock,
  }
}

interface Step {
  untilMs: number
  bySensor: Map<string, object[]>
}

function* stepsOf(options: DayOptions, stepMs: number): Generator<Step> {
  const { startMs } = prepare(options)
  let step: Step = { untilMs: startMs + stepMs, bySensor: new Map() }
  for (const { atMs, sensor, event } of generateDay(options)) {
    while (atMs >= step.untilMs) {
      yield step
      step = { untilMs: step.untilMs + stepMs, bySensor: new Map() }
    }
    const list = step.bySensor.get(sensor)
    if (list) list.push(event)
    else step.bySensor.set(sensor, [event])
  }
  yield step
}

async function store(
  intake: Intake,
  sensor: Sensor | undefined,
  ideas: object[],
  receivedMs: number,
): Promise<void> {
  if (!sensor) throw new Error('an event of a sensor that nobody made')
  for (let from = 0; from < ideas.length; from += 500) {
    const part = ideas.slice(from, from + 500)
    let off = 0
    const bytes: Buffer[] = []
    const items = part.map((idea) => {
      const text = Buffer.from(JSON.stringify(idea))
      bytes.push(text)
      off += text.length
      return { idea, off: off - text.length, len: text.length }
    })
    const account = { refused: 0, reasons: {} }
    await intake.store({
      sensor,
      format: 'idea',
      receivedMs,
      bytes: Buffer.concat(bytes),
      items: items as never,
      account,
    })
  }
}
