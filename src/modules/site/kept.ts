/**
 * Public pages as they were drawn last, for visitors: the same for all of them, so that an answer costs what a file costs.
 * Anything that changes on the public web empties it on every node (`site_changed` in migrations/0044-trail-glass.sql), and a
 * page is drawn anew with each minute, so that what is planned for a time, or overdue since, is told on time.
 */
import { createHash } from 'node:crypto'
import type { Bus } from '../../platform/bus.ts'

export interface Kept {
  body: Buffer
  /** RFC 9110 8.8.3, strong: the bytes are the same. */
  etag: string
}

export interface Keeper {
  /** The page of this name, drawn if it is not kept for this minute. What cannot be drawn is not kept. */
  get(name: string, now: number, draw: () => Promise<string>): Promise<Kept>
  clear(): void
}

const minuteMs = 60_000
/** Some ninety pages in two languages and three looks each, and what people wrote besides; 20 MB of 40 kB each. */
const mostPages = 500

export function openKeeper(bus: Pick<Bus, 'on' | 'onAgain'>): Keeper {
  let pages = new Map<string, Promise<Kept>>()
  let minute = 0
  const clear = (): void => {
    pages = new Map()
  }
  bus.on('site', clear)
  // Announcements made while the bus was away are lost.
  bus.onAgain(clear)
  return {
    clear,
    get: (name, now, draw) => {
      if (Math.floor(now / minuteMs) !== minute) clear()
      minute = Math.floor(now / minuteMs)
      const known = pages.get(name)
      if (known) return known
      if (pages.size >= mostPages) clear()
      // Whoever changes something meanwhile empties this map and begins another: what is drawn from before it is lost with it.
      const into = pages
      const drawn = draw().then(keptOf)
      into.set(name, drawn)
      drawn.catch(() => into.delete(name))
      return drawn
    },
  }
}

function keptOf(text: string): Kept {
  const body = Buffer.from(text)
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` }
}
