/**
 * The sensors, as a process of their own: sends prepared bodies by the Warden protocol over mutual TLS and answers what
 * was accepted. A refused or busy answer is sent again, as a stock sender does.
 */
import https from 'node:https'
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

function agents({ sensors, connections, parallel }: Order): Map<string, https.Agent> {
  return new Map(
    sensors.map(({ name, pair }) => [
      name,
      new https.Agent({
        cert: pair.cert,
        key: pair.key,
        // The server's certificate is self-made and this is a loop on one machine: its name proves nothing here.
        rejectUnauthorized: false,
        minVersion: 'TLSv1.3',
        keepAlive: connections === 'kept',
        maxSockets: parallel,
      }),
    ]),
  )
}

function post(agent: https.Agent, port: number, bytes: Buffer): Promise<{ status: number; text: string }> {
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

export async function sendAll(order: Order): Promise<Sent> {
  const bySensor = agents(order)
  const reader = bodyReader(order.file)
  const sent: Sent = { fromMs: Date.now(), toMs: 0, accepted: 0, again: 0, times: [], cpuS: 0 }
  let next = 0
  const one = async (): Promise<void> => {
    for (let body = order.bodies[next++]; body; body = order.bodies[next++]) {
      const bytes = reader.read(body)
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
