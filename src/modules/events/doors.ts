/** What the doors for machines stand on: the known sensors, the intake, and how many may come in at once. */
import type { IncomingMessage } from 'node:http'
import type { Context } from '../../platform/context.ts'
import { presented } from '../../platform/tls.ts'
import { handedPeer } from './handover.ts'
import { type Intake, openIntake } from './intake.ts'
import { type Known, openKnown } from './known.ts'
import { identify, type Proof, type Sensor } from './sensors.ts'
import { type AlertMemory, newAlertMemory } from './sources/index.ts'

export interface Doors {
  context: Context
  known: Known
  intake: Intake
  /** The sensor that a request proves to be, or null. */
  sensorOf(request: IncomingMessage, proof: Omit<Proof, 'peer'>): Sensor | null
  /** At most so many Warden requests are read and stored at once; others are told to come later. */
  slots: Slots
  /** The same for the generic door, whose requests may take minutes. */
  streams: Slots
  /** A sensor's recent Suricata alerts, by which the drops that belong to them are known. */
  alertsOf(sensor: number): AlertMemory
}

/** Requests whose bodies are being read, judged or stored. */
export interface Slots {
  take(): boolean
  give(): void
}

export function openSlots(most: number): Slots {
  let taken = 0
  return {
    take: () => taken < most && ++taken > 0,
    give: () => void taken--,
  }
}

const mostAtOnce = 64
const mostStreams = 16

export function openDoors(context: Context): Doors {
  const known = openKnown(context)
  const alerts = new Map<number, AlertMemory>()
  return {
    context,
    known,
    intake: openIntake(context.db, () => known.register()),
    sensorOf: (request, proof) => {
      const shown = presented(request.socket) ?? handedPeer(request)
      // A secret counts only without a certificate: one that was refused is no such thing.
      if (shown && 'refused' in shown) return null
      return identify(known.sensors(), { ...proof, peer: shown }, context.settings.secret)
    },
    slots: openSlots(mostAtOnce),
    streams: openSlots(mostStreams),
    alertsOf: (sensor) => {
      const memory = alerts.get(sensor) ?? newAlertMemory()
      alerts.set(sensor, memory)
      return memory
    },
  }
}
