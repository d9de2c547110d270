/** How much goes out by a way within a time: sliding windows, for one receiver and for the whole way. Source: the delivery engine's table. */
import type { WayName } from './way.ts'

export interface Window {
  seconds: number
  most: number
}

const minute = 60
const hour = 3_600

export const toOne: Record<WayName, Window[]> = {
  sms: [
    { seconds: minute, most: 1 },
    { seconds: 15 * minute, most: 5 },
    { seconds: hour, most: 11 },
    { seconds: 3 * hour, most: 21 },
  ],
  push: [{ seconds: hour, most: 6 }],
  // Machines: what a hospital's chat bears.
  webhook: [{ seconds: minute, most: 30 }],
}

export const toAll: Record<WayName, Window> = {
  sms: { seconds: 5, most: 5 },
  push: { seconds: 1, most: 100 },
  webhook: { seconds: 1, most: 20 },
}
