/**
 * The demonstration's sensors: separate clients, each with its certificate, that send a day over Warden's protocol at a
 * chosen speed. Runs in a process of its own and tells its parent how far it is.
 */
import https from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { generateBatches, type SimulatedBatch } from '../modules/events/simulate/simulate.ts'
import type { DemoOrganisation } from './sector.ts'

export interface ReplayJob {
  seed: string
  day: string
  events: number
  organisations: DemoOrganisation[]
  /** How many times as fast as the day was; null: as fast as the intake takes it. */
  speed: number | null
  /** The longest time of the day that one request covers. */
  maxAgeMs: number
  port: number
  /** The server's certificate. */
  ca: string
  sensors: Record<string, { cert: string; key: string }>
  /** Requests of each sensor that were answered in an earlier run. */
  done: Record<string, number>
}

export type ReplayMessage =
  | { kind: 'sent'; sensor: string; requests: number; events: number; atMs: number }
  | { kind: 'waiting'; sensor: string }
  | { kind: 'refused'; sensor: string; why: string }
  | { kind: 'over' }

const retryMs = 2_000
const mostWaiting = 3

/** Sends the job that the parent process gives; ends with it. */
export function replayForParent(): void {
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => process.exit(0))
  process.on('disconnect', () => process.exit(0))
  const tell = (message: ReplayMessage): void => void process.send?.(message)
  process.once('message', (job: ReplayJob) => {
    const last = (message: ReplayMessage): void =>
      void process.send?.(message, undefined, undefined, () => process.exit(0))
    replay(job, tell).then(
      () => last({ kind: 'over' }),
      (error: unknown) => last({ kind: 'refused', sensor: '-', why: (error as Error).message }),
    )
  })
}

async function replay(job: ReplayJob, tell: (message: ReplayMessage) => void): Promise<void> {
  const clients = new Map(Object.keys(job.sensors).map((name) => [name, openClient(job, name)]))
  const counts = new Map<string, number>()
  let clock: { realMs: number; dayMs: number } | null = null
  for (const batch of generateBatches(
    { seed: job.seed, day: job.day, events: job.events, organisations: job.organisations },
    { maxAgeMs: job.maxAgeMs },
  )) {
    const request = (counts.get(batch.sensor) ?? 0) + 1
    counts.set(batch.sensor, request)
    if (request <= (job.done[batch.sensor] ?? 0)) continue
    if (job.speed !== null) {
      clock ??= { realMs: Date.now(), dayMs: batch.toMs }
      const due = clock.realMs + (batch.toMs - clock.dayMs) / job.speed
      const rest = due - Date.now()
      if (rest > 0) await pause(rest)
    }
    await clients.get(batch.sensor)?.(batch, tell)
  }
  for (const client of clients.values()) await client(null, tell)
}

type Client = (batch: SimulatedBatch | null, tell: (message: ReplayMessage) => void) => Promise<void>

/** A sensor sends one request after another; its caller waits when several are queued, or for all of them with null. */
function openClient(job: ReplayJob, name: string): Client {
  const own = job.sensors[name]
  const agent = new https.Agent({
    keepAlive: true,
    maxSockets: 1,
    ca: job.ca,
    minVersion: 'TLSv1.3',
    servername: 'localhost',
    ...own,
  })
  let queue = Promise.resolve()
  let waiting = 0
  let requests = job.done[name] ?? 0
  return async (batch, tell) => {
    if (batch === null) return queue
    waiting++
    const sent = queue.then(async () => {
      await deliver(job.port, agent, batch, tell)
      waiting--
      requests++
      tell({ kind: 'sent', sensor: name, requests, events: batch.count, atMs: batch.toMs })
    })
    queue = sent
    if (waiting >= mostWaiting) await sent
  }
}

/** Tries until the intake has the events: it may be busy or starting, which is never a reason to lose them. */
async function deliver(
  port: number,
  agent: https.Agent,
  batch: SimulatedBatch,
  tell: (message: ReplayMessage) => void,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const answer = await ask(port, agent, batch).catch((error: Error) => ({ status: 0, text: error.message }))
    if (answer.status === 200) return
    if (answer.status !== 0 && answer.status !== 503)
      return tell({
        kind: 'refused',
        sensor: batch.sensor,
        why: `${answer.status} ${answer.text.slice(0, 200)}`,
      })
    if (tries > 0) tell({ kind: 'waiting', sensor: batch.sensor })
    await pause(Math.min(retryMs, 200 * 2 ** tries))
  }
}

function ask(
  port: number,
  agent: https.Agent,
  batch: SimulatedBatch,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(batch.text)
    const request = https.request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: 'POST',
        path: `/warden3/sendEvents?client=${encodeURIComponent(batch.sensor)}`,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
        timeout: 60_000,
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (text += part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', reject)
    request.end(body)
  })
}
