/** Days of the sector as load: prepared in a process that goes away, sent by the sensors' own door. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import type { Body, Prepared } from './bodies.ts'
import { errand } from './errand.ts'
import type { PrepareOrder } from './prepare-errand.ts'
import type { Options } from './report.ts'
import type { Sent } from './sender.ts'
import type { Server } from './server.ts'
import { dayBack, type Stage } from './stage.ts'

export const fullDay = 1_990_000

export interface SectorDay extends Prepared {
  day: string
  /** Lets go of the file. */
  forget(): void
}

/** The sector's day so many days back, with the figures of the seeds; with fewer events its own, smaller ones. */
export async function prepareSectorDay(
  stage: Stage,
  options: Options,
  back: number,
  events = options.dayEvents,
  size = 500,
): Promise<SectorDay> {
  const day = dayBack(back)
  const order: PrepareOrder = {
    options: { seed: options.seed, day, organisations: stage.organisations, events, size: 'full' },
    file: path.join(stage.dir, `day-${day}-${events}`),
    cut: { size },
  }
  const prepared = await errand<Prepared>('prepare-errand.ts', 'prepare', order)
  return { ...prepared, day, forget: () => rmSync(prepared.file, { force: true }) }
}

interface Way {
  /** Events a second; as fast as the door takes them when left out. */
  perSecond?: number
  bodies?: Body[]
}

/** Sends a day's bodies over mutual TLS; answers when the door took all of them. */
export const send = (
  stage: Stage,
  server: Server,
  prepared: Prepared,
  options: Options,
  { perSecond, bodies = prepared.bodies }: Way = {},
): Promise<Sent> =>
  errand<Sent>('sender.ts', 'sender', {
    file: prepared.file,
    bodies,
    sensors: stage.sensors.map(({ name, pair }) => ({ name, pair })),
    port: server.sensorPort,
    parallel: options.parallel,
    connections: options.connections,
    perSecond,
  })

/** Asks again and again until the answer is true; throws the sentence when it never is. */
export async function until(
  holds: () => Promise<boolean>,
  { withinMs, everyMs, otherwise }: { withinMs: number; everyMs: number; otherwise: () => string },
): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(otherwise())
    await new Promise((done) => setTimeout(done, everyMs))
  }
}

/** Waits until the sums hold as many events of the perimeter as were sent. */
export async function summed(stage: Stage, events: number): Promise<void> {
  let held = 0
  await until(
    async () => {
      const { rows } = await stage.owner.query<{ n: number }>(
        'select coalesce(sum(events), 0)::float8 as n from totals where org_id = 0 and dim = 0',
      )
      held = rows[0]?.n ?? 0
      return held >= events
    },
    {
      withinMs: 900_000,
      everyMs: 200,
      otherwise: () => `the sums hold ${held} of ${events} events after 15 minutes`,
    },
  )
}
