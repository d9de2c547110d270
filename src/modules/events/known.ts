/** What the doors hold in memory: sensors and the register, read anew within a second of a change on any node. */
import type { Context } from '../../platform/context.ts'
import { emptyRegister, loadRegister, type Register } from '../members/index.ts'
import { enabled, type Sensor } from './sensors.ts'

export interface Known {
  sensors(): Sensor[]
  register(): Register
  /** False until both were read once: before that the doors answer that they are busy. */
  ready(): boolean
  refresh(): Promise<void>
  close(): void
}

export function openKnown(context: Context): Known {
  let sensors: Sensor[] = []
  let register: Register = emptyRegister
  let ready = false
  let timer: NodeJS.Timeout | undefined
  const refresh = async (): Promise<void> => {
    ;[sensors, register] = await Promise.all([enabled(context.db.engine), loadRegister(context.db.engine)])
    ready = true
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      refresh().catch((error: unknown) => {
        context.log.warn({ err: error }, 'register and sensors could not be read; trying again')
        timer = setTimeout(soon, 1_000)
      })
    }, 20)
  }
  const stops = [context.bus.on('register', soon), context.bus.on('sensors', soon), context.bus.onAgain(soon)]
  soon()
  return {
    sensors: () => sensors,
    register: () => register,
    ready: () => ready,
    refresh,
    close: () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    },
  }
}
