/** Server-sent events: tells open pages that something they show has changed. Carries topics, never content. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'

const topics = ['warnings', 'derived', 'rules'] as const
const commentMs = 15_000
/** Bursts are told once; a page that reloads a part more often than this helps nobody. */
const restMs = 400
const atOnceMs = 20
const mostUnread = 65_536
const mostListeners = 2_000
let listeners = 0

export function live(context: Context, _request: FastifyRequest, reply: FastifyReply): void {
  if (listeners >= mostListeners) {
    void reply
      .status(503)
      .header('retry-after', '60')
      .send({ error: 'unavailable', message: 'Too many live pages.' })
    return
  }
  listeners++
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  raw.write('retry: 3000\n\n')
  const pending = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let told = Number.NEGATIVE_INFINITY
  const flush = (): void => {
    timer = undefined
    // A reader that takes nothing for so long is gone or asleep; it comes again by itself.
    if (raw.writableLength > mostUnread) return void raw.destroy()
    told = performance.now()
    for (const topic of pending) raw.write(`event: news\ndata: ${JSON.stringify({ topic })}\n\n`)
    pending.clear()
  }
  const tell = (topic: string): void => {
    // A page in the first moment of quiet is told at once; what follows within the rest is told together.
    pending.add(topic)
    const wait = Math.max(atOnceMs, told + restMs - performance.now())
    timer ??= setTimeout(flush, wait)
  }
  const stops = topics.map((topic) => context.bus.on(topic, () => tell(topic)))
  // While the database was away announcements were lost: every part may have changed.
  stops.push(context.bus.onAgain(() => topics.forEach(tell)))
  const alive = setInterval(() => raw.write(': here\n\n'), commentMs)
  // The answer's end, not the request's: a request without a body is over as soon as it was read.
  raw.on('close', () => {
    listeners--
    clearInterval(alive)
    clearTimeout(timer)
    for (const stop of stops) stop()
  })
}
