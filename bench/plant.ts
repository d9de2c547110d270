/** One compromised host, told to the door by a perimeter sensor: the event whose way to people is measured. */
import { randomUUID } from 'node:crypto'
import type https from 'node:https'
import { agentOf, post } from './sender.ts'
import type { Server } from './server.ts'
import type { Stage } from './stage.ts'

export interface Planter {
  /** Sends one event about the host and answers the reading of `performance.now()` at its 200. */
  plant(host: string, now: number): Promise<number>
  close(): void
}

export function openPlanter(stage: Stage, server: Server): Planter {
  const sensor = stage.sensors.find((one) => one.member === null)
  if (!sensor) throw new Error('the stage has no perimeter sensor')
  const agent: https.Agent = agentOf(sensor.pair, { keepAlive: true, maxSockets: 1 })
  return {
    plant: async (host, now) => {
      const { status, text } = await post(
        agent,
        server.sensorPort,
        Buffer.from(JSON.stringify([message(host, sensor.name, now)])),
      )
      const at = performance.now()
      if (status !== 200) throw new Error(`the door answered ${status}: ${text.slice(0, 300)}`)
      return at
    },
    close: () => agent.destroy(),
  }
}

/** A bot that reached its controller: rule W1, severity high, so that mail goes out at once. */
function message(host: string, sensor: string, now: number): object {
  const ago = (ms: number): string => new Date(now - ms).toISOString()
  return {
    Format: 'IDEA0',
    ID: randomUUID(),
    CreateTime: ago(0),
    DetectTime: ago(200),
    WinStartTime: ago(60_000),
    WinEndTime: ago(200),
    Category: ['Intrusion.Botnet'],
    Confidence: 0.9,
    FlowCount: 3,
    Description: `Contact of ${host} with a known controller`,
    Source: [{ IP4: [host], Port: [49_152], Proto: ['tcp'], Type: ['Botnet'] }],
    Target: [{ IP4: ['203.0.113.250'], Port: [443], Proto: ['tcp'], Type: ['CC'] }],
    Node: [{ Name: sensor, Type: ['Flow', 'Statistical'], SW: ['perimeter-flow 3.2'] }],
    _HSOC: { Verdict: 'passed' },
  }
}

/** From the end of the organisation's first range, which the simulated hosts hardly reach. */
export function hostOf(stage: Stage, slug: string, nth = 0): string {
  const prefix =
    stage.organisations.find((o) => o.slug === slug)?.prefixes.find((p) => !p.includes(':')) ?? ''
  const [base = '', length = '32'] = prefix.split('/')
  const number =
    base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + 2 ** (32 - Number(length)) - 2 - nth
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}
