/** What the doors for machines stand on: the known sensors, the intake, and how many may come in at once. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Context } from '../../platform/context.ts'
import type { Under } from '../../platform/seal.ts'
import { presented } from '../../platform/tls.ts'
import { handedPeer } from './handover.ts'
import { type Intake, openIntake } from './intake.ts'
import { type Known, openKnown } from './known.ts'
import { keyAnew } from './sensor-secrets.ts'
import { identify, type Proof, type Sensor } from './sensors.ts'
import { type AlertMemory, newAlertMemory } from './sources/index.ts'

export interface Doors {
  context: Context
  known: Known
  intake: Intake
  /** The sensor that a request proves to be, or null. */
  sensorOf(request: IncomingMessage, proof: Told): Sensor | null
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

type Told = Omit<Proof, 'peer'>

/** The sensor that a request proves to be by what is known now. */
function judge(known: Known, request: IncomingMessage, proof: Told, keys: Under): Sensor | null {
  const shown = presented(request.socket) ?? handedPeer(request)
  // A secret counts only without a certificate: one that was refused is no such thing.
  if (shown && 'refused' in shown) return null
  const sensor = identify(known.sensors(), { ...proof, peer: shown }, keys)
  if (sensor && shown && !known.certificates().counts(sensor.id, shown.fingerprint)) return null
  return sensor
}

/** Connections as the sensor whose proof no longer counts are ended, whatever they are in the middle of. */
function openWatch(known: Known, keys: Under): (request: IncomingMessage, proof: Told) => void {
  const latest = new Map<Socket, { request: IncomingMessage; proof: Told }>()
  known.onRead(() => {
    for (const [socket, { request, proof }] of latest)
      if (!judge(known, request, proof, keys)) socket.destroy()
  })
  return (request, proof) => {
    const { socket } = request
    if (!latest.has(socket)) socket.once('close', () => latest.delete(socket))
    latest.set(socket, { request, proof })
  }
}

/** Stores a secret that was shown under the installation's present one, beside the request, once for each record. */
function openRenewal({ db, log, settings }: Context): (sensor: Sensor, secret: string) => void {
  const done = new Set<string>()
  return (sensor, secret) => {
    if (!settings.earlierSecrets?.length || sensor.secretHash === null) return
    const name = `${sensor.id} ${sensor.secretHash}`
    if (done.has(name)) return
    done.add(name)
    keyAnew(db.engine, sensor, secret, settings).catch((error: unknown) => {
      done.delete(name)
      log.warn({ err: error, sensor: sensor.name }, "a sensor's secret could not be stored anew")
    })
  }
}

export function openDoors(context: Context): Doors {
  const known = openKnown(context)
  const alerts = new Map<number, AlertMemory>()
  const { settings } = context
  const watch = openWatch(known, settings)
  const renew = openRenewal(context)
  return {
    context,
    known,
    intake: openIntake(context.db, () => known.register()),
    sensorOf: (request, proof) => {
      const sensor = judge(known, request, proof, settings)
      if (sensor) watch(request, proof)
      if (sensor && proof.secret !== null) renew(sensor, proof.secret)
      return sensor
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
