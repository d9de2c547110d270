/**
 * Sensors that never give up: each sends batches by its own way, sends again whatever was not acknowledged, sometimes
 * hangs up before the answer, sometimes sends what it was told is stored. What was acknowledged is written down.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { ask, type Question, type Reply } from './asking.ts'
import type { Program } from './program.ts'
import { eventOf, type Reporter, type Sector } from './sector.ts'

export interface Load {
  /** Identifiers of events that the program said it has. */
  acknowledged: Set<string>
  /** Batches acknowledged so far. */
  batches(): number
  requests(): number
  /** Answers 503 and connections that broke. */
  refused(): { busy: number; broken: number }
  /** Answers that a sensor must never get. */
  wrong: string[]
  /** Sends what is under way to its end and answers then. */
  finish(): Promise<void>
}

interface Batch {
  ids: string[]
  events: object[]
}

interface Way {
  question(program: Program, sensor: Reporter, events: object[]): Question
  /** How many events of the batch the answer says are kept, and how many of them were known before. */
  kept(reply: Reply): { all: number; known: number }
}

const jsonDoor = (reply: Reply): { all: number; known: number } => {
  const { stored, duplicate } = JSON.parse(reply.text) as { stored: number; duplicate: number }
  return { all: stored + duplicate, known: duplicate }
}

const ways: [Way, Way, Way] = [
  {
    // Through the pages' port, which hands machines over to the intake's process.
    question: ({ port }, { secret }, events) => ({
      port,
      path: '/api/v1/events?format=idea',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
      },
      body: gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join('')),
    }),
    kept: jsonDoor,
  },
  {
    question: ({ sensorPort }, { secret }, events) => ({
      port: sensorPort,
      path: '/api/v1/events?format=idea',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    }),
    kept: jsonDoor,
  },
  {
    question: ({ sensorPort }, { secret }, events) => ({
      port: sensorPort,
      path: `/warden3/sendEvents?secret=${secret}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(events),
    }),
    kept: (reply) => {
      const known = /duplicate=(\d+)/.exec(String(reply.headers['hsoc-batch']))?.[1]
      return { all: (JSON.parse(reply.text) as { saved: number }).saved, known: Number(known) }
    },
  },
]

export interface LoadOptions {
  program: Program
  sector: Sector
  random: () => number
  /** Pause between two batches of a sensor, milliseconds. */
  restMs?: number
}

export function openLoad({ program, sector, random, restMs = 80 }: LoadOptions): Load {
  const load = { batches: 0, requests: 0, busy: 0, broken: 0, made: 0, stopping: false }
  const acknowledged = new Set<string>()
  const wrong: string[] = []
  const newId = (): string =>
    `${(++load.made).toString(16).padStart(8, '0')}-${Math.floor(random() * 2 ** 32).toString(16)}`
  const newBatch = (sensor: Reporter): Batch => {
    const ids = Array.from({ length: 5 + Math.floor(random() * 30) }, newId)
    return { ids, events: ids.map((id) => eventOf(sensor.name, id, random, Date.now())) }
  }

  /** One try; the answer of the program where it was an acknowledgement. */
  const attempt = async (way: Way, sensor: Reporter, batch: Batch): Promise<Reply | null> => {
    load.requests++
    const question = way.question(program, sensor, batch.events)
    const hangsUp = random() < 0.08
    try {
      const size = Buffer.byteLength(question.body as Buffer)
      const cutAfter = hangsUp ? Math.floor(random() * (size + 1)) : undefined
      const reply = await ask({ ...question, ...(cutAfter === undefined ? {} : { cutAfter }) })
      if (reply.status === 200) return reply
      if (reply.status === 503) load.busy++
      else wrong.push(`${question.path.split('?')[0]} answered ${reply.status}: ${reply.text.slice(0, 300)}`)
    } catch {
      if (!hangsUp) load.broken++
    }
    return null
  }

  const deliver = async (way: Way, sensor: Reporter, batch: Batch, again: boolean): Promise<void> => {
    for (;;) {
      const reply = await attempt(way, sensor, batch)
      if (reply) {
        const { all, known } = way.kept(reply)
        if (all !== batch.ids.length)
          wrong.push(`of ${batch.ids.length} events ${all} were called kept: ${reply.text.slice(0, 300)}`)
        if (again && known !== batch.ids.length)
          wrong.push(`of ${batch.ids.length} events that were acknowledged only ${known} were known`)
        for (const id of batch.ids) acknowledged.add(id)
        load.batches++
        return
      }
      await pause(30 + random() * 120)
    }
  }

  const running = sector.sensors.map(async (sensor, at) => {
    const way = ways[at] as Way
    while (!load.stopping) {
      const batch = newBatch(sensor)
      await deliver(way, sensor, batch, false)
      if (random() < 0.1) await deliver(way, sensor, batch, true)
      await pause(restMs * (0.5 + random()))
    }
  })
  return {
    acknowledged,
    wrong,
    batches: () => load.batches,
    requests: () => load.requests,
    refused: () => ({ busy: load.busy, broken: load.broken }),
    finish: async () => {
      load.stopping = true
      await Promise.all(running)
    },
  }
}
