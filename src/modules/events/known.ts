/** What the doors hold in memory: sensors and the register, read anew within a second of a change on any node. */
import type { Context } from '../../platform/context.ts'
import { emptyRegister, loadRegister, type Register } from '../members/index.ts'
import { type Certificates, certificatesOf } from './certificates.ts'
import { enabled, type Sensor } from './sensors.ts'

export interface Known {
  sensors(): Sensor[]
  certificates(): Certificates
  register(): Register
  /** Told after each reading. */
  onRead(heard: () => void): void
  /** False until both were read once: before that the doors answer that they are busy. */
  ready(): boolean
  refresh(): Promise<void>
  close(): void
}

/** After an announcement others often follow at once. */
const gatherMs = 20
const againMs = 1_000

export function openKnown(context: Context): Known {
  let sensors: Sensor[] = []
  let certificates: Certificates = { counts: () => true }
  let register: Register = emptyRegister
  let heard: () => void = () => {}
  let ready = false
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let asked = 0
  let answered = 0
  const refresh = async (): Promise<void> => {
    const mine = ++asked
    const { engine } = context.db
    const fresh = await Promise.all([enabled(engine), certificatesOf(engine), loadRegister(engine)])
    // A slow reading never replaces what a later one found.
    if (mine < answered) return
    answered = mine
    ;[sensors, certificates, register] = fresh
    ready = true
    heard()
  }
  const after = (ms: number): void => {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      refresh().catch((error: unknown) => {
        context.log.warn({ err: error }, 'register and sensors could not be read; trying again')
        after(againMs)
      })
    }, ms)
  }
  const soon = (): void => after(gatherMs)
  const stops = [context.bus.on('register', soon), context.bus.on('sensors', soon), context.bus.onAgain(soon)]
  soon()
  return {
    sensors: () => sensors,
    certificates: () => certificates,
    register: () => register,
    onRead: (told) => {
      heard = told
    },
    ready: () => ready,
    refresh,
    close: () => {
      closed = true
      clearTimeout(timer)
      for (const stop of stops) stop()
    },
  }
}
