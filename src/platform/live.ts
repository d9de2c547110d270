/** Server-sent events: tells open pages that something they show has changed. Carries topics, never content. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'

const topics = ['warnings', 'derived', 'rules'] as const
const commentMs = 15_000
/** Bursts are told once; a page that reloads a part more often than this helps nobody. */
const restMs = 400
const mostListeners = 2_000
let listeners = 0

export function live(context: Context, request: FastifyRequest, reply: FastifyReply): void {
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
  const flush = (): void => {
    timer = undefined
    for (const topic of pending) raw.write(`event: news\ndata: ${JSON.stringify({ topic })}\n\n`)
    pending.clear()
  }
  const stops = topics.map((topic) =>
    context.bus.on(topic, () => {
      // A page in the first moment of quiet is told at once; what follows within the rest is told together.
      pending.add(topic)
      timer ??= setTimeout(flush, pending.size === 1 ? 20 : restMs)
    }),
  )
  const alive = setInterval(() => raw.write(': here\n\n'), commentMs)
  request.raw.on('close', () => {
    listeners--
    clearInterval(alive)
    clearTimeout(timer)
    for (const stop of stops) stop()
  })
}
