/** Prepares bodies in a process that goes away with all the memory it took. */

import type { DayOptions } from '../src/modules/events/simulate/setup.ts'
import { prepare } from './bodies.ts'

export interface PrepareOrder {
  options: DayOptions
  file: string
  cut: { size?: number; most?: number }
}

process.once('message', ({ options, file, cut }: PrepareOrder) => {
  process.send?.(prepare(options, file, cut), () => process.exit(0))
})
