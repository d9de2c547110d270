/** A fictional sector with a simulated day, and the events' pages over it: for tests of pages and for looking at them. */
import { readFileSync } from 'node:fs'
import {
  add,
  condenseAll,
  enabled,
  type Idea,
  openIntake,
  publishSector,
  type Received,
  type Sensor,
} from '../src/modules/events/index.ts'
import { mountEvents, type Slots } from '../src/modules/events/pages.ts'
import type { Organisation } from '../src/modules/events/simulate/sector.ts'
import { sensorsOf } from '../src/modules/events/simulate/sector.ts'
import { generateBatches } from '../src/modules/events/simulate/simulate.ts'
import { loadRegister } from '../src/modules/members/index.ts'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { Database } from '../src/platform/database.ts'
import { type App, openApp } from '../src/platform/http.ts'
import { begin } from '../src/platform/sessions.ts'
import { errorPage } from '../src/refusals.tsx'
import { addHospital, type Hospital } from './harness.ts'

export const zone = 'Europe/Prague'
const secret = 'test-secret-of-at-least-32-characters'

/** A context over a test's database whose clock stands where the test puts it. */
export function contextOf(db: Database, clock: () => number): Context {
  return {
    db,
    bus: { on: () => () => {}, onAgain: () => () => {}, close: async () => {} },
    log: { info: () => {}, warn: () => {}, error: (fields) => console.error(fields) },
    settings: {
      baseUrl: 'http://127.0.0.1',
      zone,
      secret,
      coordinatorPhone: null,
      listsDir: null,
      rawDays: 90,
      demo: false,
    },
    clock,
  }
}

/** The events' pages and API alone. */
export async function openEventPages(context: Context, slots: Slots = {}): Promise<App> {
  const app = await openApp(context, errorPage)
  mountEvents(app, context, slots)
  return app
}

export interface Reader {
  /** Answers status, headers and body of a GET as this person. */
  get(
    url: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: string; headers: Record<string, unknown> }>
}

/** Signs a person in; `null` is a visitor. */
export async function readerOf(app: App, context: Context, actor: Actor | null): Promise<Reader> {
  const token = actor
    ? await begin(
        context.db.engine,
        { person: actor.person, from: { address: '127.0.0.1', agent: 'test' }, ways: ['passkey'] },
        context.clock(),
      )
    : null
  return {
    get: async (url, headers = {}) => {
      const answer = await app.inject({
        url,
        headers: { accept: 'text/html', ...headers },
        ...(token ? { cookies: { hsoc_session: token } } : {}),
      })
      return { status: answer.statusCode, body: answer.body, headers: answer.headers }
    },
  }
}

/** One request's worth of events as the doors hand them to the intake. */
export function requestOf(sensor: Sensor, ideas: Idea[], receivedMs: number): Received {
  const parts = ideas.map((idea) => Buffer.from(JSON.stringify(idea)))
  let off = 0
  const items = ideas.map((idea, i) => {
    const len = (parts[i] as Buffer).length
    const item = { idea, off, len }
    off += len
    return item
  })
  return {
    sensor,
    format: 'idea',
    receivedMs,
    bytes: Buffer.concat(parts),
    items,
    account: { refused: 0, reasons: {} },
  }
}

/** Members of the demonstration, its sensors, and one simulated day of `events` events, condensed and published. */
export async function simulateInto(
  db: Database,
  day: string,
  events: number,
  now: number,
): Promise<Map<string, Hospital>> {
  const { organisations } = JSON.parse(
    readFileSync(new URL('../content/demo-sector.json', import.meta.url), 'utf8'),
  ) as { organisations: (Organisation & { name: string })[] }
  const hospitals = new Map<string, Hospital>()
  for (const org of organisations)
    hospitals.set(org.slug, await addHospital(db, org.name, org.prefixes, { kind: org.kind }))
  for (const sensor of sensorsOf(organisations)) {
    const member = sensor.member ? (hospitals.get(sensor.member)?.name ?? null) : null
    await add(
      db.engine,
      { name: sensor.name, member, rights: ['write'], secret: true, certCn: null },
      secret,
      now - 30 * 86_400_000,
    )
  }
  const sensors = new Map((await enabled(db.engine)).map((sensor) => [sensor.name, sensor]))
  const register = await loadRegister(db.engine)
  const intake = openIntake(db, () => register)
  for (const batch of generateBatches({ seed: 'looking', day, organisations, events })) {
    const sensor = sensors.get(batch.sensor)
    if (sensor)
      await intake.store(
        requestOf(sensor, JSON.parse(batch.text) as Idea[], Math.min(now, batch.toMs + 1_000)),
      )
  }
  await condenseAll(db, zone, now)
  await publishSector(db, zone, now)
  return hospitals
}
