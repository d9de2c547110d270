/**
 * The sensors, as a process of their own: sends prepared bodies by the Warden protocol over mutual TLS and answers what
 * was accepted. A refused or busy answer is sent again, as a stock sender does.
 */
import https from 'node:https'
import type { KeyPair } from '../src/platform/certificates.ts'
import { type Body, bodyReader } from './bodies.ts'
import type { StageSensor } from './stage.ts'

export interface Order {
  file: string
  bodies: Body[]
  sensors: Pick<StageSensor, 'name' | 'pair'>[]
  port: number
  /** Requests at the same time, over all sensors. */
  parallel: number
  /** A new connection for every request, as the stock client makes them, or kept ones. */
  connections: 'kept' | 'new'
  /** Events a second, told as of now; when left out, as they are and as fast as the door takes them. */
  perSecond?: number
}

export interface Sent {
  /** Clock times of the first request and of the last accepted answer. */
  fromMs: number
  toMs: number
  accepted: number
  /** Answers that asked to come again. */
  again: number
  /** Milliseconds of each request. */
  times: number[]
  /** CPU seconds of the sender itself. */
  cpuS: number
}

const mostTries = 100

/** A sensor's connections; the server's certificate is self-made and this is a loop on one machine. */
export const agentOf = (pair: KeyPair, more: https.AgentOptions): https.Agent =>
  new https.Agent({
    cert: pair.cert,
    key: pair.key,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ...more,
  })

const agents = ({ sensors, connections, parallel }: Order): Map<string, https.Agent> =>
  new Map(
    sensors.map(({ name, pair }) => [
      name,
      agentOf(pair, { keepAlive: connections === 'kept', maxSockets: parallel }),
    ]),
  )

/** One `sendEvents`; throws when the connection fails, answers whatever the server says. */
export function post(
  agent: https.Agent,
  port: number,
  bytes: Buffer,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/warden3/sendEvents',
        headers: { 'content-type': 'application/json', 'content-length': bytes.length },
        timeout: 60_000,
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer in a minute')))
    request.on('error', reject)
    request.end(bytes)
  })
}

/** The same messages as if they had happened now; the rest of their clock follows. */
function stamped(bytes: Buffer, now: number): Buffer {
  const at = (ago: number): string => new Date(now - ago).toISOString()
  const times = { CreateTime: at(0), DetectTime: at(1_000), WinStartTime: at(301_000), WinEndTime: at(1_000) }
  const messages = JSON.parse(bytes.toString()) as object[]
  return Buffer.from(JSON.stringify(messages.map((message) => ({ ...message, ...times }))))
}

export async function sendAll(order: Order): Promise<Sent> {
  const bySensor = agents(order)
  const reader = bodyReader(order.file)
  const sent: Sent = { fromMs: Date.now(), toMs: 0, accepted: 0, again: 0, times: [], cpuS: 0 }
  const pace = order.perSecond
  let next = 0
  let begun = 0
  const one = async (): Promise<void> => {
    for (let body = order.bodies[next++]; body; body = order.bodies[next++]) {
      let bytes = reader.read(body)
      if (pace) {
        const due = sent.fromMs + (begun / pace) * 1000
        begun += body.events
        await new Promise((done) => setTimeout(done, Math.max(0, due - Date.now())))
        bytes = stamped(bytes, Date.now())
      }
      for (let tries = 1; ; tries++) {
        const from = performance.now()
        const answer = await post(bySensor.get(body.sensor) as https.Agent, order.port, bytes)
        sent.times.push(performance.now() - from)
        if (answer.status === 200) break
        if (answer.status !== 503 || tries === mostTries)
          throw new Error(`the server answered ${answer.status}: ${answer.text.slice(0, 300)}`)
        sent.again++
        await new Promise((done) => setTimeout(done, 50))
      }
      sent.accepted += body.events
      sent.toMs = Date.now()
    }
  }
  try {
    await Promise.all(Array.from({ length: order.parallel }, one))
  } finally {
    reader.close()
    for (const agent of bySensor.values()) agent.destroy()
  }
  const { user, system } = process.cpuUsage()
  sent.cpuS = (user + system) / 1e6
  return sent
}

if (process.send && process.argv[2] === 'sender')
  process.once('message', (order: Order) => {
    sendAll(order).then(
      (sent) => process.send?.(sent, () => process.exit(0)),
      (error: unknown) => {
        process.stderr.write(`${(error as Error).stack}\n`)
        process.exit(1)
      },
    )
  })
