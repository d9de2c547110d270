/** The doors for machines: Warden 3 and the generic HTTPS door. Mounted by the intake's process and, small, by others. */
import type { IncomingMessage } from 'node:http'
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { peer } from '../../platform/tls.ts'
import { handedPeer } from './handover.ts'
import { mountApiDoor } from './api-door.ts'
import { type Intake, openIntake } from './intake.ts'
import { type Known, openKnown } from './known.ts'
import { identify, type Proof, type Sensor } from './sensors.ts'
import { mountWarden } from './warden/routes.ts'

export interface Doors {
  context: Context
  known: Known
  intake: Intake
  /** The sensor that a request proves to be, or null. */
  sensorOf(request: IncomingMessage, proof: Omit<Proof, 'peer'>): Sensor | null
  /** At most this many requests store at once; others are told to come later. */
  slots: Slots
}

export interface Slots {
  take(): boolean
  give(): void
}

/** Requests whose bodies are being read, judged or stored. */
export function openSlots(most: number): Slots {
  let taken = 0
  return {
    take: () => taken < most && ++taken > 0,
    give: () => void taken--,
  }
}

const mostAtOnce = 64

export function openDoors(context: Context): Doors {
  const known = openKnown(context)
  return {
    context,
    known,
    intake: openIntake(context.db, () => known.register()),
    sensorOf: (request, proof) => {
      const certificate = peer(request.socket) ?? handedPeer(request)
      return identify(known.sensors(), { ...proof, peer: certificate }, context.settings.secret)
    },
    slots: openSlots(mostAtOnce),
  }
}

export async function mountDoors(app: App, doors: Doors): Promise<void> {
  await app.register(async (scope) => mountWarden(scope as unknown as App, doors))
  await app.register(async (scope) => mountApiDoor(scope as unknown as App, doors))
}
