/** Server-sent events: tells open pages that something they show has changed. Carries topics, never content. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asActor } from './access.ts'
import type { Context } from './context.ts'
import { actorOf } from './http.ts'

const topics = ['warnings', 'rollcalls', 'derived', 'rules'] as const
const commentMs = 15_000
/** Bursts are told once; a page that reloads a part more often than this helps nobody. */
const restMs = 400
const atOnceMs = 20
const mostUnread = 65_536
const mostListeners = 2_000
let listeners = 0

/** Whether the reader may see one of these warnings; told anyway when the database cannot say. */
function concerns(context: Context, actor: Actor, ids: string[]): Promise<boolean> {
  return asActor(context.db, actor, context.clock(), async (tx) => {
    const { rowCount } = await tx.query('select 1 from warnings where id = any ($1::bigint[]) limit 1', [ids])
    return rowCount === 1
  }).catch(() => true)
}

export function live(context: Context, request: FastifyRequest, reply: FastifyReply): void {
  const actor = actorOf(request)
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
  // Warnings of others are no news to this reader: its page would only ask for the same again.
  let ids = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let told = Number.NEGATIVE_INFINITY
  const flush = async (): Promise<void> => {
    timer = undefined
    const asked = [...ids]
    ids = new Set()
    if (asked.length > 0 && !pending.has('warnings') && (await concerns(context, actor, asked)))
      pending.add('warnings')
    if (raw.destroyed) return
    // A reader that takes nothing for so long is gone or asleep; it comes again by itself.
    if (raw.writableLength > mostUnread) return void raw.destroy()
    told = performance.now()
    for (const topic of pending) raw.write(`event: news\ndata: ${JSON.stringify({ topic })}\n\n`)
    pending.clear()
  }
  const tell = (topic: string, id = ''): void => {
    // A page in the first moment of quiet is told at once; what follows within the rest is told together.
    if (topic === 'warnings' && /^\d+$/.test(id)) ids.add(id)
    else pending.add(topic)
    const wait = Math.max(atOnceMs, told + restMs - performance.now())
    timer ??= setTimeout(() => void flush(), wait)
  }
  const stops = topics.map((topic) => context.bus.on(topic, (payload) => tell(topic, payload)))
  // What this reader may see has changed, or it may see nothing any more: the page connects anew, and is judged anew.
  stops.push(context.bus.on('people', (person) => person === String(actor.person) && raw.end()))
  // While the database was away announcements were lost: every part may have changed.
  stops.push(context.bus.onAgain(() => topics.forEach((topic) => tell(topic))))
  const alive = setInterval(() => raw.write(': here\n\n'), commentMs)
  // The answer's end, not the request's: a request without a body is over as soon as it was read.
  raw.on('close', () => {
    listeners--
    clearInterval(alive)
    clearTimeout(timer)
    for (const stop of stops) stop()
  })
}
