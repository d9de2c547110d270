import { randomUUID } from 'node:crypto'
import type { Bus } from '../src/platform/bus.ts'
import type { TestDatabase } from './harness.ts'

/** Waits until a node has heard everything that was announced on a channel so far: announcements come in their order. */
export function heard(bus: Pick<Bus, 'on'>, db: TestDatabase, channel: string): Promise<void> {
  const mark = randomUUID()
  return new Promise((resolve, reject) => {
    const stop = bus.on(channel, (payload) => {
      if (payload !== mark) return
      stop()
      resolve()
    })
    db.engine.query('select announce($1, $2)', [channel, mark]).catch(reject)
  })
}
